"""The functions of a template, and whether they answer CORS themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from edgecors_doctor.nodes import glob, target

if TYPE_CHECKING:
    from pathlib import Path

    from edgecors_doctor.nodes import Node
    from edgecors_doctor.resources import Resources

FUNCTION_TYPES = ("AWS::Serverless::Function", "AWS::Lambda::Function")
_LAYER_TYPES = ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion")
_OURS = re.compile(r"edgecors", re.IGNORECASE)
_HEADER = re.compile(r"access-control-allow-origin", re.IGNORECASE)


class Function(NamedTuple):
    """A function. `engine`: how it is seen that edgecors answers for it, "" if it does not; `answers`: the same for
    anything that answers CORS in the function. Both complete a sentence that has the function as its subject; `sign`
    is where that is seen."""

    name: str
    properties: Node
    engine: str
    answers: str
    sign: Node
    is_sam: bool

    @property
    def shows_variables(self) -> bool:
        """Whether its environment is in the template, not made of an intrinsic function."""
        environment = self.properties.get("Environment")
        return not (environment.is_intrinsic or environment.get("Variables").is_intrinsic)

    def variable(self, name: str) -> Node:
        """An environment variable."""
        return self.properties.get("Environment", "Variables", name)


def read_functions(resources: Resources, folder: Path | None) -> dict[str, Function]:
    """The functions by logical ID. `folder`: where the template is, to look into the folders of its layers."""
    layers = {name for name, properties in resources.of(*_LAYER_TYPES) if _is_our_layer(name, properties, folder)}
    found = {}
    for name, properties in resources.of(*FUNCTION_TYPES):
        engine, sign = _engine(properties, layers)
        answers = engine or _inline(properties)
        is_sam = resources.types[name] == FUNCTION_TYPES[0]
        found[name] = Function(name, properties, engine, answers, sign, is_sam)
    return found


def _engine(properties: Node, layers: set[str]) -> tuple[str, Node]:
    """How it is seen that edgecors answers for the function, and where."""
    for handler in properties.get("Handler").branches():
        if handler.text == "edgecors.wrap":
            return "has the handler edgecors.wrap", handler
    for layer in properties.get("Layers").entries():
        name = target(layer.value)
        if name in layers:
            return f"has the edgecors layer ({name})", layer
        if name is None and _OURS.search(glob(layer.value) or ""):
            return "has the edgecors layer", layer
    for variable, node in properties.get("Environment", "Variables").children():
        if variable.startswith("EDGECORS_"):
            return f"sets {variable}", node
    return "", properties


def _inline(properties: Node) -> str:
    """Code in the template that sets the header."""
    for code in (properties.get("InlineCode"), properties.get("Code", "ZipFile")):
        if _HEADER.search(glob(code.value) or ""):
            return "sets Access-Control-Allow-Origin in its code"
    return ""


def _is_our_layer(name: str, properties: Node, folder: Path | None) -> bool:
    content = properties.get("ContentUri").text
    told = (glob(properties.get("LayerName").value), content, properties.get("Description").text, name)
    if any(_OURS.search(text or "") for text in told):
        return True
    if folder is None or content is None or "://" in content:
        return False
    try:
        return any((folder / content / below / "edgecors" / "decision.py").is_file() for below in ("", "python"))
    except (OSError, ValueError):
        return False
