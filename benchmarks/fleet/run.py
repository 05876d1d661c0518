"""One run: a fleet through a day, under settings; and what it comes to."""

from __future__ import annotations

import gc
import math
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import simpy

from benchmarks.fleet.engine import on_virtual_time
from benchmarks.fleet.environment import Environment, Settings
from benchmarks.fleet.lives import DAY, Day, Life, Poisson, lives
from benchmarks.fleet.store import READS, STANDARD_QUOTA, ParameterStore
from benchmarks.fleet.tally import KINDS, Tally

if TYPE_CHECKING:
    from collections.abc import Generator

    from benchmarks.fleet.tally import Spread

# Seconds of a bin in what is given along the day.
BIN = 20


@dataclass(frozen=True)
class Scenario:
    """A fleet of `environments` at midday, an SSM with `quota` reads a second, and the engine's settings.

    `constants`: those of `runtime/freshness.py` that are tried otherwise.
    """

    environments: int
    quota: float = STANDARD_QUOTA
    settings: Settings = field(default_factory=Settings)
    day: Day = DAY
    constants: dict[str, float] = field(default_factory=dict)
    seed: int = 20_261_122


@dataclass
class Outcome:
    """What a run came to."""

    store: ParameterStore
    tally: Tally
    told: Counter[str]
    environments: int


def simulate(scenario: Scenario) -> Outcome:
    """Runs the scenario. The same scenario always gives the same outcome."""
    dice = random.Random(scenario.seed)
    day = scenario.day
    told: Counter[str] = Counter()
    store = ParameterStore(
        quota=scenario.quota, changes=day.changes, outages=day.outages, dice=random.Random(scenario.seed + 1)
    )
    tally = Tally(scenario.settings.ttl, day.changes, BIN)
    planned = lives(day, scenario.environments, dice)
    world = simpy.Environment()

    def begin(planned: list[Life]) -> Generator[simpy.Event, None, None]:
        for life in planned:
            yield world.timeout(life.start - world.now)
            requests = Started(Poisson(dice), life.start)
            world.process(Environment(world, life, requests, scenario.settings, store).run(tally))

    world.process(begin(planned))
    # Nothing here forms cycles that matter, and looking for them takes a fifth of the time.
    gc.disable()
    try:
        with on_virtual_time(scenario.seed + 2, told, **scenario.constants):
            world.run(until=day.length)
    finally:
        gc.enable()
    return Outcome(store, tally, told, len(planned))


class Started:
    """Requests of which the first comes at `start`: it is what starts the environment."""

    def __init__(self, requests: Poisson, start: float) -> None:
        self._requests = requests
        self._start = start

    def first(self, moment: float) -> float:
        return self._start if moment <= self._start else self._requests.first(moment)

    def between(self, start: float, end: float) -> int:
        return self._requests.between(start, end)


def summary(scenario: Scenario, outcome: Outcome) -> dict[str, Any]:
    """The figures of a run, plain values. Ages and times in seconds, rates a second, parts of 1."""
    day, tally = scenario.day, outcome.tally
    reads = outcome.store.reads
    asked = sum(reads.values(), Counter())
    calm = [second for second in range(int(day.length)) if day.is_calm(second)]
    return {
        "environments": scenario.environments,
        "source": "extension" if scenario.settings.extension else "sdk",
        "quota": scenario.quota,
        "fallback": scenario.settings.fallback,
        "ttl": scenario.settings.ttl,
        "extension_ttl": scenario.settings.extension_ttl if scenario.settings.extension else None,
        "pause_jitter": scenario.settings.pause_jitter,
        "constants": scenario.constants,
        "environments_started": outcome.environments,
        "requests": tally.requests.total(),
        **{f"requests_{kind}": tally.requests[kind] for kind in KINDS},
        "requests_superseded": tally.superseded,
        **{f"reads_{name}": reads[name].total() for name in READS},
        "reads_a_second_calm": _rate(asked, calm),
        "refused_a_second_calm": round(_rate(asked, calm) - _rate(reads["given"], calm), 2),
        "reads_a_second_peak": max(asked.values(), default=0),
        # What a deployment's environments ask for together one TTL later.
        "reads_a_second_echo": max(
            (asked[int(at) + later] for at in day.deployments for later in range(45, 120)), default=0
        ),
        "age_p50": tally.ages.quantile(0.5),
        "age_p99": tally.ages.quantile(0.99),
        "age_max": round(tally.oldest, 1),
        "reach": [_reach(seconds) for seconds in tally.reached],
        "wait_p99": round(tally.waited.quantile(0.99), 2),
        "wait_max": round(tally.longest_wait, 2),
        "waits_over_half_a_second": tally.long_waits,
        "log_lines": dict(sorted(outcome.told.items())),
    }


def along_the_day(outcome: Outcome, day: Day) -> dict[str, list[float]]:
    """In bins of `BIN` seconds: reads a second, asked for and given, and requests a second by what decided them."""
    bins = int(day.length / BIN)
    reads = outcome.store.reads
    return {
        "asked": _binned(sum(reads.values(), Counter()), bins),
        "given": _binned(reads["given"], bins),
        **{kind: _rates(outcome.tally.by_time[kind], bins) for kind in KINDS},
    }


def _binned(by_second: Counter[int], bins: int) -> list[float]:
    return [sum(by_second[place * BIN + more] for more in range(BIN)) / BIN for place in range(bins)]


def _rates(spread: Spread, bins: int) -> list[float]:
    found = [*spread.bins(), *([0.0] * bins)][:bins]
    return [round(max(0.0, amount) / BIN, 2) for amount in found]


def _rate(by_second: Counter[int], seconds: list[int]) -> float:
    return round(sum(by_second[second] for second in seconds) / max(1, len(seconds)), 2)


# How far a change has come, at these parts of the environments.
PARTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


def _reach(seconds: list[float]) -> dict[str, float | int]:
    """After how many seconds a change had reached these parts of the environments that were there before it.

    Those that ended without it are left out: they decided nothing any more.
    """
    ordered = sorted(seconds)
    found: dict[str, float | int] = {"environments": len(ordered)}
    if ordered:
        for part in PARTS:
            found[f"p{round(part * 100)}"] = round(ordered[max(0, math.ceil(part * len(ordered) - 1e-9) - 1)], 1)
    return found
