"""`cors`: nothing is shared between calls."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cases.names import plain
from cases.sources import HTTP_API, REST_API, SOURCES, Source
from cases.wire import A, B, get, preflight
from edgecors import Policy, cors
from unit.decorated import POLICY, event_of, fails

SHARED_HEADERS = {"X-Tea": "white", "Vary": "Accept"}
SHARED_LISTS = {"X-Tea": ["white"], "Set-Cookie": ["a=b"]}


def spoil(answer: Any) -> None:
    """Changes an answer wherever that is possible."""
    if isinstance(answer, dict):
        for value in list(answer.values()):
            spoil(value)
        answer.clear()
        answer["spoilt"] = "yes"
    elif isinstance(answer, list):
        for value in answer:
            spoil(value)
        answer.append("spoilt")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
@pytest.mark.parametrize("policy", [POLICY, Policy(allow_origins=["*"], expose_headers=["ETag"])], ids=plain)
@pytest.mark.parametrize("arguments", [{}, {"enforce": True, "on_error": "respond", "debug": True}], ids=plain)
@pytest.mark.parametrize("headers", [SHARED_HEADERS, {"Content-Type": "text/plain"}], ids=["vary", "plain"])
def test_whoever_changes_an_answer_changes_no_other(
    source: Source, policy: Policy, arguments: dict[str, Any], headers: dict[str, str]
) -> None:
    """A former call's origin never leaks into a later one (middyjs/middy#1263, rs/cors#198, jub0bs/cors#14)."""
    before_headers = dict(headers)
    wrapped = cors(lambda event, context: source.answer(200, headers, "hello"), rules=policy, **arguments)
    fails_too = cors(fails, rules=policy, on_error="respond")
    events = [
        source.event(method, "/tea", asked.headers)
        for method, asked in (
            ("OPTIONS", preflight(A)),
            ("OPTIONS", preflight(B)),
            ("GET", get(A)),
            ("GET", get(B)),
            ("GET", get(B, also=(("Sec-Fetch-Site", "cross-site"),))),
            ("GET", get()),
        )
    ]
    before = copy.deepcopy(events)
    first = [(wrapped(event, None), fails_too(event, None)) for event in events]
    kept = copy.deepcopy(first)
    for pair in first:
        for answer in pair:
            spoil(answer)
    assert events == before
    assert headers == before_headers
    assert [(wrapped(event, None), fails_too(event, None)) for event in events] == kept


def test_a_module_level_headers_dict_stays_as_it_is() -> None:
    answer = {"statusCode": 200, "headers": SHARED_HEADERS, "multiValueHeaders": SHARED_LISTS, "cookies": ["a=b"]}
    for source in (HTTP_API, REST_API):
        wrapped = cors(lambda event, context: answer, rules=Policy(allow_origins=[A, B], expose_headers=["ETag"]))
        for origin in (A, B, "https://c.example"):
            merged = wrapped(event_of(origin, source=source), None)
            assert merged is not answer
            assert merged["headers"] is not SHARED_HEADERS
            assert merged["multiValueHeaders"] is not SHARED_LISTS
            assert merged["multiValueHeaders"]["X-Tea"] is not SHARED_LISTS["X-Tea"]
    assert SHARED_HEADERS == {"X-Tea": "white", "Vary": "Accept"}
    assert SHARED_LISTS == {"X-Tea": ["white"], "Set-Cookie": ["a=b"]}
    assert answer["headers"] is SHARED_HEADERS


@pytest.mark.parametrize("origin", [A, "https://c.example"])
def test_the_usual_answer_of_a_handler_stays_as_it_is(origin: str) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = {"statusCode": 200, "headers": headers, "body": "hello"}
    event = HTTP_API.event("GET", "/tea", [("origin", origin), ("sec-fetch-site", "cross-site")])
    merged = cors(lambda event, context: answer, rules=POLICY)(event, None)
    assert merged is not answer
    assert merged["headers"] is not headers
    assert answer == {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "hello"}
