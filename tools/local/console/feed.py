"""What happens, as server-sent events: each request with its verdict, and news of the rules and the code.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any

from local.terminal import now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.exchange import Exchange
    from local.verdict import Verdict

KEPT = 300  # what a page that is opened later still sees
ALIVE_SECONDS = 15.0  # between two signs of life, by which a page that has gone is noticed
MAX_TEXT = 2000
SECRET = frozenset({"authorization", "cookie", "set-cookie"})


class Feed:
    """The last events, and whoever waits for the next. Its methods may be called by several threads."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        # A page that knew an earlier process has to forget what it saw of that.
        self._run = uuid.uuid4().hex[:8]
        self._events: deque[tuple[int, str, dict[str, Any]]] = deque(maxlen=KEPT)
        self._changed = threading.Condition()
        self._last = 0
        self._closed = False

    def exchange(self, exchange: Exchange, verdict: Verdict) -> None:
        """Tell of a request that was answered."""
        self._add(
            "request",
            {
                "method": exchange.method,
                "path": exchange.path[:MAX_TEXT],
                "origin": exchange.headers.get("origin"),
                "allowed": verdict.allowed,
                "word": verdict.word,
                "code": verdict.code,
                "status": exchange.status,
                "milliseconds": round(exchange.milliseconds, 1),
                "sent": shown(exchange.headers),
                "answer": shown(exchange.answer_headers),
            },
        )

    def event(self, about: str, subject: str, text: str, *, good: bool | None) -> None:
        """Tell of something else, in the terminal's words."""
        self._add("news", {"about": about, "subject": subject, "text": text, "good": good})

    def answer_headers(self, number: int) -> dict[str, str] | None:
        """The headers of the answer to a request, by its event's number; None where that is not known any more."""
        with self._changed:
            for known, kind, data in self._events:
                if known == number and kind == "request":
                    return dict(data["answer"])
        return None

    def stream(self, last_id: str = "", *, alive: float = ALIVE_SECONDS) -> Iterator[bytes]:
        """Events after the one with this id, for ever; a comment now and then where there are none."""
        run, _, seen = last_id.partition("-")
        after = int(seen) if run == self._run and seen.isascii() and seen.isdecimal() else 0
        yield b"retry: 1000\n\n"
        while True:
            with self._changed:
                if not self._closed and self._last <= after:
                    self._changed.wait(alive)
                if self._closed:
                    return
                found = [event for event in self._events if event[0] > after]
                after = self._last
            yield b"".join(self._written(*event) for event in found) or b": nothing yet\n\n"

    def close(self) -> None:
        """End every stream."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _add(self, kind: str, data: dict[str, Any]) -> None:
        with self._changed:
            self._last += 1
            self._events.append((self._last, kind, {"number": self._last, "time": now(), **data}))
            self._changed.notify_all()

    def _written(self, number: int, kind: str, data: dict[str, Any]) -> bytes:
        return f"id: {self._run}-{number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def shown(headers: dict[str, str]) -> list[tuple[str, str]]:
    """Headers for a page, without what is nobody's business."""
    return [(name, "(not shown)" if name in SECRET else value[:MAX_TEXT]) for name, value in headers.items() if value]
