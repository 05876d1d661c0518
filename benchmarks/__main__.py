"""`make bench`: edgecors against its peers, in the same run on the same machine.

Goals are ratios; absolute figures are shown and kept, never checked. Exit status: 0 every goal is reached, 1 one is
missed (it is named), 2 the call is wrong.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import groups, one_core, workloads
from benchmarks.groups import Row
from benchmarks.node import HERE, Node
from benchmarks.plot import plot

RESULTS = HERE / "results"
PICTURE = HERE.parent / "docs" / "images" / "performance.png"
PEERS = ("aws-lambda-powertools", "flask", "flask-cors", "mangum", "starlette")
PEERS_ON_NODE = ("@middy/core", "@middy/http-cors", "cors")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=31, help="interleaved rounds (default 31)")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and origins: a look, not a measurement")
    parser.add_argument(
        "--output", type=Path, help="where the figures go, and a picture (default, unless --quick: docs/)"
    )
    parser.add_argument("--markdown", action="store_true", help="the table as docs/performance.md has it")
    asked = parser.parse_args()
    rounds = 5 if asked.quick else asked.rounds
    one_core.stay()
    exact, wild = (20_000, 5_000) if asked.quick else (1_000_000, 100_000)

    # The time that a heap of events costs the collector is nobody's middleware's.
    load = {
        "preflight-exact": workloads.preflights(workloads.EXACT),
        "preflight-wildcards": workloads.preflights(workloads.BELOW_WILDCARDS),
        "get": workloads.gets(workloads.EXACT),
    }
    with Node(load) as node:
        found = [groups.preflights(node, rounds), groups.gets(node, rounds)]
    found += [
        groups.sources(rounds),
        groups.shapes(rounds),
        groups.refusals(rounds),
        groups.hostile(rounds),
        groups.scale(rounds, exact, wild),
    ]
    found.append(groups.making(1_000, exact))

    rows = [row for _, group in found for row in group]
    medians = {name: times for group, _ in found for name, times in group.items()}
    if asked.markdown:
        print(_markdown(rows))
    else:
        _show(rows)
    _write(_results(rows, medians, rounds), asked.output, quick=asked.quick)
    missed = [row for row in rows if row.goal is not None and row.ratio > row.goal]
    for row in missed:
        print(f"missed: {row.work} against {row.against}: {row.ratio:.3f} of at most {row.goal:.3f}", file=sys.stderr)
    return 1 if missed else 0


def _write(results: dict[str, Any], output: Path | None, *, quick: bool) -> None:
    """The figures and their picture; a look leaves those of the documentation alone."""
    if output is None and quick:
        return
    picture = PICTURE if output is None else output.with_suffix(".png")
    output = output or RESULTS / "latest.json"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    plot(results["rows"], picture)


def _show(rows: list[Row]) -> None:
    table = Table(title="edgecors against what people would use instead (medians of interleaved rounds)")
    for heading in ("work", "against"):
        table.add_column(heading)
    for heading in ("edgecors", "they", "ratio", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("")
    last = None
    for row in rows:
        if last is not None and row.work != last:
            table.add_section()
        verdict = "" if row.goal is None else "[green]✓[/]" if row.ratio <= row.goal else "[red]missed[/]"
        table.add_row(
            "" if row.work == last else row.work,
            row.against,
            f"{row.ours:,.2f} {row.unit}",
            f"{row.theirs:,.2f} {row.unit}",
            f"{row.ratio:.3f}",
            "" if row.goal is None else f"≤ {row.goal:.3g}",
            verdict,
        )
        last = row.work
    Console(width=None if sys.stdout.isatty() else 130).print(table)


def _markdown(rows: list[Row]) -> str:
    lines = ["| work | against | edgecors | they | ratio | goal | |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        goal, verdict = "", ""
        if row.goal is not None:
            goal, verdict = f"{row.goal:.3g}", "reached" if row.ratio <= row.goal else "**missed**"
        figures = f"{row.ours:,.2f} {row.unit} | {row.theirs:,.2f} {row.unit} | {row.ratio:.3f}"
        lines.append(f"| {row.work} | {row.against} | {figures} | {goal} | {verdict} |")
    return "\n".join(lines)


def _results(rows: list[Row], medians: dict[str, dict[str, float]], rounds: int) -> dict[str, Any]:
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    return {
        "measured": datetime.now(UTC).date().isoformat(),
        "command": "make bench",
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "node": node,
        "peers": {
            **{name: version(name) for name in PEERS},
            **{name: locked[f"node_modules/{name}"]["version"] for name in PEERS_ON_NODE},
        },
        "rounds": rounds,
        "requests_a_round": workloads.REQUESTS,
        "rows": [
            {**row._asdict(), "ours": round(row.ours, 3), "theirs": round(row.theirs, 3), "ratio": round(row.ratio, 4)}
            for row in rows
        ],
        "nanoseconds_a_request": medians,
    }


if __name__ == "__main__":
    sys.exit(main())
