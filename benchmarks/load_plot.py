"""The picture of docs/load.md: `python -m benchmarks.load_plot`, from what `make load` wrote."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

ROOT = Path(__file__).parent.parent
# Colours that stay apart for eyes that see no red or green (Okabe and Ito's palette).
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7")
PERCENTILES = {"p50": "half of them", "p90": "nine tenths", "p99": "99 of 100", "longest": "all"}
ROLES = {
    "gateway": "the gateway",
    "moto": "moto, the stand-in for AWS",
    "tea": "the function",
    "rules_guard": "the guard",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results" / "load.json")
    parser.add_argument("--picture", type=Path, default=ROOT / "docs" / "images" / "load.png")
    asked = parser.parse_args()
    plot(json.loads(asked.results.read_text("utf-8")), asked.picture)


def plot(results: dict[str, Any], path: Path) -> None:
    """Draws both panels into a PNG."""
    with mpl.rc_context({"font.size": 11, "axes.grid": True, "grid.color": "#dddddd", "axes.axisbelow": True}):
        figure = Figure(figsize=(13, 4.8), facecolor="white", layout="constrained")
        latency, memory = figure.subplots(1, 2)
        _latency(latency, results["latency"])
        _memory(memory, results["memory"])
        for panel in (latency, memory):
            panel.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, dpi=110)


def _latency(panel: Any, rows: list[dict[str, Any]]) -> None:
    places = range(len(rows))
    for colour, (name, label) in zip(COLOURS, PERCENTILES.items(), strict=False):
        panel.plot(places, [row[name] for row in rows], marker="o", color=colour, label=label)
    panel.set(yscale="log", xlabel="requests at a time", ylabel="milliseconds", title="Answered within")
    panel.set_xticks(places, [str(row["concurrency"]) for row in rows])
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    panel.legend(fontsize=9, loc="upper left")


def _memory(panel: Any, processes: list[dict[str, Any]]) -> None:
    seen: dict[str, int] = {}
    for process in processes:
        role = process["process"].rsplit(" ", 1)[0]
        seen[role] = seen.get(role, 0) + 1
        label = ROLES.get(role, role) + (f", process {seen[role]}" if role == "tea" else "")
        colour = COLOURS[(list(ROLES).index(role) if role in ROLES else 0) % len(COLOURS)]
        requests, megabytes = zip(*process["megabytes"], strict=True)
        panel.plot(
            [count / 1000 for count in requests],
            megabytes,
            color=colour,
            linestyle="-" if seen[role] == 1 else "--",
            label=label,
        )
    panel.set(xlabel="thousand requests", ylabel="MB resident", title="Memory after each round")
    panel.set_ylim(bottom=0)
    panel.legend(fontsize=9, loc="lower right")


if __name__ == "__main__":
    main()
