"""The memory of the processes of `make serve`, and whether it grows with the requests."""

from __future__ import annotations

import statistics
import subprocess
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

WARM_UP = 0.2
"""The part of the requests after which caches count as full and connections as open."""
ENOUGH = 100_000
"""Requests from which on memory is judged: with fewer, how the gateway's goes up and down is half of the bound."""
BOUND = 32.0
"""Bytes a request. Less cannot be kept of one: a float is 24 bytes, and its place in a list 8."""


@dataclass(frozen=True)
class Process:
    """One process; `role` is `gateway`, `moto`, or the folder of a function's code."""

    pid: int
    role: str
    kilobytes: int  # resident


@dataclass(frozen=True)
class Growth:
    """How one process's memory went: megabytes after the warm-up and at the end, and the slope in bytes a request."""

    role: str
    pid: int
    after_warm_up: float
    end: float
    slope: float

    @property
    def is_bounded(self) -> bool:
        """Whether this is no growth."""
        return self.slope <= BOUND


def measure(root: int) -> list[Process]:
    """The process and its children, by role."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss=,args="], capture_output=True, text=True, check=True)
    return sorted(family(root, listed.stdout, _folder), key=lambda process: (process.role, process.pid))


def family(root: int, listed: str, folder: Callable[[int], str]) -> Iterable[Process]:
    """The processes that belong to `root`, of ps's lines; `folder(pid)` names where one works, or nothing."""
    for line in listed.splitlines():
        pid, parent, kilobytes, arguments = line.split(maxsplit=3)
        if int(pid) == root:
            yield Process(root, "gateway", int(kilobytes))
        elif int(parent) == root:
            role = "moto" if "local.moto_server" in arguments else folder(int(pid)) or "function"
            yield Process(int(pid), role, int(kilobytes))


def _folder(pid: int) -> str:
    """The name of the folder that the process works in; "" where the system does not tell it like Linux."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink().name
    except OSError:
        return ""


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes of all pairs of points (Theil and Sen): a single step or spike does not move it."""
    slopes = [(later[1] - earlier[1]) / (later[0] - earlier[0]) for earlier, later in combinations(points, 2)]
    return statistics.median(slopes) if slopes else 0.0


def growths(samples: Sequence[tuple[int, Sequence[Process]]]) -> list[Growth]:
    """The growth of each process that was there at the end; samples are (requests so far, processes), in order."""
    if not samples:
        return []
    warm = [(requests, processes) for requests, processes in samples if requests >= WARM_UP * samples[-1][0]]
    found = []
    for last in samples[-1][1]:
        points = [
            (float(n), float(each.kilobytes)) for n, processes in warm for each in processes if each.pid == last.pid
        ]
        per_request = slope(points) * 1024
        found.append(Growth(last.role, last.pid, points[0][1] / 1024, points[-1][1] / 1024, per_request))
    return found
