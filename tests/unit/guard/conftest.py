"""A world whose clock is the one that waits pass on."""

from __future__ import annotations

import pytest

from unit.guard.world import SLEEPS, World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    for name in SLEEPS:
        monkeypatch.setattr(name, world.store.clock.sleep)
    return world


@pytest.fixture
def worlds(monkeypatch: pytest.MonkeyPatch) -> list[World]:
    """Those that a test makes and puts in here; waits pass on the clock of the last one."""
    found: list[World] = []

    def sleep(seconds: float) -> None:
        found[-1].store.clock.sleep(seconds)

    for name in SLEEPS:
        monkeypatch.setattr(name, sleep)
    return found
