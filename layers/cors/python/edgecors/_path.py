"""Paths of requests: percent-decoding, and what has to be taken off before they are the API's own."""

from __future__ import annotations

from edgecors._spec import HEX_DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def is_plain_path(path: str) -> bool:
    """Whether a decoded path has no segment or character that another resolver would read as something else."""
    if "\\" in path or "\0" in path or not (path.isascii() or _is_utf8(path)):
        return False
    return ("/." not in path and path[:1] != ".") or not any(segment in (".", "..") for segment in path.split("/"))


def _is_utf8(path: str) -> bool:
    # JSON can write half of a surrogate pair, which no UTF-8 has.
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def percent_decode(path: str) -> str | None:
    """The path decoded once (URL, "percent-decode"; `+` stays a plus, a `%` without two hex digits stays).

    None where the result is no UTF-8, or where a slash was encoded: no segment of a path has one.
    """
    if "%" not in path:
        return path
    try:
        first, *rest = path.encode("utf-8").split(b"%")
    except UnicodeEncodeError:
        return None
    decoded = [first]
    for part in rest:
        digits = part[:2]
        if len(digits) < 2 or digits.decode("latin-1").lower().strip(HEX_DIGITS):
            decoded.append(b"%" + part)
        elif digits.lower() == b"2f":
            return None
        else:
            decoded.append(bytes.fromhex(digits.decode("ascii")) + part[2:])
    try:
        return b"".join(decoded).decode("utf-8")
    except UnicodeDecodeError:
        return None


def without_segments(path: str, segments: str) -> str:
    """The path without `segments` (`v1` or `api/v1`, no outer slashes) in front, if it begins with them."""
    prefix = "/" + segments
    if path == prefix:
        return "/"
    return path[len(prefix) :] if path.startswith(prefix + "/") else path


def without_base_path(path: str, base_paths: Iterable[str]) -> str:
    """The path without the first of the base paths (longest first) that it begins with."""
    for base in base_paths:
        shorter = without_segments(path, base)
        if shorter is not path:
            return shorter
    return path
