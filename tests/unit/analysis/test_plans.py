"""What differs between two documents: the whole of it, and every example as the engine sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.plan_lines import Plan, written
from cases.plans import PLANS
from edgecors import Rules
from edgecors.decision import allows_origin
from rules_analysis.differences import compare, widens_credentials
from tables import each

if TYPE_CHECKING:
    from rules_analysis.differences import Difference


def lines(plan: tuple[Difference, ...]) -> tuple[str, ...]:
    return tuple(line for difference in plan for line in written(difference))


@each("case", PLANS)
def test_the_whole_plan(case: Plan) -> None:
    plan = compare(case.before, case.after)
    assert lines(plan) == case.lines
    assert widens_credentials(plan) is any(line.startswith("!") for line in case.lines)


@each("case", PLANS)
def test_examples_are_gained_and_lost(case: Plan) -> None:
    before = case.before or Rules()
    for difference in compare(before, case.after):
        if difference.access is None:
            continue
        had, has = before.policy_for(difference.path), case.after.policy_for(difference.path)
        for origins in difference.origins:
            assert origins.example is not None
            allowed = (allows_origin(had, origins.example), allows_origin(has, origins.example))
            gained = difference.kind == "gain"
            assert allowed == ((not gained, gained) if difference.access.reads else (True, True))


@each("case", PLANS)
def test_the_way_back_is_the_opposite(case: Plan) -> None:
    """What one gains is lost on the way back. (Who stays may be told by the other side's patterns.)"""
    before = case.before or Rules()
    there, back = (
        {
            (difference.kind == kind, line.partition(" ")[2])
            for difference in compare(*documents)
            if difference.access is not None and difference.access.reads
            for line in written(difference)
        }
        for kind, documents in (("gain", (before, case.after)), ("loss", (case.after, before)))
    )
    assert {line for _, line in there} == {line for _, line in back}
    assert there == back
