"""The patterns of one list, sorted by kind, with what look-ups can tell of them."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from edgecors import Regex
from edgecors._automaton import Automaton, compile_expression
from edgecors._match import OriginSet as EngineSet
from edgecors._pattern import Pattern, compile_pattern
from edgecors._regex import ExpressionError
from rules_analysis import machines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rules_analysis.machines import Machine


class Expression(NamedTuple):
    """An expression, its automaton, and the machine that walks it."""

    text: str
    automaton: Automaton
    machine: machines.Expression


# One entry of a list that is no exact origin; None is `*`.
Part = Pattern | Expression | None


# Scheme, host, and whether the pattern stands for what is below it.
_Key = tuple[str, str, bool]


class Listed:
    """A list of patterns. `exact`: its exact origins; `parts()`: all others."""

    def __init__(self, patterns: Iterable[str | Regex]) -> None:
        exact: list[str] = []
        # By port, by key.
        self._hosts: dict[_Key, dict[str, Pattern]] = {}
        expressions: dict[str, Expression] = {}
        self.is_any = False
        for entry in patterns:
            part = part_of(entry)
            if part is None:
                self.is_any = True
            elif isinstance(part, Expression):
                expressions[part.text] = part
            elif isinstance(part, Pattern):
                self._hosts.setdefault(_key(part), {})[part.port] = part
            else:
                exact.append(part)
        self.exact = frozenset(exact)
        self._patterns = [pattern for ports in self._hosts.values() for pattern in ports.values()]
        self._expressions = expressions
        self._engine = EngineSet(exact, self._patterns, (part.automaton for part in expressions.values()))

    def __contains__(self, origin: str) -> bool:
        return self.is_any or origin in self._engine

    def parts(self) -> Iterator[Part]:
        """All that is no exact origin."""
        if self.is_any:
            yield None
        yield from self._patterns
        yield from self._expressions.values()

    @property
    def breadth(self) -> tuple[bool, int]:
        """A key that puts lists that are easy to search first."""
        return self.is_any, len(self._patterns) + len(self._expressions)

    def covers(self, part: Part, *, by_others: bool = False) -> bool:
        """Whether a look-up tells that all of the part is in the list; False does not say that it is not. `by_others`:
        without the part itself, which is one of the list's."""
        if self.is_any:
            return not by_others
        if isinstance(part, Expression):
            return part.text in self._expressions and not by_others
        if part is None:
            return False
        own = (_key(part), part.port)
        keys = [(part.scheme, end, True) for end in _ends(part.host, proper=True)]
        wider = [(key, port) for key in (_key(part), *keys) for port in (part.port, "*")]
        return any(port in self._hosts.get(key, {}) for key, port in wider if not (by_others and (key, port) == own))

    def may_meet(self, part: Part) -> bool:
        """Whether an origin may be in the part and in one of ours; False where a look-up tells that there is none."""
        return any(True for _ in self.meeting(part))

    def meeting(self, part: Part) -> Iterator[Part]:
        """Those of our parts that may have an origin in common with this one: of patterns just those that do, and `*`;
        of expressions those that look-ups do not exclude."""
        if self.is_any:
            yield None
        if isinstance(part, Pattern):
            yield from self._related(part)
            yield from (theirs for theirs in self._expressions.values() if _may_match(theirs, part))
            return
        for pattern in self._patterns:
            if part is None or _may_match(part, pattern):
                yield pattern
        yield from self._expressions.values()

    def matching(self, scheme: str, host: str, port: str) -> Iterator[Pattern]:
        """Our patterns (no expressions) that let in the origin of these parts."""
        for end in _ends(host):
            ports = self._hosts.get((scheme, end, end != host), {})
            yield from (ports[wanted] for wanted in (port, "*") if wanted in ports)

    def _related(self, part: Pattern) -> Iterator[Pattern]:
        """The patterns whose hosts are related to the part's, on a port that both have."""
        found: list[Pattern] = []
        for end in _ends(part.host):
            # Only what is behind `*.` stands for more than its own host.
            found += self._hosts.get((part.scheme, end, part.subdomains or end != part.host), {}).values()
        if part.subdomains:
            found += self._below(part)
        return (pattern for pattern in found if part.port == "*" or pattern.port in ("*", part.port))

    def _below(self, part: Pattern) -> Iterator[Pattern]:
        """The patterns whose hosts are below the part's."""
        begin = f"{part.scheme} {_backwards(part.host)}"
        for at in range(bisect_left(self._sorted, (begin,)), len(self._sorted)):
            text, key = self._sorted[at]
            if not text.startswith(begin):
                break
            if text != begin:
                yield from self._hosts[key].values()

    @cached_property
    def patterns_machine(self) -> Machine:
        """Accepts what any of the parts matches."""
        return machines.Union(
            [machine_of(part) for part in self.parts() if not isinstance(part, Pattern)] + self._plain
        )

    @cached_property
    def machine(self) -> Machine:
        """Accepts all of the list."""
        if self.is_any:
            return machines.Everything()
        return machines.Union([self.patterns_machine, machines.Exact(self.exact)])

    @property
    def _plain(self) -> list[Machine]:
        return [machines.Patterns(self._patterns)] if self._patterns else []

    @cached_property
    def _sorted(self) -> list[tuple[str, _Key]]:
        """The patterns' keys by scheme and host, its labels read backwards: what is below a host comes behind it."""
        return sorted((f"{key[0]} {_backwards(key[1])}", key) for key in self._hosts)


def part_of(entry: str | Regex) -> Part | str:
    """What an entry of a list is: text for an exact origin. Raises ValueError for what is none of the engine's."""
    if isinstance(entry, Regex):
        return _compiled(entry.expression)
    if entry == "*":
        return None
    pattern = compile_pattern(entry)
    if pattern is None:
        raise ValueError(f"{entry!r:.200} is no pattern")
    return pattern if pattern.subdomains or pattern.port == "*" else entry


def machine_of(part: Part) -> Machine:
    """The automaton of one entry."""
    if part is None:
        return machines.Everything()
    return part.machine if isinstance(part, Expression) else machines.Patterns([part])


@lru_cache(maxsize=64)
def _compiled(text: str) -> Expression:
    try:
        automaton = compile_expression(text)
        return Expression(text, automaton, machines.Expression(automaton))
    except ExpressionError as error:
        raise ValueError(f"{text!r:.200} is no expression: {error.code}") from error


def _may_match(expression: Expression, pattern: Pattern) -> bool:
    if pattern.port == "*":
        return True
    before = "." if pattern.subdomains else "://"
    port = f":{pattern.port}" if pattern.port else ""
    return expression.machine.ends_with(f"{before}{pattern.host}{port}")


def _key(pattern: Pattern) -> _Key:
    return pattern.scheme, pattern.host, pattern.subdomains


def _ends(host: str, *, proper: bool = False) -> Iterator[str]:
    """The host (unless `proper`), then what is left as each of its labels is taken off."""
    end = host
    while end:
        if not proper:
            yield end
        proper = False
        end = end.partition(".")[2]


def _backwards(host: str) -> str:
    return ".".join(reversed(host.split("."))) + "."
