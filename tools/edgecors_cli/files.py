"""Reading the files that a command is given, and writing those that it makes."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from edgecors.manifest import MAX_TEXT
from rules_store import StoreError

# Twice what can be published: enough to say precisely that something is too large.
_MAX_FILE = 2 * MAX_TEXT


def read(path: str) -> bytes:
    """The content of a file, or of standard input for `-`, without a byte order mark. Raises StoreError."""
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            content = file.read(_MAX_FILE + 1)
    except OSError as error:
        raise StoreError(
            "file-unreadable", f"{shown(path)} cannot be read: {error.strerror or error}.", "", kind="call"
        ) from error
    if len(content) > _MAX_FILE:
        raise StoreError("file-too-large", f"{shown(path)} has more than {_MAX_FILE:,} bytes.", "", kind="call")
    return content.removeprefix(b"\xef\xbb\xbf")


def write(path: Path, text: str) -> None:
    """Write a file whole: an older one stays as it is until then. Raises StoreError."""
    try:
        # A link is followed; a device or pipe is written to as it is.
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            file.write(text)
        temporary = Path(file.name)
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask)
        temporary.replace(target)
    except OSError as error:
        raise StoreError(
            "file-unwritable", f"{shown(str(path))} cannot be written: {error.strerror or error}.", "", kind="call"
        ) from error


def shown(path: str) -> str:
    """The path as messages name it."""
    return "standard input" if path == "-" else "".join(c if c.isprintable() else "?" for c in path)
