"""What may be a tea's name. The same rule for the name in a body and for the one in a path."""

from __future__ import annotations

import unicodedata

from tea_api.problems import FieldError

LENGTH = 64
"""Characters."""


def normal(name: str) -> str:
    """The one spelling of a name that is kept: NFC, so that an é of two code points is an é."""
    return unicodedata.normalize("NFC", name)


def problem(name: str) -> FieldError | None:
    """What keeps `name` (already `normal`) from being a tea's name; None if nothing does."""
    if not name.strip():
        return FieldError("name", "required", "A tea needs a name.")
    if len(name) > LENGTH:
        return FieldError("name", "too-long", f"A name has at most {LENGTH} characters, not {len(name)}.")
    if "/" in name or "\\" in name:
        return FieldError("name", "slash", "A name has no slash or backslash: it is one segment of a path.")
    if name in {".", ".."}:
        return FieldError("name", "reserved", "'.' and '..' are no names: in a path, they mean folders.")
    if any(not printable(character) for character in name):
        return FieldError("name", "characters", "A name has no control characters and no line breaks.")
    if name != name.strip():
        return FieldError("name", "white-space", "A name does not begin or end with white space.")
    return None


def printable(character: str) -> bool:
    """No control character, no line or paragraph separator, no lone surrogate (which UTF-8 cannot write)."""
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
