"""Expressions for origins: parsed as `re` does, or refused."""

from __future__ import annotations

import re

import pytest

from cases.expressions import ACCEPTED, REFUSED, A, Accepted, Refused
from edgecors import Policy, PolicyError, Regex, Rules
from edgecors._automaton import compile_expression
from edgecors._pattern import compile_pattern
from edgecors._regex import Alternatives, ExpressionError, Repeat, Sequence, parse
from edgecors._regex_hint import safe_patterns
from edgecors.decision import allows_origin
from tables import each


@each("case", ACCEPTED, ids=lambda case: case.expression[:60])
def test_accepted(case: Accepted) -> None:
    policy = Policy(allow_origins=[Regex(case.expression)], **(case.fields or {}))
    verdicts = {origin: allows_origin(policy, origin) for origin in (*case.matched, *case.unmatched)}
    assert verdicts == {**dict.fromkeys(case.matched, True), **dict.fromkeys(case.unmatched, False)}
    assert all(re.fullmatch(case.expression, origin, re.ASCII) for origin in case.matched)


@each("case", REFUSED, ids=lambda case: f"{case.code}: {case.expression[:60]}")
def test_refused(case: Refused) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=[Regex(case.expression)], **(case.fields or {}))
    (problem,) = caught.value.problems
    expected = (case.code, "allow_origins", {"regex": case.expression}, case.hint)
    assert (problem.code, problem.field, problem.value, problem.hint) == expected
    assert case.named in problem.message
    for pattern in case.hint or ():
        assert compile_pattern(pattern) is not None


@each("case", [case for case in REFUSED if case.code == "regex-invalid"], ids=lambda c: c.expression)
def test_invalid_to_re_as_well(case: Refused) -> None:
    # `re` knows characters by name; we do not.
    if case.expression.startswith(r"\N"):
        return
    with pytest.raises(re.error):
        re.compile(case.expression)


def test_public_suffixes_are_a_warning_where_rules_are_read() -> None:
    fields = {"allow_origins": [{"regex": r"https://[a-z]+\.github\.io"}], "allow_credentials": True}
    document = {"schema": "edgecors/1", "policies": [{"name": "a", "paths": ["*"], **fields}]}
    policy = Rules.parse(document, strict=False).policy_for("/")
    assert policy is not None
    assert allows_origin(policy, "https://a.github.io")


def test_both_rules_for_credentials_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=[Regex(r"https?://[a-z]+\.github\.io")], allow_credentials=True)
    problems = caught.value.problems
    assert [problem.code for problem in problems] == [
        "insecure-origin-with-credentials",
        "public-suffix-with-credentials",
    ]
    assert problems[0].message.endswith("act as the visitor (it matches http://a.github.io).")
    assert problems[1].message == "Anyone can register a name below github.io and then act as the visitor."


def test_sixteen_expressions() -> None:
    # Neither what stands twice nor what is a pattern counts.
    entries = [Regex(rf"https://\w\.t{number}\.example") for number in range(16)]
    policy = Policy(allow_origins=[A, *entries, *entries, "https://b.example"])
    assert all(allows_origin(policy, f"https://x.t{number}.example") for number in range(16))


def test_more_than_sixteen_expressions() -> None:
    entries = [Regex(rf"https://\w\.t{number}\.example") for number in range(18)]
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=[A, *entries, *entries])
    assert [(problem.code, problem.value) for problem in caught.value.problems] == [
        ("regex-too-many", {"regex": r"https://\w\.t16\.example"}),
        ("regex-too-many", {"regex": r"https://\w\.t17\.example"}),
    ]


def test_an_expression_is_text() -> None:
    with pytest.raises(TypeError, match="an expression is text, not bytes"):
        Regex(b"https://a\\.example")  # type: ignore[arg-type]
    assert Regex("a") == Regex("a") != Regex("b")
    assert repr(Regex("a")) == "Regex(expression='a')"


@each(
    ("text", "node"),
    [
        ("", Sequence()),
        ("a", 1 << ord("a")),
        ("(a)", 1 << ord("a")),
        ("()(?:|)a(?#x)b{0}", 1 << ord("a")),
        ("é", 0),
        ("ab", Sequence([1 << ord("a"), 1 << ord("b")])),
        ("a||(|)|b", Alternatives([1 << ord("a"), Sequence(), 1 << ord("b")])),
        ("a{2}", Repeat(1 << ord("a"), 2, 2)),
        ("a{,}", Repeat(1 << ord("a"), 0, None)),
        ("a{}", Sequence([1 << ord(character) for character in "a{}"])),
        ("{", 1 << ord("{")),
        ("(?:){9}", Sequence()),
        ("[a-]", 1 << ord("a") | 1 << ord("-")),
        ("[^\\W_a-zA-Z]", sum(1 << ord(digit) for digit in "0123456789")),
        ("[]a]", 1 << ord("]") | 1 << ord("a")),
        ("[a-é]", sum(1 << point for point in range(ord("a"), 128))),
        ("[\\b]", 1 << 8),
        ("\\0\\01\\012\\a\\f\\t\\v", Sequence(1 << ord(character) for character in "\0\1\n\a\f\t\v")),
    ],
)
def test_trees(text: str, node: object) -> None:
    assert parse(text) == node


