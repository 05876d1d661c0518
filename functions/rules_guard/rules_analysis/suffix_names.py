"""The Public Suffix List read the other way: all its suffixes, and whether a text is the end of one.

The engine looks single names up; who searches for a name that nobody has thought of needs the list as a whole.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from edgecors._suffixes import _data as read_data
from edgecors._suffixes import is_public_suffix, rules_below


@cache
def plain_suffixes() -> tuple[str, ...]:
    """The suffixes that plain rules name, the shortest first, `com` before others of its length."""
    found = [suffix for suffix, is_wildcard in _rules() if not is_wildcard]
    return tuple(sorted(found, key=lambda suffix: (len(suffix), suffix != "com", suffix)))


@cache
def wildcard_bases() -> frozenset[str]:
    """The names below which every label makes a public suffix, `kawasaki.jp` for one."""
    return frozenset(suffix for suffix, is_wildcard in _rules() if is_wildcard)


def is_end_of_a_rule(text: str) -> bool:
    """Whether a rule's name ends in the text."""
    backwards = text[::-1]
    at = bisect_left(_backwards(), backwards)
    return at < len(_backwards()) and _backwards()[at].startswith(backwards)


def suffix_of(host: str) -> str | None:
    """The longest public suffix that the host is below; None where there is none, where the host is one itself, or
    only stands above some (`kawasaki.jp`)."""
    if is_public_suffix(host) or host in wildcard_bases():
        return None
    _, _, rest = host.partition(".")
    while rest:
        if is_public_suffix(rest):
            return rest
        _, _, rest = rest.partition(".")
    return None


@cache
def _rules() -> tuple[tuple[str, bool], ...]:
    top, _, _ = read_data().partition(b"\n")
    found: list[tuple[str, bool]] = []
    for label in top.decode().split():
        found += [(label, False), *rules_below(label)]
    # A top-level name that has a wildcard rule and none of its own, `ck`.
    lines = read_data().decode().splitlines()[1:]
    bases = {".".join(reversed(line.split()[0].split("."))) for line in lines if "*" in line.split()[1:]}
    return tuple({*found, *((base, True) for base in bases)})


@cache
def _backwards() -> tuple[str, ...]:
    return tuple(sorted(suffix[::-1] for suffix, _ in _rules()))
