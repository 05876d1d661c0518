"""E9809: several origins in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors import Policy, PolicyError
from edgecors_doctor.nodes import glob
from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.settings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.nodes import Node
    from edgecors_doctor.settings import Setting


class OriginList(CorsRule):
    """API Gateway sends the text as it is, and browsers compare it whole (aws/serverless-application-model#3769)."""

    id = "E9809"
    shortdesc = "Several origins in one"
    description = "Browsers compare one origin: a list in a single value allows none of them"
    tags = ("cors", "apigateway", "lambda")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each value."""
        for setting in facts.settings:
            for node in setting.origins:
                if not _is_list(node, quoted=setting.is_quoted):
                    continue
                origins = _split(plain(node, quoted=setting.is_quoted))
                remedy = (
                    "Name one origin here; for several, let the function answer, by edgecors for example."
                    if setting.is_quoted
                    else "Make each an entry of its own."
                )
                yield Finding(
                    node.path,
                    f"{setting.shown}: browsers compare one origin, so a list in one value allows none. {remedy}",
                    _fix(setting, node, origins),
                )


def _is_list(node: Node, *, quoted: bool) -> bool:
    if isinstance(node.value, dict):
        join = node.value.get("Fn::Join")
        if isinstance(join, list) and join and isinstance(join[0], str) and "," in join[0]:
            return True
        return node.is_intrinsic and "," in (glob(node.value) or "")
    text = plain(node, quoted=quoted) or ""
    return "," in text or len(text.split()) > 1


def _split(text: str | None) -> list[str]:
    """The origins of a list, corrected."""
    try:
        Policy(allow_origins=[text or ""])
    except PolicyError as error:
        for problem in error.problems:
            if problem.code == "origin-list" and isinstance(problem.hint, list | tuple):
                return [str(entry) for entry in problem.hint]
    return []


def _fix(setting: Setting, node: Node, origins: list[str]) -> Any:
    key = next((part for part in reversed(node.path) if isinstance(part, str) and not part.startswith("Fn::")), "")
    if not origins:
        return None
    if not setting.is_quoted:
        return {key: origins}
    return {key: f"'{origins[0]}'"}
