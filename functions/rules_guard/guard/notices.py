"""What people have to be told, each thing once: worked out from the versions and the mark of what was told. Pure.

Nothing but that mark is remembered, so a run that breaks off anywhere leaves its notices to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guard.facts import SEEN, TOLD

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guard.facts import Facts, Restoration
    from rules_store import Entry


@dataclass(frozen=True)
class Notice:
    """About a bad version, or one that only warns.

    `restoration`: what the guard has put in its place; `late`: after it had told that the version stays.
    """

    entry: Entry
    restoration: Restoration | None
    late: bool

    @property
    def event(self) -> str:
        """The name of the log line and the metric."""
        if self.restoration is not None:
            return "RulesGuardReverted"
        return "RulesGuardWarned" if self.entry.verdict == "good" else "RulesGuardRefused"

    @property
    def mark(self) -> tuple[int, str]:
        """The version that gets a label as soon as this has been told, and the label."""
        if self.restoration is not None:
            return self.restoration.entry.version, SEEN
        return self.entry.version, TOLD


def due(facts: Facts, deployed: Callable[[], datetime]) -> list[Notice]:
    """What has not been told, oldest first."""
    found = ((entry, facts.restorations.get(entry.version)) for entry in reversed(facts.entries))
    notices = [
        Notice(entry, restoration, late=restoration is not None and TOLD in entry.labels)
        for entry, restoration in found
        if _is_news(entry, restoration, facts, deployed)
    ]
    # So that a mark never goes over what is still to be told.
    return sorted(notices, key=lambda notice: notice.mark[0])


def _is_news(entry: Entry, restoration: Restoration | None, facts: Facts, deployed: Callable[[], datetime]) -> bool:
    if entry is facts.newest:
        # It may have been in order when it was seen, and its chunks have been deleted since.
        return not entry.clean and TOLD not in entry.labels
    if restoration is not None and facts.seen > 0:
        return restoration.entry.version > facts.seen
    # The chunks of old versions are deleted in time: nothing is wrong with those.
    if entry.verdict != "bad" and restoration is None:
        return False
    # Without a mark (a new guard, or someone took it away) the history before the guard is nobody's news.
    return entry.version > facts.seen and entry.date >= deployed()
