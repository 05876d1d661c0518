"""What is valid in a rules document, and yet a risk, of no effect, or less than it seems: warnings for people.

A document may have errors beside: whatever is wrong by itself is passed over here, the rest is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import _spec
from edgecors._browser import _SAFELISTED_RESPONSE_HEADERS as SAFELISTED_RESPONSE_HEADERS
from rules_analysis.origin_risks import find_origin_risks
from rules_analysis.risk_catalogue import CHROMIUM_CAP, risk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edgecors import Problem

# Fetch, "CORS-safelisted request-header": those of which any value is, as long as it is an ordinary one.
_SAFELISTED_REQUEST_HEADERS = frozenset({"accept", "accept-language", "content-language"})
_LISTS = ("allow_methods", "allow_headers", "expose_headers")


def find_risks(document: object, *, production: bool = False) -> tuple[Problem, ...]:
    """The warnings for a document (as `json.loads` gives it), in the order of its policies; `field` is a JSON pointer,
    `code` one of `RISKS`, `hint` what would be better where that can be said.

    `production`: the rules are for an API that is not on anybody's own machine.
    """
    policies = document.get("policies") if isinstance(document, dict) else None
    if not isinstance(policies, list):
        return ()
    found: list[Problem] = []
    paths = _paths(policies)
    for index, policy in enumerate(policies):
        if isinstance(policy, dict):
            pointer = f"/policies/{index}"
            found += _path_risks(index, paths)
            found += find_origin_risks(policy, pointer, production=production)
            found += _list_risks(policy, pointer)
            found += _max_age_risks(policy, pointer)
    return tuple(found)


# --- Paths -------------------------------------------------------------------------------------------------


def _paths(policies: list[object]) -> list[tuple[str, int, int]]:
    """The paths of all policies, each with its policy's index and its own."""
    return [
        (path, index, at)
        for index, policy in enumerate(policies)
        if isinstance(policy, dict) and isinstance(policy.get("paths"), list)
        for at, path in enumerate(policy["paths"])
        if isinstance(path, str)
    ]


def _path_risks(index: int, paths: list[tuple[str, int, int]]) -> Iterator[Problem]:
    owners = {path: owner for path, owner, _ in reversed(paths)}
    for path, owner, at in paths:
        if owner != index:
            continue
        field = f"/policies/{index}/paths/{at}"
        if path == "*":
            if "/*" in owners:
                yield risk("path-never-used", field, path)
            continue
        covering = _next_most_specific(path, owners)
        # Of `*` and `/*` it is the former that is too much.
        if covering is None or (path, covering) == ("/*", "*"):
            continue
        if owners[covering] == owners[path] == index:
            yield risk("path-covered", field, path, other=covering)


def _next_most_specific(path: str, owners: dict[str, int]) -> str | None:
    """The path of the document that would apply wherever `path` does, if that were not there."""
    above = path.removesuffix("/*") if path.endswith("/*") else path
    # `/tea/*` does not cover `/tea`, but what would be below it.
    head = f"{above}/x" if above != path else path
    while "/" in head:
        head = head.rpartition("/")[0]
        candidate = f"{head}/*"
        if candidate in owners and candidate != path:
            return candidate
    return "*" if "*" in owners else None


# --- Lists -------------------------------------------------------------------------------------------------


def _list_risks(policy: dict[str, object], pointer: str) -> Iterator[Problem]:
    for field in _LISTS:
        entries = policy.get(field)
        if not isinstance(entries, list):
            continue
        seen: set[str] = set()
        for at, entry in enumerate(entries):
            if not isinstance(entry, str):
                continue
            place = f"{pointer}/{field}/{at}"
            name = entry if field == "allow_methods" else entry.lower()
            if name in seen:
                yield risk("entry-repeated", place, entry)
                continue
            seen.add(name)
            if _needs_no_listing[field](name):
                yield risk(_SAFELISTED_CODES[field], place, entry, **{_NOUNS[field]: entry})
            elif field == "allow_methods" and name == "OPTIONS":
                yield risk("method-options", place, entry)
        # With credentials the engine answers with the headers that were asked for.
        is_literal = field == "allow_headers" and policy.get("allow_credentials") is not True
        if is_literal and "*" in seen and "authorization" not in seen:
            place = f"{pointer}/{field}/{entries.index('*')}"
            yield risk("authorization-under-wildcard", place, "*", ["*", "Authorization"])


_needs_no_listing: dict[str, Callable[[str], bool]] = {
    "allow_methods": _spec.SAFELISTED_METHODS.__contains__,
    "allow_headers": _SAFELISTED_REQUEST_HEADERS.__contains__,
    "expose_headers": SAFELISTED_RESPONSE_HEADERS.__contains__,
}
_SAFELISTED_CODES = dict(zip(_LISTS, ("method-safelisted", "header-safelisted", "expose-safelisted"), strict=True))
_NOUNS = dict(zip(_LISTS, ("method", "header", "header"), strict=True))


def _max_age_risks(policy: dict[str, object], pointer: str) -> Iterator[Problem]:
    max_age = policy.get("max_age")
    if isinstance(max_age, int) and CHROMIUM_CAP < max_age <= _spec.MAX_AGE_LIMIT:
        yield risk("max-age-over-cap", f"{pointer}/max_age", max_age)
