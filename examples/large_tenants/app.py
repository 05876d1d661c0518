"""The handler. The rules name the API's own origins; customers' are in the table."""

from __future__ import annotations

import json
from typing import Any

from edgecors import Policy, cors

from .origins import TenantOrigins
from .table import is_active

policy = Policy(
    allow_origins=["https://app.example"],
    allow_methods=["PUT", "DELETE"],
    allow_headers=["Authorization", "Content-Type"],
)


@cors(rules=policy, origin_check=TenantOrigins(is_active))
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Answers an HTTP API's event (payload format 2.0)."""
    return {"statusCode": 200, "body": json.dumps({"path": event["rawPath"]})}
