"""What the explanations say a browser does, held against what Chromium did (cases.chromium_console)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cases.chromium_console import CASES
from cases.chromium_headers import HEADERS
from cases.chromium_urls import URLS
from chromium_console.shapes import Answer, is_preflight
from edgecors import Policy, PolicyError, Request, Rules, _browser
from edgecors._safelist import normalized_method, settable, unsafe_names
from edgecors._spec import FORBIDDEN_METHODS, SAFELISTED_METHODS, is_token
from edgecors._url import parse_url
from edgecors.policy import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    MAX_AGE,
)
from tables import each

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chromium_console.shapes import Case, Sent

CORS_HEADERS = (ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS, MAX_AGE)

# --- URLs ----------------------------------------------------------------------------------------------------

# URLs that Chromium takes and explain_fetch does not: nobody's API is there (docs/deviations.md).
NOBODYS_API = {
    "https://xn--a.example/",
    "https://xn--/",
    "https://api..example",
    "https://api.example:0/",
    "https://user@api.example/",
    "https://user:pw@api.example/",
    "https://@api.example/",
    "https://:@api.example/",
    "https:/api.example",
    "https:api.example",
    "https://*.api.example/",
    "https:// api.example/",
    "https://api.example /",
    "https://a b.example/",
    "https://a\xadb.example/",
    "ftp://api.example/",
    "file:///tea",
    "data:text/plain,x",
    "blob:https://api.example/x",
    "javascript:alert(1)",
    "tea:pot",
    *(f"https://a{mark}b.example" for mark in ",;$'!&+=~`\""),
    "https://a(b).example",
    "https://a{b}.example",
    f"https://{'a' * 64}.example/",
}


@each(("given", "href"), URLS, ids=lambda value: ascii(value)[:60])
def test_urls_are_serialised_as_chromium_does(given: str, href: str | None) -> None:
    if href is None or given in NOBODYS_API:
        with pytest.raises(ValueError, match=r"API|host and port|user name") as caught:
            parse_url(given)
        assert str(caught.value).isprintable()
        return
    url = parse_url(given)
    assert url.text == href
    assert parse_url(href) == url


def test_no_url_is_refused_for_nothing() -> None:
    assert {given for given, href in URLS if href is not None} > NOBODYS_API


# --- The pure functions on every answer that was recorded ----------------------------------------------------


def plain_fetches() -> Iterable[Case]:
    """The cases of one fetch() in its default mode that got an answer, without redirects."""
    for case in CASES:
        answers = [answer for answer in (case.preflight, case.answer) if answer is not None]
        moved = any(
            name.lower() == "location" and answer.status != 200 for answer in answers for name, _ in answer.headers
        )
        cut_off = any(answer.status is None for answer in answers)
        with_body = case.body is not None and case.method.upper() in ("GET", "HEAD")
        if case.times == 1 and not case.init and not moved and not cut_off and not with_body:
            yield case


# Whose URL is another's, or whose host is no host.
_ELSEWHERE = ("name-not-resolved", "connection-refused", "url-blocked-port", "url-data")
FETCHES = tuple(case for case in plain_fetches() if case.name not in _ELSEWHERE)
# Chromium takes Authorization under `*`, with a word that it will not for ever; Fetch wants it named.
STRICTER = {case.name for case in FETCHES if "AuthorizationCoveredByWildcard" in case.seen.deprecations}


def joined(answer: Answer, method: str = "") -> dict[str, str]:
    """An answer's headers, those of CORS under the names of the engine's constants."""
    names = {name.lower(): name for name in CORS_HEADERS}
    headers: dict[str, str] = {} if answer.status in (204, 304) or method == "HEAD" else {"Content-Length": "0"}
    for given, value in answer.headers:
        name = names.get(given.lower(), given)
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def asked_of(case: Case) -> tuple[str, list[str]] | None:
    """The method and the header names of the preflight; None where the browser sends none."""
    method, unsafe = normalized_method(case.method), unsafe_names(settable(case.headers))
    return None if method in SAFELISTED_METHODS and not unsafe else (method, unsafe)


def fault_of(case: Case) -> tuple[str | None, list[str]]:
    """Why the page does not get the answer, in Chromium's words, and the headers that are not allowed."""
    include = case.credentials == "include"
    checks: list[tuple[str, str | None]] = []
    asked = asked_of(case)
    missing: list[str] = []
    if asked is not None:
        answer = case.preflight if case.preflight is not None else Answer()
        headers = joined(answer)
        checks += _browser.preflight_checks(answer.status or 0, headers, case.page, *asked, include=include)
        missing = _browser.missing_headers(headers, asked[1], include=include)
    if all(fault is None for _, fault in checks):
        checks += _browser.actual_checks(joined(case.answer), case.page, include=include)
    return next((fault for _, fault in checks if fault is not None), None), missing


