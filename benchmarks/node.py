"""The peers on Node: one process, which times its own laps with process.cpuUsage."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import workloads
from benchmarks.laps import UNCOUNTED

if TYPE_CHECKING:
    from types import TracebackType

    from benchmarks.laps import Lap

HERE = Path(__file__).parent


class Node:
    """A process of peers.mjs with the workloads loaded."""

    def __init__(self, load: dict[str, list[workloads.Event]]) -> None:
        program = shutil.which("node")
        if program is None:
            raise SystemExit("make bench needs Node 20 or newer on the PATH.")
        self._process = subprocess.Popen(
            [program, "peers.mjs"], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        config = {
            "exact": workloads.EXACT,
            "expressions": workloads.EXPRESSIONS,
            "wildcards": workloads.WILDCARDS,
            "methods": workloads.METHODS,
            "headers": workloads.HEADERS,
            "maxAge": workloads.MAX_AGE,
        }
        self._ask({"load": load, "config": config})

    def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The peers on Node have died: see above.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def lap(self, peer: str, workload: str, times: int = 1) -> Lap:
        """A lap of the peer, so many times through the workload."""
        command = {"peer": peer, "workload": workload, "times": times, "uncounted": UNCOUNTED}
        return lambda: float(self._ask(command)["ns"])

    def first_answer(self, peer: str, workload: str) -> dict[str, Any]:
        """Status and headers of the peer's answer to the workload's first request."""
        return self._ask({"peer": peer, "workload": workload, "show": True})

    def __enter__(self) -> Node:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
