"""The command line over an SSM in memory, in an empty directory, without anything of the environment's own."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from edgecors_cli import app, aws
from rules_store import chunks
from unit.cli.transcript import Shell, silent
from unit.rules_store.fake_ssm import FakeSsm, Store
from unit.snapshots import check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    store = Store()
    monkeypatch.setattr("rules_store.waiting.sleep", store.clock.sleep)
    return store


@pytest.fixture
def client(store: Store, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client that every command of the test uses."""
    client = FakeSsm(store)
    monkeypatch.setattr(aws, "client", lambda profile, region, endpoint_url: client)
    return client


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("NO_COLOR", "FORCE_COLOR", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("rules_store.lock.socket.gethostname", lambda: "laptop")
    monkeypatch.setattr("rules_store.lock.os.getpid", lambda: 4711)
    monkeypatch.setattr(app, "end_on_signals", silent)  # the test runner's own signals stay its own
    numbers = itertools.count()
    monkeypatch.setattr(chunks, "new_generation", lambda: f"20261122t140000z-{next(numbers):08x}")
    return Shell(monkeypatch)


@pytest.fixture
def transcript(shell: Shell, request: pytest.FixtureRequest) -> Callable[[], None]:
    """Call it in the end: the transcript is compared with the file that has the test's name."""

    def compare() -> None:
        name = request.node.name.removeprefix("test_").replace("_", "-")
        check(request.path.parent / "snapshots" / f"{name}.txt", shell.text())

    return compare