def is_sendable(case: Case) -> bool:
    """Whether fetch() throws nothing before there is a request."""
    try:
        settable(case.headers)
        url = parse_url(case.url)
    except ValueError:
        return False
    method = normalized_method(case.method)
    insecure = _browser.is_mixed_content(url.scheme, url.host, case.page)
    return is_token(method) and method.upper() not in FORBIDDEN_METHODS and not insecure


def is_same_origin(case: Case) -> bool:
    return parse_url(case.url).origin == case.page


def is_local_network(case: Case) -> bool:
    """Local Network Access comes before CORS and goes by the address, which is not in the URL."""
    return "address space" in (case.seen.cors_message or "")


JUDGED = tuple(
    case for case in FETCHES if is_sendable(case) and not is_same_origin(case) and not is_local_network(case)
)


def preflight_headers(sent: Sent | None) -> dict[str, str] | None:
    if sent is None:
        return None
    return {name: value for name, value in sent.headers if name == "origin" or name.startswith("access-control-")}


def expected_preflight(case: Case) -> dict[str, str] | None:
    asked = asked_of(case)
    if asked is None:
        return None
    headers = {"origin": case.page, "access-control-request-method": asked[0]}
    return headers | ({"access-control-request-headers": ",".join(asked[1])} if asked[1] else {})


def test_what_is_asked_is_what_chromium_asks() -> None:
    ours = {case.name: expected_preflight(case) for case in JUDGED}
    assert ours == {case.name: preflight_headers(case.seen.preflight) for case in JUDGED}


def test_values_that_need_no_question_are_chromiums() -> None:
    ours = [(name, value, unsafe_names(settable([(name, value)])) != []) for name, value, _ in HEADERS]
    assert ours == list(HEADERS)


def outcome(case: Case) -> tuple[str | None, tuple[str, ...] | None]:
    """The line on the console and what is readable, by our functions; of several missing headers the one that
    Chromium happens to name, which is not specified."""
    fault, missing = fault_of(case)
    if fault is None:
        headers = joined(case.answer, case.method)
        return None, _browser.readable(headers, include=case.credentials == "include")
    url = parse_url(case.url).text
    named = [_browser.blocked(url, case.page, _browser.header_reason(name)) for name in missing]
    if fault.startswith("Request header field") and case.seen.cors_message in named:
        return case.seen.cors_message, None
    return _browser.blocked(url, case.page, fault), None


def test_verdicts_reasons_and_readable_headers_are_chromiums() -> None:
    judged = [case for case in JUDGED if case.name not in STRICTER]
    ours = {case.name: outcome(case) for case in judged}
    assert ours == {case.name: (case.seen.cors_message, case.seen.readable) for case in judged}


def test_what_chromium_blocks_fails_and_what_it_allows_does_not() -> None:
    for case in JUDGED:
        blocked = case.seen.cors_message is not None
        assert case.seen.error == ("TypeError: Failed to fetch" if blocked else None)


def test_authorization_has_to_be_named_where_chromium_takes_a_star() -> None:
    assert sorted(STRICTER) == ["authorization-and-others-star", "authorization-star", "authorization-star-omit"]
    for case in JUDGED:
        if case.name in STRICTER:
            assert case.seen.status == 200
            assert fault_of(case) == (_browser.header_reason("authorization"), ["authorization"])


def test_nearly_everything_recorded_is_judged() -> None:
    assert len(JUDGED) > 400


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not is_sendable(case) and case.name not in _ELSEWHERE],
    ids=lambda case: case.name,
)
def test_what_chromium_never_sends_is_a_value_error(case: Case) -> None:
    assert case.seen.requests == ()
    assert case.seen.error is not None
    rules = Rules([])
    if "mixed-content" in case.name:
        fetched = rules.explain_fetch(case.url, case.page, case.method)
        assert (fetched.allowed, fetched.code, fetched.preflight, fetched.actual) == (
            False,
            "mixed-content",
            None,
            None,
        )
        # Of the page only the origin is known.
        assert [line.text for line in case.seen.console] == [
            fetched.console.replace(f"{case.page}/'", f"{case.page}/page'")
        ]
        return
    with pytest.raises(ValueError, match=r"\w"):
        rules.explain_fetch(case.url, case.page, case.method, case.headers)


SAME_ORIGIN = [case for case in FETCHES if is_sendable(case) and is_same_origin(case)]


