"""The paths of an API, split by what the documents tell apart.

A region is what one path pattern of the documents covers, less what the more specific ones among them cover: all of
its paths have one policy in each document. Paths that the engine gives no policy for what they look like (dot
segments) are left out, and so are those that do not begin with a slash, since no request has one.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from edgecors import Rules

_SAMPLE = "sample"


class Region(NamedTuple):
    """The `pattern` that the region is named for, and a `path` in it."""

    pattern: str
    path: str


class Regions:
    """All regions of some documents, in the order of their patterns."""

    def __init__(self, documents: Sequence[Rules]) -> None:
        patterns = dict.fromkeys(path for rules in documents for _, paths, _ in rules.policies for path in paths)
        if "/*" in patterns:
            patterns.pop("*", None)
        # Prefixes by what they end in: a slash.
        self._prefixes = {pattern[:-1]: pattern for pattern in patterns if pattern.endswith("/*")}
        self._lengths = sorted(set(map(len, self._prefixes)), reverse=True)
        segments = {segment for pattern in patterns for segment in pattern.split("/")}
        name = next(name for number in count() if (name := f"{_SAMPLE}{number or ''}") not in segments)
        self.all = tuple(Region(pattern, _path_in(pattern, name)) for pattern in patterns)
        self._order = {pattern: number for number, pattern in enumerate(patterns)}
        self._parents = {pattern: self._above(pattern) for pattern in patterns}
        self._children: dict[str | None, list[str]] = {}
        for pattern, parent in self._parents.items():
            self._children.setdefault(parent, []).append(pattern)

    def described(self, chosen: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The fewest patterns that tell which regions (by their patterns) are chosen: those whose paths are, and those
        whose paths are not. As in a document, the most specific one has a path."""
        paths = [pattern for pattern in chosen if self._parents[pattern] not in chosen]
        others = [below for pattern in chosen for below in self._children.get(pattern, ()) if below not in chosen]
        return tuple(sorted(paths, key=self._order.__getitem__)), tuple(sorted(others, key=self._order.__getitem__))

    def _above(self, pattern: str) -> str | None:
        """The narrowest of the other patterns that covers all that this one does."""
        if pattern == "*":
            return None
        begin = pattern.removesuffix("/*")
        found = (self._prefixes.get(begin[:length]) for length in self._lengths if length <= len(begin))
        return next(filter(None, found), "*")


def _path_in(pattern: str, name: str) -> str:
    if pattern == "*":
        return f"/{name}"
    return pattern[:-1] + name if pattern.endswith("/*") else pattern
