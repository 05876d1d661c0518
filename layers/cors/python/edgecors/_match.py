"""The set of origins that a policy allows, compiled for look-up.

Exact origins are found by hash, subdomains by their labels from the right, whatever their number; expressions
(at most 16) are tried in turn.
"""

from __future__ import annotations

from edgecors._origin import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from edgecors._automaton import Automaton
    from edgecors._pattern import Pattern

    Tree: TypeAlias = "dict[str, Tree]"

# In a tree of labels: here ends a pattern's host, and whatever lies below it is allowed.
_END: Tree = {}


class OriginSet:
    """Origins, by exact text, by pattern and by expression."""

    __slots__ = ("_any_port", "_expressions", "_trees", "exact", "is_plain")

    def __init__(self, exact: Iterable[str], patterns: Iterable[Pattern], expressions: Iterable[Automaton]) -> None:
        self.exact = frozenset(exact)
        self._any_port: set[tuple[str, str]] = set()
        self._trees: dict[str, dict[str, Tree]] = {}  # by scheme and port ("*" for any)
        for pattern in patterns:
            if not pattern.subdomains:
                self._any_port.add((pattern.scheme, pattern.host))
                continue
            _add(pattern.host, self._trees.setdefault(pattern.scheme, {}).setdefault(pattern.port, {}))
        self._expressions = tuple(expressions)
        self.is_plain = not (self._any_port or self._trees or self._expressions)

    def __contains__(self, origin: str) -> bool:
        """Whether the Origin of a request is allowed. What is no well-formed origin never is."""
        if origin in self.exact:
            return True
        if self.is_plain:
            return False
        parts = parse(origin)
        if parts is None:
            return False
        scheme, host, port = parts
        if self._any_port and (scheme, host) in self._any_port:
            return True
        trees = self._trees.get(scheme)
        if trees is not None:
            for pattern_port in (port, "*"):
                tree = trees.get(pattern_port)
                if tree is not None and _is_below(host, tree):
                    return True
        return self._expressions != () and self._is_expressed(origin)

    def _is_expressed(self, origin: str) -> bool:
        return any(expression.matches(origin) for expression in self._expressions)


def _add(host: str, tree: Tree) -> None:
    """Adds what lies below the host, unless all of it is there already."""
    *labels, last = reversed(host.split("."))
    for label in labels:
        tree = tree.setdefault(label, {})
        if tree is _END:
            return
    tree[last] = _END


def _is_below(host: str, tree: Tree) -> bool:
    """Whether the host has at least one label in front of a host of the tree."""
    # From the right, all but the first label: that one is any.
    for label in host.split(".")[:0:-1]:
        following = tree.get(label)
        if not following:
            return following is not None
        tree = following
    return False
