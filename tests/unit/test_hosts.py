"""Which hosts an expression matches, against brute force: every host there is, or every text of a finite expression."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from edgecors import _hosts, _origin
from edgecors._automaton import compile_expression
from edgecors._framing import OTHER, _ports, host_starts
from edgecors._hosts import Hosts, TooManyError
from oracles import origins as oracle

pytestmark = pytest.mark.no_cover  # which other tests see to: these are loops

# A small world: hosts over `a`, `1` and the dot, with short labels, but for the IPv4 addresses.
MAX_LABEL, MAX_HOST = 3, 7
PIECES = (
    "a", "1", r"\.", "[a1]", "a?", "1?", "a+", r"(a\.)?", r"(1\.)*", r"(a1?\.)+", "[a1.]*", r"(a|1\.)", "a{2}",
    "1{1,3}", "a{4}", r"(1{1,3}\.){3}", r"\.?", r"(\.a)*", "(|a|11)", r"1\.1", r"a\.a", r"a\.1", r"(a\.){2,3}",
)  # fmt: skip


def is_small_host(host: str) -> bool:
    name = host.removesuffix(".")
    labels = name.split(".")
    if not all(1 <= len(label) <= MAX_LABEL for label in labels):
        return False
    if labels[-1].isdigit():
        return oracle.is_origin(f"https://{host}")
    return len(name) <= MAX_HOST


def small_hosts() -> Iterator[str]:
    for length in range(1, MAX_HOST + 2):
        yield from ("".join(characters) for characters in product("a1.", repeat=length))
    yield from (
        ".".join(octets) for octets in product(("1", "11", "111"), repeat=4) if len(".".join(octets)) > MAX_HOST + 1
    )


HOSTS = tuple(filter(is_small_host, small_hosts()))


def last_labels(host: str) -> tuple[str, ...]:
    return (host,) if host.startswith("[") else tuple(host.removesuffix(".").split(".")[-2:])


@pytest.fixture
def small_world(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_hosts, _origin):
        monkeypatch.setattr(module, "MAX_LABEL", MAX_LABEL)
        monkeypatch.setattr(module, "MAX_HOST", MAX_HOST)


def small_expressions(count: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return ["".join(dice.choices(PIECES, k=dice.randint(1, 5))) for _ in range(count)]


def hosts_of(expression: str) -> list[str]:
    compiled = re.compile(expression)
    return [host for host in HOSTS if compiled.fullmatch(host)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("small_world")
def test_endings_of_every_small_host(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(_hosts, "MAX_ENDINGS", 10_000)
    for expression in small_expressions(25, seed):
        endings = Hosts(compile_expression(f"https://{expression}")).endings()
        assert endings == {last_labels(host) for host in hosts_of(expression)}, expression


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.usefixtures("small_world")
def test_the_limit_of_endings(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    for expression in small_expressions(25, seed):
        count = len({last_labels(host) for host in hosts_of(expression)})
        monkeypatch.setattr(_hosts, "MAX_ENDINGS", count)
        hosts = Hosts(compile_expression(f"https://{expression}"))
        assert len(hosts.endings()) == count
        if count > 0:
            monkeypatch.setattr(_hosts, "MAX_ENDINGS", count - 1)
            with pytest.raises(TooManyError) as caught:
                hosts.endings()
            assert caught.value.example


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.usefixtures("small_world")
def test_hosts_that_are_not_this_machine(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(_hosts, "MAX_ENDINGS", 10_000)
    monkeypatch.setattr(_hosts, "is_localhost", is_small_localhost)
    for expression in small_expressions(25, seed):
        found = hosts_of(expression)
        remote = Hosts(compile_expression(f"http://{expression}")).remote("http")
        there = {host.removesuffix(".") for host in found if not is_small_localhost(host)}
        assert (remote is None) is (not there), expression
        assert remote is None or remote.removesuffix(".") in there, expression
        assert Hosts(compile_expression(f"http://{expression}")).remote("https") is None


def is_small_localhost(host: str) -> bool:
    """In the small world the machine is `a1` and what is below it."""
    name = host.removesuffix(".")
    return name == "a1" or name.endswith(".a1")


@pytest.mark.parametrize("is_suffix", [None, lambda base: not base.startswith("a.")])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.usefixtures("small_world")
def test_names_below_a_suffix(
    monkeypatch: pytest.MonkeyPatch, seed: int, is_suffix: Callable[[str], bool] | None
) -> None:
    depth = 1 if is_suffix is None else 2
    for expression in small_expressions(25, seed):
        found = [host.removesuffix(".").split(".") for host in hosts_of(expression)]
        for suffix in ("a", "a.a", "1a", "1.a"):
            tail = suffix.split(".")
            below = [labels[: -len(tail)] for labels in found if labels[-len(tail) :] == tail]
            names = {tuple(labels[-depth:]) for labels in below if len(labels) >= depth}
            if is_suffix is not None:
                names = {name for name in names if is_suffix(f"{name[-1]}.{suffix}")}
            for most in (len(names) - 1, len(names)):
                monkeypatch.setattr(_hosts, "MAX_ENDINGS", most)
                hosts = Hosts(compile_expression(f"https://{expression}"))
                assert hosts.many_below(suffix, is_suffix) is (0 <= most < len(names)), (expression, suffix)


@pytest.mark.parametrize("seed", range(2))
def test_the_shortest_host_below(seed: int) -> None:
    hosts = [host for host in small_hosts() if oracle.is_origin(f"https://{host}")]
    for expression in small_expressions(25, seed):
        compiled = re.compile(expression)
        found = {host.removesuffix(".") for host in hosts if compiled.fullmatch(host)}
        for suffix in ("a", ".a", "1a", "a.1a"):
            lengths = [len(host) for host in found if host.endswith(suffix)]
            origin = Hosts(compile_expression(f"https://{expression}")).below(suffix)
            host = (origin or "").removeprefix("https://")
            if lengths:
                assert host in found, (expression, suffix)
                assert len(host) == min(lengths), (expression, suffix)
            elif origin is not None:
                assert len(host) > MAX_HOST, (expression, suffix)


# --- Every text of a finite expression: real lengths, schemes, ports and addresses --------------------------

X = "x" * 63
Part = tuple[str, ...]
SCHEMES: tuple[Part, ...] = (
    ("https",),
    ("https", "http"),
    ("http", "ws"),
    ("file",),
    ("file", "filer", "fil"),
    ("ftp", "wss", "capacitor"),
    ("s" * 64,),
    ("s" * 65,),
    ("1a",),
    ("A",),
)
HOST_PARTS: tuple[Part, ...] = (
    ("a.example",),
    ("a.example", "a.example."),
    ("", "x.", "y.x."),
    (X, X + "x"),
    (f"{X}.", f"{X}.{X}."),
    (f"{X}.{X}.{'y' * 60}", f"{X}.{X}.{'y' * 61}", f"{X}.{X}.{'y' * 62}"),
    ("localhost", "x.localhost"),
    ("127.0.0.1", "127.0.0.01", "127.1", "0.0.0.0", "1.2.3.256"),
    ("10.0.0.", "10.0.0", "10.0."),
    ("1", "255", "0", "00", "256"),
    ("[::1]", "[::2]", "[0::1]", "[::1].", "[1:2:3:4:5:6:7:8]", "[1::2:3:4:5:6:7]", "[::ffff:102:304]"),
    ("-", "_", "xn--"),
    ("a..b", ".a", "a."),
    ("0x1", "0x", "0xg"),
)
PORTS: tuple[Part, ...] = (
    ("",),
    (":80", ":443"),
    ("", ":443"),
    (":0", ":00001"),
    (":1", ":65535", ":65536", ":99999", ":100000"),
    (":21", ":8443"),
    (":",),
)


def finite_expressions(count: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """Expressions, each with all the texts that it matches."""
    dice = random.Random(seed)
    for _ in range(count):
        parts = [dice.choice(SCHEMES), ("://",), *dice.choices(HOST_PARTS, k=dice.randint(1, 3)), dice.choice(PORTS)]
        expression = "".join(f"({'|'.join(map(re.escape, part))})" for part in parts)
        yield expression, ["".join(texts) for texts in product(*parts)]


@pytest.mark.parametrize("seed", range(2))
def test_every_text_of_finite_expressions(seed: int) -> None:
    for expression, texts in finite_expressions(25, seed):
        if len(expression) > 1_900:
            continue
        parts = [found for found in map(oracle.origin_parts, texts) if found is not None]
        joined = [(scheme, ".".join(labels)) for scheme, labels, _ in parts]
        hosts = Hosts(compile_expression(expression))
        assert hosts.endings() == {last_labels(host) for _, host in joined}, expression
        for scheme in ("http", "https"):
            there = {
                host.removesuffix(".") for name, host in joined if name == scheme and not oracle.is_localhost(host)
            }
            remote = hosts.remote(scheme)
            assert (remote is None) is (not there), expression
            assert remote is None or remote.removesuffix(".") in there, expression


@pytest.mark.parametrize(
    ("expression", "schemes"),
    [
        ("https://a", {"https"}),
        ("https?://a", {"https", "http"}),
        ("(https|http|wss|ws|ftp|file|fil|files|http2)://a", {"https", "http", "wss", "ws", "ftp", OTHER}),
        ("file://a", set()),
        ("fil[a-z]://a", {OTHER}),
        ("[a-z]{4}://a", {"http", OTHER}),
        (".*://a", {"https", "http", "wss", "ws", "ftp", OTHER}),
        (".*a", {"https", "http", "wss", "ws", "ftp", OTHER}),
        ("-a://a", set()),
        ("a-+.b://a", {OTHER}),
        ("s{64}://a", {OTHER}),
        ("s{65}://a", set()),
        ("", set()),
    ],
)
def test_schemes(expression: str, schemes: set[str]) -> None:
    assert set(host_starts(compile_expression(expression))) == schemes


@pytest.mark.parametrize("default", ["", "80", "443", "21"])
def test_every_port(default: str) -> None:
    automaton = _ports(default).reversed()
    taken = {number for number in range(100_000) if automaton.matches(str(number))}
    assert taken == set(range(1, 65_536)) - ({int(default)} if default else set())
    for text in ("", "0", "00", "01", "080", "0443", "00001", "000001", "100000", "1000000"):
        assert not automaton.matches(text)


@pytest.mark.parametrize("port", ["", ":", ":0", ":1", ":21", ":80", ":443", ":0443", ":65535", ":65536", ":443:443"])
def test_ports_by_scheme(port: str) -> None:
    for scheme in ("https", "http", "ws", "wss", "ftp", "capacitor"):
        origin = f"{scheme}://a{port}"
        assert Hosts(compile_expression(origin)).endings() == ({("a",)} if oracle.is_origin(origin) else set())


def test_budget() -> None:
    with pytest.raises(TooManyError) as caught:
        Hosts(compile_expression(r"https://a\.0x[0-9a-f]+")).endings()
    assert caught.value.example == ""
    # Exhausted by one question, not for the next one.
    hosts = Hosts(compile_expression(r"https://.*"))
    for _ in range(3):
        with pytest.raises(TooManyError):
            hosts.endings()
        assert hosts.many_below("example", None)
        assert hosts.below("evil.example") == "https://evil.example"
        assert hosts.remote("https") == "a"


def test_the_shortest_host_of_an_expression_with_many_sets_of_positions() -> None:
    # 2 ** 15 sets would have to be walked; after a thousand the search ends without an answer.
    expression = r"https://b[ab]*a[ab]{14}c\.evil\.example"
    assert Hosts(compile_expression(expression)).below("c.evil.example") is not None
    expression = r"https://(c[ab]*a[ab]{13}|[ab]*b[ab]{13}c)\.evil\.example"
    below = Hosts(compile_expression(expression)).below(".evil.example")
    assert below is None or re.fullmatch(expression, below)
