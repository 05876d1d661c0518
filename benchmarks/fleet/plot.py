"""The picture of docs/scale.md: four panels, each with what it shows as its title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.fleet.run import BIN, PARTS
from benchmarks.fleet.store import STANDARD_QUOTA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Row = dict[str, Any]

# Colours that stay apart for eyes that see no red or green (Okabe and Ito's palette), and their line.
COLOURS = {"sdk": "#0072B2", "sdk, higher throughput": "#D55E00", "extension": "#009E73"}
# Where the quota is never reached, both quotas give the same: the second is drawn over the first with gaps.
LINES = {"sdk": "-", "sdk, higher throughput": (0, (4, 3)), "extension": "-"}


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draws the runs through a day, those with a fallback, into a PNG."""
    day = [row for row in rows if row["group"] == "day" and row["fallback"]]
    largest = max(row["environments"] for row in day)
    big = [row for row in day if row["environments"] == largest]
    with mpl.rc_context({"font.size": 11, "axes.grid": True, "grid.color": "#dddddd", "axes.axisbelow": True}):
        figure = Figure(figsize=(13, 9.5), facecolor="white", layout="constrained")
        panels = figure.subplots(2, 2)
        _reads(panels[0][0], big, largest)
        _ages(panels[0][1], day)
        _reach(panels[1][0], big, largest)
        _without(panels[1][1], big, largest)
        for panel in panels.flat:
            panel.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, dpi=110)


def _reads(panel: Any, rows: Sequence[Row], size: int) -> None:
    for row in rows:
        asked = row["along_the_day"]["asked"]
        panel.plot(_minutes(asked), asked, **_style(row))
    panel.axhline(STANDARD_QUOTA, color="#333333", linestyle="--", label="SSM's standard quota, 40/s")
    panel.set(
        yscale="log",
        ylim=(0.5, None),
        xlabel="minutes",
        ylabel="reads of SSM a second",
        title=f"Reads asked for, {size:,} at midday",
    )
    for minutes, what in ((25, "deployment"), (33.3, "outage"), (44.2, "silence")):
        panel.annotate(
            what,
            (minutes, 1),
            xycoords=("data", "axes fraction"),
            xytext=(2, -12),
            textcoords="offset points",
            fontsize=9,
        )
        panel.axvline(minutes, color="#999999", linewidth=0.8)
    panel.legend(fontsize=9, loc="lower left")


def _ages(panel: Any, rows: Sequence[Row]) -> None:
    for label, colour in COLOURS.items():
        of_label = [row for row in rows if row["label"] == label]
        sizes = [row["environments"] for row in of_label]
        for figure, line in (("age_p50", "-"), ("age_p99", "--"), ("age_max", ":")):
            panel.plot(sizes, [row[figure] for row in of_label], line, color=colour, marker="o", markersize=4)
        panel.plot([], [], color=colour, label=label)
    for name, line in (("p50", "-"), ("p99 (in the outage)", "--"), ("maximum", ":")):
        panel.plot([], [], line, color="#555555", label=name)
    panel.set(
        xscale="log", yscale="log", xlabel="environments at midday", ylabel="seconds", title="Age of the rules served"
    )
    ticks = (10, 30, 60, 100, 300, 600, 1_000, 2_000)
    panel.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    panel.set_yticks([], minor=True)
    panel.set_xticks(sizes := sorted({row["environments"] for row in rows}), [f"{size:,}" for size in sizes])
    panel.set_xticks([], minor=True)
    panel.set_ylim(None, 5_000)
    panel.legend(fontsize=9, loc="upper left", ncols=2)


def _reach(panel: Any, rows: Sequence[Row], size: int) -> None:
    for row in rows:
        reach = row["reach"][0]
        places = [reach[f"p{round(part * 100)}"] for part in PARTS]
        panel.plot([0, *places], [0, *(100 * part for part in PARTS)], **_style(row))
    panel.set(
        xlabel="seconds after the change",
        ylabel="% of the environments that were there",
        title=f"How far a change has come while SSM is up, {size:,} at midday",
        xlim=(0, None),
    )
    panel.legend(fontsize=9, loc="lower right")


def _without(panel: Any, rows: Sequence[Row], size: int) -> None:
    for row in rows:
        series = row["along_the_day"]
        kinds = ("fresh", "stale", "fallback", "none")
        totals = [sum(amounts) for amounts in zip(*(series[kind] for kind in kinds), strict=True)]
        parts = [100 * amount / total if total else 0 for amount, total in zip(series["fallback"], totals, strict=True)]
        panel.plot(_minutes(parts), parts, **_style(row))
    panel.set(
        xlabel="minutes",
        ylabel="% decided by the fallback, or by no rules",
        title=f"Requests without rules of SSM, {size:,} at midday",
        ylim=(0, 100),
    )
    panel.legend(fontsize=9)


def _style(row: Row) -> dict[str, Any]:
    label = row["label"]
    return {"color": COLOURS[label], "linestyle": LINES[label], "label": label}


def _minutes(series: Sequence[float]) -> list[float]:
    return [place * BIN / 60 for place in range(len(series))]
