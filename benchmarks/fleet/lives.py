"""Which environments there are and when, and when they are asked: the curve of a day, bursts, a deployment."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, islice
from typing import TYPE_CHECKING, NamedTuple, Protocol

from benchmarks.fleet.store import Outage

if TYPE_CHECKING:
    from collections.abc import Sequence

# Lambda starts at most 1,000 environments of a function every 10 seconds, refilled continuously.
# Source: Lambda Developer Guide, "Lambda scaling behavior".
_STARTS_A_SECOND = 100
# Lambda ends every environment after some hours and does not say when. Seconds, of our own choosing.
_SHORTEST, _LONGEST = 1_200.0, 7_200.0
# Requests a second that an environment gets: the middle, and how far they scatter (sigma of the logarithm).
_RATE, _SCATTER = 1.0, 0.7


class Burst(NamedTuple):
    """From `start` to `end`, seconds: `factor` times the environments of that hour."""

    start: float
    end: float
    factor: float


@dataclass(frozen=True)
class Day:
    """What happens to a fleet. Times are seconds from the beginning, ascending.

    `lowest`: the part of the fleet that is there at the quietest hour, which is where the day begins and ends.
    """

    length: float
    lowest: float = 1.0
    bursts: tuple[Burst, ...] = ()
    deployments: tuple[float, ...] = ()
    changes: tuple[float, ...] = ()
    outages: tuple[Outage, ...] = ()

    def wanted(self, environments: int, now: float) -> int:
        """The environments that the traffic keeps busy, `environments` of them at midday."""
        part = self.lowest + (1 - self.lowest) * (1 - math.cos(2 * math.pi * now / self.length)) / 2
        for burst in self.bursts:
            if burst.start <= now < burst.end:
                part *= burst.factor
        return max(1, round(environments * part))

    def is_calm(self, now: float) -> bool:
        """Whether nothing has happened in the last five minutes: no beginning, burst, deployment or outage."""
        times = [(at, at) for at in (0.0, *self.deployments)]
        times += [(burst.start, burst.end) for burst in self.bursts]
        times += [(outage.start, outage.end) for outage in self.outages]
        return not any(start <= now < end + 300 for start, end in times)


# A day's curve in fifty minutes: nothing in the engine but EDGECORS_MAX_STALE lasts longer than some minutes.
DAY = Day(
    length=3_000.0,
    lowest=0.4,
    bursts=(Burst(1_000, 1_150, 1.3), Burst(2_100, 2_200, 1.3), Burst(2_660, 2_700, 1.3)),
    deployments=(1_500.0,),
    changes=(500.0, 1_995.0),
    outages=(Outage(2_000, 2_300, silent=False), Outage(2_650, 2_710, silent=True)),
)

# Twenty minutes of a steady fleet that is replaced once, to compare settings.
STEADY = Day(length=1_200.0, changes=(400.0,), deployments=(800.0,))

# Half an hour of a steady fleet, to compare pauses: a change while SSM is up, one just before it fails for ten seconds,
# one just before it does for two minutes.
FAILING = Day(
    length=1_800.0,
    changes=(400.0, 995.0, 1_295.0),
    outages=(Outage(1_000, 1_010, silent=False), Outage(1_300, 1_420, silent=False)),
)


class Life(NamedTuple):
    """An environment's beginning and end, seconds."""

    start: float
    end: float


def lives(day: Day, environments: int, dice: random.Random) -> list[Life]:
    """Every environment of the day, by its start.

    The traffic is followed second by second. Where there are too many, the oldest end; those of a deployment all do.
    """
    there: dict[int, Life] = {}  # with the end that age will bring; the oldest first
    ends: list[tuple[float, int]] = []  # a heap of those ends
    ended: list[Life] = []
    numbers = count()
    for second in range(int(day.length)):
        while ends and ends[0][0] <= second:
            number = heappop(ends)[1]
            if number in there:
                ended.append(there.pop(number))
        wanted = day.wanted(environments, second)
        surplus = len(there) if second in day.deployments else len(there) - wanted
        oldest = list(islice(there, max(0, surplus)))
        ended += [Life(there.pop(number).start, second) for number in oldest]
        for _ in range(min(wanted - len(there), _STARTS_A_SECOND)):
            start = second + dice.random()
            life = Life(start, start + dice.uniform(_SHORTEST, _LONGEST))
            number = next(numbers)
            there[number] = life
            heappush(ends, (life.end, number))
    ended += [Life(life.start, min(life.end, day.length)) for life in there.values()]
    # One may have been ended in the very second of its start.
    return sorted(life for life in ended if life.end > life.start)


class Requests(Protocol):
    """When an environment is asked."""

    def first(self, moment: float) -> float:
        """The first request at or after the moment; infinity for none."""

    def between(self, start: float, end: float) -> int:
        """How many there are after `start` and before `end`; asked once for each piece of time."""


class Poisson:
    """Requests that know nothing of each other, which is why they may be drawn piece by piece."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._rate = _RATE * math.exp(dice.gauss(0.0, _SCATTER))

    def first(self, moment: float) -> float:
        return moment + self._dice.expovariate(self._rate)

    def between(self, start: float, end: float) -> int:
        expected = max(0.0, end - start) * self._rate
        # Above 30 the normal distribution is close enough, and takes one draw instead of as many as are expected.
        if expected > 30:
            return max(0, round(self._dice.gauss(expected, math.sqrt(expected))))
        limit, product, found = math.exp(-expected), self._dice.random(), 0
        while product > limit:
            product *= self._dice.random()
            found += 1
        return found


class Timetable:
    """Requests at known moments, ascending: what a test works out by hand."""

    def __init__(self, moments: Sequence[float]) -> None:
        self._moments = moments

    def first(self, moment: float) -> float:
        place = bisect_left(self._moments, moment)
        return self._moments[place] if place < len(self._moments) else math.inf

    def between(self, start: float, end: float) -> int:
        return max(0, bisect_left(self._moments, end) - bisect_right(self._moments, start))
