"""What the guard goes by: the versions that SSM has, never what an event says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rules_store import StoreError, history
from rules_store.calls import Ssm
from rules_store.waiting import settled

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

    from rules_store import Entry

# On the newest version that was in order when the guard saw it: a mark for people, nothing is decided by it.
LAST_GOOD = "last-good"
# On the newest version that the guard has dealt with: whatever was wrong up to it has been told.
SEEN = "guard-seen"

_PUT_BACK = re.compile(r"edgecors guard: version ([0-9]{1,18}) put back in place of version ([0-9]{1,18})\b")


@dataclass(frozen=True)
class Restoration:
    """A version that the guard wrote: the text of version `source` again, in place of version `bad`."""

    entry: Entry
    source: int
    bad: int


@dataclass(frozen=True)
class Facts:
    """Every version that SSM still has, newest first, at least one. The newest is the one that readers get."""

    entries: tuple[Entry, ...]

    @property
    def newest(self) -> Entry:
        """The published version."""
        return self.entries[0]

    @cached_property
    def seen(self) -> int:
        """The version that the guard has dealt with last, 0 for none."""
        return self.labelled(SEEN)

    def labelled(self, label: str) -> int:
        """The version with the label, 0 for none."""
        return next((entry.version for entry in self.entries if label in entry.labels), 0)

    @cached_property
    def restorations(self) -> dict[int, Restoration]:
        """The guard's own versions, by the version in whose place they are."""
        # Newest last: a write that the AWS library sent twice is two versions.
        found = (self._restoration(entry) for entry in reversed(self.entries))
        return {restoration.bad: restoration for restoration in found if restoration is not None}

    def _restoration(self, entry: Entry) -> Restoration | None:
        match = _PUT_BACK.match(entry.description)
        if match is None:
            return None
        source, bad = int(match[1]), int(match[2])
        # Who edits a version in the console takes its description along: the text tells. A text that is gone is
        # counted as the guard's, which then leaves it alone.
        same = any(other.version == source and other.text == entry.text for other in self.entries)
        return Restoration(entry, source, bad) if bad < entry.version and (same or entry.verdict == "gone") else None


def put_back(source: Entry, bad: Entry, why: str) -> str:
    """The description of a version that the guard writes; `_PUT_BACK` reads it."""
    who = f" by {bad.user}" if bad.user else ""
    text = f"edgecors guard: version {source.version} put back in place of version {bad.version}{who}: {why}"
    return text if len(text) <= 1_000 else text[:997] + "..."


def look(client: SSMClient, name: str) -> Facts | None:
    """The facts now; None for no parameter. Raises StoreError.

    The history may lag behind the parameter, and chunks behind the manifest that names them: such a picture is
    taken again for three seconds before it counts.
    """
    ssm = Ssm(client)

    def read() -> tuple[tuple[Entry, ...], int]:
        entries = history(client, name)
        stored = ssm.get(name)
        return entries, stored.version if stored is not None else 0

    entries, current = settled(read, lambda found: _agree(*found) and not _gone(found[0]))
    if not _agree(entries, current):
        raise StoreError("history-behind", f"SSM's history of {name} does not show version {current} yet.", "")
    return Facts(entries) if entries else None


def _agree(entries: tuple[Entry, ...], current: int) -> bool:
    return (entries[0].version if entries else 0) == current


def _gone(entries: tuple[Entry, ...]) -> bool:
    return bool(entries) and entries[0].verdict == "gone"
