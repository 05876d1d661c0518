"""Expressions of other systems: the origins that they let in, compared with those of patterns, on automata."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import NamedTuple

from edgecors import Policy, PolicyError, Regex
from edgecors._automaton import Automaton, compile_expression
from edgecors._origin import parse
from edgecors._pattern import compile_pattern
from edgecors._regex import ExpressionError
from edgecors._regex_hint import safe_patterns
from edgecors._spec import ORIGIN_CHARACTERS
from edgecors._suffixes import is_public_suffix
from edgecors.problems import Problem
from rules_analysis.witness import witness

_PORT = "(:[1-9][0-9]{0,4})?"
_HTTPS = rf"https://([a-z0-9_-]+\.)*[a-z0-9_-]+\.?{_PORT}"
# Every origin that a browser serialises, and few more.
_ORIGINS = rf"[a-z][a-z0-9+.-]*://(([a-z0-9_-]+\.)*[a-z0-9_-]+\.?|\[[0-9a-f:]+\]){_PORT}"
_MAX_STEPS = 2_000


class Difference(NamedTuple):
    """`found`: one set has origins that the other lacks, or it cannot be told; `example`: one of them, if known."""

    found: bool
    example: str | None


class Meaning(NamedTuple):
    """What an expression becomes.

    - `entries`: of allow_origins. `same`: they let in what it let in.
    - `problem`: why the engine does not take it as it stands, if it does not.
    - `stranger`: an origin that it let in and that anybody can have; `lost`: where there is none,
      one that the entries do not let in.
    - `refused`: patterns that were meant and are not allowed, each with the reason.
    """

    entries: tuple[object, ...]
    same: bool = False
    problem: Problem | None = None
    stranger: str | None = None
    lost: str | None = None
    refused: tuple[tuple[str, Problem], ...] = ()


@lru_cache(maxsize=256)  # files use the same expression in several places
def meaning(text: str, *, searched: bool, credentials: bool) -> Meaning:
    """What the engine can take in place of an expression: never more than it let in."""
    whole = as_full_match(text) if searched else text
    problem = entry_problem(Regex(whole), credentials=credentials)
    try:
        automaton = compile_expression(whole)
    except ExpressionError:
        return Meaning((), problem=problem)
    meant = safe_patterns(text)
    if meant is None and searched and text.startswith("\\."):
        meant = safe_patterns(f"https://.*{text}")  # `\.a\.example$`: any subdomain
    patterns = [
        pattern for pattern in meant or [] if not _is_for_anyone(pattern) and not _is_outside(pattern, automaton)
    ]
    checked = [(pattern, entry_problem(pattern, credentials=credentials)) for pattern in patterns]
    entries = [pattern for pattern, wrong in checked if wrong is None]
    against = witness(text, searched=searched)
    stranger = (against.anyone or against.registrable) if against is not None else None
    if problem is None and entries and not difference(automaton, _union(entries)).found:
        return Meaning(tuple(entries), same=True, stranger=stranger)
    if problem is None and (stranger is None or not entries):
        return Meaning(({"regex": whole},), same=True, stranger=stranger)
    refused = tuple((pattern, wrong) for pattern, wrong in checked if wrong is not None)
    lost = _example(automaton, _union(patterns)) if patterns and stranger is None else None
    return Meaning(tuple(entries), False, problem, stranger, lost, refused)


def entry_problem(entry: str | Regex, *, credentials: bool) -> Problem | None:
    """Why the engine would not take it for an allowed origin."""
    try:
        Policy(allow_origins=[entry], allow_credentials=credentials)
    except PolicyError as error:
        return error.problems[0]
    return None


def as_full_match(text: str) -> str:
    """The expression that matches as a whole what `text` is found in: each alternative is open where it has no
    anchor."""
    return "|".join(map(_closed, _alternatives(text)))


def _closed(alternative: str) -> str:
    front = "" if alternative.startswith("^") else ".*"
    body = alternative.removeprefix("^")
    backslashes = len(body[:-1]) - len(body[:-1].rstrip("\\"))
    if body.endswith("$") and backslashes % 2 == 0:
        return front + body[:-1]
    return f"{front}{body}.*"


def _alternatives(text: str) -> list[str]:
    """The alternatives on the outermost level."""
    found = [""]
    depth, in_set, escaped = 0, False, False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_set:
            in_set = character != "]"
        elif character == "[":
            in_set = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            found.append("")
            continue
        found[-1] += character
    return found


def _example(left: Automaton, right: Automaton) -> str | None:
    """An origin that `left` lets in and `right` does not, of https if there is one."""
    return difference(left, right, _HTTPS).example or difference(left, right).example


def difference(left: Automaton, right: Automaton, among: str = _ORIGINS) -> Difference:
    """Whether `left` lets in origins that `right` does not; one of the shortest. `among`: only of those that this
    expression matches."""
    origins = compile_expression(among)
    machines = (left, right, origins)
    letters = _representatives(machines)
    # Breadth first over what the three can be in together.
    start: tuple[int, ...] = (1, 1, 1)
    queue = deque([(start, "")])
    seen = {start}
    found = False
    for _ in range(_MAX_STEPS):
        if not queue:
            return Difference(found, None)
        state, text = queue.popleft()
        accepted = [bool(positions & machine.last) for positions, machine in zip(state, machines, strict=True)]
        if accepted[0] and accepted[2] and not accepted[1]:
            found = True
            if parse(text) is not None:
                return Difference(found, text)
        for letter in letters:
            reached = tuple(machine.step(positions, letter) for positions, machine in zip(state, machines, strict=True))
            if reached[0] and reached[2] and reached not in seen:
                seen.add(reached)
                queue.append((reached, text + letter))
    return Difference(found=True, example=None)


def _representatives(machines: tuple[Automaton, ...]) -> list[str]:
    """Characters, one of each kind: those of a kind stand at the same positions of every automaton."""
    kinds: dict[tuple[int, ...], str] = {}
    for character in sorted(ORIGIN_CHARACTERS, key=lambda character: (not character.isalpha(), character)):
        kinds.setdefault(tuple(machine.reading.get(character, 0) for machine in machines), character)
    return list(kinds.values())


def _is_for_anyone(pattern: str) -> bool:
    """Whether anyone can register a name that the pattern takes."""
    host = pattern.partition("://*.")[2].partition(":")[0]
    return host != "" and is_public_suffix(host.removesuffix("."))


def _is_outside(pattern: str, automaton: Automaton) -> bool:
    return difference(_union([pattern]), automaton).found


def _union(patterns: list[str]) -> Automaton:
    return compile_expression("|".join(map(_as_expression, patterns)))


def _as_expression(text: str) -> str:
    pattern = compile_pattern(text)
    if pattern is None:
        raise ValueError(text)
    host = "".join(f"\\{character}" if character in ".[]" else character for character in pattern.host)
    port = _PORT if pattern.port == "*" else f":{pattern.port}" if pattern.port else ""
    below = r"([a-z0-9_-]+\.)+" * pattern.subdomains
    scheme = pattern.scheme.replace("+", r"\+").replace(".", r"\.")
    return f"{scheme}://{below}{host}{port}"
