"""Origins and patterns against the slow oracle: every verdict of ours is its verdict."""

from __future__ import annotations

import ipaddress
import socket

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.origins import HOST, LABEL, MALFORMED, SCHEME
from cases.origins import VALID as VALID_ORIGINS
from cases.patterns import VALID as VALID_PATTERNS
from cases.patterns import WRONG
from edgecors import Policy, PolicyError, Regex
from edgecors._diagnosis import corrected, diagnose
from edgecors._match import OriginSet
from edgecors._origin import is_ipv6, is_localhost, parse
from edgecors._pattern import are_plain, compile_pattern
from effort import examples
from oracles import origins as oracle

SCHEMES = st.sampled_from(
    ("https", "http", "ws", "wss", "ftp", "file", "capacitor", "s", SCHEME, f"{SCHEME}s", "h2+.-", "HTTP", "1", "")
)
LABELS = st.sampled_from(
    (
        *("a", "b", "example", "localhost", "-", "_", "a-b", "xn--", "", "*", "A", LABEL, f"{LABEL}x", "\u00e9"),
        *("1", "0", "01", "127", "255", "256", "0x1", "0x", "0xg"),
    )
)
NAMES = st.lists(LABELS, min_size=1, max_size=5).map(".".join) | st.sampled_from(
    (HOST, f"{HOST}.", f"{HOST}x", HOST[2:])
)
QUADS = st.lists(
    st.sampled_from(("0", "1", "9", "10", "127", "255", "256", "00", "010", "0x7f")), min_size=1, max_size=5
)
ADDRESSES = st.integers(0, 2**128 - 1) | st.lists(
    st.sampled_from((0, 0, 0, 1, 0xFFFF, 0x0DB8)), min_size=8, max_size=8
).map(lambda pieces: sum(piece << 16 * index for index, piece in enumerate(pieces)))
LITERALS = st.builds(lambda number, form: f"[{form(number)}]", ADDRESSES, st.sampled_from((
    oracle.serialize_ipv6,
    lambda number: ipaddress.IPv6Address(number).exploded,
    lambda number: str(ipaddress.IPv6Address(number)),
    lambda number: str(ipaddress.IPv6Address(number)).upper(),
)))  # fmt: skip
HOSTS = NAMES | QUADS.map(".".join) | LITERALS
PORTS = st.sampled_from(
    ("", "", "", ":", ":0", ":1", ":21", ":80", ":443", ":8443", ":08443", ":65535", ":65536", ":*", ":x", ":1:2")
)
TAILS = st.sampled_from(("", "", "", "", "", "/", "/x", "?", "#", "@a", " ", "\n", ","))
SPOILERS = st.sampled_from(tuple("aA0-_.:/[]@*?#\\%, \t\n\0\x7f\u00e9\ud800x19f"))


