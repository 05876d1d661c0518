"""All that lint has to say about a rules document: the engine's problems, with witnesses, and the risks."""

from __future__ import annotations

import json
from typing import NamedTuple

from edgecors import Problem, Rules, RulesError
from rules_analysis.risks import find_risks
from rules_analysis.witness import witness


class Findings(NamedTuple):
    """`errors`: why the document is refused; `warnings`: risks. `document`: what `json.loads` makes of it, None where
    it is not JSON."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    document: object


def examine(content: bytes | str, *, production: bool = False) -> Findings:
    """What is wrong with a document and what is risky in it; see `find_risks`."""
    errors: tuple[Problem, ...] = ()
    try:
        Rules.parse(content)
    except RulesError as error:
        errors = tuple(map(with_witness, error.problems))
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
        document = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return Findings(errors, (), None)
    return Findings(errors, find_risks(document, production=production), document)


def with_witness(problem: Problem) -> Problem:
    """The problem, its message naming an origin that the expression lets in by mistake where it is about one: as a
    full match, or, where it can match nothing so, as systems do that search for it."""
    expression = expression_of(problem)
    if expression is None:
        return problem
    is_searched = problem.code != "regex-open"
    found = witness(expression, searched=is_searched)
    if found is None:
        return problem
    whoever = ", and whoever else registers such a name" if found.registrable or found.anyone else ""
    if is_searched:
        message = f"{problem.message} Searched for, as other systems do, it also lets in {found.origin}{whoever}."
    else:
        message = f"It also lets in {found.origin}{whoever}."
    return Problem(problem.code, problem.field, problem.value, message, problem.hint)


def expression_of(problem: Problem) -> str | None:
    """The expression that a problem is about, whose fault is how much it matches."""
    if problem.code in ("regex-open", "regex-matches-nothing") and isinstance(problem.value, dict):
        return str(problem.value.get("regex"))
    if problem.code == "origin-looks-like-regex" and isinstance(problem.value, str):
        return problem.value
    return None
