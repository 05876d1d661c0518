"""Which Origins are well-formed and which patterns match them, the slow way: from the contract, not from the code.

Nothing of the engine is imported. `urllib.parse` splits, `ipaddress` reads addresses, and loops over characters and
lists of labels do the rest.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"


def origin_parts(origin: str) -> tuple[str, list[str], int | None] | None:
    """(scheme, labels of the host, port or None) of an Origin that a browser may send, None for anything else.

    A trailing dot is a last label that is empty. An IPv6 literal is one label, brackets included.
    """
    for character in origin:
        # urlsplit drops some of these silently; no Origin has any.
        if ord(character) <= 32 or ord(character) >= 127:
            return None
    try:
        split = urlsplit(origin)
    except ValueError:
        return None
    if origin != split.scheme + "://" + split.netloc:
        return None  # a path, a query, a fragment, upper case in the scheme, no scheme
    if not _is_scheme(split.scheme):
        return None
    host, port = split.netloc, None
    colon = split.netloc.rfind(":")
    if colon > split.netloc.rfind("]"):
        host = split.netloc[:colon]
        port = _port(split.netloc[colon + 1 :])
        if port is None or port == DEFAULT_PORTS.get(split.scheme):
            return None
    labels = [host] if _is_ipv6_literal(host) else host.split(".")
    if labels == [host] and host.startswith("["):
        return (split.scheme, labels, port) if _is_ipv6_literal(host) else None
    return (split.scheme, labels, port) if _is_name_or_ipv4(labels) else None


def is_origin(origin: str) -> bool:
    """Whether a browser may send this Origin (`null` aside, which names nobody)."""
    return origin_parts(origin) is not None


def matches(pattern: str, origin: str) -> bool:
    """Whether the valid `pattern` (not `*`) matches `origin`."""
    parts = origin_parts(origin)
    if parts is None:
        return False
    scheme, labels, port = parts
    pattern_scheme, _, rest = pattern.partition("://")
    if scheme != pattern_scheme:
        return False
    colon = rest.rfind(":")
    host, wanted = (rest[:colon], rest[colon + 1 :]) if colon > rest.rfind("]") else (rest, "")
    if wanted != "*" and wanted != ("" if port is None else str(port)):
        return False
    pattern_labels = [host] if host.startswith("[") else host.split(".")
    if pattern_labels[0] == "*":
        tail = pattern_labels[1:]
        # One label or more in front of the same labels.
        return len(labels) > len(tail) and labels[len(labels) - len(tail) :] == tail
    return labels == pattern_labels


def serialize_ipv6(address: int) -> str:
    """The WHATWG URL serialisation of a 128-bit address.

    `str()` of `ipaddress` differs by Python version for mapped addresses (`::ffff:1.2.3.4` since 3.13).
    """
    pieces = [(address >> shift) & 0xFFFF for shift in range(112, -16, -16)]
    for length in range(8, 1, -1):
        for start in range(9 - length):
            if not any(pieces[start : start + length]):
                front = ":".join(f"{piece:x}" for piece in pieces[:start])
                back = ":".join(f"{piece:x}" for piece in pieces[start + length :])
                return f"{front}::{back}"
    return ":".join(f"{piece:x}" for piece in pieces)


def is_localhost(host: str) -> bool:
    """Whether the host of a valid Origin is this very machine, as the contract counts it."""
    if host.startswith("["):
        return host == "[::1]"
    labels = host.removesuffix(".").split(".")
    if labels[-1] == "localhost":
        return True
    try:
        return ipaddress.IPv4Address(host) in ipaddress.IPv4Network("127.0.0.0/8")
    except ValueError:
        return False


def _is_scheme(scheme: str) -> bool:
    if not 1 <= len(scheme) <= 64 or scheme == "file" or scheme[0] not in _LETTERS:
        return False
    return all(character in _LETTERS + _DIGITS + "+-." for character in scheme)


def _port(text: str) -> int | None:
    if not text or not all(character in _DIGITS for character in text) or text[0] == "0" or len(text) > 5:
        return None
    return int(text) if int(text) <= 65535 else None


def _is_ipv6_literal(host: str) -> bool:
    if not (host.startswith("[") and host.endswith("]")):
        return False
    inner = host[1:-1]
    if not all(character in _DIGITS + "abcdef:" for character in inner):
        return False
    try:
        return serialize_ipv6(int(ipaddress.IPv6Address(inner))) == inner
    except ValueError:
        return False


def _is_name_or_ipv4(labels: list[str]) -> bool:
    trailing_dot = len(labels) > 1 and labels[-1] == ""
    names = labels[:-1] if trailing_dot else labels
    for label in names:
        if not 1 <= len(label) <= 63:
            return False
        if not all(character in _LETTERS + _DIGITS + "-_" for character in label):
            return False
    if len(".".join(names)) > 253:
        return False
    if not _is_number(names[-1]):
        return True
    if trailing_dot:
        return False
    try:
        return str(ipaddress.IPv4Address(".".join(names))) == ".".join(names)
    except ValueError:
        return False


def _is_number(label: str) -> bool:
    """The URL standard's ends-in-a-number check for one label in lower case."""
    if all(character in _DIGITS for character in label):
        return True
    return label.startswith("0x") and all(character in _DIGITS + "abcdef" for character in label[2:])
