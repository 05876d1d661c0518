"""What there is to say of a draft of the rules: `edgecors lint`, `lint --fix` and `plan` for the console's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors import Rules
from edgecors_cli import fixing, json_edits, render_plan, render_problems
from edgecors_cli.json_places import Places
from rules_analysis.differences import compare, widens_credentials
from rules_analysis.findings import examine
from rules_analysis.fixes import edits_for

if TYPE_CHECKING:
    from edgecors import Problem
    from local.rulebook import Published
    from rules_analysis.findings import Findings

MOST_DIFFERENCES = 40
Found = dict[str, Any]


def checked(text: str, published: Published | None) -> Found:
    """Every problem and risk of the text with its place, and the plan where it is a document that can be published."""
    findings = examine(text)
    fixable = set(fixing.fix(text).fixed)
    places = Places(text)
    found = [
        described(problem, text, places, warning=warning, fixable=problem in fixable)
        for problems, warning in ((findings.errors, False), (findings.warnings, True))
        for problem in problems
    ]
    return {
        "summary": render_problems.summary(len(findings.errors), len(findings.warnings))
        if found
        else "no problems, no risks",
        "errors": len(findings.errors),
        "problems": sorted(found, key=lambda each: (each["start"], each["end"])),
        "fixable": sum(each["fixable"] for each in found),
        "plan": None if findings.errors else plan(text, published),
    }


def described(problem: Problem, text: str, places: Places, *, warning: bool, fixable: bool) -> Found:
    """A problem for the editor: `start` and `end` in UTF-16 code units, by which JavaScript counts."""
    span = render_problems.span_of(problem, text, places)
    start, end = (units(text, span.start), units(text, max(span.end, span.start + 1))) if span else (0, 0)
    return {
        "code": problem.code,
        "pointer": problem.field,
        "warning": warning,
        "message": problem.message,
        "fix": render_problems.fix_of(problem) if problem.hint is not None else "",
        "fixable": fixable,
        "line": places.utf16(span.start)[0] if span else 0,
        "start": start,
        "end": end,
    }


def units(text: str, offset: int) -> int:
    """The UTF-16 code units before a character."""
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


def fixed(text: str, code: str, pointer: str) -> str:
    """The text with one problem put right; with every one for which that is certain where `code` is ""."""
    if not code:
        return fixing.fix(text).text
    findings = examine(text)
    chosen = [problem for problem in all_of(findings) if (problem.code, problem.field) == (code, pointer)]
    # Edits are made for all, since what is right alone may not be together.
    edits = edits_for(all_of(findings), findings.document)
    wanted = [edits[problem] for problem in chosen if problem in edits]
    return json_edits.apply(text, json_edits.replacements(text, wanted))


def all_of(findings: Findings) -> tuple[Problem, ...]:
    """Problems and risks."""
    return (*findings.errors, *findings.warnings)


def plan(text: str, published: Published | None) -> Found:
    """Who would gain and who would lose what, in the command line's words."""
    differences = compare(published.rules if published is not None else None, Rules.parse(text))
    rows = [
        {
            "sign": row.cells[0].strip()[:1],
            "cells": [row.cells[0].strip()[1:].strip(), *row.cells[1:]],
            "details": list(row.details),
        }
        for difference in differences[:MOST_DIFFERENCES]
        for row in render_plan.rows(difference)
    ]
    return {
        "summary": render_plan.summary(differences) if differences else "Nobody gains or loses anything.",
        "rows": rows,
        "more": max(0, len(differences) - MOST_DIFFERENCES),
        "asks": widens_credentials(differences),
        "same": published is not None and published.text == text,
        "version": published.version if published is not None else 0,
    }
