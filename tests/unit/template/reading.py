"""Looking things up in a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


def of_type(resources: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The resources of one type."""
    return [resource for resource in resources.values() if resource["Type"] == name]
