"""What keeps `make serve` from starting, in one sentence for a person."""

from __future__ import annotations


class StartError(Exception):
    """Its text names what is wrong and what to do about it; the process prints it and exits with 1."""


def first_line(text: object, limit: int = 300) -> str:
    """The first line of another library's message, without what a terminal would act upon."""
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    line = lines[0] if lines else ""
    return "".join(character if character.isprintable() else " " for character in line)[:limit]
