"""The routes: HTTP in, HTTP out. What is between is `shop`'s."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from tea_api import (
    bodies,
    clients,
    conditional,
    credentials,
    events,
    images,
    index,
    names,
    paging,
    problems,
    validation,
)
from tea_api.bucket import FOLDER, ImageBucket
from tea_api.problems import ApiError
from tea_api.secret import AdminSecret
from tea_api.shop import Shop
from tea_api.table import TeaTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

    Handler = Callable[..., Response[Any]]

RESPONSE_LIMIT = 5 * 1024 * 1024
"""Bytes of a body as the Lambda runtime writes it into its own JSON; the whole answer may have 6 MB."""

_COMMENT_ID = re.compile(r"[0-9a-f]{24}")
_BELOW_A_TEA = re.compile(r"/tea/.*/.*")

# debug=False: with POWERTOOLS_DEV, tracebacks would be answers.
api = APIGatewayHttpResolver(debug=False)
operations: list[index.Operation] = []


@cache
def shop() -> Shop:
    """The shop on the stack's own table and bucket."""
    return Shop(
        TeaTable(clients.dynamodb(), os.environ["TABLE_NAME"]),
        ImageBucket(clients.s3(), os.environ["BUCKET_NAME"]),
    )


@cache
def bucket() -> ImageBucket:
    """The stack's bucket."""
    return ImageBucket(clients.s3(), os.environ["BUCKET_NAME"])


@cache
def admin() -> AdminSecret:
    """The admin's secret."""
    return AdminSecret(clients.secretsmanager, os.environ["ADMIN_SECRET_ARN"])


def only_admin(app: APIGatewayHttpResolver, call_next: NextMiddleware) -> Response[Any]:
    """Let only the admin through: HTTP Basic. Raises ApiError 401."""
    given = credentials.parse(_header("authorization"))
    if given is None or not credentials.same(given, admin().credentials()):
        challenge = {"WWW-Authenticate": credentials.CHALLENGE}
        raise ApiError(401, "Only the admin may do this.", headers=challenge)
    return call_next(app)


def route(method: str, path: str, summary: str, *, admin: bool = False) -> Callable[[Handler], Handler]:
    """Register a handler; `path` with its parameters in braces."""
    operations.append(index.Operation(method, path, summary, admin))
    rule = path.replace("{", "<").replace("}", ">")
    guards = [only_admin] if admin else None
    register: Callable[[Handler], Handler] = api.route(rule, method, middlewares=guards)
    return register


@route("GET", "/", "What this is")
def about() -> Response[Any]:
    """JSON, or a page for browsers."""
    if index.prefers_html(_header("accept")):
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        headers = {"Vary": "Accept", "Content-Security-Policy": policy}
        return _found(index.as_html(operations).encode(), "text/html; charset=utf-8", headers)
    return _found(index.as_json(operations).encode(), "application/json", {"Vary": "Accept"})


@route("GET", "/tea", "All teas by name, a page at a time (?limit, ?cursor)")
def list_teas() -> Response[Any]:
    """Teas with their newest comments; `Link` names the next page."""
    limit = paging.limit(_query("limit"))
    after = paging.position("teas", _query("cursor"), lambda key: names.problem(key) is None)
    teas, more = shop().page(after, limit)
    fitting = _fitting(teas)
    more = more or len(fitting) < len(teas)
    return _page(fitting, paging.cursor("teas", str(fitting[-1]["name"])) if more else None)


@route("POST", "/tea", "Make a tea: multipart/form-data with a file image, or application/json", admin=True)
def create_tea() -> Response[Any]:
    """201 and the tea."""
    kind, boundary = _media_type(bodies.JSON, bodies.FORM)
    if kind == bodies.FORM:
        new = validation.tea_of_form(bodies.form(_body(bodies.FORM_LIMIT), boundary))
    else:
        new = validation.tea_of_json(bodies.json_object(_body(bodies.JSON_LIMIT)))
    tea = shop().create(new)
    return _json(201, tea.as_json([]), {"Location": f"/tea/{quote(tea.name, safe='')}"})


@route("DELETE", "/tea", "Delete all teas, comments and images", admin=True)
def delete_teas() -> Response[Any]:
    """How many teas."""
    return _json(200, {"deleted": shop().delete_all()})


@route("GET", "/tea/{name}", "A tea and its newest 20 comments")
def read_tea(name: str) -> Response[Any]:
    """The tea."""
    tea = shop().tea(_name(name))
    return _found(_dump(shop().shown(tea)), "application/json")


@route("POST", "/tea/{name}", 'Add a comment: application/json, {"comment": "..."}')
def comment_on_tea(name: str) -> Response[Any]:
    """201 and the tea. JSON only, so that browsers ask before they send it across origins."""
    _media_type(bodies.JSON)
    text = validation.comment_of_json(bodies.json_object(_body(bodies.JSON_LIMIT)))
    tea = shop().comment(_name(name), text)
    return _json(201, shop().shown(tea))


