"""The bare handler behind edgecors; where the rules are, the environment says."""

from typing import Any

from edgecors import cors


@cors
def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
