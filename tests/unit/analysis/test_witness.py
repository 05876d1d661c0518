"""Witnesses: let in by the old system's own matching (Python's `re`), outside of what is named, refused once fixed."""

from __future__ import annotations

import re
from itertools import product

import pytest

from cases.names import plain
from edgecors import Policy
from edgecors._origin import is_host
from edgecors._regex_hint import safe_patterns
from edgecors.decision import allows_origin
from rules_analysis.named_domains import named_domains
from rules_analysis.suffix_names import is_end_of_a_rule, plain_suffixes, suffix_of, wildcard_bases
from rules_analysis.witness import Witness, witness

TEA = r"(.*\.)?victoria-lo\.github\.io.*"

# Expression, and shortest, registrable, anyone of its witness as a full match.
MATCHED: tuple[tuple[str, tuple[str, str | None, str | None] | None], ...] = (
    (".*", ("https://x", "https://x.ac", "https://aa.com")),
    ("https?://.*", ("https://x", "https://x.ac", "https://aa.com")),
    ("http://.*", ("http://x", "http://x.ac", "http://aa.com")),
    (r".*:\d443", ("https://x:1443", "https://x.ac:1443", "https://aa.com:1443")),
    (r"https://.*\.", ("https://x.", "https://x.ac.", "https://aa.com.")),
    (
        f"https://{TEA}",
        (
            "https://victoria-lo.github.ioo",
            "https://victoria-lo.github.io.in",
            "https://victoria-lo.github.io.aa.com",
        ),
    ),
    (r"https://.*\.example\.com", None),
    (r"https://.*example\.com", ("https://xexample.com", "https://xexample.com", None)),
    ("https://a.example.com", ("https://axexamplexcom", "https://axexample.com", None)),
    (
        "https://test-client-site.appspot.com",
        ("https://test-client-sitexappspotxcom", "https://test-client-sitexappspot.com", None),
    ),
    (
        "https?://(.*-dot-)?test-client-site.appspot.com",
        ("https://test-client-sitexappspotxcom", "https://test-client-sitexappspot.com", None),
    ),
    (
        r"https?://(.*-dot-)?test-client-site\.appspot\.com",
        ("https://x-dot-test-client-site.appspot.com",) * 2 + (None,),
    ),
    (r"https://[a-z]+\.github\.io", ("https://x.github.io", "https://x.github.io", None)),
    (r"https://.*--tea\.netlify\.app", ("https://x--tea.netlify.app", "https://x--tea.netlify.app", None)),
    (r"https://tea\.github\.io", None),
    (r"https://[a-z]+\.(com|net)", ("https://x.com", "https://x.com", "https://aa.com")),
    (r"https://(foo|bar)\.com", None),
    (r"https://[a-z]\.(foo|bar)\.com", None),
    (r"https://aa\.com.*", ("https://aa.comm", "https://aa.com.ac", "https://aa.com.bb.com")),
    (r"https://[a-z]+\.foo\.ck", ("https://x.foo.ck", None, None)),
    (r"https://.*kawasaki\.jp", ("https://xkawasaki.jp", "https://xkawasaki.jp", None)),
    ("http://10.0.0.1", ("http://10x0x0x1", None, None)),
    ("https://(", None),
    (r"https://(?!a).*", None),
    ("", None),
    (r"capacitor://.*", None),
)

# The same of an expression that is searched for.
SEARCHED: tuple[tuple[str, tuple[str, str | None, str | None] | None], ...] = (
    (
        TEA,
        ("https://xvictoria-lo.github.io", "https://xvictoria-lo.github.io", "https://victoria-lo.github.io.aa.com"),
    ),
    (
        f"/{TEA}/",
        ("https://xvictoria-lo.github.io", "https://xvictoria-lo.github.io", "https://victoria-lo.github.io.aa.com"),
    ),
    (r"example\.com$", ("https://xexample.com", "https://xexample.com", None)),
    (r"\.example\.com$", None),
    (r"^https://example\.com", ("https://example.comm", "https://example.com.ac", "https://example.com.aa.com")),
    (r"^https://example\.com$", None),
    (r"^https:\/\/example\.com(:\d+)?$", None),
    (
        r"^https://a\.com|https://b\.com$",
        ("https://a.comm", "https://a.com.ac", "https://a.com.aa.com"),
    ),
    (r"^https://a\.com$|^https://b\.com$", None),
    (r"^https://[|]a\.com\$", None),
    (r"a\.com[$]|[]|]x(?#|)$", None),
    (r"https://(a\.com|b\.com)", ("https://a.comm", "https://a.com.ac", "https://a.com.aa.com")),
)


