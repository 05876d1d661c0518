"""Expressions against `re`: the same syntax, the same language, for texts of the characters that origins have."""

from __future__ import annotations

import random
import re
import warnings
from itertools import product
from typing import NamedTuple

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.expressions import ACCEPTED, REFUSED
from cases.origins import MALFORMED, VALID
from edgecors import Policy, PolicyError, Regex
from edgecors._automaton import compile_expression
from edgecors._pattern import compile_pattern
from edgecors._regex import ExpressionError
from edgecors._regex_hint import safe_patterns
from edgecors._spec import ORIGIN_CHARACTERS
from edgecors.decision import allows_origin
from effort import examples
from oracles import origins as oracle


def compile_with_re(expression: str) -> re.Pattern[str] | None:
    with warnings.catch_warnings():
        # A set that begins with `[`, or has `--` in it, may get another meaning in some future Python.
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return re.compile(expression, re.ASCII)
        except (re.error, OverflowError):
            return None


class Sampled(NamedTuple):
    """An expression and a few texts that it matches."""

    expression: str
    texts: tuple[str, ...]


ATOMS = st.sampled_from(
    (
        Sampled("a", ("a",)),
        Sampled("b", ("b",)),
        Sampled(r"\.", (".",)),
        Sampled(".", ("a", ".", "-")),
        Sampled("-", ("-",)),
        Sampled(":", (":",)),
        Sampled(r"\/", ("/",)),
        Sampled("{", ()),
        Sampled(r"\d", ("0", "9")),
        Sampled(r"\w", ("a", "_", "1")),
        Sampled(r"\W", (".", "/")),
        Sampled(r"\D", ("a", "-")),
        Sampled(r"\S", ("a",)),
        Sampled(r"\s", ()),
        Sampled("[ab]", ("a", "b")),
        Sampled("[^ab]", ("c", ".")),
        Sampled("[a-c1-]", ("b", "1", "-")),
        Sampled(r"[\w.-]", ("x", ".", "-")),
        Sampled(r"[^\d.]", ("a", "/")),
        Sampled("[]a]", ("]", "a")),
        Sampled(r"\x61", ("a",)),
        Sampled(r"\141", ("a",)),
        Sampled("[+-:]", ("+", "9", ":")),
        Sampled("A", ()),
        Sampled("\u00e9", ()),
        Sampled("", ("",)),
        Sampled("()", ("",)),
        Sampled("(?#x)", ("",)),
    )
)
REPETITIONS = st.sampled_from(
    (
        *(("*", (0, 1, 3)), ("+", (1, 2)), ("?", (0, 1)), ("*?", (0, 2)), ("+?", (1,)), ("??", (0,))),
        *(("{2}", (2,)), ("{2}?", (2,)), ("{1,}", (1, 4)), ("{,2}", (0, 2)), ("{1,3}", (1, 3)), ("{0}", (0,))),
        ("{,}", (0, 5)),
    )
)


def in_group(inner: Sampled, opening: str) -> Sampled:
    return Sampled(f"{opening}{inner.expression})", inner.texts)


def one_after_the_other(parts: list[Sampled]) -> Sampled:
    texts: tuple[str, ...] = ("",)
    for part in parts:
        texts = tuple(before + text for before in texts for text in part.texts)[:6]
    return Sampled("".join(part.expression for part in parts), texts)


def either(parts: list[Sampled]) -> Sampled:
    texts = tuple(text for part in parts for text in part.texts)[:6]
    return Sampled(f"(?:{'|'.join(part.expression for part in parts)})", texts)


def repeated(inner: Sampled, repetition: tuple[str, tuple[int, ...]]) -> Sampled:
    mark, counts = repetition
    texts = tuple(text * count for count in counts for text in inner.texts or ("",) * (count == 0))[:6]
    return Sampled(f"(?:{inner.expression}){mark}", texts)


EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(in_group, inner, st.sampled_from(("(", "(?:"))),
        st.lists(inner, min_size=1, max_size=4).map(one_after_the_other),
        st.lists(inner, min_size=1, max_size=3).map(either),
        st.builds(repeated, inner, REPETITIONS),
    ),
    max_leaves=8,
)
ANCHORED = st.builds(
    lambda left, right, marks: Sampled(
        f"{marks[0]}{left.expression}{marks[1]}|{marks[2]}{right.expression}{marks[3]}", (*left.texts, *right.texts)
    ),
    EXPRESSIONS.filter(lambda sampled: "|" not in sampled.expression),
    EXPRESSIONS.filter(lambda sampled: "|" not in sampled.expression),
    st.tuples(*[st.sampled_from(("", mark)) for mark in "^$^$"]),
)


