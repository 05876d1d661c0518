"""What the comments of a template say about its mistakes: tests/cases/templates/mistakes.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from edgecors_doctor.check import check

if TYPE_CHECKING:
    from edgecors_doctor.check import Mistake

_COMMENT = re.compile(r"  # ([EW]98\d\d): (.*)$")


class Found(NamedTuple):
    """A rule, the place and what stands there. Line and column count from 1."""

    rule: str
    line: int
    column: int
    text: str


def expected(template: str) -> list[Found]:
    """What the comments say, in the order of the text."""
    found = []
    for number, line in enumerate(template.split("\n"), 1):
        comment = _COMMENT.search(line)
        if comment is not None:
            text = comment[2]
            found.append(Found(comment[1], number, line.index(text) + 1, text))
    return found


def found(template: str, filename: str | None = None) -> list[Found]:
    """What the rules find."""
    return [located(template, mistake) for mistake in check(template, filename)]


def located(template: str, mistake: Mistake) -> Found:
    """A mistake, with what is underlined."""
    line = template.split("\n")[mistake.line - 1]
    assert mistake.end_line == mistake.line
    return Found(mistake.rule, mistake.line, mistake.column, line[mistake.column - 1 : mistake.end_column - 1])
