"""`make serve` on a copy of the project, so that nobody's edit changes the code or the rules during the run."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from load.errors import CannotError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("template.yaml", "functions", "layers", "tools")
START_SECONDS = 120
STOP_SECONDS = 20
# What `make serve` writes when something in it fails, not what it writes about a request.
TROUBLE = re.compile(r"Traceback|^make serve: |· failed | 50\d  [ \d.]+ ms$| ended by itself|^\d\S+  moto")


@dataclass(frozen=True)
class Serving:
    """A running `make serve`: its process, the Tea API's port, and where its stand-in for AWS is."""

    pid: int
    port: int
    endpoint: str
    parameter: str
    output: Path

    def trouble(self) -> list[str]:
        """What it wrote about failures so far."""
        with self.output.open(encoding="utf-8", errors="replace") as lines:
            return [line.rstrip("\n") for line in lines if TROUBLE.search(line)]


@contextmanager
def serving() -> Iterator[Serving]:
    """Start it, and end it with the block. Raises CannotError."""
    with tempfile.TemporaryDirectory(prefix="edgecors-load-") as folder:
        project, output = Path(folder, "project"), Path(folder, "output.txt")
        project.mkdir()
        for part in PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, project / part)
        with output.open("w", encoding="utf-8") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "local"],
                cwd=project,
                env={
                    **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
                    "PORT": "0",
                    "APP_PORT": "0",
                    "COLUMNS": "200",
                    "PYTHONUNBUFFERED": "1",
                    "PYTHONPATH": "layers/cors/python:functions/rules_guard:tools",
                },
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for this process, which then ends that one
            )
        try:
            yield _wait(process, output)
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], output: Path) -> Serving:
    for _ in range(START_SECONDS * 5):
        text = output.read_text("utf-8", "replace")
        if re.search(r"^try ", text, re.MULTILINE):
            return read_welcome(text, process.pid, output)
        if process.poll() is not None:
            break
        time.sleep(0.2)
    lines = output.read_text("utf-8", "replace").strip().splitlines() or ["it said nothing"]
    raise CannotError(f"make serve did not start: {lines[-1]}")


def read_welcome(text: str, pid: int, output: Path) -> Serving:
    """What its first lines tell. Raises CannotError."""
    port = re.search(r"Tea API +http://127\.0\.0\.1:(\d+)/tea", text)
    endpoint = re.search(r"AWS_ENDPOINT_URL=(http://127\.0\.0\.1:\d+)", text)
    parameter = re.search(r"rules +(/\S+), version", text)
    if not (port and endpoint and parameter):
        raise CannotError("make serve did not say where the Tea API, AWS and the rules are.")
    return Serving(pid, int(port[1]), endpoint[1], parameter[1], output)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
