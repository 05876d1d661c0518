"""The command line as in tests/unit/cli, with transcripts of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit.cli.conftest import shell
from unit.snapshots import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.cli.transcript import Shell

__all__ = ["shell", "transcript"]


@pytest.fixture
def transcript(shell: Shell, request: pytest.FixtureRequest) -> Callable[[], None]:
    """Call it in the end: the transcript is compared with the file that has the test's name."""

    def compare() -> None:
        name = request.node.name.removeprefix("test_").replace("_", "-")
        check(Path(__file__).parent / "snapshots" / f"{name}.txt", shell.text())

    return compare
