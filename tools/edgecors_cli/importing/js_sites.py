"""Where a JavaScript file uses npm's `cors`: with which options, and for which paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from edgecors_cli.importing.model import NotReadableError, Place, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from edgecors_cli.importing.javascript import Source

_MODULE = "cors"
_MAX_CALLS = 1_000
_MAX_SITES = 100
_LONGEST_NAME = 300  # characters of `require("...")` or `module.exports`
_VERBS = frozenset(["get", "head", "post", "put", "patch", "delete", "del", "options"])
_OPTION_NAMES = re.compile(r"\b(origin|allowedHeaders|exposedHeaders|credentials|optionsSuccessStatus|maxAge)\b")


_CONDITION = "It is used only under a condition, which shows only when the program runs."
_BRANCHES = frozenset({"if_statement", "ternary_expression", "switch_case", "catch_clause", "while_statement"})
_HANDLERS = frozenset({"identifier", "call_expression"})


class _Route(NamedTuple):
    """A call that serves something at a path; `owner`: the app or router."""

    owner: Node
    path: str
    call: Node


@dataclass
class Site:
    """One set of options. `options`: None for none; `paths` and `scope` as in `model.Setup`."""

    place: Place
    what: str
    options: Value | None
    paths: tuple[str, ...] = ()
    scope: str = ""


def find(source: Source) -> list[Site]:
    """The sites of a file; where there is no call, the options that it exports or declares. Raises
    NotReadableError."""
    names, foreign = _imported_names(source)
    calls = [node for node in source.walk() if node.type == "call_expression" and _is_cors(source, node, names)]
    if len(calls) > _MAX_CALLS:
        raise NotReadableError(f"It has more than {_MAX_CALLS} calls of cors.")
    if not calls and foreign is not None:
        raise NotReadableError(
            "This is another module of that name, whose options mean something else.",
            source.place(foreign),
            source.text(foreign),
            "Only npm's cors can be imported.",
        )
    if not calls:
        return _exported(source)
    routes = _routes(source, names)
    sites: list[Site] = []
    for call in calls:
        site = _site(source, call, routes)
        same = next((other for other in sites if _same_options(other, site)), None)
        if same is None:
            sites.append(site)
            if len(sites) > _MAX_SITES:
                raise NotReadableError(f"It has more than {_MAX_SITES} calls with different options.")
        else:
            _merge(same, site)
    return sites


def _imported_names(source: Source) -> tuple[set[str], Node | None]:
    """The names that npm's cors has in the file, `cors` if none is given; and where `cors` is something else."""
    names: set[str] = set()
    foreign: Node | None = None
    for node in source.walk():
        if node.type == "import_statement":
            module = node.child_by_field_name("source")
            clause = next((child for child in node.named_children if child.type == "import_clause"), None)
            words = set(re.findall(r"[A-Za-z_$][\w$]*", source.text(clause))) - {"as", "default"} if clause else set()
            if module is not None and source.value(module).literal == _MODULE:
                names |= words
            elif _MODULE in words:
                foreign = node
        elif node.type == "variable_declarator":
            name, required = node.child_by_field_name("name"), _required(source, node.child_by_field_name("value"))
            if name is None or required is None:
                continue
            if required == _MODULE:
                names.add(source.text(name))
            elif source.text(name) == _MODULE:
                foreign = node
    return names or ({_MODULE} if foreign is None else set()), foreign


def _required(source: Source, node: Node | None) -> str | None:
    """The module of `require("...")`."""
    if node is None or node.type != "call_expression" or node.end_byte - node.start_byte > _LONGEST_NAME:
        return None
    match = re.fullmatch(r"""require\(\s*["']([^"']+)["']\s*\)(\.default)?""", source.text(node))
    return match[1] if match else None


def _is_cors(source: Source, call: Node, names: set[str]) -> bool:
    callee = call.child_by_field_name("function")
    if callee is None:
        return False
    if callee.type == "identifier":
        return source.text(callee) in names
    if callee.type == "member_expression":  # Nest, which hands the options to npm's cors
        name = callee.child_by_field_name("property")
        return name is not None and source.text(name) == "enableCors"
    return _required(source, callee) == _MODULE


def _routes(source: Source, names: set[str]) -> list[_Route]:
    """The first routes of the file: what is served at a path, without cors."""
    found: list[_Route] = []
    for node in source.walk():
        callee = node.child_by_field_name("function") if node.type == "call_expression" else None
        arguments = node.child_by_field_name("arguments")
        if callee is None or callee.type != "member_expression" or arguments is None or len(found) == _MAX_SITES:
            continue
        method, owner = callee.child_by_field_name("property"), callee.child_by_field_name("object")
        given = arguments.named_children
        if method is None or owner is None or len(given) < 2 or given[0].type != "string":
            continue
        path = source.value(given[0]).literal
        if source.text(method) in {*_VERBS, "all", "use"} and isinstance(path, str) and path.startswith("/"):
            handlers = [source.initial(source.text(each)) or each for each in given[1:] if each.type in _HANDLERS]
            if not any(_is_cors(source, each, names) for each in handlers):
                found.append(_Route(owner, path, node))
    return found


