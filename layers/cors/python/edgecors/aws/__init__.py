"""The events of AWS that carry an HTTP request, and the responses that their sources want: a module each.

A shape has the functions of `Shape`; exactly one recognises an event, and none those of queues, authorizers or
WebSockets. All are pure: an event is never changed, a handler's answer is never changed.
"""

from __future__ import annotations

from edgecors.aws import alb, cloudfront, payload_v1, payload_v2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    Event = dict[str, Any]

    class Shape(Protocol):
        """One event source's way to write requests and responses."""

        def method(self, event: Event) -> str | None:
            """The request's method as sent; None where the event is not of this shape."""

        def header(self, event: Event, name: str, usual: str) -> str | None:
            """A header of the request by lower-case name and usual spelling; "" where it is no text."""

        def headers(self, event: Event) -> list[tuple[str, str]]:
            """All headers of the request."""

        def path(self, event: Event, base_paths: tuple[str, ...]) -> str | None:
            """The API's own path, decoded; None where it cannot be."""

        def reply(self, event: Event, status: int, headers: Mapping[str, str], body: str) -> Any:
            """A response of our own."""

        def merge(self, event: Event, answer: Any, cors: Mapping[str, str]) -> Any:
            """The handler's answer with the CORS headers, and the `Vary` among them merged with its own."""


SHAPES: tuple[Shape, ...] = (payload_v2, payload_v1, alb, cloudfront)


def recognize(event: Event) -> tuple[Shape, str] | None:
    """The shape of an event, and the request's method; None for what is no HTTP request."""
    for shape in SHAPES:
        method = shape.method(event)
        if method is not None:
            return shape, method
    return None
