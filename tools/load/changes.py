"""Whether an answer was right when it was given, where the rules changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from load.cases import Case
    from load.rules import Version
    from load.wrk import Record

TTL = 2.0
"""Seconds for which functions of `make serve` keep rules (`local.stack.LOCAL_VARIABLES`)."""
LAG = TTL + 2.0
"""Seconds for which an answer may follow the rules before. A fetch that takes more than half a second is not waited
for: it is tried again a second later, with the old rules meanwhile."""


@dataclass(frozen=True)
class Publication:
    """A version that was put into the parameter, at some moment between `began` and `ended`."""

    version: Version
    began: float  # seconds since the epoch
    ended: float


def possible(publications: Sequence[Publication], sent: float, received: float) -> set[Version]:
    """The versions that an answer of this time may follow. The publications are in order, the first long in force."""
    found: set[Version] = set()
    for number, publication in enumerate(publications):
        following = publications[number + 1 : number + 2]
        replaced = following[0].ended if following else float("inf")
        if publication.began <= received and sent - LAG <= replaced:
            found.add(publication.version)
    return found


def is_right(case: Case, record: Record, publications: Sequence[Publication]) -> bool:
    """Whether the answer is the one that the rules of its time give."""
    if record.outcome == "wrong":
        return False
    if case.verdict in ("always", "never"):
        return record.outcome == ("allowed" if case.verdict == "always" else "refused")
    allowing = {publication == case.verdict for publication in possible(publications, record.sent, record.received)}
    return (record.outcome == "allowed") in allowing


def lags(cases: Sequence[Case], records: Sequence[Record], publications: Sequence[Publication]) -> Iterator[float]:
    """For each answer that followed rules already replaced when it was asked for: for how many seconds they were."""
    for record in records:
        case = cases[record.case]
        if case.verdict in ("always", "never") or record.outcome == "wrong":
            continue
        begun = [publication for publication in publications if publication.began <= record.received]
        replaced = 0.0
        for publication in reversed(begun):
            if (publication.version == case.verdict) == (record.outcome == "allowed"):
                break
            replaced = record.sent - publication.ended
        if replaced > 0:
            yield replaced
