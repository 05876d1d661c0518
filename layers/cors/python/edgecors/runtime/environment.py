"""Settings from the environment, read once, when a handler is decorated."""

from __future__ import annotations

import os

from edgecors.rules import Rules
from edgecors.runtime.events import described, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgecors.runtime.source import Source

    # What gives the rules in force, for Lambda's context.
    Provider = Callable[[Any], Rules | None]


def is_debug() -> bool:
    """EDGECORS_DEBUG: on for `1` alone."""
    return os.environ.get("EDGECORS_DEBUG") == "1"


def base_path() -> str:
    """EDGECORS_BASE_PATH: base paths, comma-separated."""
    return os.environ.get("EDGECORS_BASE_PATH", "")


def rules_provider() -> Provider:
    """What gives the current rules by EDGECORS_RULES, else EDGECORS_PARAMETER. Raises RulesError where neither is set.

    A document that does not parse never raises: it is reported, and the fallback serves, else no rules.
    """
    inline = os.environ.get("EDGECORS_RULES")
    if inline:
        rules = _parse(inline, "EDGECORS_RULES") or fallback_loader()()
        return lambda _context: rules
    name = os.environ.get("EDGECORS_PARAMETER")
    if not name:
        from edgecors.problems import Problem, RulesError  # noqa: PLC0415  (only for people's mistakes)

        raise RulesError([Problem.of("rules-missing", "", None)])
    return fetched(_parameter(name))


def _parameter(name: str) -> Source:
    """The source of EDGECORS_PARAMETER by EDGECORS_SOURCE: `sdk` (boto3) or `extension`."""
    kind = os.environ.get("EDGECORS_SOURCE") or "sdk"
    if kind == "extension":
        from edgecors.runtime.extension import ExtensionParameter  # noqa: PLC0415

        return ExtensionParameter(name)
    if kind != "sdk":
        report("WARNING", "SettingIgnored", count=0, setting="EDGECORS_SOURCE", value=kind, used="sdk")
    from edgecors.runtime.sources import SsmParameter  # noqa: PLC0415

    return SsmParameter(name)


def fetched(source: Source) -> Provider:
    """What gives the rules of a source, by EDGECORS_TTL and EDGECORS_MAX_STALE (seconds) and the fallback."""
    # Functions with rules of their own never import what fetching takes.
    from edgecors.runtime.freshness import FetchedRules  # noqa: PLC0415

    ttl, max_stale = _seconds("EDGECORS_TTL", 60), _seconds("EDGECORS_MAX_STALE", 86_400)
    return FetchedRules(source, ttl=ttl, max_stale=max_stale, fallback=fallback_loader()).current


def fallback_loader() -> Callable[[], Rules | None]:
    """What loads EDGECORS_FALLBACK, if need be: a document, or the path of a file with one, relative to the task
    root."""
    given = os.environ.get("EDGECORS_FALLBACK")
    if not given:
        return lambda: None
    if given.lstrip().startswith("{"):
        return lambda: _parse(given, "EDGECORS_FALLBACK")
    path = os.path.join(os.environ.get("LAMBDA_TASK_ROOT", ""), given)  # noqa: PTH118  (pathlib costs 3 ms)
    return lambda: _read(path)


def _read(path: str) -> Rules | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            content = file.read()
    except OSError as error:
        report("ERROR", "RulesRejected", source=f"EDGECORS_FALLBACK: {path}", error=str(error))
        return None
    return _parse(content, f"EDGECORS_FALLBACK: {path}")


def _parse(text: str | bytes, source: str) -> Rules | None:
    try:
        rules = Rules.parse(text, strict=False)
    except ValueError as error:  # a RulesError: its name is not loaded for rules that are right
        report("ERROR", "RulesRejected", source=source, problems=described(error.problems))  # type: ignore[attr-defined]
        return None
    if rules.warnings:
        report("WARNING", "RulesWarning", count=0, source=source, warnings=described(rules.warnings))
    return rules


def _seconds(name: str, default: float) -> float:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if 0 <= seconds < float("inf"):
        return seconds
    report("WARNING", "SettingIgnored", count=0, setting=name, value=text, used=default)
    return default
