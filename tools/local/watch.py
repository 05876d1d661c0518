"""Noticing edits by looking at the files' times: it needs no library and works on every file system."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

IGNORED = frozenset({"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
Stamp = tuple[int, int]


class Watch:
    """Some files and folders; `changed` says what was edited, added or removed since it was last asked."""

    def __init__(self, paths: Iterable[Path], ignored: Iterable[Path] = ()) -> None:
        """`ignored` are files in the folders that do not count."""
        self._paths = tuple(paths)
        self._ignored = frozenset(ignored)
        self._seen = dict(self._stamps())

    def changed(self) -> list[Path]:
        """The files, sorted."""
        now = dict(self._stamps())
        differing = {path for path in now.keys() | self._seen.keys() if now.get(path) != self._seen.get(path)}
        self._seen = now
        return sorted(differing)

    def _stamps(self) -> Iterator[tuple[Path, Stamp]]:
        for path in self._paths:
            for file in walk(path) if path.is_dir() else (path,):
                if file in self._ignored:
                    continue
                try:
                    status = file.stat()
                except OSError:  # an editor that replaces a file may be between the two steps
                    continue
                yield file, (status.st_mtime_ns, status.st_size)


def walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, but caches and hidden ones."""
    for directory, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in IGNORED and not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and not name.endswith("~"):
                yield type(folder)(directory, name)
