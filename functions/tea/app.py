"""The Lambda handler of the Tea API: CORS outside, so that every answer has it, then everything else.

`enforce`: the admin's Basic credentials are the browser's to add, to a forged form too, and such a form needs
no preflight. So what comes from an origin that the rules do not name is refused here, and not merely hidden.
"""

from __future__ import annotations

from typing import Any

from edgecors import cors
from tea_api.service import serve


@cors(enforce=True, on_error="respond")
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an HTTP API's event (payload format 2.0)."""
    response: dict[str, Any] = serve(event, context)
    return response
