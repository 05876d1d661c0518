"""Public suffixes: the domains below which strangers can register names.

Facts are those of the Public Suffix List (https://publicsuffix.org/list/), its ICANN and its private section;
the list's default rule `*`, by which every unknown top-level domain counts, is left out. Hosts are in lower
case and ASCII (A-labels) without a trailing dot; a host that is anything else has no rule.

The data is one sorted bytes literal in a module of its own, imported at the first look-up, so that a function
whose policies need no look-up never reads it. A look-up is a binary search over byte offsets: the list as a
whole is never split or parsed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def is_public_suffix(host: str) -> bool:
    """Whether a rule names exactly this host.

    Either a plain rule equals it, or it is one label below a wildcard rule's base and no exception takes it
    out. So `github.io` and `foo.kawasaki.jp` are; `city.kawasaki.jp` (an exception), `kawasaki.jp` (only a
    wildcard's base) and `example.com` are not.
    """
    if not _is_plain(host):
        return False
    label, _, parent = host.partition(".")
    below = _rules_one_below(_data(), _reversed(parent))
    named = label.encode()
    if b" " + named + b" " in below:
        return True
    return b" * " in below and b" !" + named + b" " not in below


def rules_below(host: str) -> Iterator[tuple[str, bool]]:
    """The suffixes that rules name strictly below host, as (suffix, is_wildcard), lazily.

    A wildcard rule `*.base` is given as (base, True), for host's own wildcard too: `kawasaki.jp` gives
    ("kawasaki.jp", True). Exceptions name no suffix and are not given. Those one label below come first.
    """
    if not _is_plain(host):
        return
    data = _data()
    parent = _reversed(host)
    yield from _suffixes(host, _rules_one_below(data, parent))
    # In byte order, all that begins with the same bytes stands together.
    start = _offset(data, parent + b".")
    while data.startswith(parent + b".", start):
        end = data.index(b"\n", start)
        name, _, below = data[start:end].partition(b" ")
        yield from _suffixes(".".join(reversed(name.decode().split("."))), below)
        start = end + 1


def has_rule_at_or_below(host: str) -> bool:
    """Whether strangers can register names that `*.host` covers.

    True where host is a public suffix or a rule names a suffix below it: `github.io`, `uk`, `amazonaws.com`,
    and `kawasaki.jp` for its own wildcard; not `example.com`.
    """
    return is_public_suffix(host) or next(rules_below(host), None) is not None


def _is_plain(host: str) -> bool:
    """Whether host has no empty label and none of the marks of the data, which it could be taken for."""
    return host.isascii() and all(host.split(".")) and not any(mark in host for mark in " *!\n")


def _reversed(host: str) -> bytes:
    """`a.b.c` as the data has it: `c.b.a`."""
    return ".".join(reversed(host.split("."))).encode()


def _suffixes(parent: str, below: bytes) -> Iterator[tuple[str, bool]]:
    for label in below.decode().split():
        if label == "*":
            yield parent, True
        elif not label.startswith("!"):
            yield f"{label}.{parent}", False


def _rules_one_below(data: bytes, parent: bytes) -> bytes:
    """The first labels of the rules one label below parent, ` a b * !c `; empty where there is none."""
    start = _offset(data, parent + b" ")
    if not data.startswith(parent + b" ", start):
        return b""
    return data[start + len(parent) : data.index(b"\n", start)] + b" "


def _offset(data: bytes, line: bytes) -> int:
    """The offset of the first line of data that is not less than line, or the length of data."""
    low, high = 0, len(data)
    while low < high:
        # Both ends stand at the start of a line; so must the middle.
        middle = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = data.index(b"\n", middle)
        if data[middle:end] < line:
            low = end + 1
        else:
            high = middle
    return low


def _data() -> bytes:
    from edgecors._suffix_data import SUFFIXES  # noqa: PLC0415 -- most functions never need its 100 KB

    return SUFFIXES
