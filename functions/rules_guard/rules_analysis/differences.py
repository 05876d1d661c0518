"""What one document allows and another does not: who gains and who loses which access, on which paths.

Computed on sets: two documents that allow the same differ in nothing, however they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from edgecors import Rules
from rules_analysis.access import Access, access_of, max_age_of
from rules_analysis.origin_rows import Origins, Side
from rules_analysis.regions import Region, Regions
from rules_analysis.search import Budget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from edgecors import Policy

Kind = Literal["gain", "loss", "max-age"]

# For all searches of one comparison: a few seconds.
_BUDGET = 40_000
# Exact origins that are looked up in one comparison.
_LOOK_UPS = 500_000
_TOO_MANY = Origins(None)
# Of what is nobody's in particular.
_NOBODY = Origins("")


@dataclass(frozen=True)
class Difference:
    """What some origins gain or lose on some paths.

    - `credentialed`: whether it is a gain that is used with credentials, too.
    - `access`: what; None for `max-age`. Of origins that could not read before, or cannot any more (`access.reads`),
      all that they can or could do. Where `access.credentials` is true of others, all that, with credentials, too.
    - `max_age`: the seconds for which preflights are kept, before and after.
    - `origins`: who; nobody in particular for `max-age`.
    - `paths`: patterns of the paths; `other_paths`: those of paths that have it not. The most specific one has a path.
    - `path`: one of the paths.
    """

    kind: Kind
    credentialed: bool
    access: Access | None
    max_age: tuple[int, int] | None
    origins: tuple[Origins, ...]
    paths: tuple[str, ...]
    other_paths: tuple[str, ...]
    path: str


class _What(NamedTuple):
    """The part of a Difference that is the same for several origins and paths."""

    kind: Kind
    credentialed: bool
    access: Access | None
    max_age: tuple[int, int] | None


# What, and who.
_Rows = list[tuple[_What, tuple[Origins, ...]]]


def compare(before: Rules | None, after: Rules) -> tuple[Difference, ...]:
    """Every difference: gains first, those with credentials before the others, then losses, then the rest.

    `before` is None where nobody was allowed anything. Bounded: what would take too long to know is reported as if it
    were so, without an example (see Origins).
    """
    old = before if before is not None else Rules()
    regions = Regions((after, old))
    pairs: dict[tuple[Policy | None, Policy | None], list[Region]] = {}
    for region in regions.all:
        pairs.setdefault((old.policy_for(region.path), after.policy_for(region.path)), []).append(region)
    comparison = _Comparison()
    # In which of the pairs.
    found: dict[_What, dict[Origins, list[int]]] = {}
    for number, pair in enumerate(pairs):
        for what, origins in comparison.rows(*pair):
            known = found.setdefault(what, {})
            for row in dict.fromkeys(origins):
                known.setdefault(row, []).append(number)
    differences = []
    where = list(pairs.values())
    for what, rows in found.items():
        together: dict[tuple[int, ...], list[Origins]] = {}
        for row, numbers in rows.items():
            together.setdefault(tuple(numbers), []).append(row)
        for key, those in together.items():
            chosen = [region for number in key for region in where[number]]
            paths, other_paths = regions.described({region.pattern for region in chosen})
            who = tuple(row for row in those if row != _NOBODY)
            differences.append(
                Difference(*what, origins=who, paths=paths, other_paths=other_paths, path=chosen[0].path)
            )
    return tuple(sorted(differences, key=_order))


def widens_credentials(differences: Iterable[Difference]) -> bool:
    """Whether pages may be able to do more with credentials than before."""
    return any(difference.credentialed for difference in differences)


def _order(difference: Difference) -> tuple[bool, bool, bool]:
    return difference.kind == "max-age", difference.kind == "loss", not difference.credentialed


class _Comparison:
    """Compares policies, within what one comparison of documents may take."""

    def __init__(self) -> None:
        self._budget = Budget(_BUDGET)
        self._look_ups = _LOOK_UPS
        self._sides: dict[Policy | None, Side] = {None: Side((), self._budget)}

    def rows(self, before: Policy | None, after: Policy | None) -> _Rows:
        """What changes where one policy takes the place of the other."""
        if before is None or after is None:
            return self._gains(after, None) if after is not None else self._losses(before, None)
        had, has = access_of(before), access_of(after)
        more, less = has.minus(had), had.minus(has)
        ages = max_age_of(before), max_age_of(after)
        same_origins = set(before.allow_origins) == set(after.allow_origins)
        rows = [] if same_origins else [*self._gains(after, before), *self._losses(before, after)]
        if more or less:
            shared = self._rows_of(after, before, Side.shared)
            if more:
                rows.append((_What("gain", has.credentials, more, None), shared))
            if less:
                rows.append((_What("loss", False, less, None), shared))
        if ages[0] != ages[1] and (same_origins or self._side(after).shares(self._side(before))):
            rows.append((_What("max-age", False, None, ages), (_NOBODY,)))
        return rows

    def _gains(self, after: Policy, before: Policy | None) -> _Rows:
        access = access_of(after)
        return [(_What("gain", access.credentials, access, None), self._rows_of(after, before, Side.beyond))]

    def _losses(self, before: Policy | None, after: Policy | None) -> _Rows:
        if before is None:
            return []
        return [(_What("loss", False, access_of(before), None), self._rows_of(before, after, Side.beyond))]

    def _rows_of(
        self, policy: Policy, other: Policy | None, rows: Callable[[Side, Side], Iterator[Origins]]
    ) -> tuple[Origins, ...]:
        self._look_ups -= len(policy.allow_origins) + (len(other.allow_origins) if other is not None else 0)
        if self._look_ups < 0:
            return (_TOO_MANY,)
        return tuple(rows(self._side(policy), self._side(other)))

    def _side(self, policy: Policy | None) -> Side:
        if policy not in self._sides:
            self._sides[policy] = Side(policy.allow_origins if policy is not None else (), self._budget)
        return self._sides[policy]
