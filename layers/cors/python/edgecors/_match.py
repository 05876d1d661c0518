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

# In a tree of labels: here ends a pattern's host. No label of a host is `*`.
_END = "*"


class OriginSet:
    """Origins, by exact text, by pattern and by expression."""

    __slots__ = ("_any_port", "_exact", "_expressions", "_plain", "_trees")

    def __init__(self, exact: Iterable[str], patterns: Iterable[Pattern], expressions: Iterable[Automaton]) -> None:
        self._exact = frozenset(exact)
        self._any_port: set[tuple[str, str]] = set()
        self._trees: dict[tuple[str, str], Tree] = {}
        for pattern in patterns:
            if not pattern.subdomains:
                self._any_port.add((pattern.scheme, pattern.host))
                continue
            node = self._trees.setdefault((pattern.scheme, pattern.port), {})
            for label in reversed(pattern.host.split(".")):
                node = node.setdefault(label, {})
            node[_END] = {}
        self._expressions = tuple(expressions)
        self._plain = not (self._any_port or self._trees or self._expressions)

    def __contains__(self, origin: str) -> bool:
        """Whether the Origin of a request is allowed. What is no well-formed origin never is."""
        if origin in self._exact:
            return True
        if self._plain:
            return False
        parts = parse(origin)
        if parts is None:
            return False
        scheme, host, port = parts
        if self._any_port and (scheme, host) in self._any_port:
            return True
        if self._trees:
            for pattern_port in (port, "*"):
                tree = self._trees.get((scheme, pattern_port))
                if tree is not None and _is_below(host, tree):
                    return True
        return bool(self._expressions) and any(expression.matches(origin) for expression in self._expressions)


def _is_below(host: str, tree: Tree) -> bool:
    """Whether the host has at least one label in front of a host of the tree."""
    for label in reversed(host.split(".")):
        if _END in tree:
            return True
        following = tree.get(label)
        if following is None:
            return False
        tree = following
    return False
