"""What a person sees: a line for each round, and the table at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from load.judging import percentiles
from load.memory import BOUND, ENOUGH

if TYPE_CHECKING:
    from load.judging import Ledger, Verdict


def progress(ledger: Ledger, number: int, wanted: int, elapsed: float) -> str:
    """The line after a round; `elapsed` in seconds."""
    last = ledger.rounds[-1]
    p50, _, p99 = percentiles([1000 * (record.received - record.sent) for record in last.records])
    left = elapsed / max(ledger.answers, 1) * max(wanted - ledger.answers, 0)
    wrong = "none wrong" if not ledger.wrong else f"{ledger.wrong:,} WRONG"
    return (
        f"round {number:<3} {last.concurrency:>3} at a time  {len(last.records) / last.seconds:>5.0f}/s  "
        f"p50 {p50:>7.1f} ms  p99 {p99:>7.1f} ms  {ledger.answers:>9,} of {wanted:,}, {wrong}  "
        f"{left / 60:.0f} min to go"
    )


def show(verdict: Verdict) -> None:
    """The tables, then the complaints, or that there are none."""
    console = Console(width=None if sys.stdout.isatty() else 110, highlight=False)
    console.print()
    for table in (_latency(verdict), _kinds(verdict), *([_memory(verdict)] if verdict.growths else [])):
        console.print(table)
    changes = verdict.changes
    console.print(
        f"{changes['published']} times the rules changed, {changes['not rules']} times they were none; "
        f"an answer followed the rules before for {changes['longest lag, seconds']:.1f} s at most."
    )
    console.print(f"{verdict.witnessed:,} answers more were taken by a second client, whole.")
    if verdict.complaints:
        for complaint in verdict.complaints:
            console.print(f"[red]✗[/] {escaped(complaint)}")
        return
    grown = "no memory grew" if verdict.judged_memory else f"memory is judged from {ENOUGH:,} requests on"
    console.print(f"[green]✓[/] {verdict.requests:,} requests: no wrong answer, no error; {grown}.")


def escaped(text: str) -> str:
    """For the terminal: no control characters (a foreign answer may be in it), no markup."""
    shown = "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)
    return shown.replace("[", r"\[")


def _latency(verdict: Verdict) -> Table:
    table = Table(title="Latency, ms")
    for heading in ("at a time", "requests", "a second", "p50", "p90", "p99", "longest"):
        table.add_column(heading, justify="right")
    for row in verdict.latencies:
        figures = (f"{each:,.1f}" for each in (row.a_second, row.p50, row.p90, row.p99, row.longest))
        table.add_row(str(row.concurrency), f"{row.requests:,}", *figures)
    return table


def _kinds(verdict: Verdict) -> Table:
    table = Table(title="Answers")
    table.add_column("kind")
    table.add_column("requests", justify="right")
    table.add_column("p50, ms", justify="right")
    for kind, figures in verdict.kinds.items():
        table.add_row(kind, f"{figures['requests']:,.0f}", f"{figures['p50']:,.1f}")
    return table


def _memory(verdict: Verdict) -> Table:
    table = Table(title="Memory, MB resident")
    table.add_column("process")
    for heading in ("after the warm-up", "at the end", "bytes a request", "bound"):
        table.add_column(heading, justify="right")
    for row in verdict.growths:
        bound = f"{BOUND:.0f}" if verdict.judged_memory else "–"
        table.add_row(row.role, f"{row.after_warm_up:.1f}", f"{row.end:.1f}", f"{row.slope:.1f}", bound)
    return table
