"""Lines that the engine writes to standard output, whole."""

from __future__ import annotations

import json
from typing import Any

NOW = 1_795_356_131.5  # seconds since the epoch


def line(level: str, message: str, *, counted: bool = True, function: str = "unknown", **fields: Any) -> dict[str, Any]:
    """One log line; where it is counted, a metric in Embedded Metric Format too, at `NOW`."""
    metric = {
        message: 1,
        "_aws": {
            "Timestamp": int(NOW * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "edgecors",
                    "Dimensions": [["function"]],
                    "Metrics": [{"Name": message, "Unit": "Count"}],
                }
            ],
        },
    }
    return {"level": level, "logger": "edgecors", "message": message, "function": function, **fields} | (
        metric if counted else {}
    )


def read(out: str) -> list[dict[str, Any]]:
    """The lines of an output, which is plain ASCII without control characters, or a ValueError."""
    for character in out:
        if not (" " <= character <= "~" or character == "\n"):
            raise ValueError(f"{character!r} in a log line")
    return [json.loads(text) for text in out.splitlines()]
