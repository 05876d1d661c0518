"""`Rules.policy_for`: which policy has a path."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.documents import A
from edgecors import Policy, Rules
from effort import examples
from oracles.paths import policy_of
from strategies import rules as generated

ONE, TWO, THREE = (Policy(allow_origins=[A], max_age=seconds) for seconds in (1, 2, 3))

PATHS = Rules(
    [("one", ["/tea", "/tea/*", "/a/b"], ONE), ("two", ["/a/*", "/tea/cup", "/\u8336"], TWO), ("three", ["*"], THREE)]
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/tea", ONE),
        ("/tea/", ONE),
        ("/tea/x", ONE),
        ("/tea/x/y/", ONE),
        ("/tea/cup", TWO),
        ("/tea/cup/", ONE),
        ("/tea/*", ONE),
        ("/a", THREE),
        ("/a/", TWO),
        ("/a/b", ONE),
        ("/a/b/", TWO),
        ("/a//", TWO),
        ("/a/b/c", TWO),
        ("/teapot", THREE),
        ("/Tea", THREE),
        ("/TEA/x", THREE),
        ("/\u8336", TWO),
        ("/%E8%8C%B6", THREE),
        ("/", THREE),
        ("", THREE),
        ("*", THREE),
        ("tea", THREE),
        ("//tea", THREE),
        ("/tea/...", ONE),
        ("/tea/.x", ONE),
        ("/tea/x.", ONE),
        # CVE-2020-25032: what another resolver would read as another path
        ("/tea/..", None),
        ("/tea/../a/b", None),
        ("/tea/.", None),
        ("/./tea", None),
        ("..", None),
        ("../tea", None),
        ("/tea\\x", None),
        ("/tea/\\..\\a", None),
        ("/tea\0", None),
        ("/tea/\udc80", None),
        (None, None),
        # CVE-2024-6844: `+` is a plus
        ("/a+b", THREE),
        # what stands in a path never counts as a pattern
        ("/tea?x", THREE),
    ],
    ids=ascii,
)
def test_the_most_specific_path_wins(path: str | None, expected: Policy | None) -> None:
    assert PATHS.policy_for(path) is expected


def test_the_longest_prefix_wins_whatever_the_order() -> None:
    """CVE-2024-6839: of several patterns flask-cors took the longest expression, not the most specific one."""
    triples = [("a", ["/a/*"], ONE), ("ab", ["/a/b/*"], TWO), ("abc", ["/a/b/c/*"], THREE)]
    for ordered in (triples, triples[::-1], [triples[1], triples[2], triples[0]]):
        made = Rules(ordered)
        for path, expected in [("/a/x", ONE), ("/a/b/x", TWO), ("/a/b/c/x", THREE), ("/a/b/c", TWO), ("/a", None)]:
            assert made.policy_for(path) is expected


def test_a_star_beside_others_reads_the_path() -> None:
    assert PATHS.policy_for("/x/..") is None
    assert Rules([("all", ["*", "/tea"], ONE)]).policy_for("/x/..") is None
    assert Rules([("all", ["/*"], ONE)]).policy_for("/x/..") is None


@pytest.mark.no_cover
@given(generated.path_rules(), generated.request_paths())
@settings(derandomize=True, max_examples=examples(60), deadline=None)
@example(Rules([("a", ["/tea/"], ONE), ("b", ["/tea/*"], TWO)]), "/tea/")
def test_paths_are_looked_up_as_the_contract_says(made: Rules, path: str) -> None:
    expected = policy_of([(paths, policy) for _, paths, policy in made.policies], path)
    assert made.policy_for(path) is expected


@given(generated.path_rules(), st.data())
@settings(derandomize=True, max_examples=examples(20), deadline=None)
def test_every_path_of_a_policy_is_its_own(made: Rules, data: st.DataObject) -> None:
    for _, paths, owner in made.policies:
        for path in paths:
            if not path.endswith("*"):
                assert made.policy_for(path) is owner
            elif path != "*":
                below = path[:-1] + data.draw(st.sampled_from(["", "zz", "zz/", "zz/yy"]))
                assert made.policy_for(below) is not None
