"""Origin patterns as people write them, compiled where they are right. Where they are not, `_diagnosis` tells why."""

from __future__ import annotations

from edgecors._origin import is_ipv4, parse
from edgecors._spec import DIGITS, HOST_CHARACTERS, MAX_HOST, MAX_LABEL
from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

# Nothing else is in plain origins, one a line; and none of them ends so (an address, no host, a dot).
_PLAIN = f"{HOST_CHARACTERS}:/\n".encode()
_ENDS_CLOSELY = frozenset(f"{DIGITS}/.")


class Pattern(Value):
    """A valid pattern: `scheme`, `host` (without `*.`), `port` ("" for the default one, "*" for any) and
    whether it stands for the host's `subdomains` instead of the host."""

    __slots__ = ("host", "port", "scheme", "subdomains")

    scheme: str
    host: str
    port: str
    subdomains: bool

    def __init__(self, scheme: str, host: str, port: str, subdomains: bool) -> None:
        assign(self, "scheme", scheme)
        assign(self, "host", host)
        assign(self, "port", port)
        assign(self, "subdomains", subdomains)

    def matches(self, scheme: str, host: str, port: str) -> bool:
        """Whether the origin of these parts (`_origin.parse`) is one of the pattern's."""
        return (
            scheme == self.scheme
            and (self.port in ("*", port))
            and (host.endswith("." + self.host) if self.subdomains else host == self.host)
        )

    def __str__(self) -> str:
        return f"{self.scheme}://{'*.' * self.subdomains}{self.host}{':' * bool(self.port)}{self.port}"


def are_plain(entries: list[Any]) -> TypeGuard[list[str]]:
    """Whether every entry is text, `https://` and a domain that needs no closer look; False says nothing.

    They are looked at together, by what Python does in C: 1,000,000 origins take 0.3 s, and 2 s one by one.
    """
    if set(map(type, entries)) != {str}:
        return False
    lines = "\n".join(entries)
    count = len(entries)
    return (
        lines.isascii()
        and not lines.encode().translate(None, _PLAIN)
        and lines.count("\n") + 1 == f"\n{lines}".count("\nhttps://") == lines.count(":") == count
        and lines.count("/") == 2 * count
        and not any(mark in lines for mark in ("//.", "..", "0x", "xn--"))
        and _ENDS_CLOSELY.isdisjoint({text[-1] for text in entries})
        and max(map(len, entries)) <= len("https://") + MAX_LABEL
    )


def compile_pattern(text: str) -> Pattern | None:
    """The pattern that `text` is (`*` aside), or None where `_diagnosis` has something to say."""
    exact, any_port = text, False
    if "*" in text:
        if text.endswith(":*"):
            exact, any_port = text[:-2], True
        subdomains = "://*." in exact
        exact = exact.replace("://*.", "://", 1)
    else:
        subdomains = False
    parts = parse(exact)
    if parts is None:
        return None
    scheme, host, port = parts
    if subdomains and (host[0] == "[" or is_ipv4(host) or not has_subdomains(host)):
        return None
    if any_port and port:
        return None
    if "xn--" in host and not all(map(decodes, host.split("."))):
        return None
    return Pattern(scheme, host, "*" if any_port else port, subdomains)


def has_subdomains(host: str) -> bool:
    """Whether a name below `host` is short enough to exist."""
    return len(host) - (host[-1] == ".") <= MAX_HOST - len("a.")


def decodes(label: str) -> bool:
    """Whether an A-label stands for a U-label (Punycode, RFC 3492); any other label is fine.

    Upper case, surrogates and C1 controls are never in a U-label (UTS 46), whatever Punycode makes of them.
    """
    if label[:4] != "xn--":
        return True
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
        decoded.encode("utf-8")  # fails on surrogates
        return (
            not decoded.isascii()
            and all(character in (character.lower(), character.casefold()) for character in decoded)
            and not any("\x80" <= character <= "\x9f" for character in decoded)
            and decoded.encode("punycode").decode("ascii") == label[4:]
        )
    except UnicodeError:
        return False
