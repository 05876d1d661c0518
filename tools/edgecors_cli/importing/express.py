"""Express: the options of npm's `cors`, in JavaScript or as JSON.

Source of what they mean: lib/index.js of cors 2.8.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from edgecors_cli.importing.javascript import Source
from edgecors_cli.importing.js_sites import Site, find
from edgecors_cli.importing.js_text import NotTheSameError, to_engine
from edgecors_cli.importing.model import (
    Anyone,
    Exact,
    Expression,
    Matching,
    Names,
    NotReadableError,
    Place,
    Setting,
    Setup,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from edgecors_cli.importing.model import Origin

SYSTEM = "npm cors"
# The methods that npm's `cors` allows by default.
_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"
_LIST_ORIGINS = "Write its origins into allow_origins, or give a function to the engine: @cors(origin_check=...)."
_OPTIONS = frozenset(
    [
        "origin",
        "methods",
        "allowedHeaders",
        "headers",
        "exposedHeaders",
        "credentials",
        "maxAge",
        "preflightContinue",
        "optionsSuccessStatus",
    ]
)


def read(text: str) -> list[Setup]:
    """The setups of a file. Raises NotReadableError."""
    if text.lstrip().startswith("{"):
        return [_of_options(_json_options(text), "the options", ())]
    sites = find(Source(text))
    if not sites:
        raise NotReadableError(
            "It has no call of npm's cors, and exports no options for it.",
            fix="Give the file in which cors(...) is called, or its options as JSON.",
        )
    return [_of_site(site) for site in sites]


def _json_options(text: str) -> Value:
    """The options as JavaScript reads them, so that they have places."""
    try:
        json.loads(text)
    except RecursionError:
        raise NotReadableError("It is nested too deep.") from None
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1] if error.lineno <= len(text.splitlines()) else ""
        raise NotReadableError(f"This is not JSON: {error.msg}.", Place(error.lineno, error.colno), line) from None
    except ValueError as error:
        raise NotReadableError(f"This is not JSON: {error}.") from None
    # Behind a line of its own, the text is an expression, and its lines are one further down.
    source = Source(f"(\n{text}\n)")
    statement = source.root.named_children[0]
    options = _moved_up(source.value(statement.named_children[0]))
    if isinstance(options.literal, dict) and not _OPTIONS & set(options.literal):
        inner: Value
        for inner in options.literal.values():
            if isinstance(inner.literal, dict) and _OPTIONS & set(inner.literal):
                return inner
    return options


def _moved_up(value: Value) -> Value:
    literal = value.literal
    if isinstance(literal, dict):
        literal = {name: _moved_up(inner) for name, inner in literal.items()}
    elif isinstance(literal, list):
        literal = [_moved_up(inner) for inner in literal]
    return Value(literal, Place(value.place.line - 1, value.place.column), value.text)


def _of_site(site: Site) -> Setup:
    setup = _of_options(site.options, site.what, site.paths) if site.options is not None else _defaults(site)
    setup.place = site.place
    setup.scope = site.scope
    return setup


def _defaults(site: Site) -> Setup:
    return _of_options(Value({}, site.place, site.what), site.what, site.paths)


def _of_options(given: Value, what: str, paths: tuple[str, ...]) -> Setup:
    setup = Setup(SYSTEM, given.place, what, paths=paths)
    if not isinstance(given.literal, dict):
        reason = given.literal.reason if isinstance(given.literal, Unknown) else "These are no options."
        if isinstance(given.literal, Unknown) and given.literal.is_function:
            reason = "The options are chosen for each request, by a function."
        setup.report.lose("options", given, "not-literal", reason, "Import the options that it gives, one by one.")
        return setup
    options = dict(given.literal)
    unknown = options.pop("...", None)
    if unknown is not None and isinstance(unknown.literal, Unknown):
        setup.report.lose("options", unknown, "not-literal", unknown.literal.reason)
    # An option that is not written may have been set by what cannot be read.
    absent = unknown if unknown is not None else None
    _read_origin(setup, options.pop("origin", None) or absent, given)
    methods = options.pop("methods", None) or absent or Value(_METHODS, given.place, "the default methods")
    setup.methods = _names("methods", methods, setup)
    setup.headers = _read_allowed_headers(setup, options, absent, given)
    setup.expose = _names("exposedHeaders", options.pop("exposedHeaders", None), setup)
    _read_credentials(setup, options.pop("credentials", None))
    _read_max_age(setup, options.pop("maxAge", None))
    _read_status(setup, options)
    for name, value in options.items():
        setup.report.lose(name, value, "unknown-option", "npm cors has no such option, and took no notice of it.")
    if setup.closed:
        setup.report.not_carried.clear()
    return setup


def _read_status(setup: Setup, options: dict[str, Value]) -> None:
    status = options.pop("optionsSuccessStatus", None)
    if status is not None and status.literal != 204:
        fix = "@cors(preflight_status=200)" if status.literal == 200 else None
        message = "It is no part of rules, but an argument of the decorator, which takes 200 or 204."
        if isinstance(status.literal, int) and not 200 <= status.literal <= 299:
            # Rules that let preflights pass would let in more.
            message = "Browsers take only 200 to 299 for an answer to a preflight: none ever passed."
            fix = "Import it without this option."
            setup.origins = []
        setup.report.lose("optionsSuccessStatus", status, "not-in-rules", message, fix)
    goes_on = options.pop("preflightContinue", None)
    if goes_on is not None and goes_on.literal is not False:
        message = "It is no part of rules, but an argument of the decorator."
        setup.report.lose("preflightContinue", goes_on, "not-in-rules", message, "@cors(preflight_continue=True)")


def _read_origin(setup: Setup, value: Value | None, given: Value) -> None:
    if value is None:
        setup.origins = [Anyone("origin", Value("*", given.place, "the default origin, *"), reflected=False)]
    elif isinstance(value.literal, str) and value.literal == "*":
        setup.origins = [Anyone("origin", value, reflected=False)]
    elif isinstance(value.literal, str) and value.literal:
        setup.origins = [Exact("origin", value, value.literal)]
    elif _is_falsy(value.literal):
        setup.closed = True
        setup.report.note(
            "origin", value, "closed", "npm cors does nothing then: no page of another origin reads here."
        )
    elif isinstance(value.literal, Unknown):
        named = ", ".join(json.dumps(text, ensure_ascii=False) for text in value.literal.mentions[:20])
        fix = f"If they are all that it lets in, as allow_origins: {named}" if named else _LIST_ORIGINS
        setup.report.lose("origin", value, "not-literal", value.literal.reason, fix)
    else:
        setup.origins = _listed(value, setup)


def _listed(value: Value, setup: Setup) -> list[Origin]:
    """The origins of what npm's `isOriginAllowed` is given."""
    literal = value.literal
    if isinstance(literal, list):
        return [origin for entry in literal for origin in _listed(entry, setup)]
    if isinstance(literal, str):
        return [Exact("origin", value, literal)]
    if isinstance(literal, Expression):
        return _matching(value, literal, setup)
    if isinstance(literal, Unknown) and not literal.is_function:
        setup.report.lose("origin", value, "not-literal", literal.reason, _LIST_ORIGINS)
        return []
    # Anything else lets everyone in, if it is true to JavaScript; a function in a list is never called.
    return [] if _is_falsy(literal) else [Anyone("origin", value, reflected=True)]


