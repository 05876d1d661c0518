"""Sets of origins: those that patterns let in, and what is in one but not in another.

Exact origins are compared by hash. Patterns and expressions are compared by the shortest origin that tells them apart,
searched for on automata, and only where a look-up does not tell. Whatever is found, the engine itself has confirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors._pattern import Pattern
from rules_analysis.listed import Listed, Part, machine_of
from rules_analysis.search import LABEL_CHARACTERS, Budget, TooHardError, order, shortest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from edgecors import Regex


class OriginSet:
    """The origins that are in every one of some lists of patterns, and not in some other sets. Immutable.

    Made by `OriginSet.of`; what is no well-formed origin is only in the set of `*`, as for the engine.
    """

    __slots__ = ("_inside", "_outside")

    def __init__(self, inside: tuple[Listed, ...], outside: tuple[OriginSet, ...]) -> None:
        self._inside = inside
        self._outside = outside

    @classmethod
    def of(cls, patterns: Iterable[str | Regex]) -> OriginSet:
        """The origins that any of the patterns matches, `*` every one. Raises ValueError for what is no pattern."""
        return cls((Listed(patterns),), ())

    def __contains__(self, origin: str) -> bool:
        """Whether the engine would let the origin in."""
        return all(origin in listed for listed in self._inside) and not any(origin in other for other in self._outside)

    def minus(self, other: OriginSet) -> OriginSet:
        """The origins of this set that are not in the other one."""
        return OriginSet(self._inside, (*self._outside, other))

    def overlap(self, other: OriginSet) -> OriginSet:
        """The origins that are in both sets."""
        return OriginSet((*self._inside, *other._inside), (*self._outside, *other._outside))

    def is_subset(self, other: OriginSet, *, budget: Budget | None = None) -> bool:
        """Whether every origin of this set is in the other one. Raises TooHardError where that is not known."""
        return self.minus(other).is_empty(budget=budget)

    def is_empty(self, *, budget: Budget | None = None) -> bool:
        """Whether no well-formed origin is in the set. Raises TooHardError where that is not known."""
        return self._search("", budget or Budget(), hasty=True) is None

    def example(self, *, starting: str = "", budget: Budget | None = None) -> str | None:
        """The shortest well-formed origin of the set (that begins with `starting`); of several the first, letters
        before digits. None where there is none. Where a part of the set takes too long to be searched, it is the
        shortest of the other parts.

        Raises TooHardError where it is not known whether there is one.
        """
        return self._search(starting, budget or Budget(), hasty=False)

    def _search(self, starting: str, budget: Budget, *, hasty: bool) -> str | None:
        """`hasty`: whether any origin will do."""
        best: str | None = None
        for listed in self._inside:
            for origin in listed.exact:
                if (best is None or len(origin) <= len(best)) and origin.startswith(starting) and origin in self:
                    if hasty:
                        return origin
                    best = origin if best is None else min(best, origin, key=order)
        too_hard: TooHardError | None = None
        # All that is left is in the patterns and expressions of every list: those of the shortest list lead.
        lead = min(self._inside, key=lambda listed: listed.breadth)
        for part in lead.parts():
            if self._holds_nothing_of(part, lead):
                continue
            try:
                found = self._shortest_of(part, lead, starting, budget, None if best is None else len(best))
            except TooHardError as error:
                too_hard = error
                continue
            if found is not None and hasty:
                return found
            if found is not None:
                best = found if best is None else min(best, found, key=order)
        if best is None and too_hard is not None:
            raise too_hard
        return best

    def _holds_nothing_of(self, part: Part, lead: Listed) -> bool:
        """Whether look-ups tell that none of the part's origins is in the set, but for those that are exact."""
        return any(
            not other._outside and all(listed.covers(part) for listed in other._inside) for other in self._outside
        ) or any(listed is not lead and not listed.may_meet(part) for listed in self._inside)

    def _shortest_of(self, part: Part, lead: Listed, starting: str, budget: Budget, longest: int | None) -> str | None:
        for origin in _short_ones(part):
            if origin.startswith(starting) and origin in self:
                return origin
        others = [listed for listed in self._inside if listed is not lead]
        beside = list(dict.fromkeys(listed for other in self._outside for listed in other._lists()))

        def accepts(verdicts: Sequence[bool]) -> bool:
            is_in = dict(zip(beside, verdicts, strict=True))
            return not any(other._has(is_in) for other in self._outside)

        return shortest(
            [machine_of(part), *(listed.patterns_machine for listed in others)],
            [listed.machine for listed in beside],
            accepts,
            self.__contains__,
            budget,
            starting=starting,
            longest=longest,
        )

    def _lists(self) -> Iterator[Listed]:
        yield from self._inside
        for other in self._outside:
            yield from other._lists()

    def _has(self, is_in: dict[Listed, bool]) -> bool:
        """Whether an origin is in the set, given in which lists it is."""
        return all(is_in[listed] for listed in self._inside) and not any(other._has(is_in) for other in self._outside)


def _short_ones(part: Part) -> Iterator[str]:
    """The shortest origins of a pattern, in order: those with which a search would begin."""
    if isinstance(part, Pattern):
        port = "" if part.port in ("", "*") else f":{part.port}"
        for label in [f"{character}." for character in LABEL_CHARACTERS] if part.subdomains else [""]:
            yield f"{part.scheme}://{label}{part.host}{port}"
