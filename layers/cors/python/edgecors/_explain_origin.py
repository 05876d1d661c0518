"""Why an Origin is or is not one of a policy's, in words."""

from __future__ import annotations

from edgecors._checks import Regex
from edgecors._origin import parse
from edgecors._pattern import compile_pattern, diagnose
from edgecors.problems import MESSAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edgecors._pattern import Pattern
    from edgecors.policy import Policy


STRANGER = "and belongs to someone else"


def origin_detail(policy: Policy | None, name: str | None, origin: str, path: str) -> str:
    """One clause: which pattern matched, or what the nearest one lacks."""
    if policy is None:
        return f"no policy has the path {ascii(path)[1:-1]}"
    if policy._any_origin:
        return f"everyone, by policy {name}"
    number = matching_pattern(policy, origin)
    if number is not None:
        return f"{origin}, by policy {name}, pattern {number + 1}"
    shown = ascii(origin)[1:-1]
    shown = shown if len(shown) <= 120 else shown[:117] + "..."
    if origin == "null":
        return "null is what sandboxed frames, files and some redirects send: it names nobody"
    if "," in origin:
        return f"{shown} is more than one origin"
    parts = parse(origin)
    if parts is None:
        return f"{shown} is no origin that a browser sends: {_malformed(origin)}"
    return f"{shown} is not one of policy {name}{_near(policy, *parts)}"


def matching_pattern(policy: Policy, origin: str) -> int | None:
    """The index of the first pattern that matches, each tried by itself; None where none does."""
    parts = parse(origin)
    if parts is None:
        return None
    for index, entry in enumerate(policy.allow_origins):
        if isinstance(entry, Regex):
            from edgecors._automaton import compile_expression  # noqa: PLC0415

            if compile_expression(entry.expression).matches(origin):
                return index
            continue
        pattern = compile_pattern(entry)
        if pattern is not None and pattern.matches(*parts):
            return index
    return None


def _malformed(origin: str) -> str:
    if compile_pattern(origin) is not None:
        return "it is a pattern"
    faults, _ = diagnose(origin)
    reason = MESSAGES[faults[0].code].partition(", so ")[0].rstrip(".")
    return f"{reason[0].lower()}{reason[1:]}"


def _near(policy: Policy, scheme: str, host: str, port: str) -> str:
    """What the nearest pattern lacks, as a clause; "" where none is near."""
    for entry in policy.allow_origins:
        pattern = compile_pattern(entry) if isinstance(entry, str) else None
        if pattern is None:
            continue
        near = _difference(pattern, scheme, host, port)
        if near:
            return f": {near} ({entry})"
    return ""


def _difference(pattern: Pattern, scheme: str, host: str, port: str) -> str:
    known = pattern.host
    if host == known and pattern.subdomains:
        return "`*.` stands for subdomains, not for the host itself"
    if host == known or (pattern.subdomains and host.endswith("." + known)):
        return "the scheme differs" if scheme != pattern.scheme else "the port differs"
    if host.endswith("." + known):
        return "its subdomains are not listed"
    if host.startswith(known):
        return f"it only begins like an allowed host, {STRANGER}"
    if host.endswith(known):
        return f"it only ends like an allowed host, {STRANGER}"
    del port
    return ""
