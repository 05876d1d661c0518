"""E9816: settings of edgecors that cannot work."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from edgecors import Rules, RulesError
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.functions import Function

_VARIABLES = [
    f"EDGECORS_{name}"
    for name in ("RULES", "PARAMETER", "TTL", "MAX_STALE", "FALLBACK", "SOURCE", "DEBUG", "BASE_PATH", "HANDLER")
]


class Settings(CorsRule):
    """The function's environment, as the engine reads it when it starts."""

    id = "E9816"
    shortdesc = "Settings of edgecors that cannot work"
    description = "With these variables the function fails when it starts, or has no rules"
    tags = ("cors", "lambda", "edgecors")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """What is wrong with each function's variables."""
        for function in facts.functions.values():
            if function.engine:
                yield from _misspelt(function)
                yield from _wrapped(function)
                yield from _rules(function)


def _misspelt(function: Function) -> Iterator[Finding]:
    given = dict(function.properties.get("Environment", "Variables").children())
    for name, node in given.items():
        meant = get_close_matches(name, [known for known in _VARIABLES if known not in given], 1, 0.9)
        if name.startswith("EDGECORS_") and name not in _VARIABLES and meant:
            message = f"The engine reads no variable {name}. Write {meant[0]}."
            yield Finding((*node.path[:-1], name), message, {meant[0]: node.value})


def _wrapped(function: Function) -> Iterator[Finding]:
    handler = function.properties.get("Handler")
    if handler.text != "edgecors.wrap" or not function.shows_variables:
        return
    own = function.variable("EDGECORS_HANDLER")
    if own.value in (None, "", "edgecors.wrap"):
        yield Finding(
            handler.path,
            f"Function {function.name} has the handler edgecors.wrap, and no EDGECORS_HANDLER names its own handler: "
            "it fails when it starts.",
            {"Environment": {"Variables": {"EDGECORS_HANDLER": "app.handler"}}},
        )
    if all(function.variable(name).value in (None, "") for name in ("EDGECORS_RULES", "EDGECORS_PARAMETER")):
        yield Finding(
            handler.path,
            f"Function {function.name} has the handler edgecors.wrap, and no rules: it fails when it starts. "
            "Set EDGECORS_PARAMETER or EDGECORS_RULES.",
            {"Environment": {"Variables": {"EDGECORS_PARAMETER": "/edgecors/api/production"}}},
        )


def _rules(function: Function) -> Iterator[Finding]:
    for node in function.variable("EDGECORS_RULES").branches():
        if not node.text:
            continue
        try:
            Rules.parse(node.text, strict=False)
        except RulesError as error:
            problem = error.problems[0]
            where = f" at {problem.field}" if problem.field else ""
            yield Finding(
                node.path,
                f"The engine cannot take these rules, so it would refuse every origin: {problem.code}{where}: "
                f"{problem.message} edgecors lint tells more.",
            )
