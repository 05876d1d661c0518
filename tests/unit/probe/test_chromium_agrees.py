"""The requests, verdicts, console lines and readable headers of a probe are those that Chromium was seen to have, for
every recorded fetch() (cases.chromium_console), redirects included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cases.chromium_console import CASES
from edgecors._safelist import normalized_method
from edgecors._url import parse_url
from edgecors_cli.probe.asking import converse
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.messages import Answer
from edgecors_cli.question import Question

if TYPE_CHECKING:
    from chromium_console.shapes import Answer as Recorded
    from chromium_console.shapes import Case
    from edgecors._url import Url
    from edgecors_cli.probe.messages import Outcome, Sent

# The headers that CORS is about, and those that only pages set; the others are of the browser and its version.
_COMPARED = ("origin", "access-control-request-", "authorization", "content-type", "content-language", "x-")
# Of these a probe knows nothing: bodies, other modes, several calls, what lies below HTTP, Local Network Access.
_BELOW_HTTP = ("name-not-resolved", "connection-refused", "url-blocked-port", "url-data")


def is_comparable(case: Case) -> bool:
    answers = [case.preflight, case.answer]
    cut_off = any(answer is not None and answer.status is None for answer in answers)
    plain = case.times == 1 and not case.init and case.body is None and case.name not in _BELOW_HTTP
    return plain and not cut_off and "address space" not in (case.seen.cors_message or "")


# With a word of warning in DevTools.
STRICTER = {case.name for case in CASES if "AuthorizationCoveredByWildcard" in case.seen.deprecations}
COMPARABLE = [case for case in CASES if is_comparable(case)]


def answered(recorded: Recorded | None, method: str) -> Answer:
    """The answer as it went over the wire: the server that was recorded adds a length."""
    if recorded is None:
        return Answer(404)
    length = () if recorded.status in (204, 304) or method == "HEAD" else (("Content-Length", "0"),)
    return Answer(recorded.status or 0, (*length, *recorded.headers))


def played(case: Case) -> Outcome:
    """The probe's outcome against the server of the case."""
    first = parse_url(case.url).text
    places = {hop.url: hop for hop in case.hops}

    def send(sent: Sent) -> Answer:
        place = case if sent.url.text == first and sent.url.text not in places else places[sent.url.text]
        return answered(place.preflight or place.answer if sent.is_preflight else place.answer, sent.method)

    question = Question(case.url, case.page, normalized_method(case.method), case.headers, case.credentials)
    return converse(fetch(question, send_unsafe=True, may_follow=lambda url: True), send)


Request = tuple[str, str, dict[str, str]]


def compared(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith(_COMPARED)}


def requests(outcome: Outcome) -> list[Request]:
    sent = [exchange.sent for exchange in outcome.exchanges]
    return [(one.method, one.url.text.partition("#")[0], compared(one.headers)) for one in sent]


def recorded_requests(case: Case) -> list[Request]:
    return [(one.method, one.url, compared(dict(one.headers))) for one in case.seen.requests]


def console_of(outcome: Outcome, case: Case) -> str:
    """Our line, as Chromium would print it: it knows the page's path, and of several missing headers it names one in
    an order of its own."""
    line, seen = outcome.console, case.seen.cors_message or ""
    if line.startswith("Mixed Content"):
        line = line.replace(f"{case.page}/'", f"{case.page}/page'")
    cut = "Request header field "
    return seen if cut in line and seen.partition(cut)[0] == line.partition(cut)[0] else line


def test_every_recorded_fetch() -> None:
    judged, differing = 0, []
    for case in COMPARABLE:
        try:
            outcome = played(case)
        except ValueError:
            assert case.seen.requests == (), case.name  # what no page can ask
            continue
        if outcome.code == "same-origin" or case.name in STRICTER:
            continue
        judged += 1
        lines = [line.text for line in case.seen.console]
        said = console_of(outcome, case)
        if (
            requests(outcome) != recorded_requests(case)
            or outcome.allowed != (case.seen.error is None)
            or (outcome.allowed and outcome.readable != case.seen.readable)
            or (said not in lines if said else case.seen.cors_message is not None)
        ):
            differing.append(case.name)
    assert differing == []
    assert judged > 420


@pytest.mark.parametrize("name", sorted(STRICTER))
def test_authorization_has_to_be_named(name: str) -> None:
    """Chromium takes it under `*`, for now; Fetch wants it named."""
    case = next(case for case in CASES if case.name == name)
    assert played(case).code == "header-not-allowed"


def test_redirects_are_among_them() -> None:
    redirected = [case.name for case in COMPARABLE if case.name.startswith("redirect-")]
    assert len(redirected) > 25


def test_where_it_may_not_go_it_does_not_go() -> None:
    """Nothing is sent to another host; what the browser would do there is left open."""
    away = [case for case in COMPARABLE if any(sent.url.startswith("https://third.") for sent in case.seen.requests)]
    for case in away:
        if case.url.startswith(case.page):
            continue
        first = parse_url(case.url)
        question = Question(case.url, case.page, case.method, case.headers, case.credentials)

        def send(sent: Sent, case: Case = case, first: Url = first) -> Answer:
            assert sent.url.host == first.host
            return answered(case.preflight if sent.is_preflight else case.answer, sent.method)

        def may_follow(url: Url, first: Url = first) -> bool:
            return url.host == first.host

        outcome = converse(fetch(question, send_unsafe=True, may_follow=may_follow), send)
        assert (outcome.allowed, outcome.code, outcome.elsewhere) == (
            None,
            "redirected-elsewhere",
            "https://third.example/tea",
        )
    assert len(away) > 6
