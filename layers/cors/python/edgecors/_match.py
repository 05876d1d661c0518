"""The set of origins that a policy allows, compiled for look-up.

Exact origins are found by hash, subdomains by what an Origin ends in, whatever their number; expressions (at most 16)
are tried in turn.
"""

from __future__ import annotations

from edgecors._origin import are_labels, parse
from edgecors._spec import LABEL_CHARACTERS, MAX_HOST, MAX_LABEL, MAX_ORIGIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set

    from edgecors._automaton import Automaton
    from edgecors._pattern import Pattern

_LABEL_BYTES = LABEL_CHARACTERS.encode()
# Of more exact origins than the processor's caches hold, those that were found last are kept apart, since they come
# again (a preflight and its request, the calls of one page): a look-up among 1,000,000 takes half of a preflight, one
# among these nothing to speak of. Only what is listed gets there, so that no stranger can fill it.
_MANY, _RECENT = 100_000, 4_096


class OriginSet:
    """Origins, by exact text, by pattern and by expression."""

    __slots__ = (
        "_any_port",
        "_below",
        "_below_any_port",
        "_expressions",
        "_least",
        "_most",
        "_parses",
        "_recent",
        "at_hand",
        "exact",
    )

    def __init__(self, exact: Iterable[str], patterns: Iterable[Pattern], expressions: Iterable[Automaton]) -> None:
        self.exact = frozenset(exact)
        self._recent: set[str] = set()
        self.at_hand: Set[str] = self._recent if len(self.exact) > _MANY else self.exact
        self._any_port: set[tuple[str, str]] = set()
        # What such an Origin ends in, after one label or more, by what it begins with: host, and port where the pattern
        # has one, by `https://` and the like. (Not the other way round: in a large dict of hosts each value is another
        # place in memory, which takes a tenth of a preflight.)
        self._below: dict[bytes, set[str]] = {}
        self._below_any_port: dict[bytes, set[str]] = {}
        self._least, self._most = MAX_HOST, 0  # labels that such a pattern has
        self._expressions = tuple(expressions)
        for pattern in patterns:
            host = pattern.host
            if not pattern.subdomains:
                self._any_port.add((pattern.scheme, host))
                continue
            labels = host.count(".") + 1
            self._least, self._most = min(self._least, labels), max(self._most, labels)
            below = self._below_any_port if pattern.port == "*" else self._below
            ending = f"{host}:{pattern.port}" if pattern.port not in ("", "*") else host
            below.setdefault(_beginning(pattern.scheme), set()).add(ending)
        # Made anew, the texts lie side by side, without what was made between them in memory: among 100,000 that is a
        # tenth of a preflight.
        self._below = {beginning: set("\n".join(endings).split("\n")) for beginning, endings in self._below.items()}
        # What these cannot tell:
        self._parses = bool(self._any_port or self._below_any_port or self._expressions)

    def __contains__(self, origin: str) -> bool:
        """Whether the Origin of a request is allowed. What is no well-formed origin never is."""
        rest = self.rest
        return origin in self.at_hand or (rest is not None and rest(origin))

    @property
    def rest(self) -> Callable[[str], bool] | None:
        """What tells whether an origin that is not at hand is allowed; None where none is."""
        if self.at_hand is self._recent:
            return self._is_among_many
        return self._matches if self._parses or self._below else None

    def _is_among_many(self, origin: str) -> bool:
        if origin not in self.exact:
            return self._matches(origin)
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        self._recent.add(origin)
        return True

    def _matches(self, origin: str) -> bool:
        """Whether it is one of a pattern's or an expression's."""
        head, _, ending = origin.partition(".")
        if len(origin) <= MAX_LABEL:
            # One label below a host of the policy, as most are, in half the time of the whole way: beginning and ending
            # are the policy's, and only the label is the stranger's. (As bytes it is stripped in half the time.)
            try:
                octets = head.encode()
            except UnicodeEncodeError:  # half of a surrogate pair
                return False
            beginning = octets.rstrip(_LABEL_BYTES)
            endings = self._below.get(beginning)
            if endings is not None and ending in endings:
                return beginning != octets
            if ending.count(".") < self._least:
                return self._parses and self._matches_parsed(origin)
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


def _is_below(origin: str, ending: str, below: Mapping[bytes, set[str]], most: int) -> bool:
    """Whether an Origin, of which `ending` follows the first dot, has labels before one of `below`, which have `most`
    labels at most."""
    if len(origin) > MAX_ORIGIN or not origin.isascii():
        return False
    scheme = origin.partition("://")[0]
    endings = below.get(_beginning(scheme))
    if endings is None:
        return False
    # However many labels a stranger sends, as many are looked at as the policy's have.
    extra = ending.count(".") + 1 - most
    if extra > 0:
        ending = ending.split(".", extra)[-1]
    while ending:
        if ending in endings:
            labels = origin[len(scheme) + len("://") : -len(ending) - 1]
            if are_labels(labels) and len(f"{labels}.{_host(ending)}") <= MAX_HOST:
                return True
        ending = ending.partition(".")[2]
    return False


def _beginning(scheme: str) -> bytes:
    return f"{scheme}://".encode()


def _host(ending: str) -> str:
    return ending.partition(":")[0].removesuffix(".")
