"""Edits of a JSON text that leave everything else as it is: order, white space, line ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from edgecors_cli.json_places import Places, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rules_analysis.fixes import Edit


class Replacement(NamedTuple):
    """`text` stands where the span was."""

    span: Span
    text: str


def replacements(text: str, edits: Iterable[Edit], places: Places | None = None) -> list[Replacement]:
    """What the edits change in the text, in its order; they do not overlap. Edits of what is not there, and those
    within what others replace, are left out. `places`: of the text, where they are known."""
    places = places or Places(text)
    wanted = {edit.pointer: edit for edit in edits}
    found: list[Replacement] = []
    removed: dict[str, set[str]] = {}
    for pointer, edit in wanted.items():
        span = places.value(pointer)
        if span is None or any(above in wanted for above in _above(pointer)):
            continue
        if edit.wrapped:
            found += [Replacement(Span(span.start, span.start), "["), Replacement(Span(span.end, span.end), "]")]
        elif edit.values:
            found.append(Replacement(span, _written(text, span, edit.values)))
        else:
            removed.setdefault(pointer.rpartition("/")[0], set()).add(pointer)
    for parent, pointers in removed.items():
        around = places.value(parent)
        members = places.members(parent)
        if around is not None and len(pointers) == len(members):
            found.append(Replacement(Span(around.start + 1, around.end - 1), ""))
        else:
            found += _removals(members, pointers)
    return sorted(found)


def apply(text: str, changes: Iterable[Replacement]) -> str:
    """The text with the replacements made."""
    parts, at = [], 0
    for span, new in sorted(changes):
        parts += [text[at : span.start], new]
        at = span.end
    return "".join([*parts, text[at:]])


def _above(pointer: str) -> Iterable[str]:
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def _written(text: str, span: Span, values: tuple[object, ...]) -> str:
    """The values as they stand in a list: below each other if the one that was there had a line for itself."""
    line = text.rfind("\n", 0, span.start) + 1
    indent = text[line : span.start]
    ending = "\r\n" if text[:line].endswith("\r\n") else "\n"
    separator = f",{ending}{indent}" if line and not indent.strip() else ", "
    return separator.join(json.dumps(value, ensure_ascii=False) for value in values)


def _removals(members: list[tuple[str, Span]], gone: set[str]) -> list[Replacement]:
    """Without some of the members of an object or list (not all), and the commas that were theirs."""
    found = []
    last_kept = max(index for index, (pointer, _) in enumerate(members) if pointer not in gone)
    for index, (pointer, span) in enumerate(members):
        if pointer not in gone:
            continue
        if index < last_kept:
            found.append(Replacement(Span(span.start, members[index + 1][1].start), ""))
        else:
            # The last ones: from the end of the last that stays.
            found.append(Replacement(Span(members[index - 1][1].end, span.end), ""))
    return found
