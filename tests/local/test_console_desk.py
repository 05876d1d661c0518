"""What the console's server says: of a page's request, of a draft of the rules, of what happens."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from consoles import APP, RULES, desk, exchange
from local.console.feed import KEPT, Feed
from local.verdict import Verdict

if TYPE_CHECKING:
    from local.console.desk import Desk

QUESTION = {"origin": APP, "method": "GET", "path": "/tea", "headers": [], "credentials": "same-origin"}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(tmp_path_factory.mktemp("rules"))


def say(at: Desk, question: str, **asked: Any) -> Any:
    status, found = at.answer(f"/api/{question}", json.dumps(asked).encode())
    assert status == HTTPStatus.OK, found
    return found


class TestTry:
    def test_an_allowed_request_with_a_preflight(self, at: Desk) -> None:
        found = say(at, "try", **QUESTION | {"method": "post", "headers": [["Content-Type", "application/json"]]})
        assert (found["allowed"], found["method"], found["path"], found["console"]) == (True, "POST", "/tea", "")
        assert found["reason"] == "content-type is not a safelisted header, so the browser asks first."
        assert found["sent"] == {
            "preflight": [
                ("Origin", APP),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "content-type"),
            ],
            "actual": [("Origin", APP), ("content-type", "application/json")],
        }
        assert found["rules"] == {
            "/policies/0/allow_origins/1": {
                "text": f'"{APP}"',
                "line": 11,
                "start": found["rules"]["/policies/0/allow_origins/1"]["start"],
            },
            "/policies/0/allow_methods": {
                "text": '[ "DELETE" ]',
                "line": 13,
                "start": found["rules"]["/policies/0/allow_methods"]["start"],
            },
            "/policies/0/allow_headers": {
                "text": '[ "Content-Type" ]',
                "line": 16,
                "start": found["rules"]["/policies/0/allow_headers"]["start"],
            },
        }
        assert found["command"] == (
            "edgecors explain rules.json http://127.0.0.1:3000/tea --origin http://app.localhost:8080 --method POST "
            "--header 'Content-Type: application/json' --enforce"
        )

    def test_a_refused_one_with_what_would_allow_it(self, at: Desk) -> None:
        found = say(at, "try", **QUESTION | {"method": "PATCH", "credentials": "include"})
        assert (found["allowed"], found["code"], found["actual"], found["gets"]) == (
            False,
            "credentials-not-allowed",
            None,
            "",
        )
        assert found["console"].startswith("Access to fetch at 'http://127.0.0.1:3000/tea' from origin ")
        assert found["advice"] == [
            "To allow it, set /policies/0/allow_credentials to true.",
            'To allow it, add "PATCH" to /policies/0/allow_methods.',
        ]

    def test_the_function_is_not_called_for_an_origin_that_is_refused(self, at: Desk) -> None:
        found = say(at, "try", **QUESTION | {"origin": "https://evil.example"})
        assert (found["actual"]["status"], found["code"]) == (403, "origin-not-allowed")

    def test_what_the_page_reads_of_a_real_answer(self, at: Desk) -> None:
        sent = {
            "content-type": "text/plain",
            "etag": '"1"',
            "x-cup": "1",
            "access-control-allow-origin": "https://x.example",
        }
        at.feed.exchange(exchange(answer=sent), Verdict(True, "allowed", "tea"))
        number = json.loads(next_event(at.feed).partition("data: ")[2])["number"]
        found = say(at, "try", **QUESTION, answered=number)
        assert found["readable_headers"] == ["content-type", "etag"]
        assert found["gets"] == "The page gets the answer, and can read of its headers: content-type, etag."
        assert say(at, "try", **QUESTION, answered=number + 1)["readable_headers"] == []

    @pytest.mark.parametrize(
        ("change", "field", "message"),
        [
            (
                {"origin": "https://a.example/x"},
                "origin",
                "'https://a.example/x' is not the origin of a page: https://a.example, say, or null. Did you mean https://a.example?",
            ),
            ({"origin": ""}, "origin", "'' is not the origin of a page: https://a.example, say, or null."),
            ({"path": "tea"}, "path", "A path begins with a slash."),
            ({"method": "TRACE"}, "method", "'TRACE' is not a method that fetch() sends."),
            ({"headers": [["a b", "1"]]}, "headers", "'a b' is not a header name."),
            ({"headers": [["a"]]}, "headers", "A header is a name and a value."),
            ({"headers": "a"}, "", "A question has an origin, a method, a path, headers and credentials."),
            ({"method": 1}, "", "A question has an origin, a method, a path, headers and credentials."),
        ],
    )
    def test_what_no_page_can_ask(self, at: Desk, change: dict[str, Any], field: str, message: str) -> None:
        status, found = at.answer("/api/try", json.dumps(QUESTION | change).encode())
        assert (status, found) == (HTTPStatus.UNPROCESSABLE_ENTITY, {"message": message, "field": field})


def next_event(feed: Feed) -> str:
    parts = feed.stream()
    next(parts)
    return next(parts).decode().strip().split("\n\n")[-1]


def draft(**changes: Any) -> str:
    own = {"allow_origins": ["https://victoria-lo.github.io", APP]}
    return json.dumps({**RULES, "policies": [{**RULES["policies"][0], **own, **changes}]})


class TestDraft:
    def test_problems_have_their_place_in_utf_16(self, at: Desk) -> None:
        text = '{"description": "🍵", "policies": [{"allow_origins": ["https://a.example/"]}], "schema": "edgecors/1"}'
        found = say(at, "check", text=text)
        units = text.encode("utf-16-le")
        shown = [
            (p["code"], units[2 * p["start"] : 2 * p["end"]].decode("utf-16-le"), p["fix"], p["fixable"])
            for p in found["problems"]
        ]
        assert shown == [
            ("key-missing", "{", "", False),
            ("key-missing", "{", "", False),
            ("origin-trailing-slash", "/", '"https://a.example"', True),
        ]
        assert (found["summary"], found["errors"], found["fixable"], found["plan"]) == ("3 errors", 3, 1, None)

    def test_one_problem_is_put_right_or_all(self, at: Desk) -> None:
        text = draft(allow_methods=["delete"], allow_headers=["Content-Type"], max_age=99999)
        codes = {p["code"]: p["pointer"] for p in say(at, "check", text=text)["problems"]}
        assert codes == {"method-lower-case": "/policies/0/allow_methods/0", "max-age-range": "/policies/0/max_age"}
        one = say(at, "fix", text=text, code="method-lower-case", pointer=codes["method-lower-case"])["text"]
        assert one == text.replace('"delete"', '"DELETE"')
        both = say(at, "fix", text=text)["text"]
        assert both == one.replace("99999", "86400")
        assert (
            say(at, "fix", text=both, code="method-lower-case", pointer="/policies/0/allow_methods/0")["text"] == both
        )

    def test_the_plan_against_what_is_published(self, at: Desk) -> None:
        found = say(at, "check", text=draft(allow_origins=[APP, "https://*.preview.example"]))["plan"]
        assert found == {
            "summary": "1 gain; 1 loss.",
            "rows": [
                {
                    "sign": "+",
                    "cells": ["https://*.preview.example", "reads", "*", "e.g. https://a.preview.example"],
                    "details": ["uses DELETE, sends Content-Type, sees ETag"],
                },
                {"sign": "-", "cells": ["https://victoria-lo.github.io", "everything", "*", ""], "details": []},
            ],
            "more": 0,
            "asks": False,
            "same": False,
            "version": 1,
        }

    def test_what_is_published_changes_nothing(self, at: Desk) -> None:
        rules = at.rules()
        found = say(at, "check", text=rules["text"])
        assert (found["summary"], found["plan"]["summary"], found["plan"]["same"]) == (
            "no problems, no risks",
            "Nobody gains or loses anything.",
            True,
        )
        assert rules["origins"] == ["https://victoria-lo.github.io", APP]
        assert rules["command"].splitlines() == [
            "AWS_ENDPOINT_URL=http://127.0.0.1:5000 AWS_REGION=us-east-1 \\",
            "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \\",
            "edgecors push rules.json --parameter /tea/cors",
        ]

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '"\ud800"', '{"a": 1}', "[" * 3000])
    def test_anything_can_be_written(self, at: Desk, text: str) -> None:
        found = say(at, "check", text=text)
        assert found["errors"] >= 1
        assert say(at, "fix", text=text)["text"] == text


class TestFeed:
    def test_a_page_that_comes_back_is_told_what_it_missed(self) -> None:
        feed = Feed()
        for number in range(3):
            feed.event("rules", f"/p{number}", "", good=None)
        first = feed.stream()
        assert next(first) == b"retry: 1000\n\n"
        told = next(first).decode().split("\n\n")
        assert told[0].splitlines()[1] == "event: news"
        ids = [block.splitlines()[0].removeprefix("id: ") for block in told if block]
        again = feed.stream(ids[1])
        next(again)
        assert next(again).decode().count("event:") == 1
        for unknown in ("", "0-1", f"{ids[0]}x", ids[0].replace("-1", "-²")):
            parts = feed.stream(unknown)
            next(parts)
            assert next(parts).decode().count("event:") == 3

    def test_signs_of_life_and_the_end(self) -> None:
        feed = Feed()
        parts = feed.stream(alive=0.001)
        next(parts)
        assert next(parts) == b": nothing yet\n\n"
        feed.close()
        assert list(parts) == []

    def test_it_keeps_the_last_ones(self) -> None:
        feed = Feed()
        for _ in range(KEPT + 5):
            feed.exchange(exchange(answer={"vary": "Origin"}), Verdict(None, "no origin", ""))
        assert feed.answer_headers(5) is None
        assert feed.answer_headers(6) == {"vary": "Origin"}
