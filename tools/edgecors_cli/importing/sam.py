"""SAM and CloudFormation: the CORS settings of REST APIs, HTTP APIs and function URLs.

Sources of what they mean: AWS SAM, AWS::Serverless::Api (CorsConfiguration), AWS::Serverless::HttpApi
(HttpApiCorsConfiguration), the Globals section; CloudFormation, AWS::ApiGatewayV2::Api Cors, AWS::Lambda::Url Cors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from edgecors_cli.importing.model import Anyone, Exact, Names, NotReadableError, Place, Setting, Setup, Unknown, Value
from edgecors_cli.importing.yaml_values import load

if TYPE_CHECKING:
    from edgecors_cli.importing.model import Origin

_REST, _HTTP, _FUNCTION = "AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::Serverless::Function"
# Type of a resource -> where its setting is, below Properties.
_SETTINGS = {
    _REST: ("Cors",),
    _HTTP: ("CorsConfiguration",),
    _FUNCTION: ("FunctionUrlConfig", "Cors"),
    "AWS::ApiGatewayV2::Api": ("CorsConfiguration",),
    "AWS::Lambda::Url": ("Cors",),
}
# Type -> the name of its section of Globals, and of the API that SAM makes of events that name none.
_GLOBALS = {_REST: "Api", _HTTP: "HttpApi", _FUNCTION: "Function"}
_IMPLICIT = {_REST: ("ServerlessRestApi", "Api", "RestApiId"), _HTTP: ("ServerlessHttpApi", "HttpApi", "ApiId")}
_REST_FIELDS = {"AllowOrigin", "AllowMethods", "AllowHeaders", "MaxAge", "AllowCredentials"}
_FIELDS = {"AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge", "AllowCredentials"}
_MAX_SETUPS = 100
_WRITE_THEM = "Write its origins into allow_origins."


def read(text: str) -> list[Setup]:
    """The setups of a template. Raises NotReadableError."""
    template = _fields(load(text))
    resources = _fields(template.get("Resources"))
    if not resources:
        raise NotReadableError("It has no Resources: it is no template.")
    shared = _fields(template.get("Globals"))
    setups: list[Setup] = []
    for name, resource in resources.items():
        kind = _kind(resource)
        if kind in _SETTINGS:
            found = _setting(kind, _fields(_fields(resource).get("Properties")), shared)
            if found is not None:
                setups.append(_setup(name, kind, found))
    for kind, (name, event, reference) in _IMPLICIT.items():
        found = _setting(kind, {}, shared)
        if found is not None and _has_events_without_api(resources, event, reference):
            setups.append(_setup(name, kind, found))
    if len(setups) > _MAX_SETUPS:
        raise NotReadableError(f"It has more than {_MAX_SETUPS} setups.")
    if not setups:
        raise NotReadableError(
            "It has no CORS setting: no Cors of an API or a function URL, no CorsConfiguration.",
            fix="Where the functions answer for themselves, import what they are written with.",
        )
    return setups


def _fields(value: Value | None) -> dict[str, Value]:
    return value.literal if value is not None and isinstance(value.literal, dict) else {}


def _kind(resource: Value) -> str:
    kind = _fields(resource).get("Type")
    return kind.literal if kind is not None and isinstance(kind.literal, str) else ""


def _setting(kind: str, properties: dict[str, Value], shared: dict[str, Value]) -> Value | None:
    """The resource's CORS setting, with what Globals adds to it; None where it has none."""
    own: Value | None = Value(properties, Place(1, 1), "")
    common = shared.get(_GLOBALS.get(kind, ""))
    for name in _SETTINGS[kind]:
        own, common = _fields(own).get(name), _fields(common).get(name)
    found = _merged(own, common)
    return found if found is not None and found.literal not in (None, False) else None


def _merged(own: Value | None, common: Value | None) -> Value | None:
    """As SAM merges Globals: objects field by field, lists one after the other, else the resource's own."""
    if own is None or common is None:
        return own or common
    if isinstance(own.literal, dict) and isinstance(common.literal, dict):
        fields = dict(common.literal)
        for name, value in own.literal.items():
            fields[name] = _merged(value, fields.get(name)) or value
        return Value(fields, own.place, own.text)
    if isinstance(own.literal, list) and isinstance(common.literal, list):
        return Value(common.literal + own.literal, own.place, own.text)
    return own


def _has_events_without_api(resources: dict[str, Value], event: str, reference: str) -> bool:
    for resource in resources.values():
        if _kind(resource) == _FUNCTION:
            for one in _fields(_fields(_fields(resource).get("Properties")).get("Events")).values():
                if _kind(one) == event and reference not in _fields(_fields(one).get("Properties")):
                    return True
    return False


