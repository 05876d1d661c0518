"""The patterns of one list, sorted by kind, with what look-ups can tell of them."""

from __future__ import annotations

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
    """An expression and its automaton."""

    text: str
    automaton: Automaton


# One entry of a list that is no exact origin; None is `*`.
Part = Pattern | Expression | None


class Listed:
    """A list of patterns. `exact`: its exact origins; `parts()`: all others."""

    def __init__(self, patterns: Iterable[str | Regex]) -> None:
        exact: list[str] = []
        by_key: dict[tuple[str, str, str, bool], Pattern] = {}
        expressions: dict[str, Expression] = {}
        self.is_any = False
        for entry in patterns:
            part = part_of(entry)
            if part is None:
                self.is_any = True
            elif isinstance(part, Expression):
                expressions[part.text] = part
            elif isinstance(part, Pattern):
                by_key[_key(part)] = part
            else:
                exact.append(part)
        self.exact = frozenset(exact)
        self._patterns = by_key
        self._expressions = expressions
        self._engine = EngineSet(exact, by_key.values(), (part.automaton for part in expressions.values()))

    def __contains__(self, origin: str) -> bool:
        return self.is_any or origin in self._engine

    def parts(self) -> Iterator[Part]:
        """All that is no exact origin."""
        if self.is_any:
            yield None
        yield from self._patterns.values()
        yield from self._expressions.values()

    @property
    def breadth(self) -> tuple[bool, int]:
        """A key that puts lists that are easy to search first."""
        return self.is_any, len(self._patterns) + len(self._expressions)

    def covers(self, part: Part) -> bool:
        """Whether a look-up tells that all of the part is in the list; False does not say that it is not."""
        if self.is_any:
            return True
        if isinstance(part, Expression):
            return part.text in self._expressions
        if part is None:
            return False
        ends = _ends(part.host)
        if not part.subdomains:
            if _key(part) in self._patterns:
                return True
            next(ends)
        return any((part.scheme, end, port, True) in self._patterns for end in ends for port in {part.port, "*"})

    def may_meet(self, part: Part) -> bool:
        """Whether an origin may be in the part and in one of ours; False where a look-up tells that there is none."""
        if self.is_any:
            return True
        if part is None or isinstance(part, Expression) or self._expressions:
            return bool(self._patterns or self._expressions)
        below, whole = self._hosts(part.scheme)
        host = _backwards(part.host)
        if not part.subdomains:
            return host in whole or any(_backwards(end) in below for end in _ends(part.host, proper=True))
        return below.begins(host) or whole.begins(host) or any(_backwards(end) in below for end in _ends(part.host))

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
        return [machines.Patterns(list(self._patterns.values()))] if self._patterns else []

    def _hosts(self, scheme: str) -> tuple[machines.Words, machines.Words]:
        """The hosts behind `*.` of a scheme, and the others, read backwards by labels."""
        found = self._by_scheme.get(scheme)
        return found if found is not None else (machines.Words(()), machines.Words(()))

    @cached_property
    def _by_scheme(self) -> dict[str, tuple[machines.Words, machines.Words]]:
        hosts: dict[str, tuple[list[str], list[str]]] = {}
        for pattern in self._patterns.values():
            hosts.setdefault(pattern.scheme, ([], []))[not pattern.subdomains].append(_backwards(pattern.host))
        return {scheme: (machines.Words(below), machines.Words(whole)) for scheme, (below, whole) in hosts.items()}


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
    return machines.Expression(part.automaton) if isinstance(part, Expression) else machines.Patterns([part])


@lru_cache(maxsize=64)
def _compiled(text: str) -> Expression:
    try:
        return Expression(text, compile_expression(text))
    except ExpressionError as error:
        raise ValueError(f"{text!r:.200} is no expression: {error.code}") from error


def _key(pattern: Pattern) -> tuple[str, str, str, bool]:
    return pattern.scheme, pattern.host, pattern.port, pattern.subdomains


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
