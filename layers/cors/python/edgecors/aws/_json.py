"""JSON as the Lambda runtime writes it: a handler's bare value must reach the client as it would without us.

Source: awslambdaric, `lambda_runtime_marshaller.Encoder` (simplejson: Decimal as a number, what has `_asdict` as an
object, bytes as text, NaN as it is; without ASCII escapes from Python 3.12 on).
"""

from __future__ import annotations

import json
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ENSURE_ASCII = sys.version_info < (3, 12)


def runtime_json(value: Any) -> str:
    """The value as JSON text. Raises TypeError for what the runtime could not write either."""
    if isinstance(value, bytes):
        value = value.decode("utf-8")
    if value is None or isinstance(value, str | int | float):
        return json.dumps(value, ensure_ascii=_ENSURE_ASCII)
    as_dict = getattr(value, "_asdict", None)
    if callable(as_dict):
        value = as_dict()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {runtime_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(runtime_json, value)) + "]"
    from decimal import Decimal  # noqa: PLC0415  (1 ms that few handlers need)

    if isinstance(value, Decimal):
        return "NaN" if value.is_nan() else str(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _key(key: Any) -> str:
    if isinstance(key, bytes):
        key = key.decode("utf-8")
    # As the standard library converts keys that are no text: true, null, 1.
    return json.dumps({key: 0}, ensure_ascii=_ENSURE_ASCII)[1:-4]
