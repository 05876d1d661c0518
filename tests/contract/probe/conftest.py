"""The command line beside a server that misbehaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract.probe.server import Server
from contract.probe.ways import CASES
from unit.cli.conftest import shell
from unit.snapshots import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unit.cli.transcript import Shell

__all__ = ["server", "shell", "transcript"]


@pytest.fixture(scope="session")
def _running() -> Iterator[Server]:
    running = Server({f"/{case.name}": case.way for case in CASES})
    yield running
    running.stop()


@pytest.fixture
def server(_running: Server) -> Server:
    _running.heard.clear()
    return _running


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgecors_cli.probe.asking.new_token", lambda: "x0123456789ab")


@pytest.fixture
def transcript(shell: Shell, server: Server, request: pytest.FixtureRequest) -> Callable[[], None]:
    """Call it in the end: the transcript is compared with the file that has the test's name."""

    def compare() -> None:
        name = request.node.name.removeprefix("test_").replace("_", "-")
        text = shell.text().replace(server.url, "http://127.0.0.1:3000")
        check(Path(__file__).parent / "snapshots" / f"{name}.txt", text)

    return compare
