"""The URL that a page gives to fetch(), as the URL standard parses and serialises it (section 4.4 and 4.5).

What is printed and compared is what browsers make of a URL: encoded ones keep their form, a dot segment is gone.
"""

from __future__ import annotations

from edgecors._diagnosis import corrected
from edgecors._origin import parse
from edgecors._path import percent_decode
from edgecors._value import Value, assign

# Code points that are percent-encoded, besides those that are no printable ASCII. Source: URL, section 1.3, and
# Chromium 156, which has `|` in the first as well (tests/cases/chromium_urls.py).
_PATH_ENCODE_SET = ' "#<>?^`{|}'
_QUERY_ENCODE_SET = " \"#<>'"
_FRAGMENT_ENCODE_SET = ' "<>`'
_C0_AND_SPACE = "".join(map(chr, range(0x21)))


class Url(Value):
    """`text`: as a browser prints it; `origin`, `scheme`, `host`; `path`: percent-encoded."""

    __slots__ = ("host", "origin", "path", "scheme", "text")

    text: str
    origin: str
    scheme: str
    host: str
    path: str

    def __init__(self, text: str, origin: str, scheme: str, host: str, path: str) -> None:
        assign(self, "text", text)
        assign(self, "origin", origin)
        assign(self, "scheme", scheme)
        assign(self, "host", host)
        assign(self, "path", path)


def parse_url(given: str) -> Url:
    """The http or https URL that `given` is. Raises ValueError for any other, and for hosts that no page calls."""
    text = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in given)
    text = "".join(character for character in text.strip(_C0_AND_SPACE) if character not in "\t\n\r")
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    after = rest.lstrip("/\\")
    if not colon or scheme not in ("http", "https") or len(rest) - len(after) < 2:
        raise ValueError(f"{given!a} is not the URL of an API: https://api.example/tea, say")
    end = min((at for mark in "/\\?#" if (at := after.find(mark)) >= 0), default=len(after))
    authority, after = after[:end], after[end:]
    if "@" in authority:
        raise ValueError(f"{given!a} has a user name or password, which fetch() refuses")
    origin = _origin(scheme, authority)
    parts = parse(origin) if origin is not None else None
    if origin is None or parts is None:
        raise ValueError(f"{given!a} has no host and port that a page can call")
    before, hash_mark, fragment = after.partition("#")
    path, question_mark, query = before.partition("?")
    path = _encoded(_without_dots(path.replace("\\", "/")), _PATH_ENCODE_SET)
    query = question_mark + _encoded(query, _QUERY_ENCODE_SET)
    fragment = hash_mark + _encoded(fragment, _FRAGMENT_ENCODE_SET)
    return Url(f"{origin}{path}{query}{fragment}", origin, scheme, parts[1], path)


def _origin(scheme: str, authority: str) -> str | None:
    """The origin in ASCII serialisation; None where the host is none: a pattern's, one with invisible characters."""
    host = percent_decode(authority) or ""
    if any(character in " *,\ufffd" or not character.isprintable() for character in host):
        return None
    # What `corrected` takes for a slip browsers refuse: IPv6 without brackets, an A-label with other letters in it.
    if (host.count(":") > 1 and host[0] != "[") or ("xn--" in host and not host.isascii()):
        return None
    return corrected(f"{scheme}://{host}")


def _encoded(text: str, encode_set: str) -> str:
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and chr(byte) not in encode_set else f"%{byte:02X}"
        for byte in text.encode("utf-8")
    )


def _without_dots(path: str) -> str:
    """URL, "path state": dot segments, encoded ones too, are taken out by the browser."""
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
    if plain in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
