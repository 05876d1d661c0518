"""A function that does what its request's body says, good or bad, with its own rules."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from edgecors import Policy, cors

POLICY = Policy(allow_origins=["https://victoria-lo.github.io"], expose_headers=["ETag", "Link", "Location"])

_calls = 0


def work(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Count the calls of this process, and do what is asked for."""
    global _calls
    _calls += 1
    command, _, number = event["body"].partition(" ")
    if command == "raise":
        raise KeyError("no tea")
    if command == "sleep":
        time.sleep(float(number))
    if command == "exit":
        os._exit(int(number))
    if command == "large":
        return {"statusCode": 200, "body": "x" * int(number)}
    return {"statusCode": 200, "body": json.dumps([os.getpid(), _calls])}


propagate = cors(work, rules=POLICY)
respond = cors(work, rules=POLICY, on_error="respond")
