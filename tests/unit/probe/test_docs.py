"""docs/probe.md: every finding, as it is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract.probe.ways import CASES
from docs import probe as docs

if TYPE_CHECKING:
    from edgecors_cli.probe.findings import Code


def test_the_page_is_what_the_findings_say() -> None:
    """If not: PYTHONPATH=layers/cors/python:functions/rules_guard:tools:tests python -m docs.probe"""
    assert docs.PATH.read_text(encoding="utf-8") == docs.page()


def test_a_code_without_an_example_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    forgotten: Code = "vary-missing"
    without = [case for case in CASES if forgotten not in case.findings]
    monkeypatch.setattr(docs, "CASES", without)
    with pytest.raises(ValueError, match="no example has vary-missing"):
        docs.page()
