"""The set of origins that a policy allows, compiled for look-up.

Exact origins are found by hash, subdomains by the hosts that they are below, whatever their number; expressions
(at most 16) are tried in turn.
"""

from __future__ import annotations

from edgecors._origin import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors._automaton import Automaton
    from edgecors._pattern import Pattern


class OriginSet:
    """Origins, by exact text, by pattern and by expression."""

    __slots__ = ("_any_port", "_below", "_expressions", "_most", "exact", "is_plain")

    def __init__(self, exact: Iterable[str], patterns: Iterable[Pattern], expressions: Iterable[Automaton]) -> None:
        self.exact = frozenset(exact)
        self._any_port: set[tuple[str, str]] = set()
        self._below: dict[str, dict[str, set[str]]] = {}  # hosts by scheme and port ("*" for any)
        self._most = 0  # labels of a host in it
        for pattern in patterns:
            if not pattern.subdomains:
                self._any_port.add((pattern.scheme, pattern.host))
                continue
            self._below.setdefault(pattern.scheme, {}).setdefault(pattern.port, set()).add(pattern.host)
            self._most = max(self._most, pattern.host.count(".") + 1)
        self._expressions = tuple(expressions)
        self.is_plain = not (self._any_port or self._below or self._expressions)

    def __contains__(self, origin: str) -> bool:
        """Whether the Origin of a request is allowed. What is no well-formed origin never is."""
        return origin in self.exact or (not self.is_plain and self.matches(origin))

    def matches(self, origin: str) -> bool:
        """The same of what is not listed as it is: by pattern and by expression."""
        parts = parse(origin)
        if parts is None:
            return False
        scheme, host, port = parts
        if self._any_port and (scheme, host) in self._any_port:
            return True
        below = self._below.get(scheme)
        if below is not None:
            for pattern_port in (port, "*"):
                hosts = below.get(pattern_port)
                if hosts is not None and _is_below(host, hosts, self._most):
                    return True
        return self._expressions != () and self._is_expressed(origin)

    def _is_expressed(self, origin: str) -> bool:
        return any(expression.matches(origin) for expression in self._expressions)


def _is_below(host: str, hosts: set[str], most: int) -> bool:
    """Whether the host has at least one label in front of one of the hosts, which have `most` labels at most."""
    # However many labels a stranger sends, as many are looked at as the hosts have.
    extra = host.count(".") - most
    if extra > 0:
        host = host.split(".", extra)[-1]
    while "." in host:
        host = host.partition(".")[2]
        if host in hosts:
            return True
    return False
