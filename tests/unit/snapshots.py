"""Whole outputs, kept in files beside the tests. `UPDATE_SNAPSHOTS=1 make test` writes them anew; git shows what
changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def check(path: Path, text: str) -> None:
    """Whether the text is what the file has."""
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_text(encoding="utf-8"), f"differs from {path.name}; UPDATE_SNAPSHOTS=1 writes it anew"