@pytest.mark.parametrize("case", SAME_ORIGIN, ids=lambda case: case.name)
def test_same_origin_is_read_as_chromium_does(case: Case) -> None:
    policy = Policy(allow_origins=["https://other.example"])
    fetched = Rules.of(policy).explain_fetch(
        case.url, case.page, case.method, case.headers, response_headers=list(joined(case.answer, case.method).items())
    )
    assert (fetched.allowed, fetched.code, fetched.console) == (True, "same-origin", "")
    assert (fetched.preflight, fetched.actual) == (None, None)
    # The engine says Vary on every answer.
    assert set(fetched.readable_headers) == {*(case.seen.readable or ()), "vary"}
    assert case.seen.preflight is None


# --- explain_fetch, for the answers that a policy can give ---------------------------------------------------


def policy_of(case: Case) -> Policy | None:
    """A policy that could have given the answers of a case; None where none can."""
    preflight, actual = joined(case.preflight or case.answer), joined(case.answer)
    own = {name: preflight.get(name, actual.get(name, "")) for name in CORS_HEADERS}
    own[EXPOSE_HEADERS] = actual.get(EXPOSE_HEADERS, "")
    lists = {name: _browser.elements(own[name]) or [] for name in (ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS)}
    try:
        return Policy(
            allow_origins=[own[ALLOW_ORIGIN] or "https://other.example"],
            allow_methods=lists[ALLOW_METHODS],
            allow_headers=lists[ALLOW_HEADERS],
            expose_headers=lists[EXPOSE_HEADERS],
            allow_credentials=own[ALLOW_CREDENTIALS] == "true",
            max_age=int(own[MAX_AGE]) if own[MAX_AGE].isdigit() else None,
            dangerously_allow_insecure_origins=True,
        )
    except PolicyError:
        return None


def answers_alike(policy: Policy, case: Case) -> bool:
    """Whether the engine's answers say what those of the case say."""
    rules, asked = Rules.of(policy), asked_of(case)
    headers = {"origin": case.page}
    pairs = [(case.answer, rules.explain(Request(case.method, "/", headers)))]
    if asked is not None:
        headers |= {"access-control-request-method": asked[0]}
        headers |= {"access-control-request-headers": ",".join(asked[1])} if asked[1] else {}
        pairs.append((case.preflight or Answer(), rules.explain(Request("OPTIONS", "/", headers))))
    for answer, explained in pairs:
        recorded = joined(answer)
        # A refusal's 403 is told by its missing header alone.
        refused = ALLOW_ORIGIN not in recorded and ALLOW_ORIGIN not in explained.headers
        if not refused and explained.status is not None and not 200 <= (answer.status or 0) <= 299:
            return False
        names = (ALLOW_ORIGIN, ALLOW_CREDENTIALS) if refused else CORS_HEADERS[:-1]
        for name in names:
            ours, theirs = explained.headers.get(name, ""), recorded.get(name, "")
            if name in (ALLOW_ORIGIN, ALLOW_CREDENTIALS):
                same = ours == theirs.strip() and (name in explained.headers) == (name in recorded)
            elif name == EXPOSE_HEADERS and explained.status is not None:
                same = True  # on a preflight it says nothing
            else:
                same = _browser.elements(ours) == _browser.elements(theirs)
            if not same:
                return False
    return True


POSSIBLE = tuple(
    (case, policy) for case in JUDGED if (policy := policy_of(case)) is not None and answers_alike(policy, case)
)


def told(case: Case, policy: Policy) -> tuple[object, ...]:
    """Whether the page gets the answer, which requests there are, the console, and what is readable."""
    own = [(name, value) for name, value in joined(case.answer, case.method).items() if name not in CORS_HEADERS]
    fetched = Rules.of(policy).explain_fetch(
        case.url, case.page, case.method, case.headers, case.credentials, response_headers=own
    )
    console, seen = fetched.console or None, case.seen.cors_message
    if fetched.code == "header-not-allowed" and fetched.preflight is not None and seen is not None:
        # Of several missing headers Chromium names one in an order of its own.
        name = seen.partition("Request header field ")[2].partition(" ")[0]
        console = seen if name in fetched.preflight.steps[-1].detail.replace(",", "").split() else console
    readable = set(fetched.readable_headers) if fetched.allowed else None
    if readable is not None and "vary" not in (case.seen.readable or ()):
        readable.discard("vary")  # the engine sends it, the recorded server did not
    return fetched.allowed, fetched.preflight is not None, fetched.actual is not None, console, readable


def seen(case: Case) -> tuple[object, ...]:
    actual = any(not is_preflight(sent) for sent in case.seen.requests)
    readable = None if case.seen.readable is None else set(case.seen.readable)
    return case.seen.error is None, case.seen.preflight is not None, actual, case.seen.cors_message, readable


def test_explain_fetch_tells_what_chromium_did() -> None:
    assert {case.name: told(case, policy) for case, policy in POSSIBLE} == {
        case.name: seen(case) for case, _ in POSSIBLE
    }
    assert len(POSSIBLE) > 250
