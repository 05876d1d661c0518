"""JavaScript's strings, numbers, lists and expressions, as values and in the engine's syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from edgecors_cli.importing.model import Expression, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_NUMBER = re.compile(r"[0-9][0-9_]*(\.[0-9_]*)?([eE][+-]?[0-9]+)?|\.[0-9_]+")
_SAME_ESCAPE = re.compile(r"\\(?:[dDwWsSnrtvf]|0(?![0-9])|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^0-9A-Za-z])", re.DOTALL)
_NAMED_GROUP = re.compile(r"\(\?<[A-Za-z_$][A-Za-z0-9_$]*>")
_OPEN_BOUND = re.compile(r"\{,[0-9]*\}")
# Letters that are an escape of their own in one of the two languages.
_SPECIAL_LETTERS = frozenset("bBckpPxu")
# A range of a set that ends in an upper-case letter, `A-Z` aside.
_MIXED_RANGE = re.compile(r"[A-Z]-|-[A-Z]")


class NotTheSameError(Exception):
    """The expression cannot be written in the engine's syntax: a sentence that says why."""


def unescape(sequence: str) -> str:
    """What an escape sequence of a string stands for."""
    body = sequence[1:]
    if body[:1] in ("x", "u") and len(body) > 1:
        digits = body[1:].strip("{}")
        return chr(int(digits, 16)) if len(digits) <= 6 and int(digits, 16) <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(body, body)


def number(text: str) -> int | float | None:
    """The value of a numeric literal in decimal; None for any other."""
    if _NUMBER.fullmatch(text) is None or len(text) > 30:
        return None
    value = float(text.replace("_", ""))
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def of_method(owner: Value, name: str, given: Sequence[object], written: Sequence[str]) -> object:
    """What a method gives that changes nothing: `filter(Boolean)`, `concat` and `split(",")`; None for any other.

    `given`: the values of the arguments; `written`: as the file writes them.
    """
    literal = owner.literal
    if isinstance(literal, list) and name == "filter" and list(written) == ["Boolean"]:
        return [entry for entry in literal if entry.literal not in (None, False, 0, "")]
    if isinstance(literal, list) and name == "concat" and all(isinstance(each, list) for each in given):
        return literal + [entry for each in given if isinstance(each, list) for entry in each]
    if isinstance(literal, str) and name == "split" and list(given) == [","]:
        return [Value(part, owner.place, owner.text) for part in literal.split(",")]
    return None


def to_engine(expression: Expression) -> str:
    """The expression in the engine's syntax, in which it matches the same origins. Raises NotTheSameError."""
    strange = set(expression.flags) - set("dgimsu")
    if strange:
        raise NotTheSameError(f"The flag {min(strange)} has no counterpart.")
    text = _translated(expression.source, is_unicode="u" in expression.flags)
    return _lower(text) if "i" in expression.flags else text


def _translated(source: str, *, is_unicode: bool) -> str:
    """Source: ECMAScript, 22.2.1 and Annex B.1.2, where they differ from Python's syntax."""
    found: list[str] = []
    at, in_set = 0, False
    while at < len(source):
        character = source[at]
        if character == "\\":
            whole = _SAME_ESCAPE.match(source, at)
            letter = source[at + 1 : at + 2]
            if whole is not None:
                found.append("/" if whole[0] == "\\/" else whole[0])
                at = whole.end()
            elif is_unicode or not letter.isalpha() or letter in _SPECIAL_LETTERS:
                raise NotTheSameError(f"\\{letter} has no counterpart.")
            else:
                found.append(letter)  # in JavaScript the letter itself
                at += 2
            continue
        if not in_set and character == "[":
            if source.startswith(("[]", "[^]"), at):
                raise NotTheSameError("An empty set has no counterpart.")
            in_set = True
        elif in_set and character == "]":
            in_set = False
        elif not in_set:
            group, bound = _NAMED_GROUP.match(source, at), _OPEN_BOUND.match(source, at)
            if group is not None:
                found.append("(?:")
                at = group.end()
                continue
            if bound is not None:
                character = "\\{"  # no bound in JavaScript, but text
            if source.startswith(("(?#", "(?P"), at):
                raise NotTheSameError("This is no group of JavaScript.")
        found.append(character)
        at += 1
    return "".join(found)


def _lower(text: str) -> str:
    """The expression of the flag `i`: browsers send origins in lower case."""
    if re.search(r"\\[xu]", text):
        raise NotTheSameError("A numeric escape has no counterpart beside the flag i.")
    for inside in re.findall(r"(?<!\\)\[((?:[^\]\\]|\\.)*)\]", text):
        if _MIXED_RANGE.search(inside.replace("A-Z", "")):
            raise NotTheSameError("A range of mixed case has no counterpart without the flag i.")
    return "".join(
        part if part.startswith("\\") else part.lower() for part in re.split(r"(\\.)", text, flags=re.DOTALL)
    )
