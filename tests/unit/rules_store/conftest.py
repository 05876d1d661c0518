"""An SSM in memory, whose clock is the one that waits pass on."""

from __future__ import annotations

from typing import Any

import pytest

from unit.rules_store.fake_ssm import FakeSsm, Store


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr("rules_store.waiting.sleep", store.clock.sleep)
    return store


@pytest.fixture
def client(store: Store) -> Any:
    return FakeSsm(store)
