"""Setups of an old system into a rules document, and what became of every value.

The rules never let in what the old system refused, but for what is corrected: values that never worked as they were
written, where it is certain what was meant. Every correction is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from edgecors import Rules, RulesError
from edgecors_cli.importing import lists, origins
from edgecors_cli.importing.model import Imported, Item, Report, Setup, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_AGE = 86_400
_DEFAULT_MAX_AGE = 600


class _Made(NamedTuple):
    """What came of a setup; `policy`: its fields but for name and paths, None where nothing could be carried over."""

    setup: Setup
    paths: tuple[str, ...]
    policy: dict[str, object] | None
    report: Report


def carry(setups: Sequence[Setup], *, name: str, paths: Sequence[str] = ()) -> Imported:
    """`name`: of the policy, where the file has none better; `paths`: what the rules are for, in place of what the
    file says."""
    report = Report()
    made: list[_Made] = []
    for setup in setups:
        if setup.closed:
            report.notes += [note for note in setup.report.notes if note.code == "closed"]
        else:
            made.append(_make(setup, tuple(dict.fromkeys(paths))))
    made = _merged(made)
    conflicts = [one for one in made if any(_overlap(one.paths, other.paths) for other in made if other is not one)]
    if conflicts:
        for one in conflicts:
            report.not_carried.append(_conflict(one))
        return Imported(None, [], report.not_carried, [])
    for one in made:
        report.add(one.report)
    policies = [one for one in made if one.policy is not None]
    if not policies and made:
        return _imported(None, report)
    names = _names([one.setup.name or name for one in policies])
    document: dict[str, object] = {
        "schema": "edgecors/1",
        "policies": [
            {"name": given, "paths": list(one.paths), **(one.policy or {})}
            for given, one in zip(names, policies, strict=True)
        ],
    }
    try:
        Rules.parse(document)
    except RulesError as error:
        nowhere = Value(None, setups[0].place, "")
        for problem in error.problems:
            report.lose(problem.field, nowhere, problem.code, problem.message)
        report.carried.clear()
        return _imported(None, report)
    return _imported(document, report)


def _make(setup: Setup, paths: tuple[str, ...]) -> _Made:
    report = Report()
    report.add(setup.report)
    whole = Value(None, setup.place, setup.what)
    if setup.scope and not paths:
        report = Report()
        report.lose(
            "",
            whole,
            "paths-unknown",
            setup.scope,
            "Name the paths that the rules are for: --path '/tea/*', or --path '*' for all.",
        )
        return _Made(setup, ("*",), None, report)
    if not setup.paths and not paths:
        report.note(
            "", whole, "paths-assumed", "The file does not say for which paths.", "For some only: --path /tea/*"
        )
    policy: dict[str, object] = {}
    entries, credentials = origins.carry(setup, report)
    policy["allow_origins"] = entries
    for field, names in (("allow_methods", setup.methods), ("allow_headers", setup.headers)):
        if names is not None:
            policy[field] = lists.carry(field, names, credentials=credentials, report=report)
    if setup.expose is not None:
        policy["expose_headers"] = lists.carry("expose_headers", setup.expose, credentials=credentials, report=report)
    if credentials:
        policy["allow_credentials"] = True
    max_age = _max_age(setup, report)
    if max_age != _DEFAULT_MAX_AGE:
        policy["max_age"] = max_age
    policy = {key: value for key, value in policy.items() if value != []}
    covered = paths or setup.paths or ("*",)
    if not entries:  # then nothing of it is carried over
        return _Made(setup, covered, None, Report([], report.not_carried))
    return _Made(setup, covered, policy, report)


def _max_age(setup: Setup, report: Report) -> int | None:
    if setup.max_age is None:
        return None
    name, value = setup.max_age
    seconds = value.literal
    if not isinstance(seconds, int):
        return None
    kept = max(0, min(seconds, _MAX_AGE))
    why = ""
    if kept != seconds:
        why = "No browser keeps a preflight for longer." if seconds > 0 else "Browsers take it for 0 or for 5 seconds."
    report.carried.append(Item(value.place, name, value.shown, "same", why, became={"max_age": kept}))
    return kept


def _merged(made: Iterable[_Made]) -> list[_Made]:
    """Setups that make the same policy as one, for the paths of all."""
    found: list[_Made] = []
    for one in made:
        same = next((other for other in found if one.policy is not None and other.policy == one.policy), None)
        if same is None:
            found.append(one)
            continue
        paths = tuple(dict.fromkeys(same.paths + one.paths))
        report = Report(same.report.carried.copy(), same.report.not_carried.copy(), same.report.notes.copy())
        report.add(one.report)
        found[found.index(same)] = _Made(same.setup, ("*",) if "*" in paths else paths, same.policy, report)
    return found


def _conflict(one: _Made) -> Item:
    if one.policy is None and one.setup.scope:
        why = "Its paths are not known, and another setup here may have the same"
    else:
        paths = "every path" if "*" in one.paths else ", ".join(one.paths)
        why = f"It is for {paths}, and so is another setup here, or may be"
    return Item(
        one.setup.place,
        "",
        Value(None, one.setup.place, one.setup.what).shown,
        "several-for-a-path",
        f"{why}; rules have one policy for a path.",
        f"Import one of them: --at {one.setup.place.line}:{one.setup.place.column}",
    )


def _overlap(some: Iterable[str], others: Sequence[str]) -> bool:
    return any(_covers(one, other) or _covers(other, one) for one in some for other in others)


def _covers(pattern: str, path: str) -> bool:
    return pattern in ("*", path) or (pattern.endswith("/*") and path.startswith(pattern[:-1]))


def _names(wanted: Iterable[str]) -> list[str]:
    """Names that policies can have, each once."""
    found: list[str] = []
    for name in wanted:
        base = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-")[:60] or "imported"
        number = 1
        given = base
        while given in found:
            number += 1
            given = f"{base}-{number}"
        found.append(given)
    return found


def _imported(document: dict[str, object] | None, report: Report) -> Imported:
    def ordered(items: Iterable[Item]) -> list[Item]:
        once = {item[:6]: item for item in items}  # a setup that is used twice says everything twice
        return sorted(once.values(), key=lambda item: item.place)

    return Imported(document, ordered(report.carried), ordered(report.not_carried), ordered(report.notes))
