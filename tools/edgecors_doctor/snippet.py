"""A part of a template as text, in the template's own language."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

# PyYAML quotes whatever has a tag. What is no more than a name or an ARN needs no quotes.
_QUOTED = re.compile(r"(![A-Za-z0-9]+) '([\w/][^\s'\"#,\[\]]*(?<!:))'$", re.MULTILINE)


class _Dumper(yaml.SafeDumper):
    """Writes intrinsic functions as people do: !Ref X."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        """Entries of a list are indented below their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """CloudFormation takes no aliases."""
        return True


def _mapping(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    if len(value) == 1:
        key, argument = next(iter(value.items()))
        if key in ("Ref", "Condition") or (isinstance(key, str) and key.startswith("Fn::")):
            tag = "!" + key.removeprefix("Fn::")
            if key == "Fn::GetAtt" and isinstance(argument, list):
                argument = ".".join(map(str, argument))
            if isinstance(argument, str):
                return dumper.represent_scalar(tag, argument)
            if isinstance(argument, list):
                return dumper.represent_sequence(tag, argument)
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items())


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if "'" in value else None)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(str, _text)


def as_text(fix: Any, *, is_json: bool) -> str:
    """The part as JSON, or as YAML with tags."""
    value = as_data(fix)
    if is_json:
        return json.dumps(value, indent=2, ensure_ascii=False, default=str)
    dumped: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, default_flow_style=False, allow_unicode=True, width=100_000
    )
    return _QUOTED.sub(r"\1 \2", dumped.rstrip("\n"))


def as_data(fix: Any) -> Any:
    """The part of plain mappings, lists and scalars, as --json has it."""
    if isinstance(fix, dict):
        return {str(key): as_data(value) for key, value in fix.items()}
    if isinstance(fix, list | tuple):
        return [as_data(entry) for entry in fix]
    if isinstance(fix, str):
        return str(fix)
    return fix if fix is None or isinstance(fix, bool | int | float) else str(fix)