def _setup(name: str, kind: str, setting: Value) -> Setup:
    is_rest = kind == _REST
    setup = Setup("API Gateway" if kind in (_REST, _HTTP) else "AWS", setting.place, f"{name} ({kind})", name, ("*",))
    fields = dict(_fields(setting))
    origin_name = "AllowOrigin" if is_rest else "AllowOrigins"
    if is_rest:
        message = "SAM answers only preflights with it; what the function's own answers let in is in its code."
        setup.report.note("Cors", setting, "preflights-only", message, "Take Cors out when the layer is in.")
    if isinstance(setting.literal, Unknown):
        setup.report.lose(_SETTINGS[kind][-1], setting, "not-literal", setting.literal.reason, _WRITE_THEM)
        return setup
    if not isinstance(setting.literal, dict):  # an origin; or true, for everyone
        fields = {origin_name: setting if is_rest else Value("*", setting.place, setting.text)}
    origin = fields.pop(origin_name, Value("*", setting.place, "the default origin, *") if is_rest else None)
    setup.origins = _origins(setup, origin_name, origin, is_http=kind.endswith("Api") and not is_rest)
    if not setup.origins and not setup.report.not_carried:
        setup.closed = True
        setup.report.note(origin_name, setting, "closed", "It lets nobody in.")
    if is_rest and fields.get("AllowMethods") is None:
        message = "SAM allows for each path the methods that it has there."
        missing = Value(None, setting.place, "the default methods")
        setup.report.lose(
            "AllowMethods", missing, "methods-of-paths", message, 'Add those that pages send to "allow_methods".'
        )
    setup.methods = _names(setup, "AllowMethods", fields.pop("AllowMethods", None))
    setup.headers = _names(setup, "AllowHeaders", fields.pop("AllowHeaders", None))
    setup.expose = _names(setup, "ExposeHeaders", fields.pop("ExposeHeaders", None))
    _read_credentials(setup, fields.pop("AllowCredentials", None))
    _read_max_age(setup, fields.pop("MaxAge", None))
    for left, value in fields.items():
        setup.report.lose(left, value, "unknown-option", "There is no such setting.")
    return setup


def _origins(setup: Setup, setting: str, value: Value | None, *, is_http: bool) -> list[Origin]:
    found: list[Origin] = []
    for entry in _entries(value):
        text = _unquoted(entry.literal)
        if isinstance(entry.literal, Unknown):
            setup.report.lose(setting, entry, "not-literal", entry.literal.reason, _WRITE_THEM)
        elif not isinstance(text, str):
            setup.report.lose(setting, entry, "wrong-type", "An origin is text.")
        elif text == "*":
            found.append(Anyone(setting, entry, reflected=not is_http and setting == "AllowOrigins"))
        elif is_http and text in ("https://*", "http://*"):
            message = f"It let in every origin of {text.removesuffix('://*')}, which no pattern does."
            setup.report.lose(setting, entry, "every-host", message, 'If everyone may read: "*", without credentials.')
        else:
            found.append(Exact(setting, entry, text))
    return found


def _entries(value: Value | None) -> list[Value]:
    if value is None or value.literal is None:
        return []
    return value.literal if isinstance(value.literal, list) else [value]


def _unquoted(literal: object) -> object:
    """The text inside the quotes that API Gateway wants around a constant: `'*'`."""
    if isinstance(literal, str) and len(literal) > 1 and literal[0] == literal[-1] == "'":
        return literal[1:-1]
    return literal


def _names(setup: Setup, setting: str, value: Value | None) -> Names | None:
    if value is None:
        return None
    names = Names(setting, value)
    for entry in _entries(value):
        text = _unquoted(entry.literal)
        if isinstance(entry.literal, Unknown):
            setup.report.lose(setting, entry, "not-literal", entry.literal.reason)
        elif isinstance(text, str):
            names.entries += [(name.strip(), entry) for name in text.split(",") if name.strip()]
        else:
            setup.report.lose(setting, entry, "wrong-type", "It must be text.")
    return names


def _read_credentials(setup: Setup, value: Value | None) -> None:
    if value is None:
        return
    literal = _unquoted(value.literal)
    if isinstance(literal, str) and literal.lower() in ("true", "false"):  # CloudFormation takes text too
        literal = literal.lower() == "true"
    if isinstance(literal, bool | Unknown):
        setup.credentials = Setting("AllowCredentials", Value(literal, value.place, value.text))
    elif literal is not None:
        setup.report.lose("AllowCredentials", value, "wrong-type", "It must be true or false.")


def _read_max_age(setup: Setup, value: Value | None) -> None:
    if value is None:
        return
    literal = _unquoted(value.literal)
    if isinstance(literal, str) and re.fullmatch(r"-?[0-9]{1,9}", literal):
        literal = int(literal)
    if isinstance(literal, int) and not isinstance(literal, bool):
        setup.max_age = Setting("MaxAge", Value(literal, value.place, value.text))
    elif isinstance(literal, Unknown):
        setup.report.lose("MaxAge", value, "not-literal", literal.reason, '"max_age": seconds')
    elif literal is not None:
        setup.report.lose("MaxAge", value, "wrong-type", "It is no whole number of seconds.")
