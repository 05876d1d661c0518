"""A line that is too long to be shown, cut around the place that matters."""

from __future__ import annotations

from rich.cells import cell_len


def excerpt(line: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """The line, cut to about `width` cells around the characters `start` to `end`, and where these are in it."""
    if cell_len(line) <= width:
        return line, start, end
    first = max(0, start - width // 3)
    last = first
    room = width - 2
    while last < len(line) and room >= cell_len(line[last]):
        room -= cell_len(line[last])
        last += 1
    cut = ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")
    shift = first - bool(first)
    return cut, start - shift, min(end, last) - shift
