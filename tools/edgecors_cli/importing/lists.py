"""Lists of methods and of headers, as a policy has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from edgecors import Policy, PolicyError
from edgecors._spec import SAFELISTED_METHODS
from edgecors_cli.importing.model import Item

if TYPE_CHECKING:
    from edgecors.problems import Problem
    from edgecors_cli.importing.model import Names, Report

_WHAT = {"allow_methods": "method", "allow_headers": "header", "expose_headers": "header"}


def carry(field: str, names: Names, *, credentials: bool, report: Report) -> list[str]:
    """The entries of that field of a policy."""
    if names.echoes:
        # Browsers want Authorization named beside `*`; with credentials the engine echoes what is asked for.
        entries = ["*"] if credentials or field != "allow_headers" else ["*", "Authorization"]
        _say(field, names, entries, [], report)
        return entries
    entries = []
    corrected: list[str] = []
    for name, value in names.entries:
        if name == "*":
            if credentials:
                what = _WHAT[field]
                message = f"With credentials browsers take `*` for a {what} of that name: nothing was allowed by it."
                report.lose(names.setting, value, "star-is-a-name", message, f"Name the {what}s that are meant.")
            else:
                entries.append(name)
            continue
        problem = _problem(field, name)
        if problem is None:
            entries.append(name)
            continue
        hint = problem.hint
        meant = [hint] if isinstance(hint, str) else hint if isinstance(hint, list) else []
        if meant and all(_problem(field, each) is None for each in meant):
            corrected.append(f"{_json(name)}: {problem.message}")
            if problem.code.endswith("-invalid"):
                corrected.append("Browsers refuse a list with such a name as a whole, so that no preflight passed.")
            entries += meant
        else:
            report.lose(names.setting, value, problem.code, problem.message)
    if "*" in entries:
        authorization = [name for name in entries if field == "allow_headers" and name.lower() == "authorization"]
        entries = ["*", *authorization[:1]]
    entries = _once(entries, fold=field != "allow_methods")
    if field == "allow_methods":
        entries = [name for name in entries if name not in SAFELISTED_METHODS]
    _say(field, names, entries, corrected, report)
    return entries


def _say(field: str, names: Names, entries: list[str], corrected: list[str], report: Report) -> None:
    kept = {name for name, _ in names.entries}
    if not entries and not kept & SAFELISTED_METHODS:
        return
    message = " ".join(corrected)
    if field == "allow_methods" and kept and kept <= SAFELISTED_METHODS:
        message = "GET, HEAD and POST need no listing."
    item = Item(
        names.value.place,
        names.setting,
        names.value.shown,
        "corrected" if corrected else "same",
        message,
        became={field: entries},
    )
    report.carried.append(item)


def _problem(field: str, name: str) -> Problem | None:
    try:
        Policy(allow_origins=["https://a.example"], **{field: [name]})  # type: ignore[arg-type]
    except PolicyError as error:
        return error.problems[0]
    return None


def _once(names: list[str], *, fold: bool) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.lower() if fold else name, name)
    return list(found.values())


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
