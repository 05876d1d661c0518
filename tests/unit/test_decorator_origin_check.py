"""`cors`: when `origin_check` is asked, and what it is told."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest

from cases.names import plain
from cases.sources import REST_API, SOURCES, VIEWER_REQUEST, Source
from cases.wire import A, B
from edgecors import Policy, Request, Rules, cors
from unit.decorated import POLICY, UnspeakableError, answers_ok, event_of, logged, preflight_of

if TYPE_CHECKING:
    from collections.abc import Callable


CREDENTIALS = Policy(allow_origins=[A], allow_credentials=True)
INSECURE = Policy(allow_origins=[A], allow_credentials=True, dangerously_allow_insecure_origins=True)

ASKED: list[tuple[Policy, str, bool]] = [
    (POLICY, B, True),
    (POLICY, "https://x.b.example:8443", True),
    (POLICY, "http://b.example", True),
    (POLICY, "capacitor://localhost", True),
    (POLICY, "https://[::1]:8443", True),
    (CREDENTIALS, B, True),
    (INSECURE, "http://b.example", True),
    # Insecure http with credentials: only from this very machine.
    (CREDENTIALS, "http://b.example", False),
    (CREDENTIALS, "http://localhost.b.example", False),
    (CREDENTIALS, "http://128.0.0.1", False),
    (CREDENTIALS, "http://127.0.0.1.b.example", False),
    (CREDENTIALS, "http://localhost:3000", True),
    (CREDENTIALS, "http://a.localhost.", True),
    (CREDENTIALS, "http://127.9.9.9", True),
    (CREDENTIALS, "http://[::1]", True),
    # A pattern has matched already.
    (POLICY, A, False),
    (Policy(allow_origins=["*"]), B, False),
    # Nothing that a browser serialises.
    *(
        (policy, origin, False)
        for policy in (POLICY, INSECURE)
        for origin in (
            "",
            "null",
            "x",
            "https://b.example/",
            "https://B.example",
            f"{B}, {B}",
            f"{B}\n",
            "file://",
            "https://b.example:443",
            "https://" + "b" * 300,
        )
    ),
]


@pytest.mark.parametrize(("policy", "origin", "asked"), ASKED, ids=plain)
@pytest.mark.parametrize("verdict", [True, False])
def test_an_origin_check_is_asked_only_about_what_a_policy_could_list(
    policy: Policy, origin: str, asked: bool, verdict: bool
) -> None:
    seen: list[Any] = []

    def check(*arguments: Any) -> bool:
        seen.append(arguments)
        return verdict

    wrapped = cors(answers_ok, rules=policy, origin_check=check)
    headers = wrapped(event_of(origin), None)["headers"]
    assert seen == ([(origin, Request("GET", "/tea", [("origin", origin)]))] if asked else [])
    if asked:
        assert headers.get("Access-Control-Allow-Origin") == (origin if verdict else None)
    # A preflight is decided in the same way.
    seen.clear()
    preflighted = wrapped(preflight_of(origin), None)
    assert len(seen) == asked
    if asked:
        assert preflighted["statusCode"] == (204 if verdict else 403)
        assert preflighted["headers"].get("Access-Control-Allow-Origin") == (origin if verdict else None)


def test_an_origin_check_is_not_asked_without_a_policy_or_an_origin() -> None:
    def check(origin: str, request: Request) -> bool:
        raise AssertionError(origin)

    for rules in (Rules([]), Rules([("x", ["/other"], POLICY)])):
        wrapped = cors(answers_ok, rules=rules, origin_check=check)
        assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}
        assert wrapped(preflight_of(B), None)["statusCode"] == 403
    assert cors(answers_ok, rules=POLICY, origin_check=check)(event_of(), None)["headers"] == {"Vary": "Origin"}


@pytest.mark.parametrize("verdict", [1, "yes", [True], object(), MagicMock(), None, 0, "", {}], ids=plain)
def test_only_true_itself_allows(verdict: Any) -> None:
    wrapped = cors(answers_ok, rules=POLICY, origin_check=lambda origin, request: verdict, enforce=True)
    assert wrapped(event_of(B), None)["statusCode"] == 403


def test_a_coroutine_that_slips_through_does_not_allow() -> None:
    async def later() -> bool:
        return True

    coroutine = later()
    wrapped = cors(answers_ok, rules=POLICY, origin_check=lambda origin, request: coroutine)  # type: ignore[arg-type,return-value]
    assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}
    coroutine.close()


@pytest.mark.parametrize("error", [LookupError("table\r\ngone"), UnspeakableError()], ids=["speakable", "not"])
def test_an_origin_check_that_fails_refuses_and_is_logged(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    def check(origin: str, request: Request) -> bool:
        raise error

    wrapped = cors(answers_ok, rules=POLICY, origin_check=check, enforce=True)
    assert wrapped(event_of(B), None)["statusCode"] == 403
    assert logged(capsys) == [
        {
            "level": "ERROR",
            "logger": "edgecors",
            "message": "OriginCheckError",
            "function": "unknown",
            "origin": B,
            "error": "LookupError('table\\r\\ngone')"
            if isinstance(error, LookupError)
            else "a value of type UnspeakableError",
        }
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_origin_check_sees_the_request_as_it_was_sent(source: Source) -> None:
    seen: list[Request] = []

    def check(origin: str, request: Request) -> bool:
        seen.append(request)
        return True

    headers = [("Origin", B), ("X-Tea", "white"), ("Accept", "a/b")]
    event = source.event("DELETE", "/tea", headers)
    before = copy.deepcopy(event)
    cors(lambda event, context: source.answer(200, {}, ""), rules=POLICY, origin_check=check)(event, None)
    assert seen == [Request("DELETE", "/tea", headers)]
    assert event == before


def test_an_origin_check_sees_which_of_two_maps_counts() -> None:
    seen: list[Any] = []
    event = event_of(B, source=REST_API)
    event["headers"] = {"Origin": "https://c.example", "X-Single": "1", "X-List": ["2"], "X-None": None, 7: "x"}
    event["multiValueHeaders"] = {
        "origin": [B],
        "X-Two": ["1", "2"],
        "x-two": ["3"],
        "X-Empty": [],
        "X-Odd": [7],
        "X-Text": "y",
        "X-Null": None,
        7: ["x"],
    }

    def check(origin: str, request: Request) -> bool:
        seen.append((origin, dict(request.headers)))
        return True

    cors(answers_ok, rules=POLICY, origin_check=check)(event, None)
    assert seen == [(B, {"origin": B, "x-two": "1, 2, 3", "x-odd": "", "x-text": "y", "x-single": "1", "x-list": ""})]


def test_an_origin_check_sees_cloudfronts_headers() -> None:
    seen: list[Any] = []
    event = event_of(B, source=VIEWER_REQUEST)
    event["Records"][0]["cf"]["request"]["headers"] |= {
        "x-two": [{"key": "X-Two", "value": "1"}, {"key": "X-Two", "value": "2"}],
        "x-odd": [None],
        "x-none": None,
        "x-empty": [],
        7: [{"key": "7", "value": "7"}],
    }

    def check(origin: str, request: Request) -> bool:
        seen.append(dict(request.headers))
        return True

    cors(lambda event, context: event, rules=POLICY, origin_check=check)(event, None)
    assert seen == [{"origin": B, "x-two": "1, 2", "x-odd": ""}]


def test_an_origin_check_cannot_change_the_request() -> None:
    def check(origin: str, request: Request) -> bool:
        headers: Any = request.headers
        changes: list[Callable[[], Any]] = [
            lambda: headers.__setitem__("origin", A),
            lambda: headers.update(origin=A),
            lambda: headers.__ior__({"origin": A}),
            headers.clear,
            lambda: headers.pop("origin"),
            headers.popitem,
            lambda: headers.setdefault("x", "y"),
            lambda: headers.__delitem__("origin"),
        ]
        for change in changes:
            with pytest.raises(TypeError, match="cannot be changed"):
                change()
        with pytest.raises(AttributeError):
            request.path = "/"
        return True

    headers = cors(answers_ok, rules=POLICY, origin_check=check)(event_of(B), None)["headers"]
    assert headers["Access-Control-Allow-Origin"] == B
