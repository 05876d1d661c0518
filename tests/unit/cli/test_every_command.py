"""What all commands have in common."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edgecors_cli.app import app

if TYPE_CHECKING:
    from unit.cli.transcript import Shell

COMMANDS = [command.name for command in app.registered_commands if command.name is not None]
ROOT = Path(__file__).parents[3]


def test_these_are_the_commands() -> None:
    assert COMMANDS == [
        "lint",
        "explain",
        "plan",
        "push",
        "pull",
        "history",
        "rollback",
        "import",
        "doctor",
        "probe",
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_its_help_has_an_example_and_it_has_json(command: str, shell: Shell) -> None:
    shell.run(f"{command} --help")
    said = shell.text()
    assert f"  Example:\n    edgecors {command} " in said
    assert "\n  --json " in said
    assert said.endswith("=> 0\n")


@pytest.mark.parametrize(
    ("words", "expected"), [("edgecors pu", "push\npull\n"), ("edgecors push --pa", "--parameter\n")]
)
def test_a_shell_completes_it(words: str, expected: str) -> None:
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            str(ROOT / part) for part in ("layers/cors/python", "functions/rules_guard", "tools")
        ),
        "_EDGECORS_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "edgecors_cli"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == expected
