"""What IAM policies say to one call: a small evaluator of policy documents.

It follows "Policy evaluation logic" of the IAM user guide for one account without permissions boundaries, session
policies or organisation policies: an explicit deny wins, then an allow, and without one the call is refused. Of the
policy language it knows what is used here, and raises ValueError for everything else (an operator, an element, a policy
variable), so that nothing that it does not understand counts as allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Document = dict[str, Any]


class Decision(StrEnum):
    """What comes of a call."""

    ALLOWED = "allowed"
    REFUSED = "refused, since nothing allows it"
    DENIED = "denied by a statement"


@dataclass(frozen=True)
class Call:
    """One action on one resource. `principal` as in a policy, `{"Service": "lambda.amazonaws.com"}`; keys of `context`
    are compared without regard to case."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict)
    principal: Mapping[str, str] = field(default_factory=dict)


ELEMENTS = {"Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"}


def decide(documents: Iterable[Document], call: Call) -> Decision:
    """Of all policies that apply to the call together."""
    effects = [
        statement["Effect"]
        for document in documents
        for statement in _listed(checked(document)["Statement"])
        if _applies(statement, call)
    ]
    if not set(effects) <= {"Allow", "Deny"}:
        raise ValueError(f"an effect is Allow or Deny: {effects}")
    if "Deny" in effects:
        return Decision.DENIED
    return Decision.ALLOWED if effects else Decision.REFUSED


def checked(document: Document) -> Document:
    """The document, whose elements are all known. Raises ValueError."""
    if document.get("Version") != "2012-10-17":
        raise ValueError(f"a policy of the version {document.get('Version')}")
    for statement in _listed(document["Statement"]):
        if unknown := statement.keys() - ELEMENTS:
            raise ValueError(f"unknown elements: {', '.join(sorted(unknown))}")
        if ("Action" in statement) == ("NotAction" in statement):
            raise ValueError("a statement has either Action or NotAction")
    return document


def _applies(statement: Document, call: Call) -> bool:
    return (
        _principal(statement.get("Principal"), call)
        and _one_of(statement, "Action", call.action, _action)
        and _one_of(statement, "Resource", call.resource, _arn)
        and all(
            _condition(operator, key, _listed(values), call)
            for operator, wanted in statement.get("Condition", {}).items()
            for key, values in wanted.items()
        )
    )


def _one_of(statement: Document, element: str, value: str, matches: Callable[[str, str], bool]) -> bool:
    """By `Action` or `NotAction`; a trust policy has no resource, which is the role itself."""
    if f"Not{element}" in statement:
        return not any(matches(pattern, value) for pattern in _listed(statement[f"Not{element}"]))
    return element not in statement or any(matches(pattern, value) for pattern in _listed(statement[element]))


def _action(pattern: str, action: str) -> bool:
    return _like(pattern.lower(), action.lower())


def _arn(pattern: str, arn: str) -> bool:
    """Part by part: a wildcard does not reach over a colon, but in the last of the six parts."""
    if pattern == "*":
        return True
    wanted, given = pattern.split(":", 5), arn.split(":", 5)
    return len(wanted) == len(given) and all(map(_like, wanted, given))


def _principal(wanted: Any, call: Call) -> bool:
    """A policy of a role has none: it is the role's own."""
    if wanted is None or wanted == "*":
        return True
    return any(call.principal.get(kind) in _listed(names) for kind, names in wanted.items())


def _condition(operator: str, key: str, wanted: list[str], call: Call) -> bool:
    """Several values are alternatives. A key that the call does not have makes it false."""
    if operator not in OPERATORS:
        raise ValueError(f"unknown condition operator: {operator}")
    given = {name.lower(): value for name, value in call.context.items()}.get(key.lower())
    return given is not None and any(OPERATORS[operator](value, given) for value in wanted)


def _like(pattern: str, value: str) -> bool:
    return _pattern(pattern).fullmatch(value) is not None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """`*` is any text, `?` any one character."""
    if "${" in text:
        raise ValueError(f"a policy variable: {text}")
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(character) or re.escape(character) for character in text), re.DOTALL)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "ArnLike": _arn,
    "Bool": lambda wanted, given: wanted.lower() == given.lower(),
    "StringEquals": lambda wanted, given: wanted == given,
    "StringLike": _like,
}
