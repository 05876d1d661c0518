"""`cors` around `cors`: the outermost decides."""

from __future__ import annotations

import functools
import threading
from typing import TYPE_CHECKING, Any

import pytest

from cases.names import plain
from cases.sources import REST_API
from cases.wire import A, B
from edgecors import Policy, cors
from unit.decorated import ALLOWED, OK, POLICY, Spy, answers_ok, event_of, preflight_of

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def test_a_handler_that_calls_itself_for_a_part_gets_the_part_without_cors() -> None:
    parts: list[Any] = []

    def batch(event: Any, context: Any) -> Any:
        if event["rawPath"] == "/batch":
            parts.append(wrapped(event_of(A), None))
        return answers_ok(event, context)

    wrapped = cors(batch, rules=POLICY)
    assert wrapped(event_of(A, path="/batch"), None) == OK | {"headers": ALLOWED}
    assert parts == [OK]


@pytest.fixture
def busy() -> Iterator[None]:
    """Another thread, in which a decorated handler is running all the while."""
    begun, ended = threading.Event(), threading.Event()

    def waits(event: Any, context: Any) -> Any:
        begun.set()
        ended.wait(30)
        return answers_ok(event, context)

    thread = threading.Thread(target=cors(waits, rules=POLICY), args=(event_of(A), None))
    thread.start()
    assert begun.wait(30)
    yield
    ended.set()
    thread.join(30)


@pytest.mark.usefixtures("busy")
def test_a_handler_in_another_thread_is_none_that_is_around_this_one() -> None:
    assert cors(answers_ok, rules=POLICY)(event_of(A), None) == OK | {"headers": ALLOWED}
    assert cors(cors(answers_ok, rules=OTHER), rules=POLICY)(event_of(A), None) == OK | {"headers": ALLOWED}
    # The whole way is none either: payload 1.0.
    answer = cors(cors(answers_ok, rules=OTHER), rules=POLICY)(event_of(A, source=REST_API), None)
    assert answer["headers"] == ALLOWED


@pytest.mark.parametrize("is_busy", [False, True], ids=["alone", "beside another thread"])
def test_who_is_handed_another_kind_of_event_is_not_around_the_one_that_it_calls(
    is_busy: bool, request: pytest.FixtureRequest
) -> None:
    if is_busy:
        request.getfixturevalue("busy")
    inner = cors(answers_ok, rules=POLICY)

    def dispatches(event: Any, context: Any) -> Any:
        return [inner(record, context) for record in event["messages"]]

    assert cors(dispatches, rules=OTHER)({"messages": [event_of(A)]}, None) == [OK | {"headers": ALLOWED}]
