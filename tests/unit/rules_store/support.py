"""Rules documents of every size, and what a reader makes of a parameter."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from edgecors import Rules
from edgecors.manifest import assemble, parse_manifest

if TYPE_CHECKING:
    from unit.rules_store.fake_ssm import Store

NAME = "/edgecors/tea/test"


def document(*origins: str, credentials: bool = False, indent: int | None = 2) -> str:
    """A rules document with one policy."""
    policy: dict[str, object] = {"name": "tea", "paths": ["*"], "allow_origins": list(origins)}
    if credentials:
        policy["allow_credentials"] = True
    return json.dumps({"schema": "edgecors/1", "policies": [policy]}, indent=indent)


def long_document(seed: int, size: int = 7_500) -> str:
    """A document that does not fit one parameter, and takes two when compressed (by default); another for each seed.

    It is long by its description, which is quickly read: many tests read many documents.
    """
    rest = json.loads(document(f"https://long{seed}.example"))
    return json.dumps({**rest, "description": random.Random(seed).randbytes(size // 2).hex()}, indent=2)


def read(store: Store, name: str = NAME) -> str | None:
    """The text that a reader gets, whole; None for no parameter. Raises what a reader would log."""
    if name not in store.parameters:
        return None
    value = store.value(name)
    manifest = parse_manifest(value)
    text = value if manifest is None else assemble(manifest, [store.value(chunk) for chunk in manifest.names(name)])
    Rules.parse(text, strict=False)
    return text


def generations(store: Store, name: str = NAME) -> set[str]:
    """The generations of which any chunk is there."""
    below = [key.removeprefix(name + "/").split("/") for key in store.parameters if key.startswith(name + "/")]
    return {levels[0] for levels in below if len(levels) == 2}
