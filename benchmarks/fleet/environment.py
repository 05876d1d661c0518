"""One Lambda environment: requests come in, one after the other, and the real engine says by which rules."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.fleet.engine import Clock, JitteredPauses, due_at, good_since
from benchmarks.fleet.store import Extension, ParameterStore, Sdk, document
from edgecors.rules import Rules
from edgecors.runtime.freshness import FetchedRules

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import simpy

    from benchmarks.fleet.lives import Life, Requests
    from benchmarks.fleet.tally import Tally

FALLBACK = Rules.parse(document("fallback"))


@dataclass(frozen=True)
class Settings:
    """The variables of the same names, seconds: EDGECORS_TTL, EDGECORS_MAX_STALE, SSM_PARAMETER_STORE_TTL, ...

    `pause_jitter`: which part of a pause the dice may take off, where that is tried.
    """

    ttl: float = 60.0
    max_stale: float = 86_400.0
    extension: bool = False
    extension_ttl: float = 300.0
    fallback: bool = False
    pause_jitter: float = 0.0


class Environment:
    """An environment from its first request, which starts it, to its end."""

    def __init__(
        self, world: simpy.Environment, life: Life, requests: Requests, settings: Settings, store: ParameterStore
    ) -> None:
        self._world = world
        self._life = life
        self._requests = requests
        self._settings = settings
        self._clock = Clock(world)
        self._source: Sdk | Extension = (
            Extension(store, self._clock, settings.extension_ttl) if settings.extension else Sdk(store, self._clock)
        )
        kind = partial(JitteredPauses, part=settings.pause_jitter) if settings.pause_jitter else FetchedRules
        self._rules = kind(
            self._source,
            ttl=settings.ttl,
            max_stale=settings.max_stale,
            fallback=lambda: FALLBACK if settings.fallback else None,
            clock=self._clock,
        )
        self._fetched: float | None = None
        self._read = 0.0
        self._version: int | None = None

    def run(self, tally: Tally) -> Generator[simpy.Event, None, None]:
        """The environment's life.

        The engine is called for every request that may find the rules due. Those in between are all decided alike,
        without asking anybody, and so are counted together.
        """
        world, end = self._world, self._life.end
        at = self._requests.first(world.now)
        while at < end:
            yield world.timeout(at - world.now)
            self._clock.taken = 0.0
            rules = self._rules.current()
            if self._clock.taken:
                tally.wait(self._clock.taken)
            now = self._clock()
            self._note(tally, rules, now, now, 1)
            due = due_at(self._rules)
            # Who came while this one waited is decided right after it.
            since, last = at, min(due, end)
            for start, until in self._pieces(tally, rules, now, last):
                # A request in the very moment of a turn still belongs to what was; one at the end is the next one.
                before = until if until == last else math.nextafter(until, math.inf)
                self._note(tally, rules, start, until, self._requests.between(since, before))
                since = until
            if self._clock.taken:
                yield world.timeout(self._clock.taken)
            # A hair later where the engine found nothing due: the same request is not asked for twice.
            at = max(self._requests.first(max(due, at + 1e-9)), world.now)

    def _pieces(self, tally: Tally, rules: Rules | None, now: float, until: float) -> Iterator[tuple[float, float]]:
        """The time from now on in pieces in which all requests are decided alike, and count alike."""
        turns: list[float] = []
        if rules is not None and rules is not FALLBACK:
            assert self._fetched is not None
            assert self._version is not None
            turns = [self._fetched + self._settings.ttl, self._fetched + self._settings.max_stale]
            turns.append(tally.replaced_at(self._version))
            turns = sorted(turn for turn in turns if now < turn < until)
        if now < until:
            yield from pairwise([now, *turns, until])

    def _note(self, tally: Tally, rules: Rules | None, start: float, end: float, count: int) -> None:
        """`count` requests between the two moments that these rules decided."""
        if rules is None or rules is FALLBACK:
            tally.without_rules(start, end, count, "none" if rules is None else "fallback")
            return
        fetched = good_since(self._rules)
        assert fetched is not None
        version = int(rules.policies[0][0].removeprefix("v"))
        if fetched != self._fetched:
            if self._version is not None and version > self._version:
                tally.adopted(start, self._version, version)
            self._fetched, self._read, self._version = fetched, self._source.read_at, version
        if end > fetched + self._settings.max_stale:
            tally.without_rules(start, end, count, "none")
        else:
            tally.with_rules(start, end, count, version, fetched, self._read)
