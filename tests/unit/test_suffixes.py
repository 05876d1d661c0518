"""Public suffix look-ups, against a naive reading of the list and against publicsuffixlist's own answers."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publicsuffixlist import PSLFILE, PublicSuffixList

from edgecors import _suffix_data
from edgecors._suffixes import has_rule_at_or_below, is_public_suffix, rules_below
from suffixes import generate

DAT = Path(PSLFILE).read_text(encoding="utf-8")
HEADERS = "// VERSION: 1\n// COMMIT: a\n"


@cache
def rules() -> frozenset[str]:
    """Every rule as the list writes it, IDN labels as A-labels."""
    found = set()
    for line in DAT.splitlines():
        rule = line.split(" ")[0]
        if rule and not rule.startswith("//"):
            mark, rule = ("!", rule[1:]) if rule[0] == "!" else ("", rule)
            found.add(mark + rule.encode("idna").decode())
    return frozenset(found)


def oracle_is_suffix(host: str) -> bool:
    label, dot, parent = host.partition(".")
    if host in rules():
        return True
    return bool(label and dot) and f"*.{parent}" in rules() and f"!{host}" not in rules()


def oracle_below(host: str) -> set[tuple[str, bool]]:
    below = {rule for rule in rules() if rule.endswith(f".{host}") and not rule.startswith("!")}
    return {(rule.removeprefix("*."), rule.startswith("*.")) for rule in below}


@cache
def hosts_of_rules() -> tuple[str, ...]:
    """The host of every rule without its mark, and every domain above it."""
    found: set[str] = set()
    for rule in rules():
        labels = rule.removeprefix("*.").removeprefix("!").split(".")
        found.update(".".join(labels[start:]) for start in range(len(labels)))
    return tuple(sorted(found))


@pytest.mark.parametrize(
    ("host", "suffix", "at_or_below"),
    [
        ("github.io", True, True),
        ("victoria-lo.github.io", False, False),
        ("com", True, True),
        ("co.uk", True, True),
        ("uk", True, True),
        ("foo.kawasaki.jp", True, True),
        ("city.kawasaki.jp", False, False),
        ("a.foo.kawasaki.jp", False, False),
        ("kawasaki.jp", False, True),
        ("example.com", False, False),
        ("amazonaws.com", False, True),
        ("s3.amazonaws.com", True, True),
        ("execute-api.us-east-1.amazonaws.com", True, True),
        ("amazonaws", False, False),
        ("ck", False, True),
        ("x.ck", True, True),
        ("www.ck", False, False),
        ("xn--p1ai", True, True),
        ("localhost", False, False),
        ("a.localhost", False, False),
        ("127.0.0.1", False, False),
        ("zzz", False, False),
    ],
)
def test_known_hosts(host: str, suffix: bool, at_or_below: bool) -> None:
    assert is_public_suffix(host) is suffix
    assert has_rule_at_or_below(host) is at_or_below


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "com.",
        ".com",
        ".ck",
        "a..ck",
        "*",
        "*.ck",
        "!www.ck",
        "com net",
        "ck\n",
        " com",
        "рф",
        "COM",
        "[::1]",
    ],
)
def test_what_is_no_host_has_no_rule(host: str) -> None:
    assert is_public_suffix(host) is False
    assert list(rules_below(host)) == []
    assert has_rule_at_or_below(host) is False


@pytest.mark.no_cover
def test_every_rule_and_every_domain_above_one() -> None:
    candidates = {derived for host in hosts_of_rules() for derived in (host, f"x.{host}", f"x.y.{host}", f"x{host}")}
    wrong = [host for host in candidates if is_public_suffix(host) is not oracle_is_suffix(host)]
    assert wrong == []


@pytest.mark.no_cover
def test_the_rules_below_every_domain_above_one() -> None:
    """Each rule is given for each domain above it, once, and nothing else is."""
    expected: dict[str, set[tuple[str, bool]]] = {host: set() for host in hosts_of_rules()}
    for rule in rules():
        if rule.startswith("!"):
            continue
        labels = rule.split(".")
        for start in range(1, len(labels)):
            expected[".".join(labels[start:])].add((rule.removeprefix("*."), rule.startswith("*.")))
    for host, suffixes in expected.items():
        found = list(rules_below(host))
        assert set(found) == suffixes
        assert len(found) == len(suffixes)
        assert has_rule_at_or_below(host) is (oracle_is_suffix(host) or bool(suffixes))


def test_rules_below_come_one_at_a_time_and_nearest_first() -> None:
    found = rules_below("amazonaws.com")
    assert next(found) == ("s3.amazonaws.com", False)
    assert ("execute-api.us-east-1.amazonaws.com", False) in found
    assert list(rules_below("kawasaki.jp")) == [("kawasaki.jp", True)]


@pytest.mark.no_cover
def test_the_packages_own_answers() -> None:
    """The package takes a wildcard's base for a suffix too; here only a rule that names it makes it one."""
    theirs = PublicSuffixList(accept_unknown=False)
    hosts = {derived for host in hosts_of_rules() for derived in (host, f"x.{host}", f"x.y.{host}")}
    bases = {rule.removeprefix("*.") for rule in rules() if rule.startswith("*.")}
    wrong = [host for host in hosts - bases if is_public_suffix(host) is not theirs.is_public(host)]
    assert wrong == []


