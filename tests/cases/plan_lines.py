"""How a plan is written in lines, for the table of plans.

A line is the sign (`+`, `!` with credentials, `-`, `~`), who, what and where: `who` is the pattern, `in` the patterns
within which, `not` the patterns besides, `eg` the example; `reads`, `credentials`, `uses`, `sends` and `sees` as in
rules_analysis.access (`all-but` before the names that are not); `on` the paths, `but` the paths that are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edgecors import Policy, Regex, Rules

if TYPE_CHECKING:
    from rules_analysis.access import Names
    from rules_analysis.differences import Difference
    from rules_analysis.origin_rows import Origins

_SIGNS = {"gain": "+", "loss": "-", "max-age": "~"}


@dataclass(frozen=True)
class Plan:
    """Two documents and the lines of their plan."""

    name: str
    before: Rules | None
    after: Rules
    lines: tuple[str, ...]


def rules(*policies: tuple[str, dict[str, Any]]) -> Rules:
    """Policies as (their paths, by spaces; their fields)."""
    return Rules([(f"p{index}", paths.split(), Policy(**fields)) for index, (paths, fields) in enumerate(policies)])


def everywhere(*origins: str | Regex, **fields: Any) -> Rules:
    """One policy, on every path."""
    return rules(("*", {"allow_origins": list(origins), **fields}))


def written(difference: Difference) -> list[str]:
    """The lines of a difference, one for each pattern."""
    sign = "!" if difference.credentialed else _SIGNS[difference.kind]
    where = _list("on", difference.paths) + _list("but", difference.other_paths)
    if difference.max_age is not None:
        return [" ".join((sign, "max_age {} to {}".format(*difference.max_age), *where))]
    access = difference.access
    assert access is not None
    what = ["reads"] * access.reads + ["credentials"] * access.credentials
    what += _names("uses", access.methods) + _names("sends", access.headers) + _names("sees", access.exposed)
    return [" ".join((sign, *_who(origins), *what, *where)) for origins in difference.origins]


def _who(origins: Origins) -> list[str]:
    example = [] if origins.example == origins.pattern else _list("eg", [origins.example or "unknown"])
    return [
        *_list("who", [origins.pattern or "too many"]),
        *_list("in", origins.within),
        *_list("not", origins.other_than),
        *example,
    ]


def _names(verb: str, names: Names) -> list[str]:
    return [verb, *["all-but"] * names.all_but, *names.listed] if names else []


def _list(word: str, entries: Any) -> list[str]:
    texts = [entry.expression if isinstance(entry, Regex) else entry for entry in entries]
    return [word, *texts] if texts else []
