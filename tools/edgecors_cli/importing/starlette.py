"""Starlette and FastAPI: CORSMiddleware in Python source.

Source of what it means: starlette/middleware/cors.py of Starlette 1.10.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from edgecors.problems import MESSAGES
from edgecors_cli.importing.model import Anyone, Exact, Matching, Names, NotReadableError, Setup, Unknown, Value
from edgecors_cli.importing.powertools import CONDITION, names, read_flag, read_seconds
from edgecors_cli.importing.python_values import Source

if TYPE_CHECKING:
    from edgecors_cli.importing.model import Origin

SYSTEM = "Starlette"
_CLASS = "CORSMiddleware"
_ARGUMENTS = ["allow_origins", "allow_methods", "allow_headers", "allow_credentials", "allow_origin_regex"]
_MORE_ARGUMENTS = {"allow_private_network", "expose_headers", "max_age"}
# What `*` stands for there; QUERY is in its newest releases only.
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_DEFAULT_MAX_AGE = 600


def read(text: str) -> list[Setup]:
    """The setups of a file. Raises NotReadableError."""
    source = Source(text)
    imported = source.imported()
    known = {name for name, (_, original) in imported.items() if original == _CLASS} | {_CLASS}
    setups = [_setup(source, call) for call in source.calls(lambda call: _is_middleware(call, known))]
    for name, (module, original) in imported.items():
        if original == _CLASS and setups and not module.startswith(("starlette.", "fastapi.")):
            raise NotReadableError(f"{name} is of {module} here, not of Starlette or FastAPI.")
    if not setups:
        raise NotReadableError("It has no CORSMiddleware.", fix="Give the file in which the middleware is added.")
    return setups


def _is_middleware(call: ast.Call, known: set[str]) -> bool:
    """Whether the call sets the middleware up; one of its own is around an app: CORSMiddleware(app, ...)."""
    first = _name(call.args[0]) if call.args else _name(_keyword(call, "middleware_class"))
    return _name(call.func) in known or (_name(call.func) in ("add_middleware", "Middleware") and first in known)


def _setup(source: Source, call: ast.Call) -> Setup:
    given = source.arguments(call, ["app", *_ARGUMENTS])  # or the class, which stands where the app would
    for name in ("app", "middleware_class"):
        given.pop(name, None)
    setup = Setup(SYSTEM, source.place(call), _CLASS, paths=("*",))
    if source.is_conditional(call):
        setup.scope = CONDITION
    elif _is_mounted(source, call):
        setup.scope = "It is of an app that is mounted below another one."
    unknown = given.pop("...", None)
    if unknown is not None and isinstance(unknown.literal, Unknown):
        setup.report.lose(_CLASS, unknown, "not-literal", unknown.literal.reason)
    here = Value(None, setup.place, _CLASS)
    setup.origins = _origins(setup, given.get("allow_origins", here))
    setup.origins += _expression(setup, given.get("allow_origin_regex", here))
    if not setup.origins and not setup.report.not_carried:
        setup.closed = True
        setup.report.note("allow_origins", here, "closed", "It lets nobody in.")
    if unknown is None or "allow_methods" in given:
        setup.methods = _methods(setup, given.get("allow_methods"), here)
    setup.headers = _headers(setup, given.get("allow_headers"), here)
    if "expose_headers" in given:
        setup.expose = names("expose_headers", given["expose_headers"], setup)
    read_flag("allow_credentials", given.get("allow_credentials"), setup)
    if unknown is None or "max_age" in given:
        default = Value(_DEFAULT_MAX_AGE, setup.place, "the default max_age, 600")
        read_seconds("max_age", given.get("max_age", default), setup)
    private = given.get("allow_private_network")
    if private is not None and private.literal is not False:
        setup.report.lose(
            "allow_private_network", private, "private-network-obsolete", MESSAGES["private-network-obsolete"]
        )
    for name, value in given.items():
        if name not in _ARGUMENTS and name not in _MORE_ARGUMENTS:
            setup.report.lose(name, value, "unknown-option", "CORSMiddleware has no such argument.")
    return setup


def _is_mounted(source: Source, call: ast.Call) -> bool:
    """Whether the middleware is of an app that the file mounts below another: `app.mount("/sub", api)`."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name):
        return False
    mounts = [node for node in source.nodes if isinstance(node, ast.Call) and _name(node.func) in ("mount", "Mount")]
    given = [value for mount in mounts for value in (*mount.args, *(keyword.value for keyword in mount.keywords))]
    return any(isinstance(value, ast.Name) and value.id == owner.id for value in given)


def _origins(setup: Setup, value: Value) -> list[Origin]:
    setting = "allow_origins"
    found: list[Origin] = []
    if isinstance(value.literal, str) and value.literal != "*":
        message = "A list was meant: in a text, Starlette looks for the origin anywhere."
        setup.report.lose(setting, value, "list-expected", message, "Write its origins into allow_origins.")
        return []
    entries = value.literal if isinstance(value.literal, list) else [value]
    for entry in entries:
        if entry.literal == "*":
            found.append(Anyone(setting, entry, reflected=True))
        elif isinstance(entry.literal, str):
            found.append(Exact(setting, entry, entry.literal))
        elif isinstance(entry.literal, Unknown):
            setup.report.lose(
                setting, entry, "not-literal", entry.literal.reason, "Write its origins into allow_origins."
            )
        elif entry.literal is not None:
            setup.report.lose(setting, entry, "wrong-type", "An origin is text.")
    return found


def _expression(setup: Setup, value: Value) -> list[Origin]:
    setting = "allow_origin_regex"
    if isinstance(value.literal, str):
        return [Matching(setting, value, value.literal, searched=False)]
    if isinstance(value.literal, Unknown):
        setup.report.lose(setting, value, "not-literal", value.literal.reason, "Write its origins into allow_origins.")
    return []


def _methods(setup: Setup, value: Value | None, here: Value) -> Names:
    setting = "allow_methods"
    if value is None:
        value = Value(None, here.place, "the default methods, GET")
        found = Names(setting, value, [("GET", value)])
    elif value.literal == "*":
        found = Names(setting, value, [("*", value)])
    else:
        found = names(setting, value, setup)
    listed = [name for name, _ in found.entries]
    if "*" in listed:
        found.entries = [(name, value) for name in _METHODS]
        message = "Newer releases of Starlette mean QUERY by it too."
        setup.report.note(setting, value, "newer-method", message, 'If pages send it: "QUERY" in allow_methods')
        return found
    missing = [name for name in ("HEAD", "POST") if name not in listed]
    if missing:
        message = (
            f"Starlette refused preflights for {' and '.join(missing)}. Browsers need no leave for these methods, so "
            "that rules cannot refuse them."
        )
        setup.report.note(setting, value, "wider", message, "Refuse them in the function, if they are not served.")
    return found


def _headers(setup: Setup, value: Value | None, here: Value) -> Names:
    """The listed headers, and Content-Type, which Starlette always allows."""
    setting = "allow_headers"
    own = Value(None, here.place, "the headers that Starlette always allows")
    if value is None:
        found = Names(setting, own)
    elif value.literal == "*":
        found = Names(setting, value, [("*", value)])
    else:
        found = names(setting, value, setup)
    if any(name == "*" for name, _ in found.entries):
        return Names(setting, found.value, echoes=True)
    found.entries.append(("Content-Type", own))
    message = "Accept, Accept-Language and Content-Language need no listing, up to 128 characters."
    setup.report.note(setting, own, "safelisted", message, "For longer ones, name them in allow_headers.")
    return found


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _name(node: ast.expr | None) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
