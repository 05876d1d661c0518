"""The origins of a setup, and whether its credentials can be had, as a policy has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from edgecors._diagnosis import diagnose
from edgecors._pattern import compile_pattern
from edgecors.problems import MESSAGES
from edgecors_cli.importing.expressions import entry_problem, meaning
from edgecors_cli.importing.model import Anyone, Exact, Item, Matching, Unknown, Value

if TYPE_CHECKING:
    from edgecors.problems import Problem
    from edgecors_cli.importing.model import Report, Setup

_MAX_EXPRESSIONS = 16  # of a policy
_MAX_STUDIED = 32
_NAME_THEM = 'Name the origins that need credentials in allow_origins, and set "allow_credentials": true.'


def carry(setup: Setup, report: Report) -> tuple[list[object], bool]:
    """The entries of allow_origins, and allow_credentials."""
    credentials = _credentials(setup, report)
    anyone = [origin for origin in setup.origins if isinstance(origin, Anyone)]
    entries: list[object] = []
    if not anyone or credentials:
        entries = _named(setup, report, credentials=credentials)
    if entries and credentials and setup.credentials is not None:
        name, value = setup.credentials
        report.carried.append(Item(value.place, name, value.shown, "same", became={"allow_credentials": True}))
    if not anyone:
        return entries, credentials and bool(entries)
    first = anyone[0]
    if not credentials:
        report.carried.append(_carried(first.setting, first.value, ["*"]))
        for origin in setup.origins:
            if not isinstance(origin, Anyone):
                report.carried.append(_carried(origin.setting, origin.value, ["*"]))
        return ["*"], False
    if entries:
        report.lose(
            first.setting,
            first.value,
            "everyone-beside-credentials",
            "Credentials are for origins that are named, so that everyone else is left out.",
            "Without credentials, everyone is `*` alone.",
        )
        return entries, True
    report.carried.append(_carried(first.setting, first.value, ["*"]))
    name, given = setup.credentials or (first.setting, first.value)
    if first.reflected:
        report.lose(
            name,
            given,
            "credentials-for-everyone",
            "Every site could act as the visitor: each origin was let in, with credentials.",
            _NAME_THEM,
        )
    else:
        report.note(name, given, "credentials-without-effect", MESSAGES["wildcard-with-credentials"], _NAME_THEM)
    return ["*"], False


def _credentials(setup: Setup, report: Report) -> bool:
    if setup.credentials is None:
        return False
    name, value = setup.credentials
    if isinstance(value.literal, Unknown):
        report.lose(name, value, "not-literal", value.literal.reason, 'If it is true: "allow_credentials": true')
        return False
    return value.literal is True


def _named(setup: Setup, report: Report, *, credentials: bool) -> list[object]:
    """The entries for the origins that are named or described."""
    entries: list[object] = []
    studied = 0
    for origin in setup.origins:
        found: list[object] = []
        if isinstance(origin, Exact):
            found += _exact(setup.system, origin, report, credentials=credentials)
        elif isinstance(origin, Matching) and studied == _MAX_STUDIED:
            message = f"Of more than {_MAX_STUDIED} expressions, the rest is left out."
            report.lose(origin.setting, origin.value, "regex-too-many", message)
        elif isinstance(origin, Matching):
            studied += 1
            found += _matching(origin, report, credentials=credentials)
        for entry in found:
            expressions = sum(isinstance(other, dict) for other in entries)
            if isinstance(entry, dict) and entry not in entries and expressions == _MAX_EXPRESSIONS:
                report.lose(origin.setting, origin.value, "regex-too-many", MESSAGES["regex-too-many"])
            elif entry not in entries:
                entries.append(entry)
    return entries


def _exact(system: str, origin: Exact, report: Report, *, credentials: bool) -> list[str]:
    text, value = origin.text, origin.value
    code = "same"
    reason = ""
    meant: list[str] = [text]
    if text == "*" or compile_pattern(text) is None or "*" in text:
        if text == "*" or compile_pattern(text) is not None:
            report.lose(
                origin.setting,
                value,
                "wildcard-was-text",
                f"{system} compares it as text, so it let nobody in.",
                f"If it is meant: {_json(text)} in allow_origins.",
            )
            return []
        faults, hint = diagnose(text)
        meant = [hint] if isinstance(hint, str) else hint or []
        code, reason = "corrected", MESSAGES[faults[0].code].format(detail="")
        if not meant or any("*" in pattern for pattern in meant):
            fix = f"If it is meant: {', '.join(map(_json, meant))} in allow_origins." if meant else None
            report.lose(origin.setting, value, faults[0].code, reason, fix)
            return []
    kept: list[str] = []
    for pattern in meant:
        problem = entry_problem(pattern, credentials=credentials)
        if problem is None:
            kept.append(pattern)
        else:
            _refuse(origin.setting, value, pattern, problem, report)
    if kept:
        report.carried.append(_carried(origin.setting, value, kept, code, reason))
    return kept


def _matching(origin: Matching, report: Report, *, credentials: bool) -> list[object]:
    found = meaning(origin.text, searched=origin.searched, credentials=credentials)
    setting, value, problem = origin.setting, origin.value, found.problem
    if found.entries:
        code, why = ("same", "") if found.same else ("narrower", "What else it let in is not carried over.")
        report.carried.append(_carried(setting, value, list(found.entries), code, why))
    for pattern, wrong in found.refused:
        _refuse(setting, value, pattern, wrong, report)
    strangers = f"{found.stranger}, and whoever else registers such a name."
    if found.same:
        if found.stranger is not None:
            message = f"As before, it lets in {strangers}"
            report.note(setting, value, "too-wide", message, "Write the origins that are meant into allow_origins.")
        return list(found.entries)
    if found.stranger is not None:
        message = f"It also let in {strangers}"
    elif problem is None or (problem.code == "regex-open" and found.lost is not None):
        message = f"It also let in {found.lost or 'more'}."
    elif found.refused and problem.code != "regex-open":
        return list(found.entries)  # said pattern by pattern
    else:
        message = problem.message
    fix = None if found.entries else "Write the origins that are meant into allow_origins."
    report.lose(setting, value, problem.code if problem is not None else "too-wide", message, fix)
    return list(found.entries)


def _refuse(setting: str, value: Value, pattern: str, problem: Problem, report: Report) -> None:
    """A pattern that was right in the old system, and that a policy does not take."""
    fix = (
        f"{_json(problem.hint)} in allow_origins, if its pages can be had there." if problem.hint is not None else None
    )
    if problem.code == "public-suffix-with-credentials":
        fix = "Write the names that are yours into allow_origins."
    whole = value if value.literal == pattern else Value(pattern, value.place, pattern)
    report.lose(setting, whole, problem.code, problem.message, fix)


def _carried(setting: str, value: Value, entries: list[object] | list[str], code: str = "same", why: str = "") -> Item:
    return Item(value.place, setting, value.shown, code, why, became={"allow_origins": list(entries)})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
