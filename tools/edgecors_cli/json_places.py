"""Where the values of a JSON text stand: JSON pointer (RFC 6901) -> place in the text.

Reads as far as the text is JSON, and never fails: whatever is wrong with it, there are places up to there.
"""

from __future__ import annotations

import itertools
import json
import re
from bisect import bisect_right
from contextlib import suppress
from typing import NamedTuple

_WHITE_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OTHER = re.compile(r"[-+.0-9A-Za-z]+")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_MAX_DEPTH = 64  # a rules document has five levels


class Span(NamedTuple):
    """A half-open range of characters of the text."""

    start: int
    end: int


class Place(NamedTuple):
    """A span in its line. `line` counts from 1; `start` and `end` are characters of `text`, which is the line."""

    line: int
    text: str
    start: int
    end: int


class Places:
    """The places of a text's values and keys."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._values: dict[str, Span] = {}
        self._keys: dict[str, Span] = {}
        self._lines: list[int] = []
        self._scan()

    def value(self, pointer: str) -> Span | None:
        """Where the value is; of a key that stands twice, the last, which is the one that counts."""
        return self._values.get(pointer)

    def key(self, pointer: str) -> Span | None:
        """Where the key of the value is, its quotes included."""
        return self._keys.get(pointer)

    def nearest(self, pointer: str) -> Span | None:
        """Where the closest value is that encloses the pointer's place."""
        while pointer and pointer not in self._values:
            pointer = pointer.rpartition("/")[0]
        return self._values.get(pointer)

    def members(self, pointer: str) -> list[tuple[str, Span]]:
        """The pointers of what is in an object or list, in the order of the text, each with its span, which in an
        object begins with the key."""
        found = [
            (below, Span(self._keys.get(below, span).start, span.end))
            for below, span in self._values.items()
            if below and below.rpartition("/")[0] == pointer
        ]
        return sorted(found, key=lambda member: member[1])

    def within(self, span: Span, start: int, end: int) -> Span:
        """The place of the characters `start` to `end` of the string value at `span`, escapes counted as what they
        stand for."""
        offsets = [match.start() for match in _CHARACTER.finditer(self._text, span.start + 1, span.end - 1)]
        offsets.append(span.end - 1)
        last = len(offsets) - 1
        return Span(offsets[min(start, last)], offsets[min(end, last)])

    def place(self, span: Span) -> Place:
        """The span's first line, and the part of the span that is in it: at least one character wide."""
        start = self._text.rfind("\n", 0, span.start) + 1
        end = self._text.find("\n", start)
        line = self._text[start : end if end >= 0 else len(self._text)]
        column = span.start - start
        return Place(
            self._text.count("\n", 0, start) + 1,
            line.removesuffix("\r"),
            column,
            max(column + 1, min(span.end - start, len(line.rstrip()))),
        )

    def utf16(self, offset: int) -> tuple[int, int]:
        """The line and the column of a character, both counted from 1, the column in UTF-16 code units."""
        if not self._lines:
            self._lines = [0, *(found.end() for found in re.finditer("\n", self._text))]
        line = bisect_right(self._lines, offset)
        before = self._text[self._lines[line - 1] : offset]
        return line, len(before.encode("utf-16-le", errors="surrogatepass")) // 2 + 1

    def _scan(self) -> None:
        with suppress(_NotJsonError):
            self._read(self._skip(0), "", 0)

    def _read(self, at: int, pointer: str, depth: int) -> int:
        """Note the value that begins here; where it ends."""
        opening = self._text[at : at + 1]
        if opening not in ("{", "["):
            token = (_STRING if opening == '"' else _OTHER).match(self._text, at)
            if token is None:
                raise _NotJsonError
            self._values[pointer] = Span(at, token.end())
            return token.end()
        if depth == _MAX_DEPTH:
            raise _NotJsonError
        # Until the end is found, it is at least the bracket.
        self._values[pointer] = Span(at, at + 1)
        end = self._read_entries(at + 1, "}" if opening == "{" else "]", pointer, depth + 1)
        self._values[pointer] = Span(at, end)
        return end

    def _read_entries(self, at: int, closing: str, pointer: str, depth: int) -> int:
        at = self._skip(at)
        if self._text[at : at + 1] == closing:
            return at + 1
        for number in itertools.count():
            if closing == "}":
                below, at = self._read_key(at, pointer)
            else:
                below = f"{pointer}/{number}"
            at = self._skip(self._read(at, below, depth))
            character = self._text[at : at + 1]
            if character == closing:
                break
            if character != ",":
                raise _NotJsonError
            at = self._skip(at + 1)
        return at + 1

    def _read_key(self, at: int, pointer: str) -> tuple[str, int]:
        key = _STRING.match(self._text, at)
        if key is None:
            raise _NotJsonError
        below = f"{pointer}/{_pointer_part(key[0])}"
        self._keys[below] = Span(at, key.end())
        at = self._skip(key.end())
        if self._text[at : at + 1] != ":":
            raise _NotJsonError
        return below, self._skip(at + 1)

    def _skip(self, at: int) -> int:
        match = _WHITE_SPACE.match(self._text, at)
        return match.end() if match else at


class _NotJsonError(Exception):
    pass


def _pointer_part(key: str) -> str:
    try:
        decoded = json.loads(key, strict=False)
    except ValueError:
        decoded = key[1:-1]
    return str(decoded).replace("~", "~0").replace("/", "~1")