@route("DELETE", "/tea/{name}", "Delete a tea, its comments and its image", admin=True)
def delete_tea(name: str) -> Response[Any]:
    """One is deleted."""
    shop().delete(_name(name))
    return _json(200, {"deleted": 1})


@route(
    "GET",
    "/tea/{name}/comments",
    "All comments, the oldest first, a page at a time (?limit, ?cursor)",
)
def list_comments(name: str) -> Response[Any]:
    """Comments; `Link` names the next page."""
    limit = paging.limit(_query("limit"))
    tea = shop().tea(_name(name))
    scope = f"comments of {tea.id}"
    after = paging.position(scope, _query("cursor"), lambda key: bool(_COMMENT_ID.fullmatch(key)))
    comments, more = shop().comments(tea, after, limit)
    return _page([comment.as_json() for comment in comments], paging.cursor(scope, comments[-1].id) if more else None)


@route("DELETE", "/tea/{name}/comments/{_id}", "Delete a comment", admin=True)
def delete_comment(name: str, _id: str) -> Response[Any]:
    """One is deleted."""
    comment_id = unquote(_id)
    if not _COMMENT_ID.fullmatch(comment_id):
        raise ApiError(404, "There is no such comment.")
    shop().delete_comment(_name(name), comment_id)
    return _json(200, {"deleted": 1})


@route("GET", "/uploads/{file}", "An image")
def read_image(file: str) -> Response[Any]:
    """The image's bytes. An image never changes: another one gets another name."""
    file = unquote(file)
    media_type = images.media_type(file)
    data = bucket().get(FOLDER + file) if media_type else None
    if media_type is None or data is None:
        raise ApiError(404, "There is no such image.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return _found(data, media_type, headers)


@api.not_found
def no_route(_error: NotFoundError) -> Response[Any]:
    """404, or 405 where the path has other methods; an OPTIONS that is no preflight is told them."""
    path = api.current_event.path
    methods = [operation.method for operation in operations if _matches(operation.path, path)]
    if not methods and _BELOW_A_TEA.fullmatch(path):
        validation.name_in_path(unquote(path.removeprefix("/tea/")))
    if not methods:
        raise ApiError(404, "There is nothing under this path.")
    allow = {"Allow": ", ".join(sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])}))}
    if api.current_event.http_method == "OPTIONS":
        return Response(204, headers=allow)
    raise ApiError(405, f"The methods of this path are {allow['Allow']}.", headers=allow)


@api.exception_handler(ApiError)  # type: ignore[untyped-decorator]
def problem(error: ApiError) -> Response[Any]:
    """The answer that the error stands for."""
    headers = {**error.headers, "Cache-Control": "no-store"}
    return Response(error.status, problems.CONTENT_TYPE, error.body(), headers)


@api.exception_handler(Exception)  # type: ignore[untyped-decorator]
def unexpected(error: Exception) -> Response[Any]:
    """Hand it on: the engine logs it, once, and answers 500 with CORS headers (`on_error="respond"`)."""
    raise error


def resolve(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Answer an HTTP request, from whichever source `events` knows."""
    return events.response(event, api.resolve(events.request(event), context))


def _matches(path: str, request_path: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), request_path))


def _name(parameter: str) -> str:
    return validation.name_in_path(unquote(parameter, errors="surrogatepass"))


def _header(name: str) -> str | None:
    return api.current_event.headers.get(name)


def _query(name: str) -> str | None:
    return api.current_event.query_string_parameters.get(name)


def _body(limit: int) -> bytes:
    event = api.current_event
    return bodies.content(event.body, is_base64=bool(event.is_base64_encoded), limit=limit)


def _media_type(*accepted: str) -> tuple[str, str]:
    return bodies.media_type(_header("content-type"), _header("content-encoding"), *accepted)


def _dump(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _json(status: int, payload: object, headers: Mapping[str, str] | None = None) -> Response[Any]:
    return Response(
        status, "application/json", _dump(payload).decode(), {"Cache-Control": "no-store", **(headers or {})}
    )


def _page(entries: list[dict[str, object]], next_cursor: str | None) -> Response[Any]:
    headers = {"Link": paging.next_link(_query("limit"), next_cursor)} if next_cursor else None
    return _found(_dump(entries), "application/json", headers)


def _fitting(entries: list[dict[str, object]]) -> list[dict[str, object]]:
    # The runtime writes the body as a string into JSON of its own, every character outside ASCII escaped up
    # to Python 3.11: a page of 100 teas, all of them with 20 long comments in emoji, has 16 MB.
    size = 0
    for count, entry in enumerate(entries):
        size += len(json.dumps(_dump(entry).decode()))
        if size > RESPONSE_LIMIT and count:
            return entries[:count]
    return entries


def _found(body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> Response[Any]:
    tag = conditional.etag(body)
    headers = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    if conditional.none_match(_header("if-none-match"), tag):
        return Response(304, headers=headers)
    return Response(200, content_type, body if content_type.startswith("image/") else body.decode(), headers)
