"""The whole of `make serve` as a process, on a copy of the project, on free ports."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("template.yaml", "functions", "layers", "tools")
PATIENCE = 60.0  # seconds until a machine under load counts as stuck; nothing waits that long otherwise


def copy_project(to: Path) -> Path:
    """A copy of what `make serve` uses, to be edited; its bytecode too, but none that is being written."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, to / part, ignore=shutil.ignore_patterns("*.pyc.*"))
        else:
            shutil.copy(ROOT / part, to / part)
    return to


def start(project: Path, **environment: str) -> subprocess.Popen[str]:
    """`python -m local` in a project, as the Makefile calls it."""
    return subprocess.Popen(
        [sys.executable, "-m", "local"],
        cwd=project,
        env={"PORT": "0", "APP_PORT": "0", "COLUMNS": "200", "PATH": os.environ["PATH"]}
        | {"PYTHONPATH": "layers/cors/python:functions/rules_guard:tools"}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        bufsize=1,
    )


def descendants(pid: int) -> set[int]:
    """The processes that a process started, directly or not."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(child): int(parent) for child, parent in (line.split() for line in listed.splitlines())}
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


def running(pids: set[int]) -> set[int]:
    """Those of the processes that are still there (and no zombies)."""
    there = set()
    for pid in pids:
        listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
        if listed.stdout.strip() and not listed.stdout.strip().startswith("Z"):
            there.add(pid)
    return there


def wait_until(condition: Any) -> bool:
    """Wait until the condition holds; whether it did in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@dataclass
class Reply:
    """A response."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


def request(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
) -> Reply:
    """A request to a port of this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, found, response.read())
    finally:
        connection.close()


@dataclass
class Served:
    """A running `make serve`."""

    project: Path
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Collect the output; run in a thread."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def line(self, pattern: str, after: int = 0) -> str:
        """The first line from number `after` on that the pattern is found in, waiting for it."""
        found: list[str] = []

        def look() -> bool:
            found[:] = [line for line in self.lines[after:] if re.search(pattern, line)]
            return bool(found) or self.process.poll() is not None

        wait_until(look)
        assert found, f"no line with {pattern} in:\n" + "\n".join(self.lines)
        return found[0]

    def match(self, pattern: str) -> str:
        """The group of the pattern in the first line that has it."""
        found = re.search(pattern, self.line(pattern))
        assert found
        return found[1]

    @property
    def port(self) -> int:
        """The Tea API's."""
        return int(self.match(r"Tea API +http://127\.0\.0\.1:(\d+)/tea"))

    @property
    def app_port(self) -> int:
        """The pages'."""
        return int(self.match(r"Tea App +http://app\.localhost:(\d+)"))

    @property
    def origin(self) -> str:
        """The pages' own origin."""
        return f"http://app.localhost:{self.app_port}"

    @property
    def look_alike(self) -> str:
        """The origin that looks like it."""
        return f"http://app.localhost.evil.localhost:{self.app_port}"

    def api(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> Reply:
        """A request to the Tea API."""
        return request(self.port, method, path, headers, body)


@contextmanager
def serving(project: Path, **environment: str) -> Iterator[Served]:
    """A `make serve` on a copy of the project. How it ends is tested here: a start for that alone would cost much."""
    process = start(project, **environment)
    running_one = Served(project, process)
    reader = threading.Thread(target=running_one.read, daemon=True)
    reader.start()
    try:
        running_one.line("^try ")
        yield running_one
    finally:
        children = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)  # of whom is impatient
        status = process.wait(PATIENCE)
        reader.join()
        assert process.stdout is not None
        process.stdout.close()
    assert status == 0
    assert not [
        line for line in running_one.lines if line.startswith("Traceback")
    ]  # what the function logs is indented
    assert len(children) >= 2  # moto's server and a worker
    assert wait_until(lambda: not running(children))
