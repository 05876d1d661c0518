"""The books, and what they say in the end."""

from __future__ import annotations

import json
from argparse import Namespace
from types import SimpleNamespace
from typing import Any

import pytest

from load import memory
from load.cases import Case
from load.changes import Publication
from load.judging import Latency, Ledger, percentiles
from load.memory import Process
from load.report import escaped, progress
from load.wrk import Outcome, Record, Round, Wrong

CASES = [
    Case("the page", "request", 1, b"", "always", "200\n", None),
    Case("the stranger", "preflight", 1, b"", "never", None, "403\n"),
]


def records(count: int, *, stranger: Outcome = "refused") -> tuple[Record, ...]:
    """Requests from the page and from the stranger in turn, which take 10 and 30 ms."""
    return tuple(
        Record(number % 2, stranger if number % 2 else "allowed", 100.0, 100.03 if number % 2 else 100.01)
        for number in range(count)
    )


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a hundred thousand."""
    monkeypatch.setattr(memory, "ENOUGH", 10)


def closed(ledger: Ledger, *trouble: str, wanted: int = 10, wrong: tuple[Wrong, ...] = ()) -> Any:
    """The verdict, of a witness that saw one answer."""
    witness: Any = SimpleNamespace(records=[Record(0, "allowed", 100.0, 100.1)], wrong=list(wrong))
    publisher: Any = SimpleNamespace(publications=[Publication("even", 0, 1)], broken=2)
    return ledger.close(witness, publisher, trouble, Namespace(requests=wanted, minutes=5.0))


def ledger(*rounds: Round, growing: int = 0) -> Ledger:
    """A ledger with a sample after each of twenty rounds at the end; `growing` in kilobytes a round."""
    book = Ledger(CASES)
    for one in rounds:
        book.add(one)
    for step in range(20):
        book.samples.append((step * 1000, [Process(7, "tea", 1024 * 50 + step * growing)]))
    return book


def test_a_run_in_order() -> None:
    verdict = closed(ledger(Round(4, 2.0, records(10), (), {}, 5), Round(1, 1.0, records(2), (), {}, 1)))
    assert verdict.complaints == []
    assert verdict.latencies == [
        Latency(1, 2, 2.0, 20.0, 28.0, 29.8, 30.0),
        Latency(4, 10, 5.0, 20.0, 30.0, 30.0, 30.0),
    ]
    assert verdict.kinds == {
        "preflight, refused": {"requests": 6, "p50": 30.0},
        "request, allowed": {"requests": 6, "p50": 10.0},
    }
    written = json.loads(json.dumps(verdict.as_json()))
    assert {key: written[key] for key in ("requests", "witnessed", "complaints", "growth", "changes")} == {
        "requests": 12,
        "witnessed": 1,
        "complaints": [],
        "growth": [{"role": "tea", "pid": 7, "after_warm_up": 50.0, "end": 50.0, "slope": 0.0, "bound": 32.0}],
        "changes": {"published": 1, "not rules": 2, "answers by the rules before": 0, "longest lag, seconds": 0.0},
    }


def test_everything_that_is_not_in_order_is_named() -> None:
    wrong = Wrong(1, "0000000007", "200\n\n")
    book = ledger(Round(4, 2.0, records(10, stranger="wrong"), (wrong,), {"read": 3}, 5), growing=1000)
    book.samples.insert(0, (0, [Process(9, "tea", 1)]))
    assert closed(book, "something failed", wanted=11, wrong=(Wrong(0, "0000000008", "[500]"),)).complaints == [
        "5 times wrong, against the rules: the stranger (never)",
        "the stranger with 0000000007 was answered '200\\n\\n'",
        "the page with 0000000008 was answered '[500]'",
        "wrk counts 3 errors: read.",
        "something failed",
        "The process 9 (tea) ended on the way.",
        "The memory of tea (process 7) grows by 1024 bytes a request, from 53.9 MB to 68.6 MB; 32 is the bound.",
        "Only 10 of 11 requests in 5 minutes.",
    ]


def test_an_allowed_stranger_is_against_the_rules() -> None:
    book = ledger(Round(4, 2.0, records(10, stranger="allowed"), (), {}, 0))
    cases = [CASES[0], Case("the stranger", "preflight", 1, b"", "never", "204\n", "403\n")]
    book.cases = cases
    assert closed(book).complaints == ["5 times allowed, against the rules: the stranger (never)"]


def test_other_statuses_than_the_answers_have_are_errors() -> None:
    assert closed(ledger(Round(4, 2.0, records(10), (), {}, 7))).complaints == ["wrk counts 2 errors: status."]


def test_few_requests_say_nothing_about_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ENOUGH", 11)
    verdict = closed(ledger(Round(4, 2.0, records(10), (), {}, 5), growing=1000))
    assert (verdict.complaints, verdict.judged_memory) == ([], False)


def test_percentiles() -> None:
    assert percentiles([]) == (0.0, 0.0, 0.0)
    assert percentiles([3.14159]) == (3.1, 3.1, 3.1)
    assert percentiles([float(n) for n in range(101)]) == (50.0, 90.0, 99.0)


def test_the_line_of_a_round() -> None:
    book = ledger(Round(16, 2.0, records(10), (), {}, 5))
    assert progress(book, 3, 20, 120.0) == (
        "round 3    16 at a time      5/s  p50    20.0 ms  p99    30.0 ms         10 of 20, none wrong  2 min to go"
    )


def test_a_foreign_answer_reaches_the_terminal_escaped() -> None:
    assert escaped("[red]\x1b[2J") == r"\[red]\x1b\[2J"
