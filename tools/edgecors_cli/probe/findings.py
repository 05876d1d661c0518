"""What is wrong with answers, or will be one day, beyond the verdict.

The modules `about_*` know what to look for; each finding has a stable code, and says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Finding(NamedTuple):
    """`level`: "error" or "warning"; `where`: the request that was answered so; `message`: a sentence or two; `fix`:
    what to do about it."""

    level: str
    code: str
    where: str
    message: str
    fix: str


def error(code: str, where: object, message: str, fix: str) -> Finding:
    """A finding that keeps pages out, or lets strangers in."""
    return Finding("error", code, str(where), message, fix)


def warning(code: str, where: object, message: str, fix: str) -> Finding:
    """A finding that costs something, or will break one day."""
    return Finding("warning", code, str(where), message, fix)


def sorted_out(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first; what was found of several requests alike is one finding."""
    together: dict[tuple[str, str], Finding] = {}
    for finding in found:
        key = finding.code, finding.message
        known = together.get(key)
        if known is None:
            together[key] = finding
        elif finding.where not in known.where.split(", "):
            level = min(known.level, finding.level)
            together[key] = known._replace(where=f"{known.where}, {finding.where}", level=level)
    return tuple(sorted(together.values(), key=lambda finding: finding.level))
