"""Lines that the engine writes to standard output, whole."""

from __future__ import annotations

import json
from typing import Any

NOW = 1_795_356_131.5  # seconds since the epoch


def line(
    level: str, message: str, *, counted: bool = True, function: str = "unknown", age: int | None = None, **fields: Any
) -> dict[str, Any]:
    """One log line; where it is counted, a metric in Embedded Metric Format too, at `NOW`; `age`: RulesAge, seconds."""
    metric = {
        message: 1,
        **({} if age is None else {"RulesAge": age}),
        "_aws": {
            "Timestamp": int(NOW * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "edgecors",
                    "Dimensions": [["function"]],
                    "Metrics": [
                        {"Name": message, "Unit": "Count"},
                        *([] if age is None else [{"Name": "RulesAge", "Unit": "Seconds"}]),
                    ],
                }
            ],
        },
    }
    return {"level": level, "logger": "edgecors", "message": message, "function": function, **fields} | (
        metric if counted else {}
    )


def read(out: str, *, refusals: bool = False) -> list[dict[str, Any]]:
    """The lines of an output, which is plain ASCII without control characters, or a ValueError.

    Lines of refused origins are left out, or come alone (`refusals`): they have tests of their own.
    """
    for character in out:
        if not (" " <= character <= "~" or character == "\n"):
            raise ValueError(f"{character!r} in a log line")
    return [
        found for text in out.splitlines() if ((found := json.loads(text))["message"] == "OriginRefused") is refusals
    ]
