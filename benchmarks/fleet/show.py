"""The tables that `make fleet` prints."""

from __future__ import annotations

import sys
from itertools import groupby
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
    "by the fallback": lambda row: part(row["requests_fallback"], row["requests"]),
    "USD a month": lambda row: f"{row['usd_reads']:,.0f} + {row['usd_log_lines']:,.0f}",
}
_SETTING: dict[str, Callable[[Row], str]] = {
    "": lambda row: str(row["label"]),
    "reads/s calm": _reads,
    "peak": lambda row: f"{row['reads_a_second_peak']:,}",
    "a TTL after it": lambda row: f"{row['reads_a_second_echo']:,}",
    "age p50 / p99 / max": _DAY["age p50 / p99 / max"],
    "change at 50 / 99 / 100 %": _DAY["change at 50 / 99 / 100 %"],
    "by the fallback": _DAY["by the fallback"],
}
_PAUSE: dict[str, Callable[[Row], str]] = {
    "": lambda row: str(row["label"]),
    "reads/s calm": _reads,
    "age p50 / p99 / max": _DAY["age p50 / p99 / max"],
    "change at 50 / 99 / 100 %": _DAY["change at 50 / 99 / 100 %"],
    "in an outage of 10 s": lambda row: _reach(row, 1),
    "of 120 s": lambda row: _reach(row, 2),
    "stale": _DAY["stale"],
    "log lines": lambda row: f"{sum(row['log_lines'].values()):,}",
}
# Each cell with and without a fallback, of the runs through a day.
_FALLBACK: dict[str, Callable[[Row], str]] = {
    "rules from": _DAY["rules from"],
    "reads/s calm": _reads,
    "by the fallback / by no rules": lambda row: part(row["requests_fallback"] + row["requests_none"], row["requests"]),
    "stale": _DAY["stale"],
    "waited over half a second": lambda row: f"{row['waits_over_half_a_second']:,}",
}

_TITLES = {
    "day": "a fleet through a day (seconds)",
    "fallback": "the same, with EDGECORS_FALLBACK / without",
    "first pause": "first pause: a steady fleet, SSM failing twice",
}


def names(rows: Sequence[Row]) -> list[str]:
    """The tables there are: one for each group of runs, and a second one of the runs through a day."""
    found = list(dict.fromkeys(row["group"] for row in rows))
    return [name for group in found for name in ((group, "fallback") if group == "day" else (group,))]


def _columns(table: str) -> dict[str, Callable[[Row], str]]:
    return {"day": _DAY, "fallback": _FALLBACK, "first pause": _PAUSE}.get(table, _SETTING)


def _cells(rows: Sequence[Row], table: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of a table by size: the size where it changes, and the other cells."""
    first, *others = _columns(table).values()
    last = None
    for size, group in groupby(sorted(_of(rows, table), key=_size), key=_size):
        # Two rows of one label, which only the table of the fallback has, share a line.
        for label, same in groupby(group, key=first):
            runs = list(same)
            yield "" if size == last else f"{size:,}", [label, *(" / ".join(map(value, runs)) for value in others)]
            last = size


def _of(rows: Sequence[Row], table: str) -> list[Row]:
    if table == "fallback":
        return [row for row in rows if row["group"] == "day"]
    return [row for row in rows if row["group"] == table and row["fallback"]]


def _size(row: Row) -> int:
    return int(row["environments"])


def tables(rows: Sequence[Row]) -> None:
    """Prints all tables."""
    console = Console(width=None if sys.stdout.isatty() else 190)
    for name in names(rows):
        table = Table(title=_TITLES.get(name, f"{name}: a steady fleet, deployed once"))
        table.add_column("environments", justify="right")
        for heading in _columns(name):
            table.add_column(heading, justify="left" if heading in ("", "rules from") else "right")
        for size, cells in _cells(rows, name):
            if size and table.row_count:
                table.add_section()
            table.add_row(size, *cells)
        console.print(table)


def markdown(rows: Sequence[Row], name: str) -> str:
    """A table as docs/scale.md has it."""
    headings = ["environments", *(heading or name for heading in _columns(name))]
    lines = [headings, ["---"] * len(headings), *([size, *cells] for size, cells in _cells(rows, name))]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
