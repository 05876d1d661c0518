"""Runs the rules, and no others, on the text of a template. Nothing is read but the text, and the folders of layers
that it names; no setting of cfn-lint's counts but those in the template."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from cfnlint.decode import decode_str  # type: ignore[import-untyped]
from cfnlint.rules import Rules  # type: ignore[import-untyped]
from cfnlint.rules.errors import RuleError  # type: ignore[import-untyped]
from cfnlint.template import Template  # type: ignore[import-untyped]

from edgecors_doctor.nodes import Node
from edgecors_doctor.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

# CloudFormation itself takes far fewer levels; the parser in C would break down at a hundred thousand.
_MAX_DEPTH = 100

logging.getLogger("cfnlint").addHandler(logging.NullHandler())


class NotATemplateError(Exception):
    """The text is no template, for the reason given. `line` and `column` count from 1; None where unknown."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line, self.column = line, column


class Mistake(NamedTuple):
    """What a rule has found. Lines and columns count from 1; the end is behind the last character."""

    rule: str
    title: str
    is_error: bool
    line: int
    column: int
    end_line: int
    end_column: int
    path: tuple[str | int, ...]
    message: str
    fix: Any


@dataclass
class _Config:
    """What cfn-lint asks of its configuration."""

    ignore_checks: list[str]
    include_checks: list[str] = field(default_factory=lambda: ["E", "W"])
    mandatory_checks: list[str] = field(default_factory=list)
    configure_rules: dict[str, Any] = field(default_factory=dict)
    include_experimental: bool = False


def check(text: str, filename: str | None = None) -> list[Mistake]:
    """The mistakes, in the order of the text. Raises NotATemplateError.

    `filename`: where the text is from, if from a file.
    """
    template = _decoded(text)
    rules = Rules()
    rules.extend([rule() for rule in RULES])
    rules.register(RuleError())
    try:
        cfn = Template(filename, template, ["us-east-1"])
        refused = cfn.transform()
        directives = cfn.get_directives()
    except Exception as error:
        raise NotATemplateError(f"This is no CloudFormation template: {_one_line(str(error))}.") from error
    if refused:
        raise NotATemplateError(_one_line(refused[0].message), refused[0].linenumber, refused[0].columnnumber)
    ignored = Node(template, ()).get("Metadata", "cfn-lint", "config", "ignore_checks").entries()
    config = _Config([entry.text for entry in ignored if entry.text])
    found = [_mistake(match) for match in rules.run(filename, cfn, config)]
    return sorted(_not_ignored(found, directives), key=lambda one: (one.line, one.column, one.rule))


def _decoded(text: str) -> Any:
    _check_depth(text)
    template, errors = decode_str(text)
    if errors:
        first = errors[0]
        message = _one_line(first.message.removeprefix("Template could not be parsed: "))
        raise NotATemplateError(
            f"This is neither YAML nor JSON that cfn-lint can read: {message}.", first.linenumber, first.columnnumber
        )
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise NotATemplateError("This is no CloudFormation template: it has no mapping Resources.")
    return template


def _check_depth(text: str) -> None:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                raise NotATemplateError(f"It is nested deeper than {_MAX_DEPTH} levels, as no template is.")
    except (yaml.YAMLError, UnicodeError):
        return  # cfn-lint tells, or reads it as JSON


def _mistake(match: Any) -> Mistake:
    if match.rule.id == RuleError.id:
        raise RuntimeError(match.message)
    return Mistake(
        match.rule.id,
        match.rule.shortdesc,
        match.rule.severity == "error",
        match.linenumber,
        match.columnnumber,
        match.linenumberend,
        match.columnnumberend,
        tuple(match.path),
        match.message,
        match.fix,
    )


def _not_ignored(found: Iterable[Mistake], directives: Any) -> Iterable[Mistake]:
    """Without those that the Metadata of their resource tell cfn-lint to ignore."""
    for mistake in found:
        names = directives.get(mistake.rule, ())
        if not (len(mistake.path) > 1 and mistake.path[0] == "Resources" and mistake.path[1] in names):
            yield mistake


def _one_line(message: str) -> str:
    """The message's first line, without a full stop."""
    return (message.strip().splitlines() or ["?"])[0].strip().rstrip(".:")
