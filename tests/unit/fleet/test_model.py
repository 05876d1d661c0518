"""The simulated fleet against what can be worked out by hand, and against the engine called request by request."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
import simpy
from benchmarks.fleet.engine import Clock, VirtualAttempt, on_virtual_time
from benchmarks.fleet.environment import FALLBACK, Environment, Settings
from benchmarks.fleet.lives import Burst, Day, Life, Timetable
from benchmarks.fleet.run import Scenario, along_the_day, simulate, summary
from benchmarks.fleet.store import STANDARD_QUOTA, Bucket, Outage, ParameterStore, Sdk
from benchmarks.fleet.tally import KINDS, Tally

from edgecors.rules import Rules
from edgecors.runtime import freshness
from edgecors.runtime.attempt import Attempt
from edgecors.runtime.freshness import FetchedRules

LATENCY = 0.012


def alone(
    store: ParameterStore, changes: tuple[float, ...], moments: list[float], settings: Settings, end: float
) -> tuple[Tally, Counter[str]]:
    """One environment that is asked at these moments, without jitter."""
    told: Counter[str] = Counter()
    tally = Tally(settings.ttl, changes)
    world = simpy.Environment()
    environment = Environment(world, Life(0.0, end), Timetable(moments), settings, store)
    with on_virtual_time(0, told, _JITTER=0.0):
        world.process(environment.run(tally))
        world.run()
    return tally, told


def every(step: int, until: int) -> list[float]:
    return [float(second) for second in range(0, until, step)]


def asked(store: ParameterStore) -> dict[str, dict[int, int]]:
    return {name: dict(seconds) for name, seconds in store.reads.items()}


def test_one_environment_does_what_a_hand_works_out() -> None:
    changes = (55.0, 145.0)
    store = ParameterStore(quota=40, changes=changes, outages=[Outage(100, 200, silent=False)])
    tally, told = alone(store, changes, every(10, 250), Settings(), end=250)
    # Fetched at 0 and at 60, and then into the outage at 120. The pauses are 6, 12, 24 and 48 s, each over just after
    # an even second: 130, 150 and 180 ask too, and 230 gets an answer.
    assert asked(store) == {
        "given": {0: 1, 60: 1, 230: 1},
        "throttled": {},
        "failed": {120: 1, 130: 1, 150: 1, 180: 1},
    }
    # 0 to 110, 230 and 240; those from 120 to 220 have rules of 60. From 145 on these are not the newest.
    assert tally.requests == {"fresh": 14, "stale": 11}
    assert tally.superseded == 8
    assert told == {"RulesRefreshed": 3, "RulesStale": 4}
    assert tally.reached == [[pytest.approx(5 + LATENCY)], [pytest.approx(85 + LATENCY)]]
    assert tally.oldest == pytest.approx(228 + LATENCY - 60)  # until the pause that began at 180.012 is over
    assert sum(tally.waited.bins()) == 7


def test_an_environment_that_starts_in_an_outage_asks_every_two_seconds_at_most() -> None:
    for fallback in (False, True):
        store = ParameterStore(quota=40, outages=[Outage(0, 9, silent=False)])
        tally, told = alone(store, (), every(1, 20), Settings(fallback=fallback), end=20)
        # Pauses of 1, 2, 2, ... s, each over just after the whole second.
        assert asked(store) == {"given": {11: 1}, "throttled": {}, "failed": {0: 1, 2: 1, 5: 1, 8: 1}}
        assert tally.requests == {"fallback" if fallback else "none": 11, "fresh": 9}
        assert told == {"RulesMissing": 4, "RulesRefreshed": 1}


def test_silence_delays_whoever_asks_and_no_more() -> None:
    store = ParameterStore(quota=40, outages=[Outage(60, 64, silent=True)])
    tally, told = alone(store, (), [0.0, 61.0, 62.0, 62.5, 80.0], Settings(ttl=10), end=90)
    # The request of 61 waits half a second, that of 62 finds a pause, that of 62.5 waits until the client gives up
    # at 63: half a second again, without a second call of SSM.
    assert asked(store) == {"given": {0: 1, 80: 1}, "throttled": {}, "failed": {61: 1}}
    assert tally.longest_wait == pytest.approx(0.5)
    assert tally.requests == {"fresh": 2, "stale": 3}
    # What is fetched at 80 is nothing new, and so is not told.
    assert told == {"RulesRefreshed": 1, "RulesStale": 2}


def test_in_silence_a_fallback_leaves_one_long_wait() -> None:
    for fallback, long_waits in ((False, 2), (True, 1)):
        store = ParameterStore(quota=40, outages=[Outage(0, 6, silent=True)])
        tally, told = alone(store, (), [0.0, 3.0, 6.0, 8.0], Settings(fallback=fallback), end=20)
        # The client gives up after 2 s, and so does the request of 0. That of 3 waits as long again, or half a second
        # where it has a fallback to go on with; then 6 learns without waiting that nothing came. 8 gets an answer.
        assert asked(store) == {"given": {8: 1}, "throttled": {}, "failed": {0: 1, 3: 1}}
        assert tally.long_waits == long_waits
        assert tally.longest_wait == pytest.approx(2.0)
        assert told == {"RulesMissing": 3 if fallback else 2, "RulesRefreshed": 1}


def test_rules_older_than_max_stale_serve_nobody() -> None:
    store = ParameterStore(quota=40, outages=[Outage(50, 1_000, silent=False)])
    tally, _ = alone(store, (), every(10, 200), Settings(max_stale=100, fallback=True), end=200)
    # 0 to 50 fresh, 60 to 100 stale, and then none: the fallback is for those that never had rules.
    assert tally.requests == {"fresh": 6, "stale": 5, "none": 9}


def test_the_extension_adds_its_own_time() -> None:
    changes = (1.0,)
    store = ParameterStore(quota=40, changes=changes)
    tally, told = alone(store, changes, every(1, 500), Settings(extension=True), end=500)
    # The engine asks every 60 s; only the request of 300 finds the extension's time over.
    assert asked(store) == {"given": {0: 1, 300: 1}, "throttled": {}, "failed": {}}
    # To the engine all are fresh. The change of the first second is served from 300 on.
    assert tally.requests == {"fresh": 500}
    assert tally.superseded == 298
    assert tally.reached == [[pytest.approx(299 + LATENCY)]]
    assert tally.oldest == pytest.approx(300)
    assert told == {"ExtensionCache": 1, "RulesRefreshed": 2}


def test_counting_together_is_asking_one_by_one() -> None:
    """The same requests, each put to the engine, which fetches in its own thread: nothing may differ."""
    dice = random.Random(5)
    moments = sorted(dice.uniform(0, 900) for _ in range(300))
    outages = [Outage(0, 20, silent=False), Outage(300, 500, silent=False)]
    settings = Settings(fallback=True)
    together = ParameterStore(quota=1, changes=(100.0, 450.0), outages=outages)
    tally, told = alone(together, (100.0, 450.0), moments, settings, end=900)

    world = SimpleNamespace(now=0.0)
    clock = Clock(world)
    one_by_one = ParameterStore(quota=1, changes=(100.0, 450.0), outages=outages)
    rules = FetchedRules(Sdk(one_by_one, clock), fallback=lambda: FALLBACK, clock=clock)
    found: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    with on_virtual_time(0, lines, _JITTER=0.0), mock.patch.object(freshness, "Attempt", Attempt):
        for moment in moments:
            world.now, clock.taken = max(moment, world.now + clock.taken), 0.0
            found[name(rules.current())] += 1
    assert asked(together) == asked(one_by_one)
    assert told == lines
    assert tally.requests["fallback"] == found.pop("fallback") > 0
    assert tally.requests["fresh"] + tally.requests["stale"] == found.total()
    assert found.keys() == {"v1", "v2", "v3"}


def name(rules: Rules | None) -> str:
    assert rules is not None
    return rules.policies[0][0]


def test_the_attempt_without_a_thread_keeps_its_deadline() -> None:
    clock = Clock(SimpleNamespace(now=100.0))
    store = ParameterStore(quota=40, outages=[Outage(0, 100.5, silent=True)])
    attempt = VirtualAttempt(Sdk(store, clock), clock)
    assert (attempt.began, attempt.is_done, clock()) == (100.0, False, 100.0)
    with pytest.raises(TimeoutError, match=r"^no answer within 0\.5 s$"):
        attempt.result(0.5)
    assert (attempt.is_done, clock()) == (False, 100.5)
    with pytest.raises(Exception, match=r"^no answer$"):
        attempt.result(5)
    assert (attempt.is_done, clock()) == (True, 102.0)


def test_the_quota_is_a_bucket_of_one_second() -> None:
    bucket = Bucket(40)
    taken = [sum(bucket.take(now) for _ in range(100)) for now in (0.0, 0.5, 0.25, 0.75, 500.0, 500.0)]
    assert taken == [40, 20, 0, 10, 40, 0]


# A day in miniature: everything happens, and the quota is too small.
SMALL = Scenario(
    20,
    quota=0.4,
    settings=Settings(fallback=True),
    day=Day(
        length=420.0,
        lowest=0.5,
        bursts=(Burst(60, 90, 1.5),),
        deployments=(210.0,),
        changes=(120.0, 255.0),
        outages=(Outage(260, 300, silent=False),),
    ),
)


@pytest.fixture(scope="module")
def small() -> Any:
    return simulate(SMALL)


def test_nothing_is_lost_between_the_counts(small: Any) -> None:
    tally, reads = small.tally, small.store.reads
    ruled = tally.requests["fresh"] + tally.requests["stale"]
    assert sum(tally.ages.bins()) == pytest.approx(ruled)
    assert tally.requests.total() == sum(tally.requests[kind] for kind in KINDS)
    for kind, spread in tally.by_time.items():
        assert sum(spread.bins()) == pytest.approx(tally.requests[kind])
    # What SSM refused or failed, the engine told, one line each.
    refused = reads["throttled"].total() + reads["failed"].total()
    assert small.told["RulesMissing"] + small.told["RulesStale"] == refused
    assert reads["given"].total() <= SMALL.quota * SMALL.day.length + 1
    assert reads["throttled"].total() > 100
    series = along_the_day(small, SMALL.day)
    assert sum(series["asked"]) * 20 == pytest.approx(sum(seconds.total() for seconds in reads.values()))


def test_a_fallback_changes_what_is_decided_and_nothing_else(small: Any) -> None:
    """Where SSM does not keep silent, so that nobody waits for it longer than another."""
    settings = replace(SMALL.settings, fallback=False)
    without = summary(replace(SMALL, settings=settings), simulate(replace(SMALL, settings=settings)))
    expected = summary(SMALL, small)
    expected |= {"fallback": False, "requests_none": expected["requests_fallback"], "requests_fallback": 0}
    assert without == expected
    assert without["requests_none"] > 0


def test_the_seed_decides_everything(small: Any) -> None:
    assert summary(SMALL, simulate(SMALL)) == summary(SMALL, small)
    other = replace(SMALL, seed=1)
    assert summary(other, simulate(other)) != summary(SMALL, small)


def test_the_standard_quota_is_the_default() -> None:
    assert Scenario(1).quota == STANDARD_QUOTA == 40