def near(text: str, dice: random.Random) -> str:
    """The text with one character put in, taken out or exchanged."""
    at: int = dice.randint(0, len(text))
    character: str = dice.choice(("", *ORIGIN_CHARACTERS))
    return text[:at] + character + text[at + dice.randint(0, 1) :]


@settings(derandomize=True, max_examples=examples(20), deadline=None)
@given(EXPRESSIONS | ANCHORED, st.randoms(use_true_random=False))
def test_the_language_is_that_of_re(sampled: Sampled, dice: random.Random) -> None:
    oracle_of = compile_with_re(sampled.expression)
    assert oracle_of is not None
    automaton = compile_expression(sampled.expression)
    backward = automaton.reversed()
    texts = {text for text in sampled.texts if len(text) < 20}
    for text in texts:
        assert automaton.matches(text)
    texts |= {near(text, dice) for text in (*texts, "", "a", "ab") for _ in range(4)}
    texts |= {"".join(dice.choices("ab.-:/1", k=length)) for length in range(6)}
    for text in texts:
        expected = oracle_of.fullmatch(text) is not None
        assert automaton.matches(text) is expected
        assert backward.matches(text[::-1]) is expected


SHORT_TEXTS = tuple("".join(characters) for length in range(4) for characters in product("ab-1", repeat=length))
SYNTAX = st.sampled_from(
    (
        *"aab1-()|[]{}^$\\.*+?,:#P<>=!_",
        *(
            "(?:",
            "(?#",
            "(?P<n>",
            "(?i)",
            "(?=",
            "(?>",
            "{1,2}",
            "{2}",
            "*?",
            "[^",
            "a-b",
            "[]",
            "[\\",
            "[[",
            "&&",
            "--",
        ),
        *("\\d", "\\W", "\\1", "\\x61", "\\07", "\\141", "\\400", "\\u0061", "\\b", "\\Z", "\\q", "\u00e9", " ", "\n"),
    )
)


@settings(derandomize=True, max_examples=examples(60), deadline=None)
@given(st.lists(SYNTAX, max_size=12).map("".join) | st.text(max_size=12))
@example("a(?#x)*")
@example("(?#x)*")
@example("a*(?#x)*")
@example("x{,2}{")
@example("x{1}{,}")
@example("[a-\\d]")
@example("[--a]")
@example("^^")
@example("|^a|b$|")
def test_the_syntax_is_that_of_re(expression: str) -> None:
    oracle_of = compile_with_re(expression)
    try:
        automaton = compile_expression(expression)
    except ExpressionError as error:
        refusal = error
    else:
        # What `re` refuses, we refuse.
        assert oracle_of is not None
        for text in SHORT_TEXTS:
            assert automaton.matches(text) is (oracle_of.fullmatch(text) is not None), text
        return
    assert refusal.code in ("regex-invalid", "regex-unsupported", "regex-too-many-states")
    assert refusal.detail or refusal.code == "regex-too-many-states"
    assert 0 <= refusal.position <= len(expression)
    assert refusal.code != "regex-invalid" or oracle_of is None


HOST_PARTS = st.sampled_from(
    (
        *(
            "a",
            "b",
            r"\.",
            ".",
            r"\w+",
            r"\d+",
            "[a-z]",
            ".*",
            r"(.*\.)?",
            r"(\w+\.)*",
            r"[^.]+\.",
            r"(\.|x)",
            r"(a|b)",
        ),
        *(r"a\.example", r"\.example", "x{63}", "-", "1", "localhost", r"127\.0\.0\.\d", r"\[::1\]", r"\.github\.io"),
    )
)
SCHEME_PARTS = st.sampled_from(
    ("https://", "https?://", "http://", ".*", "", "[a-z]+://", "^https://", r"https:\/\/", "(https://)?")
)
PORT_PARTS = st.sampled_from(("", "", r"(:\d+)?", ":8443", r":\d+", ".*", "/", "$", r"\.?"))
ORIGIN_EXPRESSIONS = st.builds(
    lambda scheme, parts, port: f"{scheme}{''.join(parts)}{port}",
    SCHEME_PARTS,
    st.lists(HOST_PARTS, min_size=1, max_size=4),
    PORT_PARTS,
)
ORIGINS = (
    *VALID,
    *(origin for origin, _ in MALFORMED),
    *(origin for case in ACCEPTED for origin in (*case.matched, *case.unmatched)),
)


