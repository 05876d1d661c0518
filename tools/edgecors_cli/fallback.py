"""The rules that ship with the function serve where SSM has none to give: they should not let in again what is
being removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules_analysis import Budget, OriginSet, TooHardError
from rules_analysis.regions import Regions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors import Policy, Regex, Rules

# States of all searches: a few seconds.
_BUDGET = 40_000
_ONE_SEARCH = 10_000


def readmitted(before: Rules, after: Rules, fallback: Rules) -> list[tuple[str | Regex, tuple[str, ...]]]:
    """The patterns of `before` of whose origins some are lost and yet allowed by `fallback`, and the paths where they
    are. What would take too long to tell counts as allowed."""
    regions = Regions((before, after, fallback))
    budget = Budget(_BUDGET)
    known: dict[tuple[Policy | None, Policy | None, Policy | None], list[str | Regex]] = {}
    found: dict[str | Regex, set[str]] = {}
    for region in regions.all:
        policies = (before.policy_for(region.path), after.policy_for(region.path), fallback.policy_for(region.path))
        if policies not in known:
            known[policies] = list(_readmitted(*policies, budget))
        for pattern in known[policies]:
            found.setdefault(pattern, set()).add(region.pattern)
    return [(pattern, regions.described(where)[0]) for pattern, where in found.items()]


def _readmitted(
    before: Policy | None, after: Policy | None, fallback: Policy | None, budget: Budget
) -> Iterator[str | Regex]:
    if before is None or fallback is None:
        return
    kept = OriginSet.of(after.allow_origins if after is not None else ())
    shipped = OriginSet.of(fallback.allow_origins)
    # Patterns that are in both stay, whatever else changes: no search is needed.
    same = set(after.allow_origins) if after is not None else set()
    for pattern in before.allow_origins:
        if pattern in same:
            continue
        if isinstance(pattern, str) and "*" not in pattern:
            if pattern in shipped and pattern not in kept:
                yield pattern
            continue
        lost = OriginSet.of([pattern]).minus(kept).overlap(shipped)
        try:
            empty = lost.is_empty(budget=Budget(_ONE_SEARCH, budget))
        except TooHardError:
            empty = False
        if not empty:
            yield pattern
