"""Conditional GET: RFC 9110, sections 8.8.3 and 13.1.2."""

from __future__ import annotations

import hashlib
import re

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_OPAQUE = re.compile(r'"[^"]*"')


def etag(body: bytes) -> str:
    """A strong entity tag: other bytes, another tag."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def none_match(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has what `tag` names, so that 304 is the answer.

    Compared weakly, as If-None-Match asks (a `W/` is no difference). A malformed header counts as absent.
    """
    if if_none_match is None:
        return False
    if if_none_match.strip(" \t") == "*":
        return True
    return bool(_TAGS.fullmatch(if_none_match)) and tag in _OPAQUE.findall(if_none_match)
