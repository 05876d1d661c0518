"""What the engine reports: one JSON object a line on standard output, which is a log line and, where it counts
something, CloudWatch metrics in Embedded Metric Format as well.

`json` escapes control characters, and ASCII is forced, so that nothing that a client sends breaks a line or
reaches a terminal (CVE-2024-1681). Source of the format: CloudWatch User Guide, "Embedded metric format
specification".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from edgecors.problems import Problem

NAMESPACE = "edgecors"


def report(
    level: str,
    event: str,
    *,
    count: int = 1,
    values: Mapping[str, float] | None = None,
    policy: str | None = None,
    **fields: object,
) -> None:
    """Writes one line. `level`: INFO, WARNING or ERROR; `event`: the name of the line and of the metric.

    `count`: the metric's value, 0 for none; `values`: further metrics (`RulesAge`, seconds). The metrics' dimensions
    are the function and, where given, the policy, and nothing else: each combination costs money. `fields` are
    shown by their repr where JSON has no form for them.
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
    }
    if policy is not None:
        line["policy"] = policy
    line.update(fields)
    metrics = {**({event: count} if count else {}), **(values or {})}
    if metrics:
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [["function"] if policy is None else ["function", "policy"]],
            "Metrics": [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in metrics],
        }
        line["_aws"] = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
        line.update(metrics)
    print(json.dumps(line, default=shown), flush=True)


_UNITS = {"RulesAge": "Seconds"}
_MAX_SHOWN = 500


def shown(value: object) -> str:
    """The value's repr, at most 500 characters; it is other people's code and may fail."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  (nothing that is reported may break the request)
        return f"a value of type {type(value).__name__}"
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."


def described(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems as objects of a line."""
    return [
        {"code": problem.code, "field": problem.field, "message": problem.message, "hint": problem.hint}
        for problem in problems
    ]
