"""A function whose rules can never match: Lambda cannot start it."""

from __future__ import annotations

from typing import Any

from edgecors import cors


@cors(
    rules={
        "schema": "edgecors/1",
        "policies": [{"name": "tea", "paths": ["*"], "allow_origins": ["https://victoria-lo.github.io/Hashtag-TEA/"]}],
    }
)
def handler(event: dict[str, Any], context: Any) -> Any:
    """Never called."""
