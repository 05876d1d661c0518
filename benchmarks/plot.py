"""The picture of docs/performance.md: `python -m benchmarks.plot`, from what `make bench` wrote."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = dict[str, Any]

ROOT = Path(__file__).parent.parent
# Colours that stay apart for eyes that see no red or green (Okabe and Ito's palette).
OURS, THEIRS, MISSED = "#0072B2", "#999999", "#D55E00"
PREFLIGHTS = {
    "preflight, 10 origins": "Preflight, 10 origins",
    "preflight, 10 wildcards, 1,000 origins": "Preflight, 10 wildcards, 1,000 origins",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks" / "results" / "latest.json")
    parser.add_argument("--picture", type=Path, default=ROOT / "docs" / "images" / "performance.png")
    asked = parser.parse_args()
    plot(json.loads(asked.results.read_text("utf-8"))["rows"], asked.picture)


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draws the panels into a PNG."""
    style = {"font.size": 11, "axes.grid": True, "axes.grid.axis": "x", "grid.color": "#dddddd", "axes.axisbelow": True}
    with mpl.rc_context(style):
        figure = Figure(figsize=(13, 7.5), facecolor="white", layout="constrained")
        left, right = figure.subfigures(1, 2, width_ratios=[1, 1.25])
        panels = left.subplots(2, 1)
        for panel, (work, title) in zip(panels, PREFLIGHTS.items(), strict=True):
            _times(panel, [row for row in rows if row["work"] == work], title)
        goals = right.subplots()
        _goals(goals, [row for row in rows if row["goal"] is not None])
        for panel in (*panels, goals):
            panel.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, dpi=80)


def _times(panel: Any, rows: Sequence[Row], title: str) -> None:
    """Microseconds a request, the fastest at the top."""
    times = {"edgecors": rows[0]["ours"]}
    times.update((row["against"], row["theirs"]) for row in rows if row["against"] != "npm cors, only recording")
    names = sorted(times, key=lambda name: -times[name])
    values = [times[name] for name in names]
    colours = [OURS if name == "edgecors" else THEIRS for name in names]
    panel.barh(names, values, color=colours)
    for place, value in enumerate(values):
        panel.annotate(f"{value:,.1f}", (value, place), xytext=(4, 0), textcoords="offset points", va="center")
    panel.set(xscale="log", xlabel="microseconds a request", title=title, xlim=(min(values) / 2, max(values) * 3))
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")


def _goals(panel: Any, rows: Sequence[Row]) -> None:
    """Each ratio as a part of its goal: what ends left of the line is reached."""
    names = [f"{row['work']} / {row['against']}" for row in rows][::-1]
    parts = [row["ratio"] / row["goal"] for row in rows][::-1]
    panel.hlines(names, 1, parts, color="#cccccc", linewidth=1.5)
    panel.scatter(parts, names, color=[OURS if part <= 1 else MISSED for part in parts], s=36, zorder=3)
    panel.axvline(1, color="#333333", linestyle="--")
    panel.set(xscale="log", xlabel="part of the goal (left of the line: reached)", title="Ratios against their goals")
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    panel.tick_params(axis="y", labelsize=8.5)


if __name__ == "__main__":
    main()
