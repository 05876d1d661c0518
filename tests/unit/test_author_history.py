"""What the author of the Tea API tried before it worked, each with the diagnosis that would have saved the evening."""

from __future__ import annotations

from typing import Any

import pytest

from edgecors import Policy, PolicyError, Problem, Regex, Request, Rules, RulesError

PAGE = "https://victoria-lo.github.io"
SUBDOMAINS = "https://*.victoria-lo.github.io"
TUTORIAL = r"(.*\.)?victoria-lo\.github\.io.*"


def problems_of(*origins: str | Regex, **fields: Any) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=origins, **fields)
    return caught.value.problems


def test_the_address_of_the_page() -> None:
    address = f"{PAGE}/Hashtag-TEA/"
    message = "An Origin has no path, so this can never match."
    assert problems_of(address) == (Problem("origin-has-path", "allow_origins", address, message, PAGE),)


def test_a_slash_at_the_end() -> None:
    address = f"{PAGE}/"
    message = "An Origin has no slash at the end, so this can never match."
    assert problems_of(address) == (Problem("origin-trailing-slash", "allow_origins", address, message, PAGE),)


def test_the_host_alone() -> None:
    host = "victoria-lo.github.io"
    message = "An Origin begins with its scheme, so this can never match."
    assert problems_of(host) == (Problem("origin-no-scheme", "allow_origins", host, message, PAGE),)


def test_everyone_with_credentials() -> None:
    message = "Every site could act as the visitor: browsers refuse `*` with credentials."
    expected = (Problem("wildcard-with-credentials", "allow_origins", "*", message),)
    assert problems_of("*", allow_credentials=True) == expected


def test_everyone_without_credentials_is_what_it_says() -> None:
    assert Policy(allow_origins=["*"]).allow_origins == ("*",)


@pytest.mark.parametrize("scheme", ["https://", r"https:\/\/", "^https://"])
def test_the_tutorials_expression(scheme: str) -> None:
    expression = scheme + TUTORIAL
    message = f"It also lets in {PAGE}.evil.example, and whoever else registers such a name."
    hint = [PAGE, SUBDOMAINS]
    expected = Problem("regex-open", "allow_origins", {"regex": expression}, message, hint)
    assert problems_of(Regex(expression)) == (expected,)


def test_the_tutorials_expression_as_it_stands_there() -> None:
    """Without a scheme, of which nothing but a subdomain is left in a full match."""
    message = "It also lets in https://a.victoria-lo.github.io.evil.example, and whoever else registers such a name."
    expected = Problem("regex-open", "allow_origins", {"regex": TUTORIAL}, message, [PAGE, SUBDOMAINS])
    assert problems_of(Regex(TUTORIAL)) == (expected,)


def test_the_tutorials_expression_between_slashes() -> None:
    """As JavaScript writes it; in a document the slashes are a part of it."""
    expression = f"/{TUTORIAL}/"
    message = "No Origin that a browser sends can match this expression."
    expected = Problem("regex-matches-nothing", "allow_origins", {"regex": expression}, message, [PAGE, SUBDOMAINS])
    assert problems_of(Regex(expression)) == (expected,)


@pytest.mark.parametrize("text", [TUTORIAL, f"/{TUTORIAL}/", f"https://{TUTORIAL}"])
def test_the_tutorials_expression_as_text(text: str) -> None:
    message = 'This is read as text. An expression is written {"regex": "..."}.'
    expected = Problem("origin-looks-like-regex", "allow_origins", text, message, [PAGE, SUBDOMAINS])
    assert problems_of(text) == (expected,)


def test_all_of_it_at_once_in_a_document() -> None:
    origins = [f"{PAGE}/Hashtag-TEA/", "*", {"regex": f"https://{TUTORIAL}"}, f"{PAGE}/"]
    policy = {"name": "tea", "paths": ["/tea"], "allow_origins": origins, "allow_credentials": True}
    with pytest.raises(RulesError) as caught:
        Rules.parse({"schema": "edgecors/1", "policies": [policy]})
    place = "/policies/0/allow_origins"
    assert [(problem.code, problem.field, problem.hint) for problem in caught.value.problems] == [
        ("origin-has-path", f"{place}/0", PAGE),
        ("regex-open", f"{place}/2", [PAGE, SUBDOMAINS]),
        ("origin-trailing-slash", f"{place}/3", PAGE),
        ("wildcard-not-alone", f"{place}/1", None),
        ("wildcard-with-credentials", f"{place}/1", None),
    ]


def test_what_the_hints_come_to() -> None:
    rules = Rules([("tea", ["/tea"], Policy(allow_origins=[PAGE, SUBDOMAINS], allow_credentials=True))])
    verdicts = {
        origin: rules.explain(Request("GET", "/tea", {"Origin": origin})).allowed
        for origin in (
            PAGE,
            "https://x.victoria-lo.github.io",
            f"{PAGE}.evil.example",
            "https://xvictoria-lo.github.io",
        )
    }
    assert list(verdicts.values()) == [True, True, False, False]
