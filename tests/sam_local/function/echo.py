"""A function that answers with what it got, or as its request's body says."""

from __future__ import annotations

import json
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    """The event as JSON; `raise` as the body raises; a body in JSON is the answer itself."""
    body = event.get("body") or ""
    if body == "raise":
        raise KeyError("no tea")
    if body.startswith("{"):
        return json.loads(body)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}
