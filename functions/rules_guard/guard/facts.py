"""What the guard goes by: the versions that SSM has, never what an event says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from edgecors import Rules, RulesError
from rules_store import StoreError, current, history
from rules_store.waiting import settled

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

    from rules_store import Entry, Published

# On the newest version that was in order when the guard saw it: a mark for people, nothing is decided by it.
LAST_GOOD = "last-good"
# On the newest version that was in order when the guard saw it, and had told all that was wrong before it.
SEEN = "guard-seen"
# On the newest version of which the guard has told that something is wrong with it.
TOLD = "guard-told"

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
        return max(self.labelled(SEEN), self.labelled(TOLD))

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

    def read() -> tuple[tuple[Entry, ...], Published | None]:
        return history(client, name), current(client, name)

    entries, published = settled(read, lambda found: _agree(*found) and not _unreadable(found[1]))
    if not _agree(entries, published):
        raise StoreError("history-behind", f"SSM's history of {name} does not show the published version yet.", "")
    if published is None:
        return None
    newest, *older = entries
    return Facts((_as_read(newest, published), *older))


def _agree(entries: tuple[Entry, ...], published: Published | None) -> bool:
    return (entries[0].version if entries else None) == (published.version if published is not None else None)


def _unreadable(published: Published | None) -> bool:
    return published is not None and published.text is None


def _as_read(entry: Entry, published: Published) -> Entry:
    """The published version as readers judge it: they take chunks of any generation, the history only ours."""
    if entry.verdict != "gone" or published.text is None:
        return entry
    try:
        warnings = Rules.parse(published.text, strict=False).warnings
    except RulesError as error:
        return replace(entry, verdict="bad", text=published.text, problems=error.problems, reason="")
    return replace(entry, verdict="good", text=published.text, warnings=warnings, reason="")
