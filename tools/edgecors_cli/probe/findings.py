"""What is wrong with answers, or will be one day, beyond the verdict.

The modules `about_*` know what to look for; each finding has a stable code, and says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every code there is, in the order of docs/probe.md. None is ever renamed or reused.
Code = Literal[
    # the value of Access-Control-Allow-Origin
    "origin-doubled",
    "origin-list",
    "origin-null",
    "origin-trailing-slash",
    "origin-pattern",
    "origin-not-as-sent",
    "origin-invalid",
    "origin-fixed",
    "origin-from-cache",
    # credentials
    "credentials-doubled",
    "credentials-not-true",
    "wildcard-with-credentials",
    "cookie-same-site",
    # preflights
    "preflight-redirected",
    "preflight-unauthorized",
    "preflight-unrouted",
    "preflight-failed",
    "preflight-status",
    "methods-unreadable",
    "headers-unreadable",
    "methods-wildcard-with-credentials",
    "headers-wildcard-with-credentials",
    "method-case",
    "authorization-under-wildcard",
    "max-age-missing",
    "max-age-invalid",
    "max-age-over-cap",
    # the answer itself
    "only-preflight-has-cors",
    "error-without-cors",
    "redirect-without-cors",
    "http-api-dropped-headers",
    "vary-missing",
    "vary-missing-elsewhere",
    "expose-unreadable",
    "header-unknown",
    "body-broken",
    # others
    "origin-reflected",
    "null-allowed",
    "look-alike-allowed",
]


class Finding(NamedTuple):
    """`level`: "error" or "warning"; `where`: the request that was answered so; `message`: a sentence or two; `fix`:
    what to do about it."""

    level: str
    code: Code
    where: str
    message: str
    fix: str


def error(code: Code, where: object, message: str, fix: str) -> Finding:
    """A finding that keeps pages out, or lets strangers in."""
    return Finding("error", code, str(where), message, fix)


def warning(code: Code, where: object, message: str, fix: str) -> Finding:
    """A finding that costs something, or will break one day."""
    return Finding("warning", code, str(where), message, fix)


def sorted_out(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first; what was found of several requests alike is one finding."""
    together: dict[tuple[Code, str], Finding] = {}
    for finding in found:
        key = finding.code, finding.message
        known = together.get(key)
        if known is None:
            together[key] = finding
        elif finding.where not in known.where.split(", "):
            level = min(known.level, finding.level)
            together[key] = known._replace(where=f"{known.where}, {finding.where}", level=level)
    return tuple(sorted(together.values(), key=lambda finding: finding.level))
