"""Who is let in by one list of patterns and not by another, and who by both: pattern by pattern, for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecors import Regex
from edgecors._origin import parse
from edgecors._pattern import Pattern
from rules_analysis.listed import Expression, Listed, Part, part_of
from rules_analysis.origin_sets import OriginSet
from rules_analysis.search import Budget, TooHardError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# States of one search; see Budget.
_ONE_SEARCH = 10_000


@dataclass(frozen=True)
class Origins:
    """The origins of `pattern` that are in one of `within` (where there are any) and in none of `other_than`.

    `example`: the shortest of them. None where it is not known whether there are any at all, since it would take too
    long to tell; and `pattern` is None where there are too many to be looked at.
    """

    pattern: str | Regex | None
    other_than: tuple[str | Regex, ...] = ()
    within: tuple[str | Regex, ...] = ()
    example: str | None = None


class Side:
    """The patterns of one document's policy. `budget`: of all searches in which it takes part."""

    def __init__(self, patterns: Sequence[str | Regex], budget: Budget) -> None:
        self.patterns = tuple(patterns)
        self.listed = Listed(patterns)
        self.all = OriginSet((self.listed,), ())
        # What is no exact origin, in the order of the list.
        self.wide = [part for entry in patterns if not isinstance(part := part_of(entry), str)]
        self._wide_listed = Listed(entry_of(part) for part in self.wide)
        self._budget = budget

    def exact(self) -> Iterator[str]:
        """The exact origins, in the order of the list, but for those that another pattern covers."""
        exact, wide = self.listed.exact, self._wide_listed
        return (entry for entry in self.patterns if isinstance(entry, str) and entry in exact and entry not in wide)

    def beyond(self, other: Side) -> Iterator[Origins]:
        """Who is let in here and not there, pattern by pattern; what others cover here is left out."""
        for origin in self.exact():
            if origin not in other.all:
                yield Origins(origin, example=origin)
        below = _by_pattern([part for part in self.wide if isinstance(part, Pattern)], other.listed.exact)
        for part in self.wide:
            if self.listed.covers(part, by_others=True) or other.listed.covers(part):
                continue
            new = _set_of(part).minus(other.all)
            try:
                # Of all origins, one that people know the like of.
                https = new.example(starting="https://", budget=self._search()) if part is None else None
                example = https or new.example(budget=self._search())
            except TooHardError:
                yield Origins(entry_of(part), other_than=self._met(part, other, below))
                continue
            if example is not None:
                yield Origins(entry_of(part), other_than=self._met(part, other, below), example=example)

    def shared(self, other: Side) -> Iterator[Origins]:
        """Who is let in here and there."""
        named = {origin: None for origin in self.exact() if origin in other.all}
        # What is exact on one side may be covered by another pattern there, and is told by the side where it is not.
        named.update((origin, None) for origin in other.exact() if origin in self.all)
        for origin in named:
            yield Origins(origin, example=origin)
        for part in self.wide:
            for theirs in other.listed.meeting(part):
                both = _set_of(part).overlap(_set_of(theirs))
                try:
                    example = both.example(budget=self._search())
                    if example is None:
                        continue
                except TooHardError:
                    example = None
                if self._is_within(part, other):
                    yield Origins(entry_of(part), example=example)
                    break
                if self._is_within(theirs, self):
                    yield Origins(entry_of(theirs), example=example)
                else:
                    yield Origins(entry_of(part), within=(entry_of(theirs),), example=example)

    def shares(self, other: Side) -> bool:
        """Whether anyone is let in here and there; true where that is not known."""
        try:
            return not self.all.overlap(other.all).is_empty(budget=self._search())
        except TooHardError:
            return True

    def _is_within(self, part: Part, other: Side) -> bool:
        """False where that is not known."""
        if other.listed.covers(part):
            return True
        try:
            return _set_of(part).is_subset(other.all, budget=self._search())
        except TooHardError:
            return False

    def _met(self, part: Part, other: Side, below: dict[Pattern, list[str]]) -> tuple[str | Regex, ...]:
        """The patterns of the other side that have an origin in common with the part, in the order of its list."""
        exact = other.listed.exact
        if isinstance(part, Pattern):
            exact = frozenset(below.get(part, ()))
        elif part is not None:
            exact = frozenset(filter(part.automaton.matches, exact))
        met = {entry_of(theirs) for theirs in other.listed.meeting(part) if self._meet(part, theirs)}
        return tuple(entry for entry in other.patterns if entry in exact or entry in met)

    def _meet(self, part: Part, theirs: Part) -> bool:
        if not (isinstance(part, Expression) or isinstance(theirs, Expression)):
            return True  # a look-up has told
        try:
            return not _set_of(part).overlap(_set_of(theirs)).is_empty(budget=self._search())
        except TooHardError:
            return True  # to name it as well does no harm

    def _search(self) -> Budget:
        return Budget(_ONE_SEARCH, self._budget)


def entry_of(part: Part) -> str | Regex:
    """The entry of a list that the part was made of."""
    if part is None:
        return "*"
    return Regex(part.text) if isinstance(part, Expression) else str(part)


def _set_of(part: Part) -> OriginSet:
    return OriginSet.of([entry_of(part)])


def _by_pattern(patterns: list[Pattern], origins: frozenset[str]) -> dict[Pattern, list[str]]:
    """The exact origins that each pattern lets in: looked up, so that many of both take no long time."""
    found: dict[Pattern, list[str]] = {}
    listed = Listed(map(str, patterns))
    for origin in origins if patterns else ():
        parts = parse(origin)
        for pattern in listed.matching(*parts) if parts is not None else ():
            found.setdefault(pattern, []).append(origin)
    return found
