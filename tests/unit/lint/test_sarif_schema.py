"""What `lint --sarif` prints is SARIF: by the schema of those who wrote the standard (tests/cases/sarif)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from cases.problem_examples import EXAMPLES
from cases.risk_examples import RISK_EXAMPLES

if TYPE_CHECKING:
    from unit.cli.transcript import Shell

SCHEMA = Path(__file__).parents[2] / "cases" / "sarif" / "sarif-2.1.0-rtm.5.json"


@cache
def validator() -> Any:
    """It is one of draft 4, as its first line says."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft4Validator.check_schema(schema)
    return jsonschema.Draft4Validator(schema)


def problems(log: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator().iter_errors(log)]


def test_the_report_of_many_problems_is_sarif(shell: Shell) -> None:
    """A quarter of all codes, with and without fixes; the others differ in their texts only."""
    names = []
    for number, example in enumerate([*EXAMPLES.values(), *RISK_EXAMPLES.values()][::4]):
        if example is not None:
            name = f"rules {number} ü.json"
            text = example if isinstance(example, str | bytes) else json.dumps(example)
            Path(name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
            names.append(f"'{name}'")
    log = json.loads(shell.run(f"lint --sarif {' '.join(names)}").out)
    (run,) = log["runs"]
    assert len({result["ruleId"] for result in run["results"]}) > 20
    assert any("fixes" in result for result in run["results"])
    assert problems(log) == []


@pytest.mark.parametrize("typed", ['{"schema": "edgecors/1", "policies": []}', "", "\ufeff{", '{"a": "\ud83d\ude00"}'])
def test_a_report_of_standard_input_is_sarif(shell: Shell, typed: str) -> None:
    log = json.loads(shell.run("lint --sarif -", typed=typed.encode("utf-8", "surrogatepass")).out)
    assert problems(log) == []


def test_the_schema_refuses_what_is_none() -> None:
    wrong = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "edgecors"}}, "results": [{"ruleId": "a"}]}]}
    assert problems(wrong) == ["$.runs[0].results[0]: 'message' is a required property"]
