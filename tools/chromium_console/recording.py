"""The recording on disk: a line of JSON for the browser's version, then one for each case."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from chromium_console.shapes import Case, Line, Seen, Sent
from chromium_console.situations import SITUATIONS

PATH = Path(__file__).parents[2] / "tests/cases/chromium_console.jsonl"


def text(version: str, seen: dict[str, Seen]) -> str:
    """The recording's text: what was seen by a case's name."""
    lines: list[dict[str, Any]] = [{"chromium": version}, *(_record(name, its) for name, its in seen.items())]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def read() -> tuple[str, tuple[Case, ...]]:
    """The browser's version and every case with what was seen.

    Raises ValueError where cases and recording do not name the same.
    """
    head, *lines = (json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines())
    seen = {line["name"]: _seen(line) for line in lines}
    cases = {case.name: case for case in SITUATIONS}
    if len(cases) != len(SITUATIONS):
        raise ValueError("two cases have the same name")
    if differing := cases.keys() ^ seen.keys():
        raise ValueError(f"{PATH.name} is not of these cases; record it anew: {', '.join(sorted(differing))}")
    return head["chromium"], tuple(dataclasses.replace(case, seen=seen[name]) for name, case in cases.items())


def _record(name: str, seen: Seen) -> dict[str, Any]:
    record: dict[str, Any] = {
        "name": name,
        "requests": [[sent.method, sent.url, dict(sent.headers)] for sent in seen.requests],
        "console": [[line.kind, line.text] for line in seen.console],
        "error": seen.error,
        "status": seen.status,
        "type": seen.type,
        "readable": seen.readable,
        "deprecations": seen.deprecations or None,
    }
    return {key: value for key, value in record.items() if value is not None}


def _seen(record: dict[str, Any]) -> Seen:
    readable = record.get("readable")
    return Seen(
        requests=tuple(Sent(method, url, tuple(headers.items())) for method, url, headers in record["requests"]),
        console=tuple(Line(kind, line) for kind, line in record["console"]),
        error=record.get("error"),
        status=record.get("status"),
        type=record.get("type"),
        readable=None if readable is None else tuple(readable),
        deprecations=tuple(record.get("deprecations", ())),
    )
