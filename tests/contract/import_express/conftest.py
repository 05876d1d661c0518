"""The real npm cors, installed once by its lock file, and one process of it for all cases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# `make build` tests the layer as it was built, without the command line.
collect_ignore = ["test_against_npm_cors.py"] if "LAYER_DIR" in os.environ else []

_HERE = Path(__file__).parent
_CACHE = _HERE.parents[2] / ".edgecors" / "import_express"
_FILES = ("package.json", "package-lock.json", "answer.js")
_SECONDS = 120

Answers = list[dict[str, Any]]


def _without(reason: str) -> Path:
    """Node is not everyone's: without it these tests are left out, but not in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder with npm's cors, and what answers by it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return _without("the comparison with npm's cors needs node and npm")
    content = b"".join((_HERE / name).read_bytes() for name in _FILES)
    folder = _CACHE / hashlib.sha256(content).hexdigest()[:16]
    if folder.exists():
        return folder
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    making.mkdir(parents=True)
    for name in _FILES:
        shutil.copy(_HERE / name, making)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run = subprocess.run(command, cwd=making, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if run.returncode != 0:
        shutil.rmtree(making)
        return _without(f"npm ci failed: {run.stderr[-500:]}")
    if folder.exists():  # another run was faster
        shutil.rmtree(making)
    else:
        making.rename(folder)
    return folder


@pytest.fixture(scope="session")
def npm_cors(installed: Path) -> Callable[[list[dict[str, Any]]], list[Answers]]:
    """What npm's cors answers to the requests of each case."""

    def ask(cases: list[dict[str, Any]]) -> list[Answers]:
        run = subprocess.run(
            ["node", "answer.js"],
            cwd=installed,
            input="".join(json.dumps(case) + "\n" for case in cases),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        return [json.loads(line) for line in run.stdout.splitlines()]

    return ask
