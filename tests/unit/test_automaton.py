"""Automata over origins: linear, bounded, and the same from both ends."""

from __future__ import annotations

import random
import re
from itertools import product

import pytest

from cases.expressions import ACCEPTED, MOST_STATES
from edgecors._automaton import MAX_STATES, Automaton, compile_expression, members
from edgecors._regex import ExpressionError
from edgecors._spec import ORIGIN_CHARACTERS
from tables import each

# A deterministic automaton of this needs 2 ** 15 states.
EXPONENTIAL = r"https://[ab]*a[ab]{14}\.a\.example"
# Backtracking takes exponential time to refuse what these almost match.
CATASTROPHIC = (
    r"https://(a*)*b",
    r"https://(a|a)*b",
    r"https://(a|aa)+b",
    r"https://([a-z]+)*\.b",
    r"https://(a?){60}a{60}b",
)


class Steps:
    """Counts the steps that automata take."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        real = Automaton.step

        def step(automaton: Automaton, positions: int, character: str) -> int:
            self.count += 1
            return real(automaton, positions, character)

        monkeypatch.setattr(Automaton, "step", step)

    def taken(self) -> int:
        count, self.count = self.count, 0
        return count


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "expression",
    ["", "a", "ab", "a|b", "a|", "a?b?", "(ab)*", "(a?b?)*", "a{2}", "a{2,}", "a{0,2}", "a{1,2}b{,1}", "(a|b?){2,3}",
     "((a?){2}b)*a", "(a*b*)*", "(a|ab)(ba|a)?", "[ab]a{0}b?", "(|a){3}"],
)  # fmt: skip
def test_every_short_text(expression: str) -> None:
    automaton = compile_expression(expression)
    backward = automaton.reversed()
    for length in range(6):
        for characters in product("ab", repeat=length):
            text = "".join(characters)
            expected = re.fullmatch(expression, text) is not None
            assert automaton.matches(text) is expected
            assert backward.matches(text[::-1]) is expected
            assert backward.reversed().matches(text) is expected


@pytest.mark.no_cover
@each("case", ACCEPTED, ids=lambda case: case.expression[:60])
def test_steps_to_the_left_mirror_those_to_the_right(case: object) -> None:
    automaton = compile_expression(case.expression)  # type: ignore[attr-defined]
    right = {(p, q) for p, after in enumerate(automaton.follow) for q in members(after) if p > 0}
    left = {(p, q) for q, before in enumerate(automaton.precede) for p in members(before)}
    assert right == left


def test_what_no_origin_has_matches_nothing() -> None:
    automaton = compile_expression(r"[^b]+|A|\n|é|.")
    for character in map(chr, (*range(128), 0xE9, 0x130, 0xD800, 0x10FFFF)):
        assert automaton.matches(character) is (character in ORIGIN_CHARACTERS)
        assert not automaton.matches(f"a{character}a") or character in ORIGIN_CHARACTERS.replace("b", "")


@pytest.mark.no_cover
def test_a_text_costs_a_step_for_each_character_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    for expression in (*CATASTROPHIC, EXPONENTIAL, MOST_STATES):
        automaton = compile_expression(expression)
        for text in (
            "https://" + "a" * 300,
            "https://" + "a" * 300 + ".",
            "h" * 327,
            "https://" + "ab" * 150 + ".a.example",
        ):
            steps.taken()
            automaton.matches(text)
            assert steps.taken() <= len(text)
            automaton.matches(text)
            assert steps.taken() <= len(text)


def test_a_text_that_was_seen_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    automaton = compile_expression(r"https://(\w+\.)?a\.example")
    assert automaton.matches("https://x.a.example")
    assert steps.taken() > 0
    assert automaton.matches("https://x.a.example")
    assert steps.taken() == 0


def test_states_in_memory_are_bounded() -> None:
    automaton = compile_expression(EXPONENTIAL)
    oracle = re.compile(EXPONENTIAL)
    dice = random.Random(1)
    most = 0
    for _ in range(300):
        text = "https://" + "".join(dice.choices("ab", k=60)) + ".a.example"
        assert automaton.matches(text) is (oracle.fullmatch(text) is not None)
        most = max(most, len(automaton._states))
    assert most == 256
    # Nor does a state keep what is not a character of origins.
    for point in range(10_000):
        automaton.matches(chr(point))
    assert len(automaton._start) <= len(ORIGIN_CHARACTERS)


@pytest.mark.no_cover
def test_the_number_of_states() -> None:
    assert len(compile_expression(MOST_STATES).follow) == MAX_STATES == 2_000
    for expression in (
        MOST_STATES + "a",
        "a{1999}b",
        "(a{50}){40}",
        "(a{50,}){40}",
        "(a{,50}){,40}",
        "(ab?){1000}",
        "((((a{9}){9}){9}){9}){9}",
        "(a{1000000}|b){1000000}",
        "((((((a{99999999}){99999999}){99999999}){99999999}){99999999}){99999999}){99999999}",
    ):
        with pytest.raises(ExpressionError) as caught:
            compile_expression(expression)
        assert caught.value.code == "regex-too-many-states"
    assert len(compile_expression("a{1999}").follow) == MAX_STATES
    assert len(compile_expression("a{1999,}").follow) == MAX_STATES
    assert len(compile_expression("a{0}" * 2_000).follow) == 1


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "expression",
    ["a?" * 1_999, "a*" * 1_999, "(" + "a?" * 1_999 + ")*", "a{,1999}", "(a?){1999}", "(a?b?){,999}",
     "(" * 100 + "a?b?c?" + ")*" * 100, "(?:" + "()" * 2_400 + "a?){1900}", "(?:a" + "|" * 9_000 + "){1900}"],
    ids=lambda expression: expression[:16],
)  # fmt: skip
def test_what_would_take_the_square_or_worse_if_built_carelessly(expression: str) -> None:
    automaton = compile_expression(expression)
    assert [automaton.matches(text) for text in ("", "a", "aaa", "d", "ad")] == [True, True, True, False, False]
