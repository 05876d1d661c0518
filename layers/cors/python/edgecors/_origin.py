"""The Origin of a request, parsed as the URL standard serialises it, and the host facts that patterns share.

Nothing is searched, nothing normalised: an Origin either is what a browser would have written, or it is
nothing. Source: Fetch, "origin" header; HTML, "ASCII serialization of an origin"; URL, section 3.5 (host
serialising) and 4.5 (default ports).
"""

from __future__ import annotations

from edgecors._spec import (
    DEFAULT_PORTS,
    DIGITS,
    HEX_DIGITS,
    LABEL_CHARACTERS,
    LOWER,
    MAX_HOST,
    MAX_LABEL,
    MAX_ORIGIN,
    MAX_PORT,
    MAX_SCHEME,
    SCHEME_CHARACTERS,
)

_LABEL_BYTES = LABEL_CHARACTERS.encode()


def parse(origin: str) -> tuple[str, str, str] | None:
    """The scheme, host and port ("" for the default one) of an Origin in ASCII serialisation, else None.

    An IPv6 host keeps its brackets. `null` is None: it names no origin.
    """
    if len(origin) > MAX_ORIGIN:
        return None
    scheme, separator, authority = origin.partition("://")
    if not separator or not (scheme in DEFAULT_PORTS or is_scheme(scheme)):
        return None
    if ":" not in authority:  # most: without a port
        return (scheme, authority, "") if is_host(authority) else None
    if authority[0] == "[":
        literal, bracket, rest = authority.partition("]")
        host, colon, port = literal + bracket, rest[:1], rest[1:]
        if not bracket or colon not in ("", ":") or not is_ipv6(literal[1:]):
            return None
    else:
        host, colon, port = authority.partition(":")
        if not is_host(host):
            return None
    if colon and not is_port(port, scheme):
        return None
    return scheme, host, port


def is_scheme(scheme: str) -> bool:
    """Whether `scheme` is one that a browser serialises: a `file` page sends `null`."""
    return (
        0 < len(scheme) <= MAX_SCHEME
        and scheme[0] in LOWER
        and not scheme.strip(SCHEME_CHARACTERS)
        and scheme != "file"
    )


def is_port(port: str, scheme: str) -> bool:
    """Whether `port` is from 1 to 65535, not padded with zeros, and not the default port of `scheme`."""
    return (
        0 < len(port) <= 5
        and not port.strip(DIGITS)
        and port[0] != "0"
        and int(port) <= MAX_PORT
        and DEFAULT_PORTS.get(scheme) != port
    )


def is_host(host: str) -> bool:
    """Whether `host` is a domain or an IPv4 address as serialised: lower case, no empty label, not too long."""
    name = host.removesuffix(".")
    if len(name) > MAX_HOST or not are_labels(name):
        return False
    # URL, "ends in a number checker": such a host is an IPv4 address or a failure, never a domain. What ends in a
    # letter can only be hexadecimal.
    if name[-1] not in DIGITS and "0x" not in name:
        return True
    return not is_number(name[name.rfind(".") + 1 :]) or is_ipv4(host)


def are_labels(text: str) -> bool:
    """Whether `text` is one or more labels of a host with dots between them."""
    # (strip() of all that is no letter would take twice the time for 30 characters.)
    others = text.encode().translate(None, _LABEL_BYTES) if text.isascii() else b"?"
    if not others:
        return 0 < len(text) <= MAX_LABEL
    return not others.strip(b".") and all(0 < len(label) <= MAX_LABEL for label in text.split("."))


def is_number(label: str) -> bool:
    """Whether the URL standard's IPv4 number parser would take `label`: decimal digits, or 0x and hex digits."""
    if label[0] not in DIGITS:
        return False
    return not label.strip(DIGITS) or (label[:2] == "0x" and not label[2:].strip(HEX_DIGITS))


def is_ipv4(host: str) -> bool:
    """Whether `host` is four decimal octets without leading zeros."""
    octets = host.split(".")
    return len(octets) == 4 and all(
        0 < len(octet) <= 3 and not octet.strip(DIGITS) and (octet[0] != "0" or octet == "0") and int(octet) <= 255
        for octet in octets
    )


def is_ipv6(address: str) -> bool:
    """Whether `address` (without brackets) is in the compressed form that the URL standard serialises."""
    pieces = ipv6_pieces(address)
    return pieces is not None and serialize_ipv6(pieces) == address


def ipv6_pieces(address: str) -> list[int] | None:
    """The eight 16-bit pieces of an IPv6 address written in hexadecimal, else None.

    A dotted IPv4 tail is not taken: no browser writes one.
    """
    head, gap, tail = address.partition("::")
    groups = [part.split(":") if part else [] for part in (head, tail)]
    missing = 8 - len(groups[0]) - len(groups[1])
    if (missing < 1 and gap) or (missing and not gap):
        return None
    texts = groups[0] + ["0"] * missing + groups[1]
    if any(not 0 < len(text) <= 4 or text.strip(HEX_DIGITS) for text in texts):
        return None
    return [int(text, 16) for text in texts]


def serialize_ipv6(pieces: list[int]) -> str:
    """URL, "IPv6 serializer": the first longest run of two or more zero pieces becomes `::`."""
    best, start = 1, -1
    for index in range(8):
        length = 0
        while index + length < 8 and pieces[index + length] == 0:
            length += 1
        if length > best:
            best, start = length, index
    texts = [format(piece, "x") for piece in pieces]
    if start < 0:
        return ":".join(texts)
    return ":".join(texts[:start]) + "::" + ":".join(texts[start + best :])


def is_localhost(host: str) -> bool:
    """Whether `host` never leaves the machine: `localhost`, a name below it, 127.0.0.0/8 or [::1].

    Source: RFC 6761, section 6.3; Secure Contexts, "potentially trustworthy origin".
    """
    name = host[:-1] if host[-1:] == "." else host
    return (
        name == "localhost"
        or name.endswith(".localhost")
        or host == "[::1]"
        or (host.startswith("127.") and is_ipv4(host))
    )
