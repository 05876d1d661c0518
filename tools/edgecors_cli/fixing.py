"""Putting a rules document right as far as that is certain: edit, look again, keep only what helped."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from edgecors_cli import json_edits
from rules_analysis.findings import Findings, examine
from rules_analysis.fixes import edits_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors import Problem
    from rules_analysis.fixes import Edit

# A corrected entry may turn out to stand there already, a list to have wrong entries.
_ROUNDS = 5
# One by one takes a look for each.
_MAX_SINGLE = 50

_Key = tuple[str, str]


class Fixed(NamedTuple):
    """`text`: the document put right; `fixed`: the problems of the first text that are gone; `findings`: what there is
    to say about the new text."""

    text: str
    fixed: tuple[Problem, ...]
    findings: Findings


def fix(text: str, *, production: bool = False) -> Fixed:
    """The document with every certain fix that does what it should, and the text of a document as it was elsewhere."""
    first = findings = examine(text, production=production)
    fixed: Counter[_Key] = Counter()
    for _ in range(_ROUNDS):
        edits = edits_for((*findings.errors, *findings.warnings), findings.document)
        if not edits:
            break
        tried = _tried(text, findings, edits, production=production)
        if tried is None and len(edits) <= _MAX_SINGLE:
            # One of them is wrong here: those that are right alone.
            good = {
                problem: edit
                for problem, edit in edits.items()
                if _tried(text, findings, _sharing(edit, edits), production=production) is not None
            }
            tried = _tried(text, findings, good, production=production)
        if tried is None:
            break
        text, done, findings = tried
        fixed.update(_keys(done))
    return Fixed(text, tuple(_taken((*first.errors, *first.warnings), fixed)), findings)


def _sharing(edit: Edit, edits: dict[Problem, Edit]) -> dict[Problem, Edit]:
    """The problems that the edit is for."""
    return {problem: other for problem, other in edits.items() if other == edit}


def _tried(text: str, before: Findings, edits: dict[Problem, Edit], *, production: bool) -> Fixed | None:
    """The text with the edits, or None where a problem that they are for stays, or another error comes of them."""
    new_text = json_edits.apply(text, json_edits.replacements(text, edits.values()))
    if new_text == text:
        return None
    after = examine(new_text, production=production)
    had = Counter(_keys((*before.errors, *before.warnings)))
    has = Counter(_keys((*after.errors, *after.warnings)))
    if any(has[key] > had[key] - count for key, count in Counter(_keys(edits)).items()):
        return None
    lists = tuple(edit.pointer for problem, edit in edits.items() if problem.code == "list-expected")
    known = edits_for(after.errors, after.document)
    for problem, key in zip(after.errors, _keys(after.errors), strict=True):
        if key not in had and problem not in known and not (lists and problem.field.startswith(lists)):
            return None
    return Fixed(new_text, tuple(edits), after)


def _keys(problems: Iterable[Problem]) -> list[_Key]:
    """What stays the same of a problem when its place moves."""
    return [(problem.code, repr(problem.value)) for problem in problems]


def _taken(problems: Iterable[Problem], fixed: Counter[_Key]) -> Iterable[Problem]:
    """As many of the problems as were fixed."""
    left = Counter(fixed)
    for problem, key in zip(problems, _keys(problems), strict=True):
        if left[key] > 0:
            left[key] -= 1
            yield problem
