"""A function that knows nothing of edgecors: `Handler: edgecors.wrap` puts CORS around it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def handler(event: dict[str, Any], context: Any) -> Any:
    """Text for everyone. In CloudFront: the request or the response goes on as it came."""
    for record in event.get("Records", []):
        if "cf" in record:
            return record["cf"].get("response", record["cf"]["request"])
    return {"statusCode": 200, "headers": {"Content-Type": "text/plain", "ETag": '"1"'}, "body": "white tea"}


def bare(event: dict[str, Any], context: Any) -> Any:
    """A value without a status: the runtime writes it, and API Gateway makes it a body."""
    return {"name": "白茶 “white”", "price": Decimal("2.50"), "steep": (1, 2.5, None), "sold": float("nan")}
