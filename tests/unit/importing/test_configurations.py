"""Configurations in the forms that each system documents, and the reports of their import: whole outputs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edgecors import Rules
from unit.snapshots import check

if TYPE_CHECKING:
    from unit.cli.transcript import Shell

_CASES = Path(__file__).parents[2] / "cases" / "imports"
_SNAPSHOTS = Path(__file__).parent / "snapshots"
_SYSTEMS = ["express", "powertools", "sam", "starlette"]


@pytest.mark.parametrize("system", _SYSTEMS)
def test_import(shell: Shell, system: str) -> None:
    for path in sorted((_CASES / system).iterdir()):
        shutil.copy(path, path.name)
        run = shell.run(f"import {system} {path.name}")
        assert run.status == (0 if run.out else 1), path.name
        if run.out:
            Rules.parse(run.out)
    check(_SNAPSHOTS / f"{system}.txt", shell.text())


def test_as_json(shell: Shell) -> None:
    for system, name in (("express", "tutorial.js"), ("express", "several.js"), ("sam", "none.yaml")):
        shutil.copy(_CASES / system / name, name)
        run = shell.run(f"import {system} {name} --json")
        assert (run.err, isinstance(json.loads(run.out), dict)) == ("", True)
    check(_SNAPSHOTS / "json.txt", shell.text())
