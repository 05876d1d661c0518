"""`make fleet`: what a fleet of environments asks of SSM, and by how old rules it decides.

Writes fleet.json and fleet.png. The same seed gives the same figures. `--quick` takes seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.fleet import costs, show
from benchmarks.fleet.lives import DAY, FAILING, STEADY
from benchmarks.fleet.plot import plot
from benchmarks.fleet.run import BIN, along_the_day, simulate, summary
from benchmarks.fleet.scenarios import SIZES, Run, runs

ROOT = Path(__file__).parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fleet", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fleets of at most 1,000, and no settings compared")
    parser.add_argument("--seed", type=int, default=20_261_122)
    parser.add_argument("--markdown", action="store_true", help="no simulation: the figures there are, as tables")
    parser.add_argument("--output", type=Path, help="a folder for both files (default: where the documents link them)")
    asked = parser.parse_args()
    figures, picture = ROOT / "benchmarks/results/fleet.json", ROOT / "docs/images/fleet.png"
    if asked.output or asked.quick:
        folder = asked.output or ROOT / "build/fleet"
        figures, picture = folder / figures.name, folder / picture.name

    if asked.markdown:
        rows = json.loads(figures.read_text("utf-8"))["rows"]
        print("\n\n".join(show.markdown(rows, table) for table in show.names(rows)))
        return 0
    found = _all([run._replace(scenario=replace(run.scenario, seed=asked.seed)) for run in runs(quick=asked.quick)])
    show.tables(found)
    for path in (figures, picture):
        path.parent.mkdir(parents=True, exist_ok=True)
    figures.write_text(_as_text(asked.seed, found), "utf-8")
    plot(found, picture)
    for path in (figures, picture):
        print(f"written  {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")
    return 0


def _all(wanted: list[Run]) -> list[dict[str, Any]]:
    """The rows of all runs, in their order; the long ones first, beside each other, a line for each that is done."""
    rows: dict[int, dict[str, Any]] = {}
    began = time.monotonic()
    with ProcessPoolExecutor(max_workers=min(6, os.cpu_count() or 1)) as pool:
        order = sorted(range(len(wanted)), key=lambda number: -wanted[number].scenario.environments)
        under_way = {pool.submit(_one, wanted[number]): number for number in order}
        for done in as_completed(under_way):
            number = under_way[done]
            rows[number] = done.result()
            run = wanted[number]
            what = f"{run.scenario.environments:,} environments, {run.group}, {run.label}"
            if not run.scenario.settings.fallback:
                what += ", no fallback"
            print(f"{time.monotonic() - began:5.0f} s  {len(rows)}/{len(wanted)}  {what}", file=sys.stderr, flush=True)
    return [rows[number] for number in range(len(wanted))]


def _one(run: Run) -> dict[str, Any]:
    outcome = simulate(run.scenario)
    row = {"group": run.group, "label": run.label, **summary(run.scenario, outcome)}
    row |= costs.a_month(row)
    if run.group == "day" and run.scenario.environments in SIZES[-2:] and run.scenario.settings.fallback:
        row["along_the_day"] = along_the_day(outcome, run.scenario.day)
    return row


def _as_text(seed: int, rows: list[dict[str, Any]]) -> str:
    """JSON with a row a line, so that a change of figures can be read as a difference."""
    days = {"day": DAY, "steady": STEADY, "failing": FAILING}
    head = {"command": "make fleet", "seed": seed, "bin_seconds": BIN}
    head |= {name: asdict(day) for name, day in days.items()}
    lines = [f'  "{name}": {json.dumps(value)},' for name, value in head.items()]
    return "\n".join(["{", *lines, '  "rows": [', ",\n".join(f"    {json.dumps(row)}" for row in rows), "  ]", "}", ""])


if __name__ == "__main__":
    sys.exit(main())
