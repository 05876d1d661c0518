"""`cors` around `cors`: the outermost decides."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from cases.names import plain
from cases.wire import A, B
from edgecors import Policy, cors
from unit.decorated import ALLOWED, OK, POLICY, Spy, answers_ok, event_of, preflight_of


def passes_on(handler: Any) -> Any:
    """Somebody else's decorator."""

    @functools.wraps(handler)
    def around(event: Any, context: Any) -> Any:
        answer = handler(event, context)
        answer.setdefault("headers", {})["X-Around"] = "yes"
        return answer

    return around


OTHER = Policy(allow_origins=[B], allow_methods=["PUT"], expose_headers=["ETag"])


@pytest.mark.parametrize("between", [lambda handler: handler, passes_on], ids=["directly", "around another"])
@pytest.mark.parametrize("inner", [{}, {"enforce": True}, {"debug": True}, {"on_error": "respond"}], ids=plain)
def test_the_outermost_wins(between: Any, inner: dict[str, Any]) -> None:
    wrapped = cors(between(cors(answers_ok, rules=OTHER, **inner)), rules=POLICY)
    around = {"X-Around": "yes"} if between is passes_on else {}
    assert wrapped(event_of(A), None) == OK | {"headers": ALLOWED | around}
    assert wrapped(event_of(B), None) == OK | {"headers": {"Vary": "Origin"} | around}
    assert wrapped(event_of(), None) == OK | {"headers": {"Vary": "Origin"} | around}
    assert wrapped(preflight_of(B), None)["statusCode"] == 403
    assert wrapped(preflight_of(A), None)["headers"]["Access-Control-Allow-Origin"] == A


def test_an_inner_one_neither_answers_errors_nor_adds_up() -> None:
    def fails(event: Any, context: Any) -> Any:
        raise LookupError("tea")

    wrapped = cors(cors(fails, rules=OTHER, on_error="respond"), rules=POLICY)
    with pytest.raises(LookupError):
        wrapped(event_of(A), None)
    # Afterwards the outermost is the outermost again.
    assert cors(answers_ok, rules=POLICY)(event_of(A), None) == OK | {"headers": ALLOWED}


def test_an_inner_preflight_goes_on_to_the_handler() -> None:
    spy = Spy()
    wrapped = cors(cors(spy, rules=OTHER), rules=POLICY, preflight_continue=True)
    assert wrapped(preflight_of(A), None)["headers"]["Access-Control-Allow-Origin"] == A
    assert len(spy.calls) == 1


def test_a_router_before_two_of_them_uses_each() -> None:
    one, two = cors(answers_ok, rules=POLICY), cors(answers_ok, rules=OTHER)

    def router(event: Any, context: Any) -> Any:
        return (one if event["rawPath"] == "/one" else two)(event, context)

    assert router(event_of(A, path="/one"), None)["headers"] == ALLOWED
    assert router(event_of(B, path="/two"), None)["headers"]["Access-Control-Allow-Origin"] == B
    assert router(event_of(A, path="/two"), None)["headers"] == {"Vary": "Origin"}
