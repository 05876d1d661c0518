"""The rules that ship with the function serve where SSM has none to give: they should not let in again what is
being removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors import Rules
    from edgecors_cli.changes import Change

_SAMPLE = "edgecors-sample"


def readmitted(changes: Iterable[Change], after: Rules, fallback: Rules) -> list[tuple[str, tuple[str, ...]]]:
    """The origins (patterns) that are lost by the changes, and the paths where `fallback` allows them all the same."""
    found = []
    for change in changes:
        if change.gained or change.field != "allow_origins":
            continue
        paths = tuple(path for path in change.paths if _lets_in_again(change.value, path, after, fallback))
        if paths:
            found.append((change.value, paths))
    return found


def _lets_in_again(pattern: str, path: str, after: Rules, fallback: Rules) -> bool:
    request_path = _SAMPLE if path == "*" else path
    request_path = "/" + request_path.removeprefix("/").removesuffix("*") + (_SAMPLE if path.endswith("/*") else "")
    if pattern.startswith("regex "):
        policy = fallback.policy_for(request_path)
        expressions = [getattr(entry, "expression", None) for entry in policy.allow_origins] if policy else []
        return pattern.removeprefix("regex ") in expressions
    origin = "https://edgecors-sample.example" if pattern == "*" else _one_of(pattern)
    return _allows(fallback, request_path, origin) and not _allows(after, request_path, origin)


def _one_of(pattern: str) -> str:
    """An origin that the pattern matches."""
    origin = pattern.replace("://*.", "://a.", 1)
    return origin.removesuffix("*") + "8443" if origin.endswith(":*") else origin


def _allows(rules: Rules, path: str, origin: str) -> bool:
    return rules.explain(Request("GET", path, {"Origin": origin})).allowed
