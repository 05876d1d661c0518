"""The command line in an empty directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edgecors_cli import app
from unit.cli.transcript import Shell, silent

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(app, "end_on_signals", silent)  # the test runner's own signals stay its own
    return Shell(monkeypatch)
