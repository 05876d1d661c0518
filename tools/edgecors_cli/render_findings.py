"""Mistakes in a template as people see them: the line, the place underlined, the reason, the corrected part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from edgecors_cli.excerpt import excerpt
from edgecors_cli.render_problems import printable, summary
from edgecors_doctor.snippet import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgecors_doctor.check import Mistake

_INDENT = "    "
_FIX = "fix  "
_LONGEST_FIX = 24  # lines
_LINE_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")  # those of YAML 1.1, by which lines are counted


def render(name: str, text: str, mistakes: Sequence[Mistake], *, width: int = 120, limit: int = 50) -> Iterator[Text]:
    """The lines, for a template of that name and text; at most `limit` mistakes."""
    errors = sum(mistake.is_error for mistake in mistakes)
    yield Text.assemble((f"{printable(name)}: ", "bold"), summary(errors, len(mistakes) - errors))
    lines = _LINE_BREAK.split(text)
    shown = mistakes[:limit]
    gutter = max([3, *(len(str(mistake.line)) for mistake in shown)])
    is_json = text.lstrip().startswith("{")
    for mistake in shown:
        yield Text()
        yield from _block(mistake, lines, gutter, width, is_json=is_json)
    if len(mistakes) > limit:
        yield Text()
        yield Text(f"and {len(mistakes) - limit} more")


def _block(mistake: Mistake, lines: Sequence[str], gutter: int, width: int, *, is_json: bool) -> Iterator[Text]:
    colour = "red" if mistake.is_error else "yellow"
    code = Text.assemble((mistake.rule, f"bold {colour}"), "" if mistake.is_error else " (warning)")
    line = lines[mistake.line - 1] if mistake.line <= len(lines) else ""
    start = min(mistake.column - 1, len(line))
    end = mistake.end_column - 1 if mistake.end_line == mistake.line else len(line)
    line, start, end = excerpt(printable(line), start, max(start, min(end, len(line))), width - gutter - 3)
    yield Text.assemble((f"{mistake.line:>{gutter}} | ", "dim"), line)
    carets = "^" * max(1, cell_len(line[start:end]))
    marks = Text.assemble((f"{'':>{gutter}} | ", "dim"), " " * cell_len(line[:start]), (carets, colour))
    if marks.cell_len + 2 + code.cell_len <= width:
        yield Text.assemble(marks, "  ", code)
    else:
        yield from (marks, Text(_INDENT) + code)
    yield Text(_INDENT + printable(mistake.message))
    if mistake.fix is not None:
        yield from _fix(as_text(mistake.fix, is_json=is_json).splitlines())


def _fix(lines: Sequence[str]) -> Iterator[Text]:
    shown = [*lines[:_LONGEST_FIX], *(["..."] if len(lines) > _LONGEST_FIX else [])]
    for index, line in enumerate(shown):
        first = (_FIX, "green") if index == 0 else (" " * len(_FIX), "")
        yield Text.assemble(_INDENT, first, printable(line))