def _matching(value: Value, expression: Expression, setup: Setup) -> list[Origin]:
    try:
        text = to_engine(expression)
    except NotTheSameError as error:
        setup.report.lose("origin", value, "regex-unsupported", str(error), _LIST_ORIGINS)
        return []
    if "g" in expression.flags:
        message = "With the flag g, every second request was refused; the rules let in all of them."
        setup.report.note("origin", value, "corrected", message)
    return [Matching("origin", value, text, searched=True)]


def _read_allowed_headers(setup: Setup, options: dict[str, Value], absent: Value | None, given: Value) -> Names | None:
    """`allowedHeaders`, or `headers`, its other name; without them whatever is asked for is allowed."""
    first, second = options.pop("allowedHeaders", None), options.pop("headers", None)
    value = first if first is not None and not _is_falsy(first.literal) else second
    if value is not None and not _is_falsy(value.literal):
        return _names("allowedHeaders", value, setup)
    if absent is not None:
        return None
    return Names("allowedHeaders", value or first or Value(None, given.place, "the default, any header"), echoes=True)


def _names(setting: str, value: Value | None, setup: Setup) -> Names | None:
    """The names of an option: a list, or a text with commas."""
    if value is None:
        return None
    names = Names(setting, value)
    literal = value.literal
    entries = literal if isinstance(literal, list) else [value]
    for entry in entries:
        if isinstance(entry.literal, str):
            names.entries += [(name, entry) for name in _split(entry.literal)]
        elif isinstance(entry.literal, Unknown):
            setup.report.lose(setting, entry, "not-literal", entry.literal.reason)
        elif not _is_falsy(entry.literal):
            setup.report.lose(setting, entry, "wrong-type", "It must be text.")
    return names


def _split(text: str) -> list[str]:
    return [name.strip(" \t") for name in text.split(",") if name.strip(" \t")]


def _read_credentials(setup: Setup, value: Value | None) -> None:
    if value is None:
        return
    if not isinstance(value.literal, bool | Unknown):
        setup.report.note("credentials", value, "without-effect", "npm cors allows them only for true itself.")
        return
    setup.credentials = Setting("credentials", value)


def _read_max_age(setup: Setup, value: Value | None) -> None:
    literal = value.literal if value is not None else None
    if value is None or literal is None or literal in ("", False):
        return
    if isinstance(literal, str) and re.fullmatch(r"-?[0-9]{1,9}", literal):
        literal = int(literal)
    if isinstance(literal, int) and not isinstance(literal, bool):
        setup.max_age = Setting("maxAge", Value(literal, value.place, value.text))
    elif isinstance(literal, Unknown):
        setup.report.lose("maxAge", value, "not-literal", literal.reason, '"max_age": seconds')
    else:
        setup.report.lose("maxAge", value, "wrong-type", "It is no whole number of seconds: browsers took 5.")


def _is_falsy(literal: object) -> bool:
    return literal is None or literal is False or (isinstance(literal, int | float | str) and not literal)
