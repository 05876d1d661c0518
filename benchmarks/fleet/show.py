"""The tables that `make fleet` prints."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Row = dict[str, Any]


def part(amount: float, total: float) -> str:
    """A part of the requests, in per cent, as many digits as tell it from nothing."""
    if not amount:
        return "0"
    percent = 100 * amount / total
    return f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"


def seconds(value: float) -> str:
    """Seconds without digits that mean nothing."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _reach(row: Row, change: int) -> str:
    reach = row["reach"][change]
    return " / ".join(seconds(reach[name]) for name in ("p50", "p99", "p100")) if reach["environments"] else "-"


def _reads(row: Row) -> str:
    refused = row["refused_a_second_calm"]
    return f"{row['reads_a_second_calm']:,.1f}" + (f" ({refused:,.1f} refused)" if refused >= 0.05 else "")


_DAY: dict[str, Callable[[Row], str]] = {
    "rules from": lambda row: str(row["label"]),
    "reads/s calm": _reads,
    "peak": lambda row: f"{row['reads_a_second_peak']:,}",
    "age p50 / p99 / max": lambda row: " / ".join(seconds(row[f"age_{name}"]) for name in ("p50", "p99", "max")),
    "change at 50 / 99 / 100 %": lambda row: _reach(row, 0),
    "in an outage": lambda row: _reach(row, 1),
    "stale": lambda row: part(row["requests_stale"], row["requests"]),
    "superseded": lambda row: part(row["requests_superseded"], row["requests"]),
    "no rules, or the fallback": lambda row: part(row["requests_fallback"], row["requests"]),
    "USD a month": lambda row: f"{row['usd_reads']:,.0f} + {row['usd_log_lines']:,.0f}",
}
_SETTING: dict[str, Callable[[Row], str]] = {
    "": lambda row: str(row["label"]),
    "reads/s calm": _reads,
    "peak": lambda row: f"{row['reads_a_second_peak']:,}",
    "a TTL after it": lambda row: f"{row['reads_a_second_echo']:,}",
    "age p50 / p99 / max": _DAY["age p50 / p99 / max"],
    "change at 50 / 99 / 100 %": _DAY["change at 50 / 99 / 100 %"],
    "no rules, or the fallback": _DAY["no rules, or the fallback"],
}


def _cells(rows: Sequence[Row], group: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of a group's table by size: the size where it changes, and the other cells."""
    last = None
    for row in sorted((row for row in rows if row["group"] == group), key=lambda row: row["environments"]):
        size = row["environments"]
        yield "" if size == last else f"{size:,}", [value(row) for value in _columns(group).values()]
        last = size


def _columns(group: str) -> dict[str, Callable[[Row], str]]:
    return _DAY if group == "day" else _SETTING


def tables(rows: Sequence[Row]) -> None:
    """Prints a table for each group of runs."""
    console = Console(width=None if sys.stdout.isatty() else 190)
    for group in dict.fromkeys(row["group"] for row in rows):
        title = "a fleet through a day (seconds)" if group == "day" else f"{group}: a steady fleet, deployed once"
        table = Table(title=title)
        table.add_column("environments", justify="right")
        for heading in _columns(group):
            table.add_column(heading, justify="left" if heading in ("", "rules from") else "right")
        for size, cells in _cells(rows, group):
            if size and table.row_count:
                table.add_section()
            table.add_row(size, *cells)
        console.print(table)


def markdown(rows: Sequence[Row], group: str) -> str:
    """A group's table as docs/scale.md has it."""
    headings = ["environments", *(heading or group for heading in _columns(group))]
    lines = [headings, ["---"] * len(headings), *([size, *cells] for size, cells in _cells(rows, group))]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
