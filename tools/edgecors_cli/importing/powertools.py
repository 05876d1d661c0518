"""Powertools for AWS Lambda (Python): CORSConfig in Python source.

Source of what it means: event_handler/api_gateway.py of aws-lambda-powertools 3.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from edgecors_cli.importing.model import Anyone, Exact, Names, NotReadableError, Setting, Setup, Unknown, Value
from edgecors_cli.importing.python_values import Source

if TYPE_CHECKING:
    from edgecors_cli.importing.model import Origin

SYSTEM = "Powertools"
CONDITION = "It is used only under a condition, which shows only when the program runs."
_ARGUMENTS = ["allow_origin", "extra_origins", "allow_headers", "expose_headers", "max_age", "allow_credentials"]
# CORSConfig._REQUIRED_HEADERS
_OWN_HEADERS = ["Authorization", "Content-Type", "X-Amz-Date", "X-Api-Key", "X-Amz-Security-Token"]
_VERBS = frozenset({"get", "post", "put", "delete", "patch", "head"})


def read(text: str) -> list[Setup]:
    """The setups of a file. Raises NotReadableError."""
    source = Source(text)
    imported = source.imported()
    known = {name for name, (_, original) in imported.items() if original == "CORSConfig"} | {"CORSConfig"}
    setups = [_setup(source, call) for call in source.calls(lambda call: _name(call.func) in known)]
    if not setups:
        raise NotReadableError("It has no call of CORSConfig.", fix="Give the file in which CORSConfig(...) is called.")
    return setups


def _setup(source: Source, call: ast.Call) -> Setup:
    given = source.arguments(call, _ARGUMENTS)
    setup = Setup(SYSTEM, source.place(call), "CORSConfig(...)", paths=("*",))
    here = source.text(call)
    if source.is_conditional(call):
        setup.scope = CONDITION
    unknown = given.pop("...", None)
    if unknown is not None and isinstance(unknown.literal, Unknown):
        setup.report.lose("CORSConfig", unknown, "not-literal", unknown.literal.reason)
    if "allow_origin" in given or unknown is None:
        default = Value("*", setup.place, "the default origin, *")
        setup.origins += _origins(setup, "allow_origin", given.get("allow_origin", default))
    if "extra_origins" in given:
        setup.origins += _origins(setup, "extra_origins", given["extra_origins"])
    setup.headers = names("allow_headers", given.get("allow_headers", Value(None, setup.place, here)), setup)
    own = Value(None, setup.place, "the headers that Powertools always allows")
    setup.headers.entries = [(name, own) for name in _OWN_HEADERS] + setup.headers.entries
    if "allow_headers" not in given:
        setup.headers.value = own
    if "expose_headers" in given:
        setup.expose = names("expose_headers", given["expose_headers"], setup)
    setup.methods = _methods(source, setup)
    read_flag("allow_credentials", given.get("allow_credentials"), setup)
    read_seconds("max_age", given.get("max_age"), setup)
    _lose_unknown(given, setup)
    return setup


def _origins(setup: Setup, name: str, value: Value) -> list[Origin]:
    found: list[Origin] = []
    entries = value.literal if isinstance(value.literal, list) and name != "allow_origin" else [value]
    for entry in entries:
        if entry.literal == "*":
            found.append(Anyone(name, entry, reflected=False))
        elif isinstance(entry.literal, str):
            found.append(Exact(name, entry, entry.literal))
        elif isinstance(entry.literal, Unknown):
            setup.report.lose(name, entry, "not-literal", entry.literal.reason, "Write its origins into allow_origins.")
        elif entry.literal is not None:
            setup.report.lose(name, entry, "wrong-type", "An origin is text.")
    return found


def _methods(source: Source, setup: Setup) -> Names | None:
    """The methods of the file's routes: what Powertools answers a preflight with."""
    found: list[tuple[str, Value]] = []
    elsewhere: Value | None = None
    for node in source.nodes:
        if isinstance(node, ast.Call) and _name(node.func) == "include_router":
            elsewhere = Value(None, source.place(node), source.text(node))
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ():
            if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
                continue
            verb = decorator.func.attr
            if verb not in _VERBS and verb != "route":
                continue
            given = source.arguments(decorator, ["rule", "method", "cors"] if verb == "route" else ["rule", "cors"])
            whole = Value(None, source.place(decorator), source.text(decorator))
            cors = given.get("cors")
            if cors is not None and cors.literal not in (True, None):
                setup.scope = f"Not every path has CORS: {whole.shown} in line {whole.place.line} may have none."
            found += [(name, whole) for name in _verbs(verb, given.get("method"), whole, setup)]
    if not found or elsewhere is not None:
        place = elsewhere or Value(None, setup.place, "CORSConfig(...)")
        message = "Powertools allows the methods of its routes, and those of other files are not known here."
        setup.report.lose("routes", place, "routes-elsewhere", message, 'Add theirs to "allow_methods".')
    found.sort(key=lambda each: each[1].place)
    methods = list(dict.fromkeys(name for name, _ in found))
    if not methods:
        return None
    shown = Value(None, found[0][1].place, ", ".join(methods))
    return Names("routes", shown, [(name, shown) for name in methods])


def _verbs(verb: str, method: Value | None, whole: Value, setup: Setup) -> list[str]:
    if verb != "route":
        return [verb.upper()]
    if method is None:
        return ["GET"]
    entries = method.literal if isinstance(method.literal, list) else [method]
    if not all(isinstance(entry.literal, str) for entry in entries):
        setup.report.lose("routes", whole, "not-literal", "Its methods show only when the program runs.")
    return [entry.literal.upper() for entry in entries if isinstance(entry.literal, str)]


def names(setting: str, value: Value, setup: Setup) -> Names:
    """A list of names."""
    found = Names(setting, value)
    if isinstance(value.literal, list):
        for entry in value.literal:
            if isinstance(entry.literal, str):
                found.entries.append((entry.literal, entry))
            elif isinstance(entry.literal, Unknown):
                setup.report.lose(setting, entry, "not-literal", entry.literal.reason)
            else:
                setup.report.lose(setting, entry, "wrong-type", "It must be text.")
    elif isinstance(value.literal, Unknown):
        setup.report.lose(setting, value, "not-literal", value.literal.reason)
    elif value.literal is not None:
        setup.report.lose(setting, value, "wrong-type", "It must be a list.")
    return found


def read_flag(setting: str, value: Value | None, setup: Setup) -> None:
    """Whether credentials are allowed."""
    if value is not None:
        setup.credentials = Setting(setting, value)


def read_seconds(setting: str, value: Value | None, setup: Setup) -> None:
    """The max age."""
    if value is None or value.literal is None:
        return
    if isinstance(value.literal, int) and not isinstance(value.literal, bool):
        setup.max_age = Setting(setting, value)
    elif isinstance(value.literal, Unknown):
        setup.report.lose(setting, value, "not-literal", value.literal.reason, '"max_age": seconds')
    else:
        setup.report.lose(setting, value, "wrong-type", "It is no whole number of seconds.")


def _lose_unknown(given: dict[str, Value], setup: Setup) -> None:
    for name, value in given.items():
        if name not in _ARGUMENTS:
            setup.report.lose(name, value, "unknown-option", "CORSConfig has no such argument.")


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
