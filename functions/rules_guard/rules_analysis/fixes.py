"""What can be put right without asking: edits of a rules document that say what its author meant, and let in no more.

What is meant by a wrong entry is what the system that it was written for lets in: an origin with a path, a slash, a
default port, upper case is that origin; an expression is searched for. A fix stays within that. What would let in
more, or is a guess, has no edit, whatever the problem's hint shows.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from edgecors import Problem, Regex
from edgecors.problems import MESSAGES
from rules_analysis.findings import expression_of
from rules_analysis.origin_sets import OriginSet
from rules_analysis.search import Budget, TooHardError
from rules_analysis.witness import as_searched

if TYPE_CHECKING:
    from collections.abc import Iterable

# Entries that have no effect, or none that is allowed: nobody loses anything when they are gone.
_REMOVED = frozenset(
    [
        "entry-repeated",
        "origin-covered",
        "path-never-used",
        "path-covered",
        "method-safelisted",
        "header-safelisted",
        "expose-safelisted",
        "flag-unused",
        "method-forbidden",
        "header-forbidden-request",
        "header-is-response-header",
        "header-forbidden-response",
        "header-is-request-header",
        "private-network-obsolete",
    ]
)
# Those whose hint is what is meant. Of `wrong-type` only numbers and `false`: to put `true` for "true" lets in more.
_REPLACED = frozenset(
    [
        *("list-expected", "schema-unknown", "max-age-range"),
        *("path-no-slash", "path-wildcard-misplaced", "path-percent", "path-query"),
        *("method-lower-case", "method-invalid", "header-invalid"),
        "regex-unescaped-dot",
    ]
)
# About what it takes to follow an expression that is searched for: it is open at both ends.
_BUDGET = 20_000


class Edit(NamedTuple):
    """`values` stand at `pointer` instead of what is there: none removes it; a list's entry may become several.

    `wrapped`: what is there becomes the only entry of a list.
    """

    pointer: str
    values: tuple[object, ...] = ()
    wrapped: bool = False


def edits_for(problems: Iterable[Problem], document: object) -> dict[Problem, Edit]:
    """The problems that have a certain fix, each with its edit; where several are at one place they share one."""
    found: dict[Problem, Edit] = {}
    at: dict[str, Edit] = {}
    given = list(problems)
    # What covers an entry now may not do so when it is narrowed.
    is_narrowed = any(problem.code == "regex-unescaped-dot" for problem in given)
    # What is to be removed needs no correction.
    for problem in sorted(given, key=lambda problem: problem.code not in _REMOVED):
        if is_narrowed and problem.code == "origin-covered":
            continue
        edit = _edit(problem, document)
        if edit is not None:
            found[problem] = at.setdefault(edit.pointer, edit)
    return found


def _edit(problem: Problem, document: object) -> Edit | None:
    code, field, hint = problem.code, problem.field, problem.hint
    if code in _REMOVED:
        return Edit(field) if _is_removable(problem, document) else None
    if code == "path-duplicate":
        return Edit(field) if _is_twice_in_one_policy(problem, document) else None
    if hint is None:
        return None
    if code == "regex-unescaped-dot" and isinstance(hint, dict):
        return Edit(f"{field}/regex", (hint["regex"],))
    expression = expression_of(problem)
    if expression is not None:
        return Edit(field, tuple(hint)) if isinstance(hint, list) and is_within(tuple(hint), expression) else None
    if code == "list-expected":
        return Edit(field, (hint,), wrapped=hint == [problem.value])
    if code == "wrong-type":
        return Edit(field, (hint,)) if hint is not True else None
    if code in _REPLACED or (code.startswith("origin-") and code in MESSAGES):
        is_entry = field.rpartition("/")[2].isdigit()
        return Edit(field, tuple(hint) if isinstance(hint, list) and is_entry else (hint,))
    return None


@lru_cache(maxsize=256)
def is_within(patterns: tuple[str, ...], expression: str) -> bool:
    """Whether all that the patterns let in is let in by the expression, where it is searched for as other systems do.

    An expression that does not name a scheme is one for https, of which the patterns are."""
    try:
        meant = OriginSet.of([Regex(as_searched(expression))])
        return OriginSet.of(patterns).is_subset(meant, budget=Budget(_BUDGET))
    except (ValueError, TooHardError):
        return False


def _is_removable(problem: Problem, document: object) -> bool:
    """Whether the rules are still the same ones without the entry."""
    if problem.code != "path-covered":
        return True
    # Where `*` is the only path, requests are let in whose path could not be read.
    paths = {path for policy in _policies(document) for path in _list(policy.get("paths"))}
    return "*" not in paths


def _is_twice_in_one_policy(problem: Problem, document: object) -> bool:
    policies = _policies(document)
    index = problem.field.split("/")[2]
    own = [] if not index.isdigit() or int(index) >= len(policies) else _list(policies[int(index)].get("paths"))
    return own.count(problem.value) > 1


def _policies(document: object) -> list[dict[str, object]]:
    policies = document.get("policies") if isinstance(document, dict) else None
    return [policy if isinstance(policy, dict) else {} for policy in _list(policies)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
