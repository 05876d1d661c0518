"""Where in an expression its faults stand: the dots that were meant as dots, the end that is left open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?#[^)]*\)|.", re.DOTALL)
# What leaves the end of an expression open: `.*`, `[^/]+`, `(.*)`, `.*$`.
_OPEN_END = re.compile(r"(?:\(?(?:\.|\[[^\]]*\]|\\[wWSD])[*+]\??\)?\??)+\)*\$?$")
_OF_NAMES = re.compile(r"[A-Za-z0-9]")
_ENDS_A_PART = re.compile(r"[A-Za-z0-9)\]+*?}_-]$")


def unescaped_dots(expression: str) -> list[int]:
    """The positions of the dots that stand for any character, but between parts of names: people mean a dot there."""
    return [
        at
        for at, part, before in _tokens(expression)
        if part == "." and _ENDS_A_PART.search(before) and _OF_NAMES.match(expression, at + 1)
    ]


def with_dots_escaped(expression: str) -> str:
    """The expression with its `unescaped_dots` escaped, by which it can only match less."""
    for at in reversed(unescaped_dots(expression)):
        expression = f"{expression[:at]}\\{expression[at:]}"
    return expression


def open_end(expression: str) -> tuple[int, int] | None:
    """The half-open range of what leaves the end of the expression open, if something does."""
    found = _OPEN_END.search(expression)
    if found is None:
        return None
    # A bracket that belongs to a group that begins before is none of it.
    end = found.end()
    while found.start() < end and _unbalanced(expression[found.start() : end]):
        end -= 1
    return (found.start(), end) if end > found.start() else None


def _unbalanced(text: str) -> bool:
    return text.endswith("$") or text.count(")") > text.count("(")


def _tokens(expression: str) -> Iterator[tuple[int, str, str]]:
    """The characters, escapes, sets and comments, each with its position and what stands before it."""
    before = ""
    for found in _TOKEN.finditer(expression):
        yield found.start(), found[0], before
        before = found[0]
