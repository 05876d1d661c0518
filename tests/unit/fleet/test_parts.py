"""The parts of the simulated fleet: lives, requests, counts, costs."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from benchmarks.fleet import costs
from benchmarks.fleet.lives import DAY, Burst, Day, Poisson, Timetable, lives
from benchmarks.fleet.store import HIGH_QUOTA, STANDARD_QUOTA, Outage
from benchmarks.fleet.tally import Spread, Tally


def test_a_fleet_follows_its_traffic() -> None:
    day = Day(length=1_000.0, lowest=0.5, bursts=(Burst(300, 400, 2.0),), deployments=(700.0,))
    found = lives(day, 400, random.Random(1))
    there = {
        now: sum(life.start <= now < life.end for life in found) for now in (10.0, 250.0, 350.0, 500.0, 699.0, 900.0)
    }
    # One that ends by its age is missed until the next second.
    assert there == {now: pytest.approx(day.wanted(400, now), abs=3) for now in there}
    # All are replaced in four seconds, since Lambda starts no more than a hundred a second.
    assert not any(life.start < 700 < life.end for life in found)
    starts = [sum(second <= life.start < second + 1 for life in found) for second in range(700, 705)]
    assert starts[:3] == [100, 100, 100]
    assert sum(starts) == day.wanted(400, 704)
    assert all(earlier <= later for earlier, later in pairwise(found))
    assert lives(day, 400, random.Random(1)) == found


def test_the_day_of_the_runs_is_calm_between_its_events() -> None:
    assert [second for second in range(1, 3_000) if DAY.is_calm(second) != DAY.is_calm(second - 1)] == [
        300,
        1_000,
        1_450,
        1_500,
        1_800,
        2_000,
        2_600,
        2_650,
    ]


def test_requests_that_are_drawn_come_as_often_as_they_should() -> None:
    requests = Poisson(random.Random(2))
    rate = requests._rate
    for length in (5.0, 500.0):
        found = [requests.between(0.0, length) for _ in range(2_000)]
        mean = sum(found) / len(found)
        spread = sum((count - mean) ** 2 for count in found) / len(found)
        assert mean == pytest.approx(rate * length, rel=0.05)
        assert spread == pytest.approx(rate * length, rel=0.15)
    waits = [requests.first(7.0) - 7.0 for _ in range(2_000)]
    assert sum(waits) / len(waits) == pytest.approx(1 / rate, rel=0.1)


def test_a_timetable_has_each_request_once() -> None:
    table = Timetable([1.0, 2.0, 3.0])
    assert [table.first(moment) for moment in (0.0, 1.0, 1.5, 3.5)] == [1.0, 1.0, 2.0, math.inf]
    assert [table.between(1.0, 3.0), table.between(0.0, 9.0), table.between(1.0, 1.0)] == [1, 3, 0]


def test_amounts_lie_evenly_between_two_places() -> None:
    spread = Spread(10.0)
    spread.add(5.0, 25.0, 20)
    spread.add(12.0, 12.0, 4)
    spread.add(30.0, 30.0, 1)
    assert spread.bins()[:5] == [5, 14, 5, 1, 0]
    assert [spread.quantile(part) for part in (0.2, 0.5, 0.96, 1.0)] == [10.0, 20.0, 30.0, 40.0]
    assert Spread(1.0).quantile(0.5) == 0.0


def test_requests_are_told_apart_by_the_rules_that_decided_them() -> None:
    tally = Tally(60.0, (50.0, 90.0), bin_width=10.0)
    tally.with_rules(20.0, 50.0, 30, 1, fetched=20.0, read=10.0)
    tally.with_rules(50.0, 80.0, 20, 1, fetched=20.0, read=10.0)
    tally.with_rules(80.0, 100.0, 5, 1, fetched=20.0, read=10.0)
    tally.with_rules(100.0, 100.0, 1, 3, fetched=100.0, read=100.0)
    tally.without_rules(0.0, 1.0, 2, "none")
    assert tally.requests == {"fresh": 51, "stale": 5, "none": 2}
    assert (tally.superseded, tally.oldest, tally.ages.quantile(1.0)) == (25, 90.0, 90.0)
    tally.adopted(100.0, 1, 3)
    assert tally.reached == [[50.0], [10.0]]


def test_a_month_costs_what_the_price_list_says() -> None:
    row = {"quota": STANDARD_QUOTA, "reads_a_second_calm": 100.0, "refused_a_second_calm": 60.0}
    # 730 hours: 60 lines a second of 600 bytes are 94.6 GB.
    assert costs.a_month(row) == {"usd_reads": 0.0, "usd_log_lines": 47.3}
    row = {"quota": HIGH_QUOTA, "reads_a_second_calm": 100.0, "refused_a_second_calm": 0.0}
    assert costs.a_month(row) == {"usd_reads": 1314.0, "usd_log_lines": 0.0}


def test_outages_of_the_day_do_not_touch() -> None:
    assert DAY.outages == (Outage(2_000, 2_300, False), Outage(2_650, 2_710, True))
