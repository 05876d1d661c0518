"""The real freshness code on virtual time: what of it touches the world is replaced, and nothing else.

Replaced are the thread that fetches (`Attempt`, whose stand-in keeps the same promises on virtual time), the log, the
dice of the jitter, and `Rules.parse`, which is asked once for each text (it is pure, and would be most of the time).
"""

from __future__ import annotations

import random
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol
from unittest import mock

from edgecors.rules import Rules
from edgecors.runtime import extension, freshness
from edgecors.runtime.freshness import FetchedRules

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from edgecors.runtime.source import Source
    from edgecors.runtime.sources import Document


class World(Protocol):
    """What has a time: simpy's environment."""

    @property
    def now(self) -> float:
        """Seconds."""


class Clock:
    """Seconds of one environment: those of the simulation, and those that the call under way has taken.

    A call of the engine returns before the simulation's time goes on. So it takes its time here, and whoever called
    lets as much pass in the simulation afterwards.
    """

    __slots__ = ("_world", "taken")

    def __init__(self, world: World) -> None:
        self._world = world
        self.taken = 0.0

    def __call__(self) -> float:
        return self._world.now + self.taken


class VirtualAttempt:
    """`runtime.attempt.Attempt` without a thread: the source is asked at once, and answers when its time has come."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self.began = clock()
        self._clock = clock
        self._document: Document | None = None
        self._error: Exception | None = None
        before = clock.taken
        try:
            self._document = source.fetch()
        except Exception as error:  # noqa: BLE001  (handed to whoever waits, as the real one does)
            self._error = error.with_traceback(None)
        self._ends = clock()
        clock.taken = before

    @property
    def is_done(self) -> bool:
        """Whether the source has answered or failed by now."""
        return self._clock() >= self._ends

    def result(self, wait: float) -> Document:
        """The document, after `wait` seconds at most. Raises TimeoutError, or what the source raised."""
        missing = self._ends - self._clock()
        if missing > wait:
            self._clock.taken += wait
            raise TimeoutError(f"no answer within {wait:.1f} s")
        self._clock.taken += max(0.0, missing)
        error, self._error = self._error, None
        if error is None:
            return self._document  # type: ignore[return-value]
        try:
            raise error
        finally:
            del error  # or it would hold this frame, and this frame it: a kilobyte for each of a million


class _ParsedOnce:
    parse = staticmethod(cache(Rules.parse))


@contextmanager
def on_virtual_time(seed: int, told: Counter[str], **constants: float) -> Iterator[None]:
    """Has the freshness code run on virtual time, with its own dice; `told` counts its log lines by their event.

    `constants` are those of `runtime/freshness.py` to be tried otherwise: `_JITTER`, `_FIRST_PAUSE`, ...
    """

    def report(_level: str, event: str, **_fields: Any) -> None:
        told[event] += 1

    dice = random.Random(seed)
    replaced = {"Attempt": VirtualAttempt, "Rules": _ParsedOnce, "random": dice, "report": report, **constants}
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(extension, "report", report))
        for name, value in replaced.items():
            stack.enter_context(mock.patch.object(freshness, name, value))  # an AttributeError where it is no more
        yield


class JitteredPauses(FetchedRules):
    """The freshness code with something that it does not do: each pause after a failure is up to `part` shorter."""

    def __init__(self, source: Source, *, part: float, **settings: Any) -> None:
        super().__init__(source, **settings)
        self._part = part

    def _failed(self, event: str, *, quiet: bool = False, **fields: Any) -> None:
        super()._failed(event, quiet=quiet, **fields)
        assert self._due_after is not None
        dice = freshness.random  # type: ignore[attr-defined]  # those of `on_virtual_time`
        self._due_after *= 1 - self._part * dice.random()


def due_at(rules: FetchedRules) -> float:
    """When a request will next find the rules due: until then the engine decides without asking anybody."""
    return rules._due_since + (rules._due_after or 0.0)


def good_since(rules: FetchedRules) -> float | None:
    """When the last good rules were fetched; None before there were any."""
    return None if rules._good is None else rules._good[1]
