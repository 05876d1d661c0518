"""What our rules have in common, and what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cfnlint.rules import CloudFormationLintRule, RuleMatch  # type: ignore[import-untyped]

from edgecors_doctor.facts import facts_of
from edgecors_doctor.places import span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.nodes import Path

DOCUMENTATION = "docs/doctor.md"


class Finding(NamedTuple):
    """A mistake: where it is, why it is one and what to do, and the template's part as it should be.

    `fix` is made of mappings, lists and scalars, intrinsic functions in their long form; None where no text helps.
    """

    path: Path
    message: str
    fix: Any = None


class CorsRule(CloudFormationLintRule):  # type: ignore[misc]
    """A rule of ours. Each has an `id` (E9xxx and W9xxx are left to users by cfn-lint), which is never reused."""

    source_url = DOCUMENTATION

    def find(self, facts: Facts) -> Iterator[Finding]:
        """What is wrong with the template."""
        raise NotImplementedError

    def match(self, cfn: Any) -> list[RuleMatch]:
        """As cfn-lint calls it. What comes from Globals is told once, not for each resource that has it."""
        matches: dict[tuple[Any, str], RuleMatch] = {}
        for finding in self.find(facts_of(cfn)):
            place = span(cfn.template, finding.path)
            matches.setdefault(
                (place, finding.message),
                RuleMatch(list(finding.path), finding.message, location=place, fix=finding.fix),
            )
        return list(matches.values())
