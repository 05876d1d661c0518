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
# Looks at the document in one round.
_MAX_TRIALS = 60

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
        trial = _Trial(text, findings, production=production)
        tried = trial.of(trial.good(edits))
        if tried is None:
            break
        text, done, findings = tried
        fixed.update(_keys(done))
    return Fixed(text, tuple(_taken((*first.errors, *first.warnings), fixed)), findings)


class _Trial:
    """Edits of one text, tried out."""

    def __init__(self, text: str, findings: Findings, *, production: bool) -> None:
        self._text, self._before, self._production = text, findings, production
        self._had = Counter(_keys((*findings.errors, *findings.warnings)))
        self._left = _MAX_TRIALS

    def good(self, edits: dict[Problem, Edit]) -> dict[Problem, Edit]:
        """Those of the edits that do what they should: all, or what is left without those that do not."""
        if not edits or self._left == 0 or self.of(edits) is not None:
            return edits if self._left else {}
        places = sorted({edit.pointer for edit in edits.values()})
        if len(places) == 1:
            return {}
        half = set(places[: len(places) // 2])
        first = self.good({problem: edit for problem, edit in edits.items() if edit.pointer in half})
        second = self.good({problem: edit for problem, edit in edits.items() if edit.pointer not in half})
        # What is right alone may not be together.
        return both if self.of(both := first | second) is not None else first or second

    def of(self, edits: dict[Problem, Edit]) -> Fixed | None:
        """The text with the edits, or None where a problem that they are for stays, or another error comes of them."""
        self._left = max(0, self._left - 1)
        new_text = json_edits.apply(self._text, json_edits.replacements(self._text, edits.values()))
        if new_text == self._text:
            return None
        after = examine(new_text, production=self._production)
        has = Counter(_keys((*after.errors, *after.warnings)))
        if any(has[key] > self._had[key] - count for key, count in Counter(_keys(edits)).items()):
            return None
        # What was hidden before: in a list that was none, or where it can be fixed next.
        lists = tuple(edit.pointer for problem, edit in edits.items() if problem.code == "list-expected")
        known = edits_for(after.errors, after.document)
        for problem, key in zip(after.errors, _keys(after.errors), strict=True):
            if key not in self._had and problem not in known and not (lists and problem.field.startswith(lists)):
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