@pytest.mark.parametrize(("expression", "expected"), MATCHED, ids=plain)
def test_of_full_matches(expression: str, expected: tuple[str, str | None, str | None] | None) -> None:
    found = witness(expression)
    assert found == (Witness(*expected) if expected is not None else None)
    if found is not None:
        _check(found, expression, re.compile(expression).fullmatch)


@pytest.mark.parametrize(("expression", "expected"), SEARCHED, ids=plain)
def test_of_searches(expression: str, expected: tuple[str, str | None, str | None] | None) -> None:
    found = witness(expression, searched=True)
    assert found == (Witness(*expected) if expected is not None else None)
    if found is not None:
        _check(found, expression, re.compile(expression.strip("/")).search)


def _check(found: Witness, expression: str, matches: object) -> None:
    fixed = safe_patterns(expression)
    for origin in filter(None, (found.shortest, found.registrable, found.anyone)):
        assert callable(matches)
        assert matches(origin)
        assert fixed is None or not allows_origin(Policy(allow_origins=fixed), origin)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (TEA, {"victoria-lo.github.io"}),
        (r"https://(www\.)?app\.example\.com(:\d+)?", {"example.com"}),
        (r"https://a\.b\.co\.uk|http://localhost:3000", {"b.co.uk", "localhost"}),
        (r"https://.*-tea\.example\.com", {"example.com"}),
        (r"https://.*-tea\.netlify\.app", set()),
        (r"https://[^.]+\.github\.io", set()),
        (r"https://(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)\.example\.com", {"example.com"}),
        (r"https://(" + "|".join(f"a{number}" for number in range(300)) + r")\.example\.com", {"example.com"}),
        (r"https://[a-z].\.com", set()),
        (r"http://\[::1\]:3000", set()),
        (r"tea", set()),
    ],
    ids=plain,
)
def test_named_domains(expression: str, expected: set[str]) -> None:
    assert named_domains(expression) == expected


def test_suffixes() -> None:
    assert plain_suffixes()[:2] == ("ac", "ad")
    assert {"com", "github.io", "co.uk"} <= set(plain_suffixes())
    assert {"ck", "kawasaki.jp"} <= wildcard_bases()
    assert "kawasaki.jp" not in plain_suffixes()
    assert [is_end_of_a_rule(text) for text in ("", "hub.io", ".io", "no-such")] == [True, True, True, False]
    assert [
        suffix_of(host) for host in ("a.b.github.io", "github.io", "a.example", "kawasaki.jp", "city.kawasaki.jp")
    ] == ["github.io", None, None, None, "jp"]


def test_hostile_expressions_take_no_time() -> None:
    for expression in ("(a?b?c?d?e?f?g?){200}", r"https://([a-z]?[b-y]?){600}\.com.*", r"(a|b)*a(a|b){15}\.com.*"):
        assert witness(expression, searched=True) is not None


@pytest.mark.parametrize(
    "expression",
    [
        r"https://[abx.]*",
        r"https://([abx.]*\.)?ab\.ba",
        r"https://[abx.]*ab\.ba[abx.]*",
        r"https://a[abx.]b[abx.]a",
        r"https://(a|b)[abx.]{2,}\.(ba|bb)",
        r"https://[ab]+\.a[abx.]?b",
        r"https://(ab?x?)+(\.ba)?\.bb",
    ],
)
def test_the_shortest_is_the_shortest(expression: str) -> None:
    """None of all hosts of up to six of these characters does better."""
    named, matches = named_domains(expression), re.compile(expression).fullmatch
    hosts = ("".join(letters) for length in range(1, 7) for letters in product("abx.", repeat=length))
    outside = [
        host
        for host in hosts
        if matches(f"https://{host}")
        and is_host(host)
        and not host.endswith(".")
        and not any(f".{host}".endswith(f".{domain}") for domain in named)
    ]
    found = witness(expression)
    assert (found is None) == (not outside)
    if found is None:
        return
    assert len(found.shortest) == len(f"https://{outside[0]}")
    registrable = [host for host in outside if suffix_of(host)]
    assert (found.registrable is None or len(found.registrable) > 14) == (not registrable)
    if registrable:
        assert len(found.registrable or "") == len(f"https://{registrable[0]}")
