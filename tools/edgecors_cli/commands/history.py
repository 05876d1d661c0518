"""edgecors history: the versions of a parameter."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from edgecors_cli import aws, options, render_problems
from edgecors_cli.render_problems import printable
from edgecors_cli.terminal import Terminal
from rules_store import StoreError, history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from rules_store import Entry

_EXPLAINED = 5  # bad versions, the newest


def show(
    parameter: options.Parameter,
    profile: options.Profile = None,
    region: options.Region = None,
    endpoint_url: options.Endpoint = None,
    as_json: options.AsJson = False,
) -> None:
    """List the versions: who, when, why.

    With a verdict on each: good, bad, or not restorable. SSM keeps the latest hundred. Rules of more than 4,096 bytes
    can be returned to as long as they are among the ten latest good ones.

    \b
    Example:
      edgecors history --parameter /edgecors/tea/production
    """
    terminal = Terminal(as_json=as_json)
    client = aws.client(profile, region, endpoint_url)
    with terminal.progress() as progress:
        progress("reading the versions", 0, 0)
        entries = history(client, parameter)
    if not entries:
        raise StoreError(
            "not-found",
            f"{parameter}: there is no such parameter in this account and Region.",
            "Check the name, --profile and --region; edgecors push creates it.",
        )
    terminal.show(_table(entries), *_explained(entries))
    terminal.result({"parameter": parameter, "versions": [_as_json(entry) for entry in entries]})


def _table(entries: Sequence[Entry]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("version", "when (UTC)", "who", "why", "labels", "bytes", "verdict"):
        table.add_column(title, justify="right" if title in ("version", "bytes") else "left", overflow="fold")
    for entry in entries:
        table.add_row(
            str(entry.version),
            f"{entry.date.astimezone(UTC):%Y-%m-%d %H:%M}",
            printable(_person(entry.user)),
            printable(entry.description),
            printable(", ".join(entry.labels)),
            f"{entry.size:,}",
            _verdict(entry),
        )
    return table


def _person(arn: str) -> str:
    """The end of an ARN that tells people apart: `alice`, `deploy/run-17`."""
    return (arn.rpartition(":")[2].partition("/")[2] or arn) if arn.startswith("arn:") else arn


def _verdict(entry: Entry) -> Text:
    if entry.verdict == "good":
        if entry.warnings:
            count = len(entry.warnings)
            return Text(f"good, {count} warning{'s' * (count != 1)}", "yellow")
        return Text("good", "green")
    if entry.verdict == "bad":
        count = len(entry.problems)
        return Text(f"bad, {count} problem{'s' * (count != 1)}" if count else "bad", "red")
    return Text("not restorable", "dim")


def _explained(entries: Sequence[Entry]) -> Iterator[RenderableType]:
    """Why versions are bad."""
    for entry in [entry for entry in entries if entry.verdict == "bad"][:_EXPLAINED]:
        yield Text()
        yield Text(f"version {entry.version} is bad:", "red")
        yield from (
            f"  {line}" for line in [*render_problems.one_line(entry.problems[:10]), *filter(None, [entry.reason])]
        )


def _as_json(entry: Entry) -> dict[str, object]:
    return {
        "version": entry.version,
        "date": entry.date.astimezone(UTC).isoformat(timespec="seconds"),
        "user": entry.user,
        "why": entry.description,
        "labels": list(entry.labels),
        "tier": entry.tier,
        "bytes": entry.size,
        "chunks": entry.chunks,
        "verdict": entry.verdict,
        "problems": [render_problems.as_json(problem) for problem in entry.problems],
        "warnings": [render_problems.as_json(problem) for problem in entry.warnings],
        "reason": entry.reason,
    }
