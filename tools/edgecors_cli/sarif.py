"""Problems as SARIF 2.1.0, which code hosts show beside the lines.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from edgecors import __version__
from edgecors.problems import MESSAGES
from edgecors_cli import json_edits
from edgecors_cli.json_places import Places, Span
from edgecors_cli.render_problems import fix_of, printable, span_of
from rules_analysis.fixes import edits_for
from rules_analysis.risk_catalogue import RISKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgecors import Problem
    from rules_analysis.findings import Findings

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class Linted(NamedTuple):
    """A document: its path, its text, what was found in it, and which of that has a fix that works."""

    path: str
    text: str
    findings: Findings
    fixable: tuple[Problem, ...]


def report(documents: Sequence[Linted]) -> dict[str, object]:
    """The log of one run over the documents."""
    codes = list(dict.fromkeys(problem.code for document in documents for problem in _problems(document)))
    results = [result for document in documents for result in _results(document, codes)]
    driver = {"name": "edgecors", "semanticVersion": __version__, "rules": [_rule(code) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _problems(document: Linted) -> Sequence[Problem]:
    return (*document.findings.errors, *document.findings.warnings)


def _rule(code: str) -> dict[str, object]:
    """What is known of a code, whatever it was found in."""
    words = code.replace("-", " ")
    why = re.sub(r"\{\w+\}", "…", (RISKS | MESSAGES)[code])
    why = why if why != "…" else "The hosts that the expression matches end in too many different ways."
    return {
        "id": code,
        "shortDescription": {"text": words[:1].upper() + words[1:]},
        "fullDescription": {"text": why},
        "help": {"text": f"{why} All codes are explained in docs/problems.md."},
        "defaultConfiguration": {"level": _level(code)},
    }


def _level(code: str) -> str:
    return "warning" if code in RISKS else "error"


def _results(document: Linted, codes: list[str]) -> Iterator[dict[str, object]]:
    places = Places(document.text)
    fixable = set(document.fixable)
    for problem in _problems(document):
        result = _result(problem, document, places)
        result["ruleIndex"] = codes.index(problem.code)
        if problem in fixable:
            result |= _fixes(problem, document, places)
        yield result


def _result(problem: Problem, document: Linted, places: Places) -> dict[str, object]:
    span = span_of(problem, document.text, places) or Span(0, 0)
    fix = f" Fix: {fix_of(problem)}" if problem.hint is not None else ""
    location = {
        "physicalLocation": {"artifactLocation": _artifact(document), "region": _region(places, span)},
        "logicalLocations": [{"fullyQualifiedName": printable(problem.field)}],
    }
    return {
        "ruleId": problem.code,
        "level": _level(problem.code),
        "message": {"text": printable(problem.message) + fix},
        "locations": [location],
    }


def _fixes(problem: Problem, document: Linted, places: Places) -> dict[str, object]:
    edits = edits_for([problem], document.findings.document)
    changes = [
        {"deletedRegion": _region(places, replaced), "insertedContent": {"text": new}}
        for replaced, new in json_edits.replacements(document.text, edits.values(), places)
    ]
    change = {"artifactLocation": _artifact(document), "replacements": changes}
    return {"fixes": [{"description": {"text": "What was meant."}, "artifactChanges": [change]}]} if changes else {}


def _artifact(document: Linted) -> dict[str, str]:
    return {"uri": "stdin" if document.path == "-" else quote(document.path.replace("\\", "/"))}


def _region(places: Places, span: Span) -> dict[str, int]:
    (line, column), (end_line, end_column) = places.utf16(span.start), places.utf16(span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
