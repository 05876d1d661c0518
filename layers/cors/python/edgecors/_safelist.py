"""Which request headers a page can set, and which of them make the browser ask first.

Source: Fetch, section 2.2.2 ("CORS-safelisted request-header", "CORS-unsafe request-header names", "forbidden
request-header", "normalize a value"), and what Chromium adds to them.
"""

from __future__ import annotations

from edgecors._spec import (
    DIGITS,
    FORBIDDEN_METHODS,
    LOWER,
    NORMALIZED_METHODS,
    TOKEN_CHARACTERS,
    is_forbidden_request_header,
    is_token,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MAX_VALUE, _MAX_TOTAL = 128, 1024  # bytes
_UNSAFE_BYTES = frozenset('"():<>?@[\\]{}\x7f') | {chr(code) for code in range(0x20) if code != 0x09}
_LANGUAGE_CHARACTERS = frozenset(DIGITS + LOWER + LOWER.upper() + " *,-.;=")
_SAFE_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
_METHOD_OVERRIDES = ("x-http-method", "x-http-method-override", "x-method-override")
# Chromium takes client hints of these values for safe as well, and drops a User-Agent that a page sets.
_HINTS_WITH_FRACTION = ("device-memory", "downlink", "dpr")
_HINTS_WITHOUT = ("rtt", "viewport-width", "width")
_CONNECTION_TYPES = ("2g", "3g", "4g", "slow-2g")
# A range that is no signed 64-bit number, or the last of them, is not safe to Chromium.
_MAX_RANGE = 2**63 - 2


def normalized_method(method: str) -> str:
    """Fetch, "normalize a method": six methods in upper case, all others as they are."""
    return method.upper() if method.upper() in NORMALIZED_METHODS else method


def settable(headers: Iterable[tuple[str, str]], *, forbidden: bool = True) -> dict[str, str]:
    """The headers that a page's fetch() sends of those that it sets, by lower-case name, values joined.

    Forbidden ones are dropped in silence (`forbidden=False`: kept, for a server's headers). Raises ValueError for
    what fetch() throws a TypeError: a name that is no token, a value with NUL or a line break, or one beyond Latin-1.
    """
    sent: dict[str, str] = {}
    for name, given in headers:
        lower, value = name.lower(), given.strip(" \t\r\n")
        if not is_token(name):
            raise ValueError(f"{name!a} is not a header name")
        if any(character in value for character in "\0\r\n") or any(character > "\xff" for character in value):
            raise ValueError(f"{value!a} is not a header value")
        if forbidden and (is_forbidden_request_header(lower) or lower == "user-agent" or _forbids_method(lower, value)):
            continue
        sent[lower] = f"{sent[lower]}, {value}" if lower in sent else value
    return sent


def _forbids_method(name: str, value: str) -> bool:
    return name in _METHOD_OVERRIDES and any(
        method.strip(" \t").upper() in FORBIDDEN_METHODS for method in value.split(",")
    )


def unsafe_names(headers: dict[str, str]) -> list[str]:
    """The names that a preflight asks for, sorted: headers that are not safelisted, and all of them when they are
    more than 1,024 bytes together."""
    unsafe = [name for name, value in headers.items() if not _is_safelisted(name, value)]
    safe = [name for name in headers if name not in unsafe]
    if sum(len(headers[name]) for name in safe) > _MAX_TOTAL:
        unsafe += safe
    return sorted(unsafe)


def _is_safelisted(name: str, value: str) -> bool:
    if len(value) > _MAX_VALUE:
        return False
    if name == "accept":
        return not _UNSAFE_BYTES.intersection(value)
    if name in ("accept-language", "content-language"):
        return _LANGUAGE_CHARACTERS.issuperset(value)
    if name == "content-type":
        return not _UNSAFE_BYTES.intersection(value) and _mime_essence(value) in _SAFE_TYPES
    if name == "range":
        return _is_simple_range(value)
    return _is_safe_hint(name, value)


def _is_safe_hint(name: str, value: str) -> bool:
    if name == "save-data":
        return value.lower() == "on"
    if name == "ect":
        return value in _CONNECTION_TYPES
    whole, point, fraction = value.partition(".")
    if name in _HINTS_WITH_FRACTION:
        return _is_number(whole) and (not point or _is_number(fraction))
    return name in _HINTS_WITHOUT and _is_number(value)


def _is_number(text: str) -> bool:
    return bool(text) and not text.strip(DIGITS)


def _mime_essence(value: str) -> str | None:
    """MIME Sniffing, "parse a MIME type", as far as type and subtype."""
    kind, slash, rest = value.strip(" \t").partition("/")
    subtype = rest.partition(";")[0].rstrip(" \t")
    if not slash or not kind or not subtype or (kind + subtype).strip(TOKEN_CHARACTERS):
        return None
    return f"{kind}/{subtype}".lower()


def _is_simple_range(value: str) -> bool:
    """Fetch, "parse a single range header value", with a start (a suffix range is not safe)."""
    unit, equals, numbers = value.partition("=")
    first, dash, last = numbers.partition("-")
    if unit != "bytes" or not equals or not dash or not _is_number(first) or last.strip(DIGITS):
        return False
    start = int(first)
    return start <= (int(last) if last else start) <= _MAX_RANGE
