"""What becomes of the published version: which older one is put back in its place, or why none is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from guard.facts import Facts
    from rules_store import Entry

Mode = Literal["revert", "alarm", "off"]


class Choice(NamedTuple):
    """`source`: the version to put back; where that is None, `reason` says why not, empty if nothing is wrong."""

    source: Entry | None
    reason: str


def choose(facts: Facts, mode: Mode, deployed: Callable[[], datetime]) -> Choice:
    """What to do about the published version. `deployed`: since when the guard is as it is.

    - Only what readers reject is put back. Rules that only a person could not publish today (the Public Suffix List
      has changed, say) are in force, and taking them away would hurt.
    - What was published before the guard was deployed is left alone: a release of ours must not turn old rules
      into bad ones behind everyone's back.
    - What the guard itself wrote is left alone, whatever it looks like now: it never goes round in circles.
    """
    newest = facts.newest
    if newest.verdict == "good":
        return Choice(None, "")
    if mode != "revert":
        return Choice(None, f"GuardMode is {mode}")
    if any(restoration.entry is newest for restoration in facts.restorations.values()):
        return Choice(None, "the guard itself put it there, and does nothing twice")
    if newest.date < deployed():
        return Choice(None, "it is older than this deployment of the guard")
    source = good_before(facts, newest)
    if source is None:
        return Choice(None, "no older version is in order")
    return Choice(source, "")


def good_before(facts: Facts, entry: Entry) -> Entry | None:
    """The newest version older than the entry that could be published today as it is."""
    return next((older for older in facts.entries if older.version < entry.version and older.clean), None)
