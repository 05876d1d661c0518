"""The set of origins that a policy allows, compiled for look-up.

Exact origins are found by hash, subdomains by what an Origin ends in, whatever their number; expressions (at most 16)
are tried in turn.
"""

from __future__ import annotations

from edgecors._origin import are_labels, parse
from edgecors._spec import LABEL_CHARACTERS, MAX_HOST, MAX_LABEL, MAX_ORIGIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from edgecors._automaton import Automaton
    from edgecors._pattern import Pattern


class OriginSet:
    """Origins, by exact text, by pattern and by expression."""

    __slots__ = ("_any_port", "_below", "_below_any_port", "_expressions", "_most", "_parses", "exact", "is_plain")

    def __init__(self, exact: Iterable[str], patterns: Iterable[Pattern], expressions: Iterable[Automaton]) -> None:
        self.exact = frozenset(exact)
        self._any_port: set[tuple[str, str]] = set()
        # Schemes by what an Origin ends in after one label or more: host, and port where the pattern has one.
        self._below: dict[str, tuple[str, ...]] = {}
        self._below_any_port: dict[str, tuple[str, ...]] = {}
        self._most = 0  # labels of an ending
        self._expressions = tuple(expressions)
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}  # one tuple for 100,000 hosts
        for pattern in patterns:
            scheme, ending, endings = pattern.scheme, pattern.host, self._below
            if not pattern.subdomains:
                self._any_port.add((scheme, ending))
                continue
            self._most = max(self._most, ending.count(".") + 1)
            if pattern.port == "*":
                endings = self._below_any_port
            elif pattern.port:
                ending = f"{ending}:{pattern.port}"
            schemes = (*endings.get(ending, ()), scheme)
            endings[ending] = shared.setdefault(schemes, schemes)
        # What endings cannot tell:
        self._parses = bool(self._any_port or self._below_any_port or self._expressions)
        self.is_plain = not (self._parses or self._below)

    def __contains__(self, origin: str) -> bool:
        """Whether the Origin of a request is allowed. What is no well-formed origin never is."""
        return origin in self.exact or (not self.is_plain and self.matches(origin))

    def shortest(self) -> Callable[[str], bool]:
        """What says the same as `in`, in as few calls as this set needs."""
        if self.is_plain:
            return self.exact.__contains__
        return self.__contains__ if self.exact else self.matches

    def matches(self, origin: str) -> bool:
        """The same of what is not listed as it is: by pattern and by expression."""
        # One label below a host of the policy, as most are, in half the time of the whole way.
        head, _, ending = origin.partition(".")
        schemes = self._below.get(ending)
        if schemes is not None:
            scheme, _, label = head.partition("://")
            if scheme in schemes and 0 < len(label) <= MAX_LABEL and len(origin) <= MAX_HOST:
                # Scheme and ending are as the policy has them: only the label is the stranger's.
                return not label.strip(LABEL_CHARACTERS)
        return _is_below(origin, ending, self._below, self._most) or (self._parses and self._matches_parsed(origin))

    def _matches_parsed(self, origin: str) -> bool:
        parts = parse(origin)
        if parts is None:
            return False
        scheme, host, _ = parts
        if (scheme, host) in self._any_port:
            return True
        if _is_below(f"{scheme}://{host}", host.partition(".")[2], self._below_any_port, self._most):
            return True
        return any(expression.matches(origin) for expression in self._expressions)


def _is_below(origin: str, ending: str, endings: Mapping[str, tuple[str, ...]], most: int) -> bool:
    """Whether an Origin, of which `ending` follows the first dot, has labels before one of `endings`, which have `most`
    labels at most."""
    if len(origin) > MAX_ORIGIN:
        return False
    # However many labels a stranger sends, as many are looked at as the endings have.
    extra = ending.count(".") + 1 - most
    if extra > 0:
        ending = ending.split(".", extra)[-1]
    while ending:
        schemes = endings.get(ending)
        if schemes is not None:
            scheme, _, labels = origin[: -len(ending) - 1].partition("://")
            if scheme in schemes and are_labels(labels) and len(f"{labels}.{_host(ending)}") <= MAX_HOST:
                return True
        ending = ending.partition(".")[2]
    return False


def _host(ending: str) -> str:
    return ending.partition(":")[0].removesuffix(".")
