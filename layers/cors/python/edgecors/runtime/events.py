"""What the engine reports: one JSON object a line on standard output, which is a log line and, where it counts
something, a CloudWatch metric in Embedded Metric Format as well.

`json` escapes control characters, and ASCII is forced, so that nothing that a client sends breaks a line or
reaches a terminal (CVE-2024-1681). Source of the format: CloudWatch User Guide, "Embedded metric format
specification".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors.problems import Problem

NAMESPACE = "edgecors"


def report(level: str, event: str, *, count: bool = True, **fields: object) -> None:
    """Writes one line. `level`: INFO, WARNING or ERROR; `event`: the name of the metric too, where `count`.

    `fields` are shown by their repr where JSON has no form for them.
    """
    # A request that goes well reports nothing, and should not pay for these.
    import json  # noqa: PLC0415
    import os  # noqa: PLC0415
    import time  # noqa: PLC0415

    line: dict[str, object] = {
        "level": level,
        "logger": "edgecors",
        "message": event,
        "function": os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "unknown"),
        **fields,
    }
    if count:
        metrics = {
            "Namespace": NAMESPACE,
            "Dimensions": [["function"]],
            "Metrics": [{"Name": event, "Unit": "Count"}],
        }
        line["_aws"] = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]}
        line[event] = 1
    print(json.dumps(line, default=shown), flush=True)


def shown(value: object) -> str:
    """The value's repr, which is other people's code and may fail."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001  (nothing that is reported may break the request)
        return f"a value of type {type(value).__name__}"


def described(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems as objects of a line."""
    return [
        {"code": problem.code, "field": problem.field, "message": problem.message, "hint": problem.hint}
        for problem in problems
    ]
