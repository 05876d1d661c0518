"""docs/scale.md has the figures that benchmarks/results/fleet.json has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.fleet import show

ROOT = Path(__file__).parents[3]
ROWS = json.loads((ROOT / "benchmarks/results/fleet.json").read_text("utf-8"))["rows"]


@pytest.mark.parametrize("table", show.names(ROWS))
def test_the_tables_are_those_of_the_last_run(table: str) -> None:
    document = (ROOT / "docs/scale.md").read_text("utf-8")
    assert show.markdown(ROWS, table) in document, "make fleet FLEET=--markdown prints them"


def test_figures_are_shown_with_the_digits_that_they_have() -> None:
    assert [show.part(amount, 1_000) for amount in (0, 0.4, 1, 123.4)] == ["0", "< 0.1 %", "0.1 %", "12.3 %"]
    assert [show.seconds(value) for value in (0.04, 9.96, 12.3, 1_234.5)] == ["0.0", "10.0", "12", "1,234"]
