"""What differs between two documents: the whole of it, and every example as the engine sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.plan_lines import Plan, everywhere, rules, written
from cases.plans import PLANS, WILD, A, B
from edgecors import Regex, Rules
from edgecors.decision import allows_origin
from rules_analysis.differences import compare, widens_credentials
from rules_analysis.origin_rows import Origins
from tables import each

if TYPE_CHECKING:
    import pytest

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


class TestBounds:
    """What would take too long to tell is reported as if it were so, and nothing takes long."""

    def test_hard_expressions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Which characters were an `a` has to be kept apart: more states than are ever searched."""
        monkeypatch.setattr("rules_analysis.origin_rows._ONE_SEARCH", 500)
        many, more = (Regex(rf"https://[ab]*{letter}[ab]{{40}}\.a\.example") for letter in "ab")
        plan = compare(everywhere(many), everywhere(more, allow_credentials=True))
        assert lines(plan) == (
            f"! who {more.expression} not {many.expression} eg unknown reads credentials on *",
            f"! who {more.expression} in {many.expression} eg unknown credentials on *",
            f"- who {many.expression} not {more.expression} eg unknown reads on *",
        )
        assert widens_credentials(plan)

    def test_many_origins_on_many_paths(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("rules_analysis.differences._LOOK_UPS", 15)
        before = everywhere(A, B)
        policies = [(f"/{name}", {"allow_origins": [B, f"https://{name}.example"]}) for name in "vwxyz"]
        plan = compare(before, rules(*policies, ("*", {"allow_origins": [A, B], "allow_credentials": True})))
        assert lines(plan) == (
            "! who too many credentials on * but /v /w /x /y /z",
            "+ who https://v.example reads on /v",
            "+ who https://w.example reads on /w",
            "+ who too many reads on /x /y /z",
            "- who https://a.example reads on /v",
            "- who too many reads on /w /x /y /z",
        )

    def test_many_origins(self) -> None:
        origins = [f"https://x{number}.a.example" for number in range(8_000)]
        assert compare(everywhere(*origins), everywhere(*reversed(origins))) == ()
        (gain,) = compare(everywhere(*origins), everywhere(WILD))
        assert gain.origins == (Origins(WILD, other_than=tuple(origins), example="https://a.a.example"),)
        (gain,) = compare(everywhere(*origins), everywhere(*origins, allow_methods=["PUT"]))
        assert [found.pattern for found in gain.origins] == origins

    def test_many_patterns(self) -> None:
        patterns = [f"https://*.x{number}.example" for number in range(2_000)]
        gain, loss = compare(everywhere(*patterns[1:]), everywhere(*patterns[:-1]))
        assert lines((gain, loss)) == (
            "+ who https://*.x0.example eg https://a.x0.example reads on *",
            "- who https://*.x1999.example eg https://a.x1999.example reads on *",
        )

    def test_many_paths(self) -> None:
        paths = [f"/{number}/*" for number in range(5_000)]
        every = " ".join(paths)
        (gain,) = compare(rules((every, {"allow_origins": [A]})), rules((every, {"allow_origins": [A, B]})))
        assert (gain.origins, gain.paths, gain.other_paths) == ((Origins(B, example=B),), tuple(paths), ())

    def test_many_policies(self) -> None:
        names = [f"n{number}" for number in range(2_000)]
        policies = [(f"/{name} /{name}/*", {"allow_origins": [f"https://{name}.example"]}) for name in names]
        plan = compare(everywhere(A), rules(*policies))
        assert len(plan) == 2_001
        assert lines(plan[:1] + plan[-1:]) == (
            "+ who https://n0.example reads on /n0 /n0/*",
            f"- who {A} reads on *",
        )

    def test_a_long_path(self) -> None:
        path = "/a" * 100_000
        (gain,) = compare(
            everywhere(A), rules((f"{path} {path}/*", {"allow_origins": [A, B]}), ("*", {"allow_origins": [A]}))
        )
        assert gain.paths == (path, f"{path}/*")

    def test_paths_with_every_name_of_a_sample(self) -> None:
        paths = " ".join(f"/sample{number or ''}/*" for number in range(2_000)) + " /sample2000" + "/sample" * 10_000
        (gain,) = compare(everywhere(A), rules(("*", {"allow_origins": [A, B]}), (paths, {"allow_origins": [A]})))
        assert (gain.paths, gain.path) == (("*",), "/sample2001")

    def test_many_names(self) -> None:
        names = [f"x-{number}" for number in range(20_000)]
        (gain,) = compare(
            everywhere(A, allow_headers=names[1:]), everywhere(A, allow_headers=[name.upper() for name in names])
        )
        assert gain.access is not None
        assert gain.access.headers.listed == ("X-0",)
