"""Where a template's values stand in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgecors_doctor.nodes import Path

# Line and column of the first character and of the one after the last, from 0.
Span = tuple[int, int, int, int]


def span(template: Any, path: Path) -> Span:
    """The place of the value at the path if it is a text, else of its key; of the nearest above that has a place."""
    best: Span | None = None
    value = template
    for part in path:
        if isinstance(value, dict):
            if part not in value:
                break
            best = _own(next(key for key in value if key == part)) or best
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
            best = _start(value) or best
        else:
            break
    else:
        if isinstance(value, str):
            best = _own(value) or best
    return best or (0, 0, 0, 1)


def _own(node: Any) -> Span | None:
    start, end = getattr(node, "start_mark", None), getattr(node, "end_mark", None)
    if start is None or end is None:
        return None
    found = (start.line, start.column, end.line, end.column)
    return found if found != (0, 0, 0, 0) else None


def _start(node: Any) -> Span | None:
    """A list's entry: all of a text, of anything else its first character."""
    found = _own(node)
    if found is None or isinstance(node, str):
        return found
    return (found[0], found[1], found[0], found[1] + 1)