@st.composite
def spoiled(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """One of the texts, with a few characters put in, taken out or exchanged."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(SPOILERS | st.just("")) + text[at + draw(st.integers(0, 2)) :]
    return text


BUILT = st.tuples(SCHEMES, st.sampled_from(("://", "://", "://", "://", ":/", "//", "://*.")), HOSTS, PORTS, TAILS).map(
    "".join
)
ALL_TEXTS = (*VALID_ORIGINS, *VALID_PATTERNS, *(text for text, _ in MALFORMED), *(text for text, _, _ in WRONG))
TEXTS = BUILT | spoiled(ALL_TEXTS) | st.text(max_size=30) | st.text("htps:/.a1*[]", max_size=20)


@settings(derandomize=True, max_examples=examples(60), deadline=None)
@given(TEXTS)
def test_what_an_origin_is(text: str) -> None:
    parts = parse(text)
    found = oracle.origin_parts(text)
    assert (parts is None) is (found is None)
    if parts is not None and found is not None:
        scheme, host, port = parts
        assert (scheme, host.split(".") if host[0] != "[" else [host], int(port or 0)) == (*found[:2], found[2] or 0)
        assert is_localhost(host) is oracle.is_localhost(host)
        assert text == f"{scheme}://{host}{':' * bool(port)}{port}"


@settings(derandomize=True, max_examples=examples(20), deadline=None)
@given(ADDRESSES)
@example(0)
@example(1)
@example(0xFFFF_0102_0304)
@example(0xFFFF_0000_0000)
@example(0x0102_0304)
@example(2**128 - 1)
def test_ipv6_canonical_form(number: int) -> None:
    """Whatever this Python's `ipaddress` writes: for mapped addresses it depends on the version."""
    canonical = oracle.serialize_ipv6(number)
    address = ipaddress.IPv6Address(number)
    assert ipaddress.IPv6Address(canonical) == address
    mapped = f"::ffff:{ipaddress.IPv4Address(number & 0xFFFFFFFF)}" if number >> 32 == 0xFFFF else canonical
    for text in {canonical, address.exploded, str(address), address.compressed.upper(), f"0{canonical}", mapped}:
        assert is_ipv6(text) is (text == canonical)
        assert (parse(f"http://[{text}]") is not None) is (text == canonical)
        try:
            ipaddress.IPv6Address(text)
        except ValueError:
            continue  # a zero too many in front
        assert corrected(f"http://[{text}]") == f"http://[{canonical}]"


NUMBERS = st.builds(
    lambda number, form: form(number),
    st.integers(0, 300) | st.integers(0, 2**32 + 1),
    st.sampled_from(
        (str, hex, lambda number: f"0{number:o}", lambda number: f"00{number:o}", lambda number: f"0X{number:X}")
    ),
)


@settings(derandomize=True, max_examples=examples(20), deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_ipv4_forms(parts: list[str]) -> None:
    """As `inet_aton` reads them, which the URL standard's parser follows."""
    text = ".".join(parts)
    try:
        expected = f"http://{socket.inet_ntoa(socket.inet_aton(text))}"
    except OSError:
        expected = None
    assert corrected(f"http://{text}") == expected


@settings(derandomize=True, max_examples=examples(60), deadline=None)
@given(TEXTS | st.text().map(lambda text: f"https://{text}"))
def test_a_text_is_a_pattern_or_diagnosed(text: str) -> None:
    pattern = compile_pattern(text)
    assert pattern is not None or not are_plain([text])
    faults, meant = diagnose(text)
    if pattern is not None:
        assert str(pattern) == text
        exact = text.replace("://*.", "://", 1).removesuffix(":*")
        assert oracle.is_origin(exact)
        return
    assert faults
    assert all(0 <= fault.start <= fault.end <= len(text) for fault in faults)
    hints = [] if meant is None else [meant] if isinstance(meant, str) else meant
    assert all(compile_pattern(hint) is not None for hint in hints)
    # What names one origin is never taken for more.
    assert sum(hint.count("*") for hint in hints) <= text.count("*")
    assert meant is None or text


@settings(derandomize=True, max_examples=examples(20), deadline=None)
@given(st.lists(TEXTS | TEXTS.map(Regex), min_size=1, max_size=4), st.booleans())
def test_a_policy_is_made_or_explained(origins: list[str | Regex], credentials: bool) -> None:
    try:
        policy = Policy(allow_origins=origins, allow_credentials=credentials)
    except PolicyError as error:
        check_refusal(origins, error)
    else:
        assert policy.allow_origins == tuple(dict.fromkeys(origins))


def check_refusal(origins: list[str | Regex], error: PolicyError) -> None:
    values: list[object] = [{"regex": entry.expression} if isinstance(entry, Regex) else entry for entry in origins]
    assert error.problems
    assert str(error).isascii()
    for problem in error.problems:
        assert problem.value in values
        hints = [problem.hint] if isinstance(problem.hint, str) else problem.hint or []
        assert isinstance(hints, list)
        for hint in hints:
            assert Policy(allow_origins=[hint]).allow_origins == (hint,)


# A small world, so that origins meet patterns.
SMALL_LABELS = st.sampled_from(("a", "b", "ab", "1a"))
SMALL_HOSTS = st.lists(SMALL_LABELS, min_size=1, max_size=4).map(".".join) | st.sampled_from(
    ("localhost", "127.0.0.1", "[::1]", "[::2]", "a.b.", "b.a.b.")
)
SMALL_SCHEMES = st.sampled_from(("https", "http", "capacitor"))
SMALL_ORIGINS = st.builds(
    lambda scheme, host, port: f"{scheme}://{host}{port}",
    SMALL_SCHEMES,
    SMALL_HOSTS,
    st.sampled_from(("", "", ":1", ":80", ":443", ":8443")),
)
SMALL_PATTERNS = st.builds(
    lambda scheme, star, host, port: f"{scheme}://{star}{host}{port}",
    SMALL_SCHEMES,
    st.sampled_from(("", "*.")),
    SMALL_HOSTS,
    st.sampled_from(("", "", ":*", ":8443")),
).filter(lambda text: compile_pattern(text) is not None)


@settings(derandomize=True, max_examples=examples(20), deadline=None)
@given(st.lists(SMALL_PATTERNS, min_size=1, max_size=6), st.lists(SMALL_ORIGINS | TEXTS, min_size=1, max_size=10))
def test_matching(patterns: list[str], origins: list[str]) -> None:
    allowed = Policy(allow_origins=patterns)._origins
    compiled = [pattern for text in patterns if (pattern := compile_pattern(text)) is not None]
    for origin in [*origins, *patterns]:
        expected = any(oracle.matches(pattern, origin) for pattern in patterns)
        assert (origin in allowed) is expected
        # One by one, as an explanation does it, and none as exact.
        parts = parse(origin)
        assert (parts is not None and any(pattern.matches(*parts) for pattern in compiled)) is expected
        assert (origin in OriginSet([], [p for p in compiled if p.subdomains or p.port == "*"], [])) is any(
            oracle.matches(str(pattern), origin) for pattern in compiled if pattern.subdomains or pattern.port == "*"
        )
