"""Waits take no time, and fewer generations are kept than in truth."""

from __future__ import annotations

import pytest

from contract.publishing.scenarios import KEPT
from rules_store import retention


@pytest.fixture(autouse=True)
def _quicker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules_store.waiting.sleep", lambda seconds: None)
    monkeypatch.setattr(retention, "KEPT", KEPT)
