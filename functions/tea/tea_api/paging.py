"""Pages: how many, from where, and where the next one is.

A cursor is a position: the key of the last entry of a page, bound to its list by a checksum. It holds no
secret and grants nothing that the list itself does not; the checksum is there to refuse what was cut,
mistyped or made for another list, instead of quietly serving a wrong page.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tea_api.problems import FieldError, invalid

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 100
"""Entries a page, at most and by default."""

_CHECKSUM = 8
_LONGEST = 512
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


def limit(text: str | None) -> int:
    """`?limit` as a number from 1 to `LIMIT`, which is the default. Raises ApiError 400."""
    if text is None:
        return LIMIT
    if not _LIMIT.fullmatch(text) or int(text) > LIMIT:
        raise invalid(FieldError("limit", "range", f"limit is a whole number from 1 to {LIMIT}."))
    return int(text)


def cursor(scope: str, key: str) -> str:
    """A cursor after `key` in the list that `scope` names. The same arguments give the same cursor."""
    raw = key.encode()
    return base64.urlsafe_b64encode(_checksum(scope, raw) + raw).rstrip(b"=").decode()


def position(scope: str, text: str | None, valid: Callable[[str], bool]) -> str | None:
    """The key that a cursor of this `scope` stands for; None without a cursor.

    `valid` says whether a key can be one of this list at all. Raises ApiError 400 for anything that `cursor`
    did not make for the same list.
    """
    if text is None:
        return None
    key = _key(scope, text)
    if key is None or not valid(key) or cursor(scope, key) != text:
        raise invalid(FieldError("cursor", "cursor", "This is no cursor of this list: take it from the Link header."))
    return key


def next_link(limit_text: str | None, cursor_text: str) -> str:
    """The value of the `Link` header, as a reference relative to the request's own URL.

    Relative, because only the client knows under which host, stage and base path it reached the API (RFC 8288
    has link targets resolved against the request's URL). The page length is repeated if the request named
    one.
    """
    query = {"limit": limit_text} if limit_text is not None else {}
    return f'<?{urlencode({**query, "cursor": cursor_text})}>; rel="next"'


def _key(scope: str, text: str) -> str | None:
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        checksum, key = raw[:_CHECKSUM], raw[_CHECKSUM:]
        return key.decode() if checksum == _checksum(scope, key) else None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _checksum(scope: str, key: bytes) -> bytes:
    return hashlib.sha256(scope.encode() + b"\0" + key).digest()[:_CHECKSUM]
