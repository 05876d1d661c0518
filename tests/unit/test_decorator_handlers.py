"""`cors`: which handlers it takes."""

from __future__ import annotations

import copy
import functools
import inspect
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2, event_source

from cases.names import plain
from cases.wire import A, B
from edgecors import Rules, cors
from unit.decorated import (
    ALLOWED,
    ASYNCHRONOUS,
    DOCUMENT,
    GENERATOR,
    OK,
    POLICY,
    Awaited,
    answers_ok,
    asynchronous,
    event_of,
    generator,
    preflight_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Application:
    def __call__(self, event: Any, context: Any) -> Any:
        return answers_ok(event, context)

    def method(self, event: Any, context: Any) -> Any:
        return answers_ok(event, context)

    @classmethod
    def of_the_class(cls, event: Any, context: Any) -> Any:
        return answers_ok(event, context)

    @staticmethod
    def of_nobody(event: Any, context: Any) -> Any:
        return answers_ok(event, context)


class Answer(dict[str, Any]):
    """A class is called like any other handler, and makes the answer."""

    def __init__(self, event: Any, context: Any) -> None:
        super().__init__(OK)

    async def __call__(self) -> None:
        """Not what calling the class does."""


class Runner:
    """Runs what is asynchronous: its own call is not."""

    def __init__(self, func: Callable[..., Any]) -> None:
        self.func = func
        self.__wrapped__ = func

    def __call__(self, event: Any, context: Any) -> Any:
        return answers_ok(event, context)


async def asynchronous_generator(event: Any, context: Any) -> Any:
    """The same, in pieces."""
    yield event


@functools.wraps(asynchronous)
def runs_it(event: Any, context: Any) -> Any:
    return answers_ok(event, context)


def three(extra: int, event: Any, context: Any) -> Any:
    return answers_ok(event, context)


resolver = APIGatewayHttpResolver()


@resolver.get("/tea")
def tea() -> Response[str]:
    return Response(200, "text/plain", "hello", headers={"X-Tea": "white"})


HANDLERS: dict[str, Any] = {
    "function": answers_ok,
    "lambda": lambda event, context: copy.deepcopy(OK),
    "instance": Application(),
    "bound method": Application().method,
    "class method": Application.of_the_class,
    "static method": Application.of_nobody,
    "staticmethod object": staticmethod(answers_ok),
    "class": Answer,
    "partial": functools.partial(three, 1),
    "partial of a partial": functools.partial(functools.partial(three), 1),
    "partial of an instance": functools.partial(Application()),
    "sync around async": runs_it,
    "instance around async": Runner(asynchronous),
    "mock": MagicMock(return_value=OK),
}


@pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
def test_whatever_can_be_called_is_a_handler(handler: Any) -> None:
    wrapped = cors(handler, rules=POLICY)
    assert inspect.isfunction(wrapped)
    assert vars(wrapped)["__wrapped__"] is handler
    assert wrapped(event_of(A), None) == OK | {"headers": ALLOWED}
    assert cors(rules=POLICY)(handler)(event_of(A), None) == OK | {"headers": ALLOWED}
    by_name: Any = cors(handler=handler, rules=POLICY)
    assert by_name(event_of(A), None) == OK | {"headers": ALLOWED}


@pytest.mark.parametrize("handler", [functools.lru_cache(answers_ok), {"event": OK}.get, isinstance], ids=plain)
def test_what_has_no_code_of_its_own_is_taken_too(handler: Any) -> None:
    assert vars(cors(handler, rules=POLICY))["__wrapped__"] is handler


def test_a_powertools_resolver_is_a_handler() -> None:
    wrapped = cors(resolver, rules=POLICY)
    answer = wrapped(event_of(A), SimpleNamespace())
    assert answer["headers"] == {"Content-Type": "text/plain", "X-Tea": "white", **ALLOWED}
    assert answer["statusCode"] == 200
    assert wrapped(event_of(A, path="/coffee"), SimpleNamespace())["statusCode"] == 404
    # A preflight of a route that there is not is answered all the same (powertools-lambda-python#8267).
    assert wrapped(preflight_of(), SimpleNamespace())["statusCode"] == 204


@pytest.mark.parametrize("order", ["cors outside", "cors inside"])
def test_powertools_event_classes_hold_the_event(order: str) -> None:
    """A decorator that hands on an object in place of the event must not switch `enforce` off."""
    calls = []

    def handler(event: APIGatewayProxyEventV2, context: Any) -> Any:
        calls.append(event)
        return copy.deepcopy(OK)

    powertools: Any = event_source(data_class=APIGatewayProxyEventV2)
    ours = cors(rules=POLICY, enforce=True)
    wrapped: Any = ours(powertools(handler)) if order == "cors outside" else powertools(ours(handler))
    assert wrapped(event_of(B), None)["statusCode"] == 403
    assert wrapped(preflight_of(), None)["statusCode"] == 204
    assert calls == []
    assert wrapped(event_of(A), None) == OK | {"headers": ALLOWED}
    assert [type(event) for event in calls] == [APIGatewayProxyEventV2]


def test_a_wrapped_function_looks_like_the_one_inside() -> None:
    def handler(event: dict[str, Any], context: object) -> None:
        """Does something."""

    wrapped = cors(handler, rules=POLICY)
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        assert getattr(wrapped, name) == getattr(handler, name)
    assert inspect.signature(wrapped) == inspect.signature(handler)
    assert inspect.unwrap(wrapped) is handler


def test_an_instance_that_has_any_attribute_does_not_break_the_wrapper() -> None:
    class Proxy:
        def __getattr__(self, name: str) -> object:
            return object()

        def __call__(self, event: Any, context: Any) -> Any:
            return OK

    assert cors(Proxy(), rules=POLICY)(event_of(A), None) == OK | {"headers": ALLOWED}


NOT_A_HANDLER = "must be a function (event, context), or an object with __call__, not a value of type"


class Yielding:
    def __call__(self, event: Any, context: Any) -> Any:
        yield


class HasFetch:
    def fetch(self) -> Any:
        """A Source, and no handler."""


REFUSED: list[tuple[Any, str]] = [
    (asynchronous, ASYNCHRONOUS),
    (asynchronous_generator, ASYNCHRONOUS),
    (functools.partial(asynchronous), ASYNCHRONOUS),
    (functools.partial(functools.partial(asynchronous), 1), ASYNCHRONOUS),
    (functools.partial(Awaited()), ASYNCHRONOUS),
    (staticmethod(asynchronous), ASYNCHRONOUS),
    (Awaited(), ASYNCHRONOUS),
    (Awaited().method, ASYNCHRONOUS),
    (AsyncMock(), ASYNCHRONOUS),
    (generator, GENERATOR),
    (functools.partial(generator), GENERATOR),
    (Yielding(), GENERATOR),
    (7, f"{NOT_A_HANDLER} int"),
    ([], f"{NOT_A_HANDLER} list"),
    *(
        (
            value,
            f"{NOT_A_HANDLER} {type(value).__name__}; write @cors(rules=...)",
        )
        for value in (POLICY, Rules([]), DOCUMENT, json.dumps(DOCUMENT), b"{}", HasFetch())
    ),
]


@pytest.mark.parametrize(("handler", "message"), REFUSED, ids=plain)
def test_what_is_no_handler_is_refused_with_the_fix(handler: Any, message: str) -> None:
    for attempt in (lambda: cors(handler), lambda: cors(rules=POLICY)(handler), lambda: cors(handler, rules=POLICY)):
        with pytest.raises(TypeError) as caught:
            attempt()
        assert str(caught.value) == f"the handler {message}"