def _site(source: Source, call: Node, routes: list[_Route]) -> Site:
    arguments = call.child_by_field_name("arguments")
    given = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
    options = source.value(given[0]) if given else None
    what = Value(None, source.place(call), source.text(call)).shown
    site = Site(source.place(call), what if len(what) <= 40 else "cors({...})", options)
    callee = call.child_by_field_name("function")
    if callee is not None and callee.type == "member_expression":
        site.paths, site.scope = ((), _CONDITION) if _is_conditional(source, call) else (("*",), "")
        return site
    _set_scope(source, call, site, routes)
    return site


def _set_scope(source: Source, call: Node, site: Site, routes: list[_Route]) -> None:
    """For which paths the call's middleware is used."""
    used = [call]
    declarator = source.parent(call)
    if declarator is not None and declarator.type == "variable_declarator":
        name = declarator.child_by_field_name("name")
        used = source.uses(source.text(name)) if name is not None else []
    used = used[:_MAX_SITES]
    scopes = [_scope(source, node, around, routes) for node in used if (around := source.parent(node)) is not None]
    if _is_conditional(source, call):
        scopes = [((), _CONDITION)]
    paths = tuple(dict.fromkeys(path for found, _ in scopes for path in found))
    site.paths = ("*",) if "*" in paths else paths
    if "*" not in paths:
        site.scope = next((reason for _, reason in scopes if reason), "")


def _is_conditional(source: Source, node: Node) -> bool:
    """Whether the program comes by here only under a condition."""
    around: Node | None = node
    while around is not None:
        operator = around.child_by_field_name("operator") if around.type == "binary_expression" else None
        if around.type in _BRANCHES or (operator is not None and source.text(operator) in ("&&", "||", "??")):
            return True
        around = source.parent(around)
    return False


def _scope(source: Source, node: Node, arguments: Node, routes: list[_Route]) -> tuple[tuple[str, ...], str]:
    """The paths of one use as an argument, and why they are not known."""
    call = source.parent(arguments) if arguments.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    if call is None or callee is None or callee.type != "member_expression":
        return (), ""
    if _is_conditional(source, call):
        return (), _CONDITION
    method, owner = callee.child_by_field_name("property"), callee.child_by_field_name("object")
    verb = source.text(method) if method is not None else ""
    first = arguments.named_children[0]
    value = source.value(first)
    path = value.literal if isinstance(value.literal, str) else None
    if verb == "use" and owner is not None and _is_router(source, owner):
        return (), "It is used on a router: where that is mounted, the file does not say."
    earlier = [
        route
        for route in routes
        if owner is not None
        and source.text(route.owner) == source.text(owner)
        and route.call.end_byte <= call.start_byte
        and (path is None or route.path.startswith(path.rstrip("/*")))
    ]
    if verb == "use" and earlier:
        line = source.place(earlier[0].call).line
        return (), f"What line {line} serves comes before it, and has none of it."
    if verb in ("use", "all"):
        if first == node or (path is None and first.type in ("call_expression", "arrow_function")):
            return ("*",) if verb == "use" else (), ""
        if path is None or re.search(r"[:*?+()\[\]{}\\%]", path.removesuffix("*")):
            return (), "Its path is not one that rules can have."
        plain = "/" + path.strip("/*")
        if plain == "/":
            return ("*",), ""
        return ((plain, f"{plain}/*") if verb == "use" or path.endswith("*") else (plain,)), ""
    if verb in _VERBS:
        where = f"{verb.upper()} {path}" if path is not None else verb.upper()
        return (), f"It stands at one route, {where}; rules are for paths, whatever the method."
    return (), ""


def _is_router(source: Source, owner: Node) -> bool:
    initial = source.initial(source.text(owner)) if owner.type == "identifier" else None
    return initial is not None and re.search(r"\bRouter\(", source.text(initial)) is not None


def _same_options(one: Site, other: Site) -> bool:
    if one.options is None or other.options is None:
        return one.options is other.options
    return (one.options.place, one.options.text) == (other.options.place, other.options.text)


def _merge(site: Site, other: Site) -> None:
    """Take the paths of another use of the same options."""
    paths = tuple(dict.fromkeys(site.paths + other.paths))
    site.paths = ("*",) if "*" in paths else paths
    site.scope = "" if "*" in paths else site.scope or other.scope


def _exported(source: Source) -> list[Site]:
    """Options without a call: those that the file exports, else those that it declares."""
    exported: list[Node] = []
    declared: list[Node] = []
    for node in source.walk():
        value: Node | None = None
        if node.type == "export_statement":
            value = node.child_by_field_name("value")
        elif node.type == "assignment_expression":
            left = node.child_by_field_name("left")
            short = left is not None and left.end_byte - left.start_byte < _LONGEST_NAME
            if left is not None and short and re.fullmatch(r"(module\.)?exports(\.\w+)?", source.text(left)):
                value = node.child_by_field_name("right")
        elif node.type == "variable_declarator":
            inner = node.child_by_field_name("value")
            if inner is not None and inner.type == "object":
                declared.append(inner)
        if value is not None:
            exported.append(value)
    sites: list[Site] = []
    for node in (exported or declared)[:_MAX_SITES]:
        options = source.value(node)
        if isinstance(options.literal, dict) and any(map(_OPTION_NAMES.fullmatch, options.literal)):
            site = Site(options.place, "the options", options)
            if not any(_same_options(other, site) for other in sites):
                sites.append(site)
    return sites
