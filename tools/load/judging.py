"""The books of a run: every answer, the memory after every round, and in the end what is to be said of them."""

from __future__ import annotations

import platform
import statistics
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from load import memory
from load.changes import is_right, lags

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from load.cases import Case
    from load.client import Witness
    from load.memory import Growth, Process
    from load.publishing import Publisher
    from load.wrk import Record, Round, Wrong

PERCENTILES = (50, 90, 99)
SHOWN = 20  # complaints of a kind


@dataclass(frozen=True)
class Latency:
    """How long answers took, in milliseconds, for one number of requests at a time."""

    concurrency: int
    requests: int
    a_second: float
    p50: float
    p90: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Verdict:
    """What came out. `complaints` are sentences; none: everything is as it should be."""

    requests: int
    witnessed: int
    minutes: float
    latencies: list[Latency]
    kinds: dict[str, dict[str, float]]
    changes: dict[str, float]
    growths: list[Growth]
    samples: list[tuple[int, list[Process]]]
    judged_memory: bool
    complaints: list[str]

    def as_json(self) -> dict[str, Any]:
        """The results' file."""
        memory_of: dict[str, list[list[float]]] = {}
        for requests, processes in self.samples:
            for process in processes:
                name = f"{process.role} {process.pid}"
                memory_of.setdefault(name, []).append([requests, round(process.kilobytes / 1024, 2)])
        return {
            "measured": datetime.now(UTC).date().isoformat(),
            "command": "make load",
            "machine": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
            "requests": self.requests,
            "witnessed": self.witnessed,
            "minutes": round(self.minutes, 1),
            "complaints": self.complaints,
            "latency": [asdict(each) for each in self.latencies],
            "kinds": self.kinds,
            "changes": self.changes,
            "growth": [
                {**asdict(each), "slope": round(each.slope, 2), "bound": memory.BOUND}
                | {"after_warm_up": round(each.after_warm_up, 2), "end": round(each.end, 2)}
                for each in self.growths
            ],
            "memory": [{"process": name, "megabytes": points} for name, points in memory_of.items()],
        }


@dataclass
class Ledger:
    """What was seen so far."""

    cases: Sequence[Case]
    rounds: list[Round] = field(default_factory=list)
    samples: list[tuple[int, list[Process]]] = field(default_factory=list)
    answers: int = 0

    def add(self, one: Round) -> None:
        """Book a round."""
        self.rounds.append(one)
        self.answers += len(one.records)

    def sample(self, processes: list[Process]) -> None:
        """Book the memory as it is now."""
        self.samples.append((self.answers, processes))

    @property
    def wrong(self) -> int:
        """Answers that no version of the rules gives."""
        return sum(record.outcome == "wrong" for one in self.rounds for record in one.records)

    def close(self, witness: Witness, publisher: Publisher, trouble: Sequence[str], chosen: Namespace) -> Verdict:
        """Judge all of it."""
        records = [record for one in self.rounds for record in one.records]
        both = [*records, *witness.records]
        publications = publisher.publications
        found = memory.growths(self.samples)
        judged = self.answers >= memory.ENOUGH
        late = sorted(lags(self.cases, both, publications))
        seconds = sum(one.seconds for one in self.rounds)
        complaints = [
            *self._wrong_answers(
                [record for record in both if not is_right(self.cases[record.case], record, publications)]
            ),
            *_texts(self.cases, [*(w for one in self.rounds for w in one.wrong), *witness.wrong]),
            *self._errors(),
            *trouble[:SHOWN],
            *_lost(self.samples),
            *([each for each in map(_grown, found) if each] if judged else []),
        ]
        if self.answers < chosen.requests:
            complaints.append(f"Only {self.answers:,} of {chosen.requests:,} requests in {chosen.minutes:g} minutes.")
        return Verdict(
            requests=len(records),
            witnessed=len(witness.records),
            minutes=seconds / 60,
            latencies=[self._latency(concurrency) for concurrency in sorted({one.concurrency for one in self.rounds})],
            kinds=_kinds(self.cases, records),
            changes={
                "published": len(publications),
                "not rules": publisher.broken,
                "answers by the rules before": len(late),
                "longest lag, seconds": round(late[-1], 2) if late else 0.0,
            },
            growths=found,
            samples=self.samples,
            judged_memory=judged,
            complaints=complaints,
        )

    def _latency(self, concurrency: int) -> Latency:
        chosen = [one for one in self.rounds if one.concurrency == concurrency]
        times = [1000 * (record.received - record.sent) for one in chosen for record in one.records]
        p50, p90, p99 = percentiles(times)
        seconds = sum(one.seconds for one in chosen)
        a_second = round(len(times) / seconds, 1)
        return Latency(concurrency, len(times), a_second, p50, p90, p99, round(max(times, default=0.0), 1))

    def _wrong_answers(self, wrong: Iterable[Record]) -> list[str]:
        counted = Counter((record.case, record.outcome) for record in wrong)
        return [
            f"{count:,} times {outcome}, against the rules: {self.cases[case].name[:120]} ({self.cases[case].verdict})"
            for (case, outcome), count in counted.most_common(SHOWN)
        ]

    def _errors(self) -> list[str]:
        counted: Counter[str] = Counter()
        for one in self.rounds:
            counted.update(one.errors)
            expected = sum(self._status(record) > 399 for record in one.records)
            if expected != one.over_399:
                counted["status"] += abs(expected - one.over_399)
        return [f"wrk counts {count:,} errors: {name}." for name, count in counted.items()]

    def _status(self, record: Record) -> int:
        refused, allowed = self.cases[record.case].statuses
        return (allowed if record.outcome == "allowed" else refused) or 0


def percentiles(times: Sequence[float]) -> tuple[float, float, float]:
    """`PERCENTILES` of the times, to a tenth."""
    if len(times) < 2:
        only = round(times[0], 1) if times else 0.0
        return only, only, only
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    p50, p90, p99 = (round(cuts[percent - 1], 1) for percent in PERCENTILES)
    return p50, p90, p99


def _kinds(cases: Sequence[Case], records: Iterable[Record]) -> dict[str, dict[str, float]]:
    """Counts and median milliseconds of preflights and requests, allowed and refused."""
    times: dict[str, list[float]] = {}
    for record in records:
        case = cases[record.case]
        times.setdefault(f"{case.kind}, {record.outcome}", []).append(1000 * (record.received - record.sent))
    return {
        kind: {"requests": len(found), "p50": round(statistics.median(found), 1)}
        for kind, found in sorted(times.items())
    }


def _texts(cases: Sequence[Case], wrong: Sequence[Wrong]) -> list[str]:
    return [
        f"{cases[each.case].name[:120]} with {each.unique} was answered {each.got[:400]!r}" for each in wrong[:SHOWN]
    ]


def _lost(samples: Sequence[tuple[int, Sequence[Process]]]) -> list[str]:
    """The processes that were there once and were not at the end."""
    if not samples:
        return []
    there = {each.pid for each in samples[-1][1]}
    gone = {each.pid: each.role for _, processes in samples for each in processes if each.pid not in there}
    return [f"The process {pid} ({role}) ended on the way." for pid, role in gone.items()]


def _grown(growth: Growth) -> str:
    if growth.is_bounded:
        return ""
    return (
        f"The memory of {growth.role} (process {growth.pid}) grows by {growth.slope:.0f} bytes a request, from "
        f"{growth.after_warm_up:.1f} MB to {growth.end:.1f} MB; {memory.BOUND:.0f} is the bound."
    )
