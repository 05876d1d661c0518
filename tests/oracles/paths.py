"""Which policy has a path, the slow way: from the contract, not from the code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

P = TypeVar("P")


def policy_of(rules: Sequence[tuple[Sequence[str], P]], path: str) -> P | None:
    """What has the decoded `path`, of (paths, policy) pairs: exact, else the longest prefix, else `*`."""
    everything = [listed for paths, _ in rules for listed in paths]
    if everything == ["*"]:
        return rules[[list(paths) for paths, _ in rules].index(["*"])][1]
    if "\\" in path or "\0" in path:
        return None
    for segment in path.split("/"):
        if segment in {".", ".."}:
            return None
    if any(0xD800 <= ord(character) <= 0xDFFF for character in path):
        return None
    best: tuple[int, P | None] = (-1, None)
    for paths, policy in rules:
        for listed in paths:
            if listed == path:
                rank = 10**9
            elif listed == "*":
                rank = 0
            elif listed[-2:] == "/*" and path[: len(listed) - 1] == listed[:-1]:
                rank = len(listed)
            else:
                continue
            if rank > best[0]:
                best = (rank, policy)
    return best[1]
