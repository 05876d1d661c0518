"""Which images are taken, and under which names they are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIMIT = 1024 * 1024
"""Bytes."""

TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""Extension to media type."""

# Nothing that could be a path, or hide: no slash, no dot but the one before the extension.
_FILE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\.(png|jpg|gif|webp)")


@dataclass(frozen=True, slots=True)
class Image:
    """An image that was recognised; `extension` is one of `TYPES`."""

    data: bytes
    extension: str


def recognise(data: bytes) -> Image | None:
    """The image that `data` is by its first bytes; None if it is none that is taken."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Image(data, "png")
    if data.startswith(b"\xff\xd8\xff"):
        return Image(data, "jpg")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Image(data, "gif")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Image(data, "webp")
    return None


def media_type(file: str) -> str | None:
    """The media type of an uploaded file by its name; None if no upload can have that name."""
    match = _FILE.fullmatch(file)
    return TYPES[match[1]] if match else None
