"""What recorded fetches do not show: methods that are held back, redirects of other methods, answers out of hell."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from edgecors._url import parse_url
from edgecors_cli.probe.asking import Report, converse
from edgecors_cli.probe.controls import control
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.findings import Finding, sorted_out
from edgecors_cli.probe.look import find
from edgecors_cli.probe.messages import CORS_HEADERS, Answer, Outcome, Sent
from edgecors_cli.probe.render import as_json, render
from edgecors_cli.probe.wire import Wire
from edgecors_cli.question import Question
from effort import examples

PAGE, API = "https://page.example", "https://api.example"
STAR = ("Access-Control-Allow-Origin", "*")
ANY = (STAR, ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*"))


def asked(
    method: str, answers: dict[str, Answer], *headers: tuple[str, str], send: bool = True
) -> tuple[Outcome, list[tuple[str, str, list[str]]]]:
    """The outcome and what was sent: method, path and those of the page's headers that are still there."""
    sent: list[tuple[str, str, list[str]]] = []
    names = {name.lower() for name, _ in headers}

    def answer(one: Sent) -> Answer:
        sent.append((one.method, one.url.path, sorted(names & set(one.headers))))
        return Answer(204, ANY) if one.is_preflight else answers[one.url.path]

    question = Question(f"{API}/a", PAGE, method, headers, "omit")
    return converse(fetch(question, send_unsafe=send, may_follow=lambda url: True), answer), sent


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"),
        (302, "DELETE", "DELETE"),
        (303, "PUT", "GET"),
        (303, "HEAD", "HEAD"),
        (303, "GET", "GET"),
    ],
)
def test_which_method_a_redirect_leaves(status: int, method: str, then: str) -> None:
    """HTTP-redirect fetch, step 12. With the body go the headers about it."""
    outcome, sent = asked(
        method,
        {"/a": Answer(status, (STAR, ("Location", "/b"))), "/b": Answer(200, (STAR,))},
        ("Content-Type", "text/plain"),
        ("Accept", "text/html"),
    )
    assert outcome.allowed
    kept = ["accept", "content-type"] if then == method else ["accept"]
    assert [one for one in sent if one[0] != "OPTIONS"] == [
        (method, "/a", ["accept", "content-type"]),
        (then, "/b", kept),
    ]


def test_a_redirect_elsewhere_takes_authorization_away() -> None:
    """HTTP-redirect fetch, step 13; on the same origin it stays."""
    hops = {"/a": Answer(302, (STAR, ("Location", "https://b.example/b"))), "/b": Answer(200, (STAR,))}
    allowed = ("Access-Control-Allow-Headers", "authorization")
    names: list[bool] = []

    def answer(one: Sent) -> Answer:
        names.append("authorization" in one.headers)
        return Answer(204, (STAR, allowed)) if one.is_preflight else hops[one.url.path]

    question = Question(f"{API}/a", PAGE, "GET", (("Authorization", "x"),), "omit")
    assert converse(fetch(question, send_unsafe=False, may_follow=lambda url: True), answer).allowed
    assert names == [False, True, False]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_what_may_change_something_is_not_sent(method: str) -> None:
    outcome, sent = asked(method, {}, send=False)
    assert (outcome.allowed, outcome.code) == (None, "not-sent")
    assert {kind for kind, _, _ in sent} <= {"OPTIONS"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_changes_nothing_is_sent(method: str) -> None:
    outcome, sent = asked(method, {"/a": Answer(200, (STAR,))}, send=False)
    assert outcome.allowed
    assert sent[-1] == (method, "/a", [])


def test_a_redirect_cannot_make_a_safe_method_unsafe_nor_the_other_way() -> None:
    """A GET that was redirected is a GET; a POST that is held back never gets to its redirect."""
    answers = {"/a": Answer(303, (STAR, ("Location", "/b"))), "/b": Answer(200, (STAR,))}
    assert asked("POST", answers, send=False)[1] == []


VALUES = st.sampled_from(
    ["*", PAGE, "null", "true", "", " ", ",", "GET", "600", "-1", "\x1b[2J", "é" * 300, "9" * 5000]
)
NAMES = st.sampled_from(
    [*CORS_HEADERS, "Location", "Vary", "Set-Cookie", "Age", "X-Cache", "Access-Control-Allow-Header\x1b", "\x85"]
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from([100, 200, 204, 301, 302, 403, 404, 500, 599, 999]),
    st.lists(st.tuples(NAMES, VALUES | st.text(st.characters(codec="latin-1"), max_size=8)), max_size=8).map(tuple),
    st.booleans(),
)


@given(
    st.lists(ANSWERS, min_size=1, max_size=6),
    st.sampled_from(["GET", "DELETE"]),
    st.sampled_from(["omit", "include"]),
)
@settings(derandomize=True, max_examples=examples(20), deadline=None)
def test_whatever_is_answered_is_judged_and_shown(answers: list[Answer], method: str, credentials: str) -> None:
    turn = 0

    def answer(_sent: Sent) -> Answer:
        nonlocal turn
        turn += 1
        return answers[turn % len(answers)]

    question = Question(f"{API}/a", PAGE, method, (("X-Tea", "1"),), credentials)
    outcome = converse(fetch(question, send_unsafe=True, may_follow=lambda url: url.host == "api.example"), answer)
    controls = converse(control(question, outcome, "x0123456789ab"), answer)
    findings = find(outcome, controls, include=credentials == "include")
    report = Report(question, outcome, controls, findings, None, "", "")
    screen = Console(file=io.StringIO(), width=100, markup=False, emoji=False, highlight=False)
    for part in render(report, width=100):
        screen.print(part)
    assert isinstance(screen.file, io.StringIO)
    assert "\x1b" not in screen.file.getvalue()
    assert json.loads(json.dumps(as_json(report)))["code"] == outcome.code
    assert (outcome.console == "") == (outcome.allowed is not False)
    assert all(finding.message.isprintable() and finding.fix for finding in findings)
    assert turn <= 50


def test_findings_of_several_requests_are_one() -> None:
    one, other = (
        Finding("warning", "vary-missing", "OPTIONS /", "m", "f"),
        Finding("error", "vary-missing", "GET /", "m", "f"),
    )
    third = Finding("warning", "body-broken", "GET /", "m", "f")
    together = Finding("error", "vary-missing", "OPTIONS /, GET /", "m", "f")
    assert sorted_out([third, one, other, other]) == (together, third)


@pytest.mark.parametrize(
    ("given", "target", "may"),
    [
        (API, f"{API}/b", True),
        (API, "http://api.example/", True),
        ("http://api.example", API, True),
        (API, f"{API}:8443", False),
        (f"{API}:8443", API, False),
        (f"{API}:8443", f"{API}:8443/x", True),
        (API, "https://www.api.example", False),
        (API, "https://api.example.", False),
        ("http://127.0.0.1:3000", "http://127.0.0.1:22", False),
        ("http://[::1]:3000", "http://127.0.0.1:3000", False),
    ],
)
def test_where_a_redirect_is_followed_to(given: str, target: str, may: bool) -> None:
    wire = Wire(parse_url(given), 1)
    assert wire.may_follow(parse_url(target)) == may
    if not may:
        with pytest.raises(AssertionError, match="only the given host"):
            wire.send(Sent("GET", parse_url(target), {}))
