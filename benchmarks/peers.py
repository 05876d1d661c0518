"""The peers in Python, each as its own documentation sets it up: handlers `(event, context)` of payload 2.0.

Powertools compares whole origins only; where the workload is of subdomains it is given the 1,000 origins as a list.
flask-cors has no adapter of its own: the shortest one that can call a WSGI application stands in.
"""

from __future__ import annotations

import io
import json
import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, CORSConfig, Response
from flask import Flask
from flask_cors import CORS
from mangum import Mangum
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks import workloads

if TYPE_CHECKING:
    from collections.abc import Callable

    Handler = Callable[[Any, Any], Any]

CONTEXT = SimpleNamespace(aws_request_id="1", function_name="bench", get_remaining_time_in_millis=lambda: 1000)


def powertools(origins: list[str] | None) -> Handler:
    """`origins` None: without CORS."""
    config = None
    if origins is not None:
        config = CORSConfig(
            allow_origin=origins[0],
            extra_origins=origins[1:],
            allow_headers=workloads.HEADERS,
            max_age=workloads.MAX_AGE,
        )
    app = APIGatewayHttpResolver(cors=config)

    @app.route("/tea", method=["GET"])
    def tea() -> Response[str]:
        return Response(200, headers=dict(workloads.ANSWER["headers"]), body=workloads.ANSWER["body"])

    @app.route("/tea/white", method=["GET", "DELETE"])
    def white() -> Response[str]:
        return tea()

    return app.resolve


def mangum(*, exact: bool) -> Handler:
    """Starlette with its CORSMiddleware, under Mangum."""

    async def tea(_request: Any) -> JSONResponse:
        return JSONResponse({"name": "white"}, headers={"Cache-Control": "no-store"})

    origins: dict[str, Any] = (
        {"allow_origins": workloads.EXACT}
        if exact
        else {"allow_origin_regex": "|".join(f"({expression})" for expression in workloads.EXPRESSIONS)}
    )
    middleware = Middleware(
        CORSMiddleware,
        allow_methods=workloads.METHODS,
        allow_headers=workloads.HEADERS,
        max_age=workloads.MAX_AGE,
        **origins,
    )
    app = Starlette(routes=[Route("/tea", tea), Route("/tea/white", tea)], middleware=[middleware])
    logging.getLogger("mangum").setLevel(logging.WARNING)
    adapter: Handler = Mangum(app, lifespan="off")
    return adapter


def flask(*, exact: bool) -> Handler:
    """Flask with flask-cors."""
    app = Flask("bench")
    CORS(
        app,
        origins=workloads.EXACT if exact else workloads.EXPRESSIONS,
        methods=workloads.METHODS,
        allow_headers=workloads.HEADERS,
        max_age=workloads.MAX_AGE,
    )

    @app.get("/tea")
    @app.get("/tea/white")
    def tea() -> Any:
        return app.response_class(json.dumps({"name": "white"}), mimetype="application/json")

    def handler(event: Any, _context: Any) -> dict[str, Any]:
        http = event["requestContext"]["http"]
        environ = {
            "REQUEST_METHOD": http["method"],
            "PATH_INFO": event["rawPath"],
            "QUERY_STRING": event["rawQueryString"],
            "SERVER_NAME": event["headers"]["host"],
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
        }
        for name, value in event["headers"].items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        answer: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            answer.update(statusCode=int(status[:3]), headers=dict(headers))

        answer["body"] = b"".join(app.wsgi_app(environ, start_response)).decode()  # type: ignore[arg-type]
        return answer

    return handler
