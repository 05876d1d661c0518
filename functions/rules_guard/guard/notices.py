"""What people have to be told, each thing once: worked out from the versions and the mark of what was told. Pure.

Nothing but that mark is remembered, so a run that breaks off anywhere leaves its notices to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guard.facts import Facts, Restoration
    from rules_store import Entry


@dataclass(frozen=True)
class Notice:
    """About a bad version, or one that only warns.

    - `restoration`: what the guard has put in its place; `late`: after it had told that the version stays.
    - `mark`: the version that is marked once this has been told.
    """

    entry: Entry
    restoration: Restoration | None
    late: bool
    mark: int

    @property
    def event(self) -> str:
        """The name of the log line and the metric."""
        if self.restoration is not None:
            return "RulesGuardReverted"
        return "RulesGuardWarned" if self.entry.verdict == "good" else "RulesGuardRefused"


def due(facts: Facts, deployed: Callable[[], datetime]) -> list[Notice]:
    """What has not been told, oldest first."""
    notices = []
    for entry in facts.entries:
        restoration = facts.restorations.get(entry.version)
        if entry.version > facts.seen:
            if _is_news(entry, restoration, facts, deployed):
                notices.append(Notice(entry, restoration, late=False, mark=entry.version))
        elif restoration is not None and restoration.entry.version > facts.seen:
            notices.append(Notice(entry, restoration, late=True, mark=restoration.entry.version))
    return sorted(notices, key=lambda notice: notice.mark)


def _is_news(entry: Entry, restoration: Restoration | None, facts: Facts, deployed: Callable[[], datetime]) -> bool:
    if entry is facts.newest:
        return not entry.clean
    # Of those that have been replaced. The chunks of old versions are deleted in time: nothing is wrong with those.
    if entry.verdict != "bad" and not (entry.verdict == "gone" and restoration is not None):
        return False
    # Without a mark (a new guard, or someone took it away) the history before the guard is nobody's news.
    return (restoration is not None and facts.seen > 0) or entry.date >= deployed()
