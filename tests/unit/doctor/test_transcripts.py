"""Whole sessions, compared with what they are known to look like."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from cases.templates.mistakes import MISTAKES
from edgecors_doctor import check as checking

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from unit.cli.transcript import Shell

    Compare = Callable[[], None]

TEMPLATES = Path(__file__).parents[2] / "cases/templates"


def test_doctor(shell: Shell, transcript: Compare) -> None:
    for rule in ("E9801", "E9805", "W9813"):
        for state in ("broken", "fixed"):
            shutil.copy(TEMPLATES / f"rules/{rule}-{state}.yaml", ".")
    Path("iam.yaml").write_text(MISTAKES["only-the-chunks"], encoding="utf-8")
    assert shell.run("doctor --help").status == 0
    assert shell.run("doctor E9801-broken.yaml").status == 1
    assert shell.run("doctor E9801-fixed.yaml").status == 0
    assert shell.run("doctor W9813-broken.yaml").status == 0
    assert shell.run("doctor E9805-broken.yaml iam.yaml E9805-fixed.yaml").status == 1
    assert shell.run("doctor -", typed=Path("E9801-broken.yaml").read_bytes()).status == 1
    transcript()


def test_doctor_as_json(shell: Shell, transcript: Compare) -> None:
    shutil.copy(TEMPLATES / "rules/E9801-broken.yaml", ".")
    shutil.copy(TEMPLATES / "clean/cloudformation.json", ".")
    wrong = Path("cloudformation.json").read_text(encoding="utf-8").replace("localhost:3000", "localhost:3000/")
    Path("wrong.json").write_text(wrong, encoding="utf-8")
    assert shell.run("doctor E9801-broken.yaml cloudformation.json --json").status == 1
    assert shell.run("doctor wrong.json").status == 1
    transcript()


def test_doctor_wrong_calls(shell: Shell, transcript: Compare) -> None:
    Path("folder").mkdir()
    Path("binary.yaml").write_bytes(b"\xff\xfe\x00")
    Path("list.yaml").write_text("- a\n", encoding="utf-8")
    Path("cut-off.json").write_text('{"Resources": {"A"', encoding="utf-8")
    shutil.copy(TEMPLATES / "rules/E9801-broken.yaml", ".")
    for arguments in (
        "",
        "nothing.yaml",
        "folder",
        "binary.yaml",
        "E9801-broken.yaml list.yaml",
        "cut-off.json --json",
    ):
        assert shell.run(f"doctor {arguments}".strip()).status == 2, arguments
    transcript()


def test_narrow_and_odd(shell: Shell, monkeypatch: pytest.MonkeyPatch, transcript: Compare) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    origin = "https://\\u001b[31m.example/" + "x" * 200
    cors = f'{{AllowCredentials: true, AllowOrigins: ["{origin}", "*"]}}'
    text = f"Resources: {{U: {{Type: AWS::Lambda::Url, Properties: {{AuthType: NONE, Cors: {cors}}}}}}}\n"
    Path("one-line.yaml").write_text(text, encoding="utf-8")
    assert shell.run("doctor one-line.yaml").status == 1
    transcript()


def test_a_rule_that_fails_is_our_mistake(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(checking.RULES[0]):  # type: ignore[misc, name-defined]
        def find(self, facts: object) -> object:
            raise KeyError("tea")

    monkeypatch.setattr(checking, "RULES", (Broken,))
    shutil.copy(TEMPLATES / "rules/E9801-broken.yaml", ".")
    run = shell.run("doctor E9801-broken.yaml")
    assert run.status == 3
    assert "E9801" in run.err
