"""The catalogue of risks: complete, documented, in words."""

from __future__ import annotations

import re

import pytest

from cases.risk_examples import RISK_EXAMPLES
from docs import problems as docs
from edgecors import Rules
from rules_analysis.risk_catalogue import RISKS


def test_every_risk_has_an_example_which_is_valid() -> None:
    assert list(RISK_EXAMPLES) == list(RISKS)
    for code, document in RISK_EXAMPLES.items():
        Rules.parse(document)
        problem, _ = docs.risk_example(code)
        assert problem.code == code
        assert re.fullmatch(r"[A-Z`][^\n{}]*\.", problem.message), problem.message


def test_an_example_without_its_warning_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RISK_EXAMPLES, "any-origin", RISK_EXAMPLES["path-covered"])
    with pytest.raises(ValueError, match="the example of any-origin has no such warning"):
        docs.risk_example("any-origin")
