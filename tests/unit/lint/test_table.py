"""Every document of the table has exactly the problems and warnings that it is known to have, at their places."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from cases.lint import CASES
from cases.lint_origins import Case
from edgecors.problems import MESSAGES
from rules_analysis.findings import examine
from rules_analysis.risk_catalogue import RISKS

TEA_RULES = Path(__file__).parents[3] / "functions/tea/rules.json"


def content(case: Case) -> bytes | str:
    """The document's text, of a table that has values."""
    return case.document if isinstance(case.document, bytes | str) else json.dumps(case.document)


def short(field: str) -> str:
    """The place as the table has it."""
    for prefix in ("/policies/0/allow_origins/", "/policies/0/"):
        if field.startswith(prefix):
            return field.removeprefix(prefix)
    return field


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:60])
def test_findings(case: Case) -> None:
    found = examine(content(case), production=case.production)
    assert " ".join(f"{problem.code}@{short(problem.field)}" for problem in (*found.errors, *found.warnings)) == (
        case.expected
    )
    assert all(problem.code in MESSAGES for problem in found.errors)
    assert all(problem.code in RISKS for problem in found.warnings)


def test_the_table_is_long_and_has_every_risk() -> None:
    assert len(CASES) >= 150
    codes = Counter(word.partition("@")[0] for case in CASES for word in case.expected.split())
    assert set(RISKS) <= set(codes)
    assert not set(RISKS) & set(MESSAGES)


@pytest.mark.parametrize("production", [False, True])
def test_the_tea_api_has_nothing_to_be_warned_of(production: bool) -> None:
    found = examine(TEA_RULES.read_bytes(), production=production)
    assert (found.errors, found.warnings) == ((), ())
