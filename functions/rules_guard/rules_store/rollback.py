"""Returning to an older version: its text is published again, as a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import Rules, RulesError
from rules_store.errors import StoreError
from rules_store.history import Entry, history
from rules_store.publish import Publication, publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_ssm import SSMClient

    from rules_store.chunks import Progress


def target(name: str, entries: Sequence[Entry], to: int | None = None) -> Entry:
    """The version to return to, of `history(client, name)`: `to`, or the newest older one that could be published
    today and whose rules are not those of the newest. Raises StoreError."""
    if not entries:
        raise StoreError("not-found", f"{name}: there is no such parameter.", "edgecors push creates it.")
    newest, *older = entries
    if to is None:
        for entry in older:
            if entry.clean and not _same_rules(entry, newest):
                return entry
        raise StoreError(
            "nothing-to-return-to",
            f"{name} has no older version that is in order and differs from version {newest.version}.",
            "edgecors history shows why; edgecors push publishes a file.",
            kind="refused",
        )
    chosen = next((entry for entry in entries if entry.version == to), None)
    if chosen is None:
        raise StoreError(
            "version-not-found",
            f"{name} has no version {to}; SSM has {entries[-1].version} to {newest.version}.",
            "edgecors history lists them.",
            kind="call",
        )
    if chosen.verdict == "good":
        return chosen
    if chosen.problems:
        raise RulesError(chosen.problems)
    raise StoreError(
        "not-restorable",
        f"{name}: version {to} cannot be published again: {chosen.reason}.",
        "edgecors history lists those that can.",
        kind="refused",
    )


def _same_rules(entry: Entry, other: Entry) -> bool:
    if other.verdict != "good":
        return False
    return entry.text == other.text or Rules.parse(entry.text, strict=False) == Rules.parse(other.text, strict=False)


def rollback(
    client: SSMClient,
    name: str,
    *,
    to: int | None = None,
    description: str = "",
    progress: Progress = lambda step, done, total: None,  # noqa: ARG005
) -> Publication:
    """Publish the text of an older version again: of `to`, or of `target`'s choice. Raises as `publish` does."""
    entries = history(client, name)
    return restore(client, name, target(name, entries, to), entries[0].version, description, progress)


def restore(
    client: SSMClient, name: str, entry: Entry, newest: int, description: str, progress: Progress
) -> Publication:
    """Publish the text of a good `entry` again, on top of the version `newest`.

    What only warns is published: it was once, and in an emergency the data of today (the Public Suffix List) is no
    reason to refuse it.
    """
    return publish(
        client,
        name,
        entry.text,
        expected=newest,
        description=description or f"Rollback to version {entry.version}",
        strict=False,
        doing="rollback",
        progress=progress,
    )
