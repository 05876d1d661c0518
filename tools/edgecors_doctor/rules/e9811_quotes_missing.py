"""E9811: a header's value in a REST API without the quotes of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.nodes import Node

_MAPPINGS = ("method.request.", "integration.response.", "context.", "stageVariables.")


class QuotesMissing(CorsRule):
    """API Gateway reads such values as mapping expressions, in which a text stands in single quotes."""

    id = "E9811"
    shortdesc = "Quotes missing around a header's value"
    description = "REST APIs want a text in single quotes inside the value, or they take it for a mapping expression"
    tags = ("cors", "apigateway", "sam")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each value."""
        for setting in facts.settings:
            for node in setting.values:
                text = _text(node)
                if text is None or text.startswith(_MAPPINGS) or (len(text) > 1 and text[0] == text[-1] == "'"):
                    continue
                key = next(
                    part for part in reversed(node.path) if isinstance(part, str) and not part.startswith("Fn::")
                )
                inner = text.strip("'")
                yield Finding(
                    node.path,
                    f"{setting.shown}: API Gateway reads `{text}` as a mapping expression, in which a text stands in "
                    f"single quotes. Write \"'{inner}'\".",
                    {key: f"'{inner}'"},
                )


def _text(node: Node) -> str | None:
    """A number is written without quotes by mistake too; true and false are not ours to judge."""
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return str(node.value)
    return node.text
