"""The pictures of the command line in the README."""

from __future__ import annotations

import pytest

from docs import pictures
from edgecors_cli import app
from unit.cli.transcript import silent


@pytest.mark.parametrize("name", pictures.PICTURES)
def test_a_picture_shows_what_its_command_prints(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If not: PYTHONPATH=layers/cors/python:functions/rules_guard:tools python -m docs.pictures"""
    monkeypatch.setattr(app, "end_on_signals", silent)  # the test runner's own signals stay its own
    drawn = pictures.draw(pictures.PICTURES[name])
    assert (pictures.IMAGES / f"{name}.svg").read_text("utf-8") == drawn
    assert "url(http" not in drawn
