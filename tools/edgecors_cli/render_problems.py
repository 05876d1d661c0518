"""Problems of a rules document as people see them: the line, the place underlined, the reason, the fix."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from edgecors._diagnosis import diagnose
from edgecors_cli.excerpt import excerpt
from edgecors_cli.json_places import Place, Places, Span
from rules_analysis.expression_places import open_end, unescaped_dots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from edgecors import Problem

_INDENT = "    "
# An origin that is named to convince stands out.
_WITNESS = re.compile(r" (https?://[^\s,]+), and whoever")
# What is about a key, not about its value.
_ABOUT_KEYS = ("key-unknown", "json-duplicate-key", "private-network-obsolete")


def render(
    name: str,
    text: str,
    problems: Sequence[Problem],
    warnings: Sequence[Problem] = (),
    *,
    width: int = 120,
    limit: int = 50,
) -> Iterator[Text]:
    """The lines, for a document of that name and text; at most `limit` problems, in the order of the text."""
    yield Text.assemble((f"{printable(name)}: ", "bold"), summary(len(problems), len(warnings)))
    places = Places(text)
    found = [(problem, False, _place(problem, text, places)) for problem in problems]
    found += [(problem, True, _place(problem, text, places)) for problem in warnings]
    found.sort(key=lambda item: (item[2].line, item[2].start) if item[2] is not None else (0, 0))
    shown = found[:limit]
    gutter = max([3, *(len(str(place.line)) for _, _, place in shown if place is not None)])
    for problem, is_warning, place in shown:
        yield Text()
        yield from _block(problem, is_warning, place, gutter, width, exact=_is_exact(problem, places))
    if len(found) > limit:
        yield Text()
        yield Text(f"and {len(found) - limit} more")


def summary(errors: int, warnings: int) -> str:
    """`2 errors, 1 warning`"""
    parts = [f"{errors} error{'s' * (errors != 1)}"] if errors or not warnings else []
    parts += [f"{warnings} warning{'s' * (warnings != 1)}"] if warnings else []
    return ", ".join(parts)


def printable(text: str) -> str:
    """The text without what a terminal would act upon: each such character is one in its place."""
    return "".join(character if character.isprintable() else " " if character == "\t" else "�" for character in text)


def _block(
    problem: Problem, is_warning: bool, place: Place | None, gutter: int, width: int, *, exact: bool
) -> Iterator[Text]:
    colour = "yellow" if is_warning else "red"
    code = Text.assemble((problem.code, f"bold {colour}"), " (warning)" if is_warning else "")
    if problem.field and not exact:
        code.append(f"  {printable(problem.field)}", "dim")
    if place is None:
        yield Text(_INDENT) + code
    else:
        line, room, end = printable(place.text), width - gutter - 3, place.end
        if cell_len(line) > room:
            end = min(end, place.start + max(1, room // 2))
        line, start, end = excerpt(line, place.start, end, room)
        before, marked = line[:start], line[start:end]
        yield Text.assemble((f"{place.line:>{gutter}} | ", "dim"), line)
        carets = "^" * max(1, cell_len(marked))
        marks = Text.assemble((f"{'':>{gutter}} | ", "dim"), " " * cell_len(before), (carets, colour))
        if marks.cell_len + 2 + code.cell_len <= width:
            yield Text.assemble(marks, "  ", code)
        else:
            yield from (marks, Text(_INDENT) + code)
    yield Text(_INDENT + _WITNESS.sub(r"  \1  and whoever", printable(problem.message)))
    if problem.hint is not None:
        yield Text.assemble(_INDENT, ("fix", "green"), f"  {fix_of(problem)}")


def fix_of(problem: Problem) -> str:
    """The problem's hint as it would stand in the document."""
    hint = problem.hint
    if isinstance(hint, list | tuple) and problem.field.rpartition("/")[2].isdigit():
        return ", ".join(_json(entry) for entry in hint)  # an entry of a list that should be several
    return _json(hint)


def _json(value: object) -> str:
    return printable(json.dumps(value, ensure_ascii=False, default=str))


def _is_exact(problem: Problem, places: Places) -> bool:
    return places.value(problem.field) is not None


def _place(problem: Problem, text: str, places: Places) -> Place | None:
    span = span_of(problem, text, places)
    return places.place(span) if span is not None else None


def span_of(problem: Problem, text: str, places: Places) -> Span | None:
    """Where to look for the problem; None where it is the document itself."""
    if problem.code == "json-invalid":
        return _syntax_error(text)
    span = places.key(problem.field) if problem.code in _ABOUT_KEYS else None
    if span is None:
        span = places.value(problem.field)
    if span is None:
        # Something is missing: the place where it should be, which is an object or list, by its first character.
        around = places.nearest(problem.field)
        return Span(around.start, around.start + 1) if around is not None else None
    return _narrowed(problem, span, places) if problem.field else None


def _narrowed(problem: Problem, span: Span, places: Places) -> Span:
    """The part of an origin or expression that is wrong, where that is known."""
    if isinstance(problem.value, dict):
        span = places.value(f"{problem.field}/regex") or span
        part = _part_of_expression(problem)
        return places.within(span, *part) if part is not None else span
    if not problem.code.startswith("origin-") or not isinstance(problem.value, str):
        return span
    if problem.code == "origin-trailing-dot":
        host_end = problem.value.rfind(".")
        return places.within(span, host_end, host_end + 1)
    for fault in diagnose(problem.value)[0]:
        if fault.code == problem.code:
            return places.within(span, fault.start, max(fault.end, fault.start + 1))
    return span


def _part_of_expression(problem: Problem) -> tuple[int, int] | None:
    expression = problem.value.get("regex") if isinstance(problem.value, dict) else None
    if not isinstance(expression, str):
        return None
    if problem.code not in ("regex-open", "regex-unescaped-dot"):
        return None
    dot = next(((at, at + 1) for at in unescaped_dots(expression)), None)
    return (open_end(expression) or dot) if problem.code == "regex-open" else dot


def _syntax_error(text: str) -> Span | None:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return Span(error.pos, error.pos + 1)
    except (ValueError, RecursionError):
        pass
    return None


def one_line(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem in a line, for where its document is not at hand."""
    for problem in problems:
        fix = "" if problem.hint is None else f" Fix: {fix_of(problem)}"
        yield f"{printable(problem.field)}  {problem.code}: {printable(problem.message)}{fix}".lstrip()


def as_json(problem: Problem) -> dict[str, object]:
    """A problem as --json has it."""
    return {
        "code": problem.code,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
        "hint": problem.hint,
    }
