"""Whether memory grows."""

from __future__ import annotations

import pytest

from load.memory import Growth, Process, family, growths, slope

LISTED = """\
      1       0   1000 /sbin/init
    100       1 140000 python -m local
    101     100 220000 python -P -m local.moto_server
    102     100  80000 python -P /x/tools/local/worker.py boto3
    103     100  60000 python -P /x/tools/local/worker.py boto3
    104     102  10000 something of a function's own
"""


def test_the_processes_and_their_roles() -> None:
    assert list(family(100, LISTED, {102: "tea", 103: ""}.__getitem__)) == [
        Process(100, "gateway", 140000),
        Process(101, "moto", 220000),
        Process(102, "tea", 80000),
        Process(103, "function", 60000),
    ]


@pytest.mark.parametrize(
    ("heights", "expected"),
    [
        ([], 0.0),
        ([5.0], 0.0),
        ([5.0] * 20, 0.0),
        ([5.0] * 5 + [9.0] * 15, 0.0),  # a step
        ([5.0] * 10 + [90.0] + [5.0] * 9, 0.0),  # a spike
        ([2.0 * step for step in range(20)], 2.0),
        ([100 - 0.5 * step for step in range(20)], -0.5),
    ],
)
def test_the_slope_is_that_of_all_not_of_one(heights: list[float], expected: float) -> None:
    assert slope(list(enumerate(heights))) == pytest.approx(expected)


def samples(kilobytes_a_thousand: float) -> list[tuple[int, list[Process]]]:
    """Twenty rounds of 1,000 requests; the first five take a lot of memory, once."""
    return [
        (1000 * step, [Process(7, "tea", 50_000 + min(step, 4) * 1_000 + int(step * kilobytes_a_thousand))])
        for step in range(21)
    ]


@pytest.mark.parametrize(
    ("kilobytes_a_thousand", "bounded"),
    [(0, True), (30, True), (33, False), (1000, False), (-10, True)],  # 32 bytes a request are 31.25 of these
)
def test_what_is_kept_of_each_request_is_growth(kilobytes_a_thousand: float, bounded: bool) -> None:
    (found,) = growths(samples(kilobytes_a_thousand))
    assert found.is_bounded is bounded
    assert found.slope == pytest.approx(kilobytes_a_thousand * 1.024, abs=0.2)


def test_a_growth_whole() -> None:
    assert growths(samples(0)) == [Growth("tea", 7, 54_000 / 1024, 54_000 / 1024, 0.0)]
    assert growths([]) == []