def test_where_it_is_wrong() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("ab[c")
    assert (caught.value.code, caught.value.detail, caught.value.position) == (
        "regex-invalid",
        "unterminated character set at position 2",
        2,
    )


@each(
    ("expression", "patterns"),
    [
        (r"https://(www\.)?a\.example.*", [A, "https://www.a.example"]),
        (r"https://(x|y)\.a\.example/", ["https://x.a.example", "https://y.a.example"]),
        (r"https://[xy]\.a\.example/", ["https://x.a.example", "https://y.a.example"]),
        (r"https?://a\.example/.*", ["http://a.example", A]),
        (r"(https://)?(.*\.)?a\.example.*", [A, "https://*.a.example"]),
        (r"https://.*a.example", [A, "https://*.a.example"]),
        (r"https://.*\.a\.example(/.*)?", ["https://*.a.example"]),
        (r"https://(?:.*\.)a\.example/", ["https://*.a.example"]),
        (r"https://.+\.a\.example/", ["https://*.a.example"]),
        (r"https://.+a\.example/", ["https://*.a.example"]),
        (r"https://([^.]+\.)*a\.example/", [A, "https://*.a.example"]),
        (r"https://([^.]+\.)+a\.example/", ["https://*.a.example"]),
        (r"https://a\.example(:\d+)?/?", ["https://a.example:*"]),
        (r"https://a\.example(:\d{1,5})?/?", ["https://a.example:*"]),
        (r"https://a\.example(:8443)?/", [A, "https://a.example:8443"]),
        (r"https://a\.example/|b\.example/", [A, "https://b.example"]),
        (r"/^https:\/\/a\.example$/", [A]),
        (r"http://localhost:3000/", ["http://localhost:3000"]),
        (r"https://a\.example/.+", [A]),
        # Narrower or wider than any pattern
        (r"https://a\.example.", None),
        (r"https://[^.]+\.a\.example.*", None),
        (r"https://([^.]+\.)?a\.example.*", None),
        (r"https://([^.]{2,}\.)*a\.example.*", None),
        (r"https://(.{3,}\.)?a\.example.*", None),
        (r"https://(\w+\.)*a\.example.*", None),
        (r"https://(.*\.){2,}a\.example.*", None),
        (r"https://.{2,}\.a\.example.*", None),
        (r"https://.?\.a\.example.*", None),
        (r"https://(.*--)?a\.example.*", None),
        (r"https://(.*_)?a\.example.*", None),
        (r"https://\w\.a\.example.*", None),
        (r"https://a\.example:\d+.*", None),
        (r"https://a\.example(:\d{4})?.*", None),
        (r"https://a\.example(:[89]+)?.*", None),
        (r"https://a\.example(-\d+)?.*", None),
        (r"https://(a\.|b\.|.{2})c\.example.*", None),
        ("https://[a-f][a-f][a-f].example.*", None),
        ("https://(a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q).example.*", None),
        ("https://[a-z]{2}.example.*", None),
        ("localhost/", None),
        ("https://.*", None),
        (".*", None),
        ("", None),
        ("/", None),
        ("//", None),
        ("é", None),
        ("(", None),
    ],
)
def test_what_was_meant(expression: str, patterns: list[str] | None) -> None:
    assert safe_patterns(expression) == patterns


@pytest.mark.parametrize("case", [case for case in REFUSED if case.hint], ids=lambda case: case.expression)
def test_hints_are_in_the_expression_as_it_would_be_searched_for(case: Refused) -> None:
    searched = re.compile(case.expression.strip("/").removesuffix("/"), re.ASCII)
    samples = ("x", "y.x", "x-1")
    for pattern in case.hint or ():
        for sample in samples:
            assert searched.search(pattern.replace("*", sample))


def test_deep_parentheses() -> None:
    deepest = "(" * 100 + "a" + ")" * 100
    assert parse(deepest) == 1 << ord("a")
    assert compile_expression(deepest).matches("a")
