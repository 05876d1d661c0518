"""API Gateway on this machine: the Flask application of `sam local start-api`, with workers in place of Docker.

The routes are the template's own, read by SAM CLI's own code. Where SAM CLI's events differ from those that an
HTTP API sends, `as_http_api` puts them right.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Response
from samcli.commands.exceptions import UserException
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.provider import Api
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.local.apigw.local_apigw_service import LocalApigwService
from werkzeug.serving import WSGIRequestHandler, make_server

from local.errors import StartError, first_line
from local.exchange import Exchange

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from local.pool import Answer, Pool

MAX_BODY = 10 * 1024 * 1024  # bytes; https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
TEXT_TYPES = frozenset({"application/json", "application/javascript", "application/xml", ""})


class BinaryTypes:
    """The bodies that an HTTP API hands on in Base64: all but text, JSON, XML and JavaScript."""

    def __contains__(self, media_type: object) -> bool:
        """Whether a body of this type is binary; SAM CLI asks for `*/*` too."""
        text = str(media_type)
        return not (text in TEXT_TYPES or text.startswith("text/") or text == "*/*")


def as_http_api(event: dict[str, Any]) -> dict[str, Any]:
    """SAM CLI's event of format 2.0 as API Gateway sends one.

    Header names are in lower case, each request has an id and a time of its own and the client's User-Agent,
    there are no path parameters under `$default`, and what is empty is not there.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    if event.get("version") != "2.0":
        return event
    headers = {name.lower(): value for name, value in event["headers"].items()}
    now = datetime.now(UTC)
    context = event["requestContext"] | {
        "requestId": str(uuid.uuid4()),
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    context["http"] = context["http"] | {"userAgent": headers.get("user-agent", "")}
    fixed = event | {"headers": headers, "requestContext": context}
    optional = {"cookies", "body", "stageVariables"} | (
        {"pathParameters"} if event["routeKey"] == "$default" else set()
    )
    return {key: value for key, value in fixed.items() if value or key not in optional}


class HttpApi(Api):  # type: ignore[misc]
    """SAM CLI's API with an HTTP API's idea of binary bodies."""

    binary_media_types = BinaryTypes()


class Quiet(WSGIRequestHandler):
    """Leaves the terminal to `observe`."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Nothing."""

    def version_string(self) -> str:
        """The `Server` header."""
        return "local"


_invocation: ContextVar[Answer | None] = ContextVar("invocation", default=None)


class Runner:
    """What SAM CLI's gateway calls in place of Docker."""

    def __init__(self, pools: Mapping[str, Pool]) -> None:
        """Pools by the functions' logical ids."""
        self._pools = pools

    def is_debugging(self) -> bool:
        """With a debugger SAM CLI serves one request at a time."""
        return False

    def invoke(self, function_name: str, event: str, stdout: Any, **_: Any) -> None:
        """Run the function and write its answer; where its code does not load, nothing, which becomes a 502."""
        answer = self._pools[function_name].invoke(json.dumps(as_http_api(json.loads(event))))
        _invocation.set(answer)
        if answer.result is not None:
            stdout.write_str(answer.result)


def routes(template: Path, parameters: dict[str, str]) -> Any:
    """The template's API (`samcli.lib.providers.provider.Api`). Raises StartError where there is none."""
    try:
        stacks, _ = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
        api = ApiProvider(stacks, cwd=str(template.parent)).api
    except UserException as error:
        raise StartError(f"{template.name} is not valid: {first_line(error)}") from error
    if not list(api.routes):
        raise StartError(f"{template.name} has no API with a route.")

    api.__class__ = HttpApi
    return api


def application(api: Any, runner: Runner, port: int) -> Any:
    """SAM CLI's Flask application for the API."""
    # "Lambda returned empty body!" is what every preflight would say.
    logging.getLogger("samcli").setLevel(logging.CRITICAL)
    service = LocalApigwService(api, runner, port=port, host="127.0.0.1")
    service.create()
    flask = service._app  # create() keeps it there for its own run(), which would take over the signals
    flask.logger.disabled = True
    flask.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    # Flask would redirect /tea//white to /tea/white; API Gateway does not, and a preflight must not be redirected.
    flask.url_map.merge_slashes = False

    def too_large(_: Exception) -> Any:
        return Response('{"message":"Request Entity Too Large"}', 413, content_type="application/json")

    flask.register_error_handler(413, too_large)
    return flask


def observed(
    wsgi: Any, observe: Callable[[Exchange], None]
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The application with each exchange handed to `observe`."""

    def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen: dict[str, Any] = {"status": 500, "headers": []}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            seen.update(status=int(status[:3]), headers=headers)
            return start_response(status, headers, exc_info)

        _invocation.set(None)
        began = time.perf_counter()
        try:
            return wsgi(environ, start)  # type: ignore[no-any-return]
        finally:
            request_headers = {
                name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")
            }
            observe(
                Exchange(
                    method=environ["REQUEST_METHOD"],
                    path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
                    headers=request_headers,
                    status=seen["status"],
                    answer_headers={name.lower(): value for name, value in seen["headers"]},
                    milliseconds=(time.perf_counter() - began) * 1000,
                    invocation=_invocation.get(),
                )
            )

    return call


def server(listener: socket.socket, wsgi: Any) -> Any:
    """A threaded server (werkzeug's) on a socket that is bound already."""
    host, port = listener.getsockname()
    return make_server(host, port, wsgi, threaded=True, request_handler=Quiet, fd=listener.fileno())