def origins_near(expression: str, dice: random.Random) -> list[str]:
    """Origins with the letters of the expression, and what is one character away from them."""
    text = re.sub(r"[\\?*+^$()\[\]{}|]", "", expression)
    near_ones = [near(near(text, dice), dice) for _ in range(10)]
    return [text, *near_ones, *(f"https://{found}" for found in near_ones), f"{text}.evil.example", f"{text}:8443"]


@settings(derandomize=True, max_examples=examples(16), deadline=None)
@given(ORIGIN_EXPRESSIONS, st.booleans(), st.randoms(use_true_random=False))
def test_a_policy_allows_the_well_formed_origins_that_re_matches(
    expression: str, credentials: bool, dice: random.Random
) -> None:
    try:
        policy = Policy(allow_origins=[Regex(expression)], allow_credentials=credentials)
    except PolicyError as error:
        check_refusal(expression, error, credentials)
        return
    oracle_of = compile_with_re(expression)
    assert oracle_of is not None
    for origin in (*dice.sample(ORIGINS, 25), *origins_near(expression, dice)):
        expected = oracle.is_origin(origin) and oracle_of.fullmatch(origin) is not None
        assert allows_origin(policy, origin) is expected, origin
        if credentials and expected and origin.startswith("http://"):
            parts = oracle.origin_parts(origin)
            assert parts is not None
            assert oracle.is_localhost(".".join(parts[1]))


def check_refusal(expression: str, error: PolicyError, credentials: bool) -> None:
    codes = [problem.code for problem in error.problems]
    secure = {"insecure-origin-with-credentials", "public-suffix-with-credentials"}
    shape = {"regex-unsupported", "regex-invalid", "regex-too-many-states"}
    assert set(codes) <= {"regex-open", "regex-matches-nothing"} | shape | secure
    assert all(problem.value == {"regex": expression} for problem in error.problems)
    assert str(error).isascii()
    assert credentials or not secure & set(codes)
    oracle_of = compile_with_re(expression)
    if "regex-matches-nothing" in codes:
        assert oracle_of is not None
        assert not any(oracle_of.fullmatch(origin) for origin in VALID)
    for problem in error.problems:
        named = re.search(r"(?:lets in|matches) (https?://[^ ,)]+)", problem.message)
        if named is not None:
            # What a message names is well-formed and matched.
            assert oracle_of is not None
            assert oracle.is_origin(named[1])
            assert oracle_of.fullmatch(named[1])


@settings(derandomize=True, max_examples=examples(16), deadline=None)
@given(ORIGIN_EXPRESSIONS)
def test_hints_are_not_wider_than_the_expression(expression: str) -> None:
    patterns = safe_patterns(expression)
    searched = compile_with_re(expression.removesuffix("/"))
    for pattern in patterns or ():
        assert searched is not None
        assert compile_pattern(pattern) is not None
        for subdomain, port in product(("x", "y.x", "x-1", "_"), ("", ":8443", ":1")):
            origin = pattern.replace("://*", f"://{subdomain}").replace(":*", port)
            assert searched.search(origin), origin


@settings(derandomize=True, max_examples=examples(16), deadline=None)
@given(st.text() | ORIGIN_EXPRESSIONS | st.lists(SYNTAX, max_size=30).map("".join))
def test_any_text_is_taken_or_explained(expression: str) -> None:
    try:
        policy = Policy(allow_origins=[Regex(expression)], allow_credentials=True)
    except PolicyError as error:
        check_refusal(expression, error, credentials=True)
    else:
        assert not allows_origin(policy, "null")
        assert not any(allows_origin(policy, origin) for origin, _ in MALFORMED[::8])


def test_the_tables_are_of_re() -> None:
    """What is taken, or refused for what it means, `re` takes."""
    meanings = [case.expression for case in REFUSED if case.code in ("regex-open", "regex-matches-nothing")]
    for expression in (*(case.expression for case in ACCEPTED), *meanings):
        assert compile_with_re(expression) is not None
