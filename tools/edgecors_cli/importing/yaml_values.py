"""A SAM or CloudFormation template as data, YAML or JSON, each value with its place."""

from __future__ import annotations

import re

import yaml

from edgecors_cli.importing.model import NotReadableError, Place, Unknown, Value

_SHOWN = 400  # characters kept of a value's text
_PREFIX = "tag:yaml.org,2002:"
_FUNCTION = re.compile(r"Ref|Condition|Fn::\w+")


def load(text: str) -> Value:
    """The template. Raises NotReadableError."""
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # which JSON has between its values, and YAML does not take
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        if root is None:
            raise NotReadableError("The file is empty.")
        return _Reader(text).value(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
        lines = text.splitlines()
        shown = lines[place.line - 1].strip() if place.line <= len(lines) else ""
        raise NotReadableError(f"This is not YAML: {error.problem or error.context}.", place, shown) from None
    except yaml.YAMLError as error:
        raise NotReadableError(f"This is not YAML: {str(error).splitlines()[0]}.") from None
    except RecursionError:
        raise NotReadableError("It is nested too deep.") from None


def of_function(name: str, argument: object, parameters: dict[str, Value]) -> object:
    """What a CloudFormation function gives, as far as the template tells: the text of a Fn::Sub without variables."""
    if name == "Fn::Sub" and isinstance(argument, str) and "${" not in argument:
        return argument
    if name == "Ref" and isinstance(argument, str) and argument in parameters:
        fields = parameters[argument].literal
        default = fields.get("Default") if isinstance(fields, dict) else None
        known = f" Its default is {default.shown}." if default is not None else ""
        return Unknown(f"It is the parameter {argument}, which is set when the stack is deployed.{known}")
    return Unknown(f"{name} is worked out when the stack is deployed.")


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, Value] = {}  # aliases are read once
        self._open: set[int] = set()
        self._parameters: dict[str, Value] = {}

    def value(self, node: yaml.Node) -> Value:
        known = self._known.get(id(node))
        if known is not None:
            return known
        place = Place(node.start_mark.line + 1, node.start_mark.column + 1)
        end = min(node.end_mark.index, node.start_mark.index + _SHOWN)
        text = self._text[node.start_mark.index : end].rstrip()
        if id(node) in self._open:
            return Value(Unknown("It is a part of itself."), place, text)
        self._open.add(id(node))
        found = self._known[id(node)] = Value(self._literal(node), place, text)
        self._open.discard(id(node))
        return found

    def _literal(self, node: yaml.Node) -> object:
        if not node.tag.startswith(_PREFIX):
            name = node.tag.removeprefix("!")
            argument = node.value if isinstance(node, yaml.ScalarNode) else None
            return of_function("Ref" if name == "Ref" else f"Fn::{name}", argument, self._parameters)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(entry) for entry in node.value]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        return _scalar(node.tag.removeprefix(_PREFIX), str(node.value))

    def _mapping(self, node: yaml.MappingNode) -> object:
        found: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key, value in node.value:
            if key.tag == f"{_PREFIX}merge":
                inner = self.value(value).literal
                merged |= inner if isinstance(inner, dict) else {}
            else:
                name = key.value if isinstance(key, yaml.ScalarNode) else ""
                found[name] = self.value(value)
            # The parameters come first by custom; later ones are merely not named.
            if (
                isinstance(key, yaml.ScalarNode)
                and key.value == "Parameters"
                and isinstance(found["Parameters"].literal, dict)
            ):
                self._parameters = self._parameters or found["Parameters"].literal
        if len(found) == 1 and not merged:
            name, argument = next(iter(found.items()))
            if _FUNCTION.fullmatch(name):
                return of_function(name, argument.literal, self._parameters)
        return merged | found


def _scalar(tag: str, text: str) -> object:
    """YAML 1.1's booleans, nulls and numbers; anything else is text."""
    if tag == "bool":
        return text.lower() in ("yes", "true", "on")
    if tag == "null":
        return None
    if tag == "int" and re.fullmatch(r"[-+]?[0-9]{1,15}", text):
        return int(text)
    return text
