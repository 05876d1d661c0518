"""Which rules an answer may follow while they change."""

from __future__ import annotations

import pytest

from load.cases import Case, Verdict
from load.changes import LAG, Publication, is_right, lags, possible
from load.wrk import Outcome, Record

# Lag is four seconds: answers of before 14 may follow `even`, those of after 10 `odd`.
PUBLICATIONS = [Publication("even", 0.0, 0.5), Publication("odd", 10.0, 10.5), Publication("even", 30.0, 30.5)]


def case(verdict: Verdict) -> Case:
    return Case(verdict, "request", 1, b"", verdict, "200\n", "403\n")


@pytest.mark.parametrize(
    ("sent", "received", "versions"),
    [
        (5.0, 5.1, {"even"}),
        (9.8, 9.9, {"even"}),
        (9.8, 10.0, {"even", "odd"}),
        (10.2, 10.3, {"even", "odd"}),
        (10.5 + LAG, 15.0, {"even", "odd"}),
        (10.6 + LAG, 15.0, {"odd"}),
        (29.0, 29.9, {"odd"}),
        (29.0, 31.0, {"even", "odd"}),
        (1000.0, 1000.1, {"even"}),
    ],
)
def test_the_versions_that_an_answer_may_follow(sent: float, received: float, versions: set[str]) -> None:
    assert possible(PUBLICATIONS, sent, received) == versions


@pytest.mark.parametrize(
    ("verdict", "outcome", "sent", "right"),
    [
        ("always", "allowed", 11.0, True),
        ("always", "refused", 11.0, False),
        ("never", "refused", 11.0, True),
        ("never", "allowed", 11.0, False),
        ("even", "allowed", 5.0, True),
        ("even", "refused", 5.0, False),
        ("even", "allowed", 11.0, True),
        ("even", "refused", 11.0, True),
        ("even", "allowed", 20.0, False),
        ("even", "refused", 20.0, True),
        ("odd", "refused", 20.0, False),
        ("odd", "allowed", 20.0, True),
        ("odd", "wrong", 11.0, False),
        ("never", "wrong", 11.0, False),
    ],
)
def test_whether_an_answer_is_right(verdict: Verdict, outcome: Outcome, sent: float, right: bool) -> None:
    assert is_right(case(verdict), Record(0, outcome, sent, sent + 0.1), PUBLICATIONS) is right


def test_for_how_long_answers_followed_rules_that_were_replaced() -> None:
    cases = [case("even"), case("odd"), case("always")]
    records = [
        Record(0, "allowed", 9.0, 9.1),  # in force
        Record(0, "allowed", 12.0, 12.1),  # replaced at 10.5
        Record(1, "refused", 12.5, 12.6),
        Record(0, "allowed", 30.1, 30.2),  # not yet replaced again: the new one had begun
        Record(0, "refused", 12.0, 12.1),
        Record(2, "allowed", 12.0, 12.1),
        Record(1, "wrong", 12.0, 12.1),
    ]
    assert list(lags(cases, records, PUBLICATIONS)) == [1.5, 2.0]