labels = st.text("abcko01-_*!", min_size=1, max_size=4)


@pytest.mark.no_cover
@settings(deadline=None)
@given(
    st.one_of(
        st.lists(labels, max_size=4).map(".".join),
        st.builds(
            lambda above, host: ".".join([*above, host]),
            st.lists(labels, max_size=2),
            st.sampled_from(hosts_of_rules()),
        ),
        st.builds(lambda host, at: host[:at], st.sampled_from(hosts_of_rules()), st.integers(0, 60)),
        st.builds(lambda host, at: host[at:], st.sampled_from(hosts_of_rules()), st.integers(0, 60)),
    )
)
def test_any_host(host: str) -> None:
    usual = all(host.split(".")) and not set(host) & set("*!")
    suffix = usual and oracle_is_suffix(host)
    below = oracle_below(host) if usual else set()
    assert is_public_suffix(host) is suffix
    assert set(rules_below(host)) == below
    assert has_rule_at_or_below(host) is (suffix or bool(below))


def test_the_data_is_read_at_the_first_look_up_only() -> None:
    program = (
        "import sys; from edgecors import _suffixes; name = 'edgecors._suffix_data';"
        "assert name not in sys.modules; _suffixes.is_public_suffix('com'); assert name in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": str(generate.TARGET.parents[1])})


@pytest.mark.no_cover
def test_the_data_is_what_the_pinned_package_gives() -> None:
    assert generate.module(DAT, version("publicsuffixlist")) == generate.TARGET.read_text(encoding="ascii")


def test_the_data_is_in_order_and_tells_its_licence_and_source() -> None:
    lines = _suffix_data.SUFFIXES.split(b"\n")
    assert lines[-1] == b""
    assert lines[:-1] == sorted(set(lines[:-1]))
    text = f"{_suffix_data.__doc__}"
    assert "Mozilla Public License 2.0" in text
    assert "https://publicsuffix.org/list/public_suffix_list.dat" in text
    assert f"publicsuffixlist {version('publicsuffixlist')}." in text


def test_the_generator_reads_every_kind_of_rule() -> None:
    text = generate.module(f"{HEADERS}\nuk\nco.uk trailing words\n*.ck\n!www.ck\n// no.rule\nрф\n", "9")
    assert text.endswith('SUFFIXES = b"""\\\n uk xn--p1ai\nck !www *\nuk co\n"""\n')


@pytest.mark.parametrize(
    ("dat", "message"),
    [
        (f"{HEADERS}a.*.b\n", "not in the first label"),
        (f"{HEADERS}a.!b\n", "not in the first label"),
        (f"{HEADERS}a*.b\n", "not in the first label"),
        (f"{HEADERS}a_b.c\n", "no host label"),
        (f"{HEADERS}COM\n", "no host label"),
        (f"{HEADERS}straße.de\n", "IDNA 2003"),
        ("// COMMIT: a\ncom\n", "VERSION"),
        ("// VERSION: 1\ncom\n", "COMMIT"),
    ],
)
def test_the_generator_refuses_what_its_form_cannot_say(dat: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generate.module(dat, "9")
