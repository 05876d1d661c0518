"""What goes on the wire, decided a second time: from the contract, step by step, without the engine.

Slow and plain on purpose. A request is what an event says, read by loops; a policy is the fields that it is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from oracles.origins import is_localhost, is_origin, matches, origin_parts

if TYPE_CHECKING:
    from collections.abc import Callable

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


@dataclass(frozen=True)
class Read:
    """A request as an event tells it. A header that is there, but is no text, is ""."""

    method: str
    path: str | None
    origin: str | None
    asked_method: str | None
    asked_headers: str | None
    site: str | None
    scheme: str | None
    host: str | None
    is_response: bool


@dataclass(frozen=True)
class Outcome:
    """`status` is None where the handler answers; `headers` are those that are not its own."""

    status: int | None
    headers: dict[str, str]


# --- Events ----------------------------------------------------------------------------------------------------


def shape(event: Any) -> str | None:
    """Which source an event comes from, None for what is no HTTP request."""
    if not isinstance(event, dict):
        return None
    context = event.get("requestContext")
    context = context if isinstance(context, dict) else {}
    http = context.get("http")
    if event.get("version") == "2.0":
        if "routeArn" in event or not isinstance(http, dict) or not isinstance(http.get("method"), str):
            return None
        return "function-url" if ".lambda-url." in str(context.get("domainName")) else "http-api"
    if isinstance(event.get("httpMethod"), str):
        if "elb" in context:
            return "alb"
        if {"methodArn", "actionGroup"} & set(event) or "connectionId" in context:
            return None
        return "http-api-1" if event.get("version") == "1.0" else "rest-api"
    records = event.get("Records")
    if isinstance(records, list) and len(records) == 1 and isinstance(records[0], dict):
        cf = records[0].get("cf")
        request = cf.get("request") if isinstance(cf, dict) else None
        if isinstance(request, dict) and isinstance(request.get("method"), str):
            return "cloudfront"
    return None


def read(event: dict[str, Any], kind: str) -> Read:
    """The request of an event of that kind."""
    cf = event["Records"][0]["cf"] if kind == "cloudfront" else {}
    if kind == "cloudfront":
        method, path = cf["request"]["method"], cf["request"].get("uri")
    elif kind in ("http-api", "function-url"):
        method, path = event["requestContext"]["http"]["method"], event.get("rawPath")
    else:
        method, path = event["httpMethod"], event.get("path")

    def header(name: str) -> str | None:
        if kind == "cloudfront":
            return from_map(cf["request"].get("headers"), name, lines=True)
        if kind in ("http-api", "function-url"):
            return from_map(event.get("headers"), name)
        found = from_map(event.get("multiValueHeaders"), name, lists=True)
        return from_map(event.get("headers"), name) if found is None else found

    return Read(
        method=method,
        path=own_path(event, kind, path),
        origin=header("origin"),
        asked_method=header("access-control-request-method"),
        asked_headers=header("access-control-request-headers"),
        site=header("sec-fetch-site"),
        scheme=header("x-forwarded-proto"),
        host=header("host"),
        is_response=isinstance(cf.get("response"), dict),
    )


def from_map(headers: Any, name: str, *, lists: bool = False, lines: bool = False) -> str | None:
    """A header of a map, in any case. The usual spellings go first: a source uses one of them, or another one."""
    if not isinstance(headers, dict):
        return None
    spelled = {key: value for key, value in headers.items() if isinstance(key, str) and value is not None}
    usual = [spelled[key] for key in (name, name.title()) if key in spelled]
    values = usual or [value for key, value in spelled.items() if key.lower() == name]
    if lines:
        values = [
            [line.get("value") if isinstance(line, dict) else None for line in value]
            if isinstance(value, list)
            else value
            for value in values
        ]
    if lists or lines:
        values = [item for value in values for item in (value if isinstance(value, list) else [value])]
    if not values:
        return None
    return ", ".join(values) if all(isinstance(value, str) for value in values) else ""


def own_path(event: dict[str, Any], kind: str, path: Any) -> str | None:
    """The path that rules are asked about, None where it has no policy."""
    if not isinstance(path, str):
        return None
    if kind in ("http-api", "http-api-1"):
        context = event.get("requestContext")
        stage = context.get("stage") if isinstance(context, dict) else None
        if isinstance(stage, str) and stage != "$default" and path.split("/")[:2] == ["", *stage.split("/")][:2]:
            path = "/" + "/".join(path.split("/")[2:])
    else:
        try:
            path = unquote_to_bytes(path).decode("utf-8") if "%2f" not in path.lower() else None
        except UnicodeError:
            return None
    if path is None or "\\" in path or "\0" in path or {".", ".."} & set(path.split("/")):
        return None
    if any("\ud800" <= character <= "\udfff" for character in path):
        return None
    return str(path)


# --- Decisions -------------------------------------------------------------------------------------------------


def policy_at(path: str | None, policies: list[tuple[list[str], dict[str, Any]]]) -> dict[str, Any] | None:
    """The fields of the most specific policy."""
    paths = [(pattern, fields) for patterns, fields in policies for pattern in patterns]
    if [pattern for pattern, _ in paths] == ["*"]:
        return paths[0][1]
    if path is None:
        return None
    found: list[tuple[int, dict[str, Any]]] = []
    for pattern, fields in paths:
        if pattern == path:
            found.append((10**9, fields))
        elif pattern == "*":
            found.append((0, fields))
        elif pattern.endswith("/*") and path.startswith(pattern[:-1]):
            found.append((len(pattern), fields))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def allows(fields: dict[str, Any] | None, origin: str) -> bool:
    """Whether a policy allows an Origin. An expression is a compiled pattern of `re`."""
    if fields is None:
        return False
    if "*" in fields["allow_origins"]:
        return True
    return is_origin(origin) and any(
        bool(entry.fullmatch(origin)) if isinstance(entry, re.Pattern) else matches(entry, origin)
        for entry in fields["allow_origins"]
    )


def tokens(value: str) -> list[str] | None:
    """What Access-Control-Request-Headers asks for, None where it is no list or too long."""
    elements = [element.strip(" \t") for element in value.split(",")]
    if len(value) > 8192 or elements.count("") > 16:
        return None
    names = [element for element in elements if element]
    return names if all(TOKEN.fullmatch(name) for name in names) else None


def decide(
    policies: list[tuple[list[str], dict[str, Any]]],
    request: Read,
    *,
    enforce: bool = False,
    debug: bool = False,
    preflight_status: int = 204,
    preflight_continue: bool = False,
    origin_check: Callable[[str], bool] | None = None,
) -> Outcome:
    """What becomes of a request."""
    fields = policy_at(request.path, policies)
    star = fields is not None and "*" in fields["allow_origins"]
    if request.origin is None:
        return Outcome(None, actual(fields, "*") if fields is not None and star else {"Vary": "Origin"})
    origin = request.origin
    allowed = allows(fields, origin)
    if not allowed and fields is not None and origin_check is not None and may_be_asked(fields, origin):
        allowed = origin_check(origin)
    reason = {"X-Edgecors-Reason": code(fields, origin)} if debug and not allowed else {}
    if request.method == "OPTIONS" and request.asked_method is not None:
        if allowed and fields is not None:
            headers = preflight(fields, "*" if star else origin, request.asked_method, request.asked_headers)
            handler = preflight_continue or request.is_response
            return Outcome(None if handler else preflight_status, headers)
        only = {}
        if debug and fields is not None and len(fields["allow_origins"]) == 1:
            (entry,) = fields["allow_origins"]
            if isinstance(entry, str) and "*" not in entry:
                only = {"Access-Control-Allow-Origin": entry}
        status = None if request.is_response else preflight_status if debug else 403
        return Outcome(status, {"Vary": PREFLIGHT_VARY} | reason | only)
    if allowed and fields is not None:
        return Outcome(None, actual(fields, "*" if star else origin))
    if enforce and not request.is_response and not is_same_origin(request, origin):
        return Outcome(403, {"Vary": "Origin", "Content-Type": "application/problem+json"} | reason)
    return Outcome(None, {"Vary": "Origin"} | reason)


def actual(fields: dict[str, Any], origin: str) -> dict[str, str]:
    """The headers of the answer to an actual request."""
    headers = {"Access-Control-Allow-Origin": origin}
    if fields.get("allow_credentials"):
        headers["Access-Control-Allow-Credentials"] = "true"
    if fields.get("expose_headers"):
        headers["Access-Control-Expose-Headers"] = ", ".join(fields["expose_headers"])
    if origin != "*":
        headers["Vary"] = "Origin"
    return headers


def preflight(fields: dict[str, Any], origin: str, method: str, asked: str | None) -> dict[str, str]:
    """The headers of the answer to a preflight."""
    credentials = fields.get("allow_credentials", False)
    headers = {"Access-Control-Allow-Origin": origin, "Vary": PREFLIGHT_VARY}
    if credentials:
        headers["Access-Control-Allow-Credentials"] = "true"
    if fields.get("max_age", 600) is not None:
        headers["Access-Control-Max-Age"] = str(fields.get("max_age", 600))
    methods = list(fields.get("allow_methods", []))
    if methods == ["*"] and credentials:
        forbidden = method.upper() in ("CONNECT", "TRACE", "TRACK")
        methods = [method] if TOKEN.fullmatch(method) and len(method) <= 8192 and not forbidden else []
    names = list(fields.get("allow_headers", []))
    wanted = [] if asked is None else tokens(asked)
    if "*" in names and credentials:
        names = wanted or []
    elif names == ["*"] and asked is not None:
        if wanted is None:
            names = [] if "authorization" in asked.lower() else names
        elif "authorization" in [name.lower() for name in wanted]:
            names = [name for name in wanted if name.lower() != "authorization"]
    if methods:
        headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    if names:
        headers["Access-Control-Allow-Headers"] = ", ".join(names)
    return headers


def may_be_asked(fields: dict[str, Any], origin: str) -> bool:
    """Whether the user's own check is asked about an Origin that no pattern matched."""
    parts = origin_parts(origin)
    if parts is None:
        return False
    scheme, labels, _ = parts
    insecure = scheme == "http" and not is_localhost(".".join(labels))
    harmless = not fields.get("allow_credentials") or bool(fields.get("dangerously_allow_insecure_origins"))
    return harmless or not insecure


def code(fields: dict[str, Any] | None, origin: str) -> str:
    """Why an Origin is refused."""
    if fields is None:
        return "no-policy"
    if origin == "null":
        return "origin-null"
    if "," in origin:
        return "origin-multiple"
    return "origin-not-allowed" if is_origin(origin) else "origin-malformed"


def is_same_origin(request: Read, origin: str) -> bool:
    """Whether a page calls the host that it came from."""
    if request.site is not None:
        return request.site == "same-origin"
    scheme = (request.scheme or "https").lower()
    return bool(request.host) and origin == f"{scheme}://{str(request.host).lower()}"
