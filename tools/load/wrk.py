"""Runs wrk, on this machine only, and reads what its script wrote.

https://github.com/wg/wrk/blob/master/SCRIPTING
"""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from load.errors import CannotError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from load.cases import Case

SCRIPT = Path(__file__).with_name("script.lua")
TIMEOUT = 60  # seconds after which wrk counts a request as lost
Outcome = Literal["allowed", "refused", "wrong"]


@dataclass(frozen=True)
class Record:
    """One answer: the case's index, which of its two answers it was, and when (seconds since the epoch)."""

    case: int
    outcome: Outcome
    sent: float
    received: float


@dataclass(frozen=True)
class Wrong:
    """An answer that was neither of the case's two; `unique` is the number that stood in the request."""

    case: int
    unique: str
    got: str


@dataclass(frozen=True)
class Round:
    """What one run of wrk saw. `errors` are its own counts of what went wrong on the wire, none of them an answer."""

    concurrency: int
    seconds: float
    records: tuple[Record, ...]
    wrong: tuple[Wrong, ...]
    errors: dict[str, int]
    over_399: int


def find() -> str:
    """Where wrk is. Raises CannotError."""
    found = shutil.which("wrk")
    if found is None:
        raise CannotError("wrk is not on the PATH: apt-get install wrk, or brew install wrk.")
    return found


def check_target(url: str) -> None:
    """Raise CannotError for anything but an http address of this machine, as a number: a name can lead anywhere."""
    try:
        parts = urlsplit(url)
        address = ipaddress.ip_address(parts.hostname or "")
        port = parts.port
    except ValueError:
        address, port = None, None
    if address is None or not address.is_loopback or port is None or not url.startswith("http://") or "@" in url:
        raise CannotError(
            f"{url[:80]!r} is no http://127.0.0.1:PORT or http://[::1]:PORT: load is for this machine only."
        )


def run(program: str, url: str, cases: Sequence[Case], concurrency: int, seconds: int, seed: int) -> Round:
    """Send as much as comes back, `concurrency` requests at a time, for some seconds. Raises CannotError."""
    check_target(url)
    with tempfile.TemporaryDirectory(prefix="edgecors-wrk-") as folder:
        listed, output = Path(folder, "cases.lua"), Path(folder, "output.json")
        listed.write_text(as_lua(cases), "ascii")
        flags = [f"-t{concurrency}", f"-c{concurrency}", f"-d{seconds}s", f"--timeout={TIMEOUT}s", f"--script={SCRIPT}"]
        try:
            ended = subprocess.run(
                [program, *flags, url],
                env={**os.environ, "LOAD_CASES": str(listed), "LOAD_SEED": str(seed), "LOAD_OUTPUT": str(output)},
                capture_output=True,
                text=True,
                timeout=seconds + TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CannotError(f"wrk did not end {TIMEOUT} seconds after its time.") from None
        if ended.returncode != 0 or not output.exists():
            said = (ended.stderr or ended.stdout).strip().splitlines() or ["it said nothing"]
            raise CannotError(f"wrk failed (exit status {ended.returncode}): {said[-1]}")
        return parse(output.read_text("utf-8"), concurrency)


def parse(text: str, concurrency: int) -> Round:
    """Read what the script wrote. Cases are counted from 1 there, and from 0 here."""
    found = json.loads(text)
    records = []
    for line in found["records"]:
        case, outcome, sent, received = line.split(" ")
        records.append(Record(int(case) - 1, outcome, float(sent) / 1000, float(received) / 1000))
    errors = {name: found[name] for name in ("connect", "read", "write", "timeout") if found[name]}
    if found["requests"] != len(records):
        errors["unseen"] = abs(found["requests"] - len(records))
    wrong = tuple(Wrong(each["case"] - 1, each["unique"], each["got"]) for each in found["wrong"])
    return Round(concurrency, found["microseconds"] / 1e6, tuple(records), wrong, errors, found["status"])


def as_lua(cases: Sequence[Case]) -> str:
    """The cases as a Lua file that returns a list of tables."""
    entries = []
    for case in cases:
        fields = [f"weight = {case.weight}", f"request = {literal(case.request)}"]
        for name, text in (("allowed", case.allowed), ("refused", case.refused)):
            if text is not None:
                fields.append(f"{name} = {literal(text.encode('latin-1'))}")
        entries.append("{ " + ", ".join(fields) + " }")
    return "return {\n" + ",\n".join(entries) + "\n}\n"


def literal(text: bytes) -> str:
    """A Lua string, what is not plain as decimal escapes of three digits."""
    plain = frozenset(range(0x20, 0x7F)) - frozenset(b'"\\')
    return '"' + "".join(chr(byte) if byte in plain else f"\\{byte:03}" for byte in text) + '"'
