"""A function that tells where it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import boto3

import edgecors
from edgecors import cors


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Where Python looks for modules, in its order, where it found some, and what it took them from."""
    return {
        "folder": str(Path.cwd()),
        "prefixes": [sys.prefix, sys.base_prefix],
        "path": list(dict.fromkeys(sys.path)),
        "modules": {module.__name__: module.__file__ for module in (edgecors, boto3)},
        "version": ".".join(map(str, sys.version_info[:2])),
        # The layer's bytecode has no annotations; its sources, which another Python has to compile, have them.
        "bytecode": cors.__annotations__ == {},
        "function": context.invoked_function_arn,
    }
