"""What the guard writes to people: what is wrong, where, since when and by whom; what was done; what they can do."""

from __future__ import annotations

import shlex
from datetime import UTC
from typing import TYPE_CHECKING

from guard.choice import good_before
from rules_store.errors import first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NamedTuple

    from guard.facts import Facts
    from guard.notices import Notice
    from rules_store import Entry

    class Message(NamedTuple):
        """For SNS."""

        subject: str
        text: str


_MAX_SUBJECT = 99  # SNS: printable ASCII, less than 100 characters
_MAX_PROBLEMS = 100  # of some 600 bytes at most, and SNS takes 256 KB


def about(name: str, notice: Notice, facts: Facts, reason: str) -> tuple[str, str]:
    """Subject and text of a notice. `reason`: why the published version stays, if it is bad."""
    entry = notice.entry
    head, subject = _head(name, notice, facts, reason)
    blocks = [
        [head],
        list(_who(entry)),
        list(_problems(entry)),
        list(_effect(notice, facts)),
        list(_hidden(name, notice, facts)),
        list(_advice(name, notice, facts)),
    ]
    return _subject(name, subject), "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def deleted(name: str) -> tuple[str, str]:
    """Subject and text for a parameter that is not there any more."""
    text = [
        f"{name} has been deleted, and with it every version that SSM had of it.",
        "",
        "Functions keep the rules that they have for EDGECORS_MAX_STALE seconds (a day, unless it is set), then allow",
        "no origin. Those that start now use their fallback (EDGECORS_FALLBACK), or allow no origin.",
        "",
        "To publish the rules again, from the file that they came from:",
        f"  edgecors push rules.json --parameter {shlex.quote(name)}",
    ]
    return _subject(name, "has been deleted"), "\n".join(text) + "\n"


def _subject(name: str, what: str) -> str:
    room = _MAX_SUBJECT - len("edgecors:  ") - len(what)
    shown = name if len(name) <= room else "..." + name[3 - room :]
    return f"edgecors: {shown} {what}"


def _head(name: str, notice: Notice, facts: Facts, reason: str) -> tuple[str, str]:
    """The first sentence, and the subject's."""
    bad, done = notice.entry.version, notice.restoration
    if done is not None:
        put = f"version {done.source} has been put back as version {done.entry.version}"
        if notice.late:
            return (
                f"{name}: {put}, in place of version {bad}, of which you have been told that it stays.",
                f"version {done.source} is back, in place of version {bad}",
            )
        return f"{name}: version {bad} is bad, and {put}.", f"version {bad} is bad, version {done.source} is back"
    if notice.entry.verdict == "good":
        return (
            f"{name}: version {bad} is in force, but could not be published today. The guard leaves it as it is.",
            f"version {bad} has warnings",
        )
    if notice.entry is facts.newest:
        return (
            f"{name}: version {bad} is bad, and still the published one: {reason}.",
            f"version {bad} is bad and still there",
        )
    return (
        f"{name}: version {bad} was bad, and has been replaced already.",
        f"version {bad} was bad",
    )


def _who(entry: Entry) -> Iterator[str]:
    by = f" by {first_line(entry.user)}" if entry.user else ""
    yield f"version {entry.version} was written at {entry.date.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC{by}"
    if entry.description:
        yield f"with the reason: {first_line(entry.description, 1_024)}"


def _problems(entry: Entry) -> Iterator[str]:
    problems = entry.problems or entry.warnings
    if not problems:
        yield f"1 problem\n  {first_line(entry.reason, 600)}"
        return
    kind = "problem" if entry.problems else "warning"
    yield f"{len(problems)} {kind}{'s' * (len(problems) != 1)}"
    from rules_analysis.findings import with_witness  # noqa: PLC0415  (only where something is wrong)

    for problem in problems[:_MAX_PROBLEMS]:
        yield f"  {with_witness(problem)}"
    if len(problems) > _MAX_PROBLEMS:
        yield f"  and {len(problems) - _MAX_PROBLEMS} more: edgecors lint shows all"


def _effect(notice: Notice, facts: Facts) -> Iterator[str]:
    newest = facts.newest
    if notice.entry.verdict != "good":
        bad = notice.entry.version
        yield f"No function takes version {bad}: each goes on with the rules that it has, or its fallback."
    if newest is notice.entry or (notice.restoration is not None and newest is notice.restoration.entry):
        return
    order = {"good": "in order", "bad": "bad too", "gone": "unreadable"}[newest.verdict]
    if newest.warnings:
        order = "in force, with warnings"
    by = f", by {first_line(newest.user)}" if newest.user else ""
    yield f"The published version is {newest.version} now, and {order}{by}."


def _hidden(name: str, notice: Notice, facts: Facts) -> Iterator[str]:
    """Who writes without the lock (the console does) may write at the same moment as the guard."""
    done = notice.restoration
    if done is None:
        return
    for entry in reversed(facts.entries):
        if done.bad < entry.version < done.entry.version and entry.text != done.entry.text:
            by = f" by {first_line(entry.user)}" if entry.user else ""
            yield f"Version {entry.version}{by} came in between, and version {done.entry.version} hides it."
            if entry.verdict == "good":
                yield f"  edgecors rollback --parameter {shlex.quote(name)} --to {entry.version}"


def _advice(name: str, notice: Notice, facts: Facts) -> Iterator[str]:
    entry, parameter = notice.entry, shlex.quote(name)
    if entry.text and not entry.chunks:
        yield f"To publish what version {entry.version} was meant to be:"
        yield (
            f"  aws ssm get-parameter --name {shlex.quote(f'{name}:{entry.version}')} "
            "--query Parameter.Value --output text > rules.json"
        )
        yield "  edgecors lint --fix rules.json"
        yield f"  edgecors push rules.json --parameter {parameter}"
    else:
        yield f"To publish what version {entry.version} was meant to be, push the file that it came from:"
        yield f"  edgecors push rules.json --parameter {parameter}"
    older = good_before(facts, entry)
    if notice.restoration is not None:
        yield "To undo what the guard did, choose another version:"
        yield f"  edgecors history --parameter {parameter}"
        yield f"  edgecors rollback --parameter {parameter} --to VERSION"
        yield "The guard lets no bad version stay. To be told only, set the stack's parameter GuardMode to alarm."
    elif entry is facts.newest and older is not None:
        yield f"To return to version {older.version}, the newest that is in order:"
        yield f"  edgecors rollback --parameter {parameter} --to {older.version}"
