"""Reading values of a template: intrinsic functions, branches, patterns."""

from __future__ import annotations

import itertools
from fnmatch import fnmatchcase
from typing import Any

import pytest

from cases.names import plain
from edgecors_doctor.nodes import Node, glob, globs_meet, mentioned, target

_NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({"Ref": "A"}, "A"),
        ({"Fn::GetAtt": ["A", "Arn"]}, "A"),
        ({"Fn::GetAtt": "A.Arn"}, "A"),
        ({"Fn::Sub": "${A.Arn}"}, "A"),
        ({"Fn::Sub": "x${A.Arn}"}, None),
        ({"Fn::Sub": "${!A}"}, None),
        ({"Fn::ImportValue": "A"}, None),
        ({"Ref": ["A"]}, None),
        ("A", None),
        (None, None),
    ],
    ids=plain,
)
def test_target(value: Any, name: str | None) -> None:
    assert target(value) == name


def test_mentioned() -> None:
    value = {"Fn::Join": ["", [{"Ref": "A"}, {"Fn::Sub": ["${B}${C.Arn}${!D}", {"B": {"Fn::GetAtt": ["E", "Arn"]}}]}]]}
    assert mentioned(value) == {"A", "B", "C", "E"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ({"Ref": "A"}, "*"),
        ({"Fn::Sub": "a/${B}/${!C}"}, "a/*/${C}"),
        ({"Fn::Sub": ["a/${B}/${C}", {"B": "b"}]}, "a/b/*"),
        ({"Fn::Join": ["/", ["a", {"Ref": "B"}]]}, "a/*"),
        ({"Fn::Join": [",", {"Ref": "B"}]}, "*"),
        (3, None),
        ({}, None),
    ],
    ids=plain,
)
def test_glob(value: Any, text: str | None) -> None:
    assert glob(value) == text


def test_globs_meet_where_some_text_fits_both() -> None:
    texts = ["".join(letters) for length in range(5) for letters in itertools.product("ab", repeat=length)]
    patterns = ["".join(parts) for length in range(4) for parts in itertools.product("a*?b", repeat=length)]
    fitting = {pattern: {text for text in texts if fnmatchcase(text, pattern)} for pattern in patterns}
    # Patterns of at most three parts that fit any text in common fit one of at most four letters.
    for one, other in itertools.combinations_with_replacement(patterns, 2):
        assert globs_meet(one, other) is bool(fitting[one] & fitting[other]), (one, other)


def test_long_patterns_are_not_compared() -> None:
    assert globs_meet("a" * 2_000, "b")


def test_branches() -> None:
    inner = {"Fn::If": ["C", 1, {"Fn::If": ["D", 2, _NO_VALUE]}]}
    node = Node({"Fn::If": ["C", inner, [3, inner, None]]}, ("P",))
    found = [(branch.value, branch.path[1:], branch.assumed) for branch in node.entries()]
    assert found == [
        (1, ("Fn::If", 1, "Fn::If", 1), (("C", True), ("C", True))),
        (3, ("Fn::If", 2, 0), (("C", False),)),
        (2, ("Fn::If", 2, 1, "Fn::If", 2, "Fn::If", 1), (("C", False), ("C", False), ("D", True))),
    ]


def test_flags() -> None:
    yes, no = {"Fn::If": ["C", "true", False]}, {"Fn::If": ["C", "false", False]}
    assert [Node(value, ()).is_true for value in (True, "True", yes, no, None, {"Ref": "A"})] == [True] * 3 + [
        False
    ] * 3
    assert [Node(value, ()).is_false for value in (False, "false", no, yes, None, {"Ref": "A"})] == [True] * 3 + [
        False
    ] * 3
