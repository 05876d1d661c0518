"""Interleaved rounds: in each, everybody runs one lap, so that a slow moment of the machine is everybody's.

The clock is the process's CPU time: on a busy machine, wall-clock time counts the others too, and those whose laps are
long above all.
"""

from __future__ import annotations

from statistics import median
from time import process_time_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Lap = Callable[[], float]  # runs once through its workload: nanoseconds a request

WARM_UP = 10  # Node compiles meanwhile
# Requests at the start of a lap that do not count. Somebody else has run since the last one: what this one reads has to
# come into the cache again, which is a part of a lap of 250 GETs and nothing of a slow peer's.
UNCOUNTED = 50


def lap_of(handler: Callable[[Any, Any], Any], events: Sequence[Any], context: Any = None) -> Lap:
    """A lap of a handler `(event, context)` through the events."""
    first = events[:UNCOUNTED]

    def lap() -> float:
        for event in first:
            handler(event, context)
        start = process_time_ns()
        for event in events:
            handler(event, context)
        return (process_time_ns() - start) / len(events)

    return lap


class Times:
    """The laps of one group, by contender, nanoseconds a request; round by round."""

    def __init__(self, laps: Mapping[str, list[float]]) -> None:
        self._laps = laps

    def median(self, name: str) -> float:
        return median(self._laps[name])

    def less(self, name: str, bare: str) -> list[float]:
        """What `name` takes beyond `bare`, round by round."""
        return [whole - part for whole, part in zip(self._laps[name], self._laps[bare], strict=True)]

    def medians(self) -> dict[str, float]:
        return {name: round(median(laps), 1) for name, laps in self._laps.items()}

    def ratio(self, one: str, other: str) -> float:
        """The median of the rounds' ratios: both of a ratio had the machine in the same moment."""
        return median(a / b for a, b in zip(self._laps[one], self._laps[other], strict=True))


def run(laps: Mapping[str, Lap], rounds: int) -> Times:
    """Runs every lap once a round."""
    taken: dict[str, list[float]] = {name: [] for name in laps}
    for number in range(WARM_UP + rounds):
        for name, lap in laps.items():
            time = lap()
            if number >= WARM_UP:
                taken[name].append(time)
    return Times(taken)
