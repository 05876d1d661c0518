"""What the tests of `cors` share."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cases.reports import read
from cases.sources import HTTP_API, Source
from cases.wire import A, get, preflight
from edgecors import Policy

POLICY = Policy(allow_origins=[A])
DOCUMENT = {"schema": "edgecors/1", "policies": [{"name": "all", "paths": ["*"], "allow_origins": [A]}]}
ALLOWED = {"Access-Control-Allow-Origin": A, "Vary": "Origin"}
OK = {"statusCode": 200, "headers": {}, "body": "hello"}


def event_of(*origins: str, source: Source = HTTP_API, method: str = "GET", path: str = "/tea") -> dict[str, Any]:
    asked = get(*origins)
    return source.event(method, path, asked.headers)


def preflight_of(origin: str = A, source: Source = HTTP_API) -> dict[str, Any]:
    asked = preflight(origin)
    return source.event(asked.method, asked.path, asked.headers)


def answers_ok(event: Any, context: Any) -> Any:
    """The handler of most tests."""
    return copy.deepcopy(OK)


class Spy:
    """A handler that counts its calls."""

    def __init__(self, answer: Any = None) -> None:
        self.calls: list[tuple[Any, Any]] = []
        self.answer = OK if answer is None else answer

    def __call__(self, event: Any, context: Any) -> Any:
        self.calls.append((event, context))
        return self.answer


async def asynchronous(event: Any, context: Any) -> Any:
    """What Lambda's runtime cannot await."""


def generator(event: Any, context: Any) -> Any:
    """An answer in pieces."""
    yield event


ASYNCHRONOUS = "is asynchronous, and Lambda's runtime awaits nothing: call it with asyncio.run()"
GENERATOR = "is a generator: return the answer instead of yielding it"


class Awaited:
    async def __call__(self, event: Any, context: Any) -> Any:
        """What Lambda's runtime cannot await."""

    async def method(self, event: Any, context: Any) -> Any:
        """The same."""


def fails(event: Any, context: Any) -> Any:
    """A handler with a bug."""
    raise LookupError("no tea\r\nX-Evil: y\x1b[31m")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The lines on standard output, each one a JSON object in plain ASCII."""
    out, err = capsys.readouterr()
    assert err == ""
    return read(out)


class UnspeakableError(Exception):
    """An error that cannot even be shown."""

    def __repr__(self) -> str:
        raise ValueError("no")

    __str__ = __repr__
