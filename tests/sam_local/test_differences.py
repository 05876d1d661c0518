"""In what `sam local start-api` differs from API Gateway, as seen from here; no part of edgecors depends on any of it.

Each test shows what SAM CLI does, and its comments say what AWS does. Besides, nothing is throttled, and there are
no access logs, no HTTPS and no HTTP/2. (`enforce` knows the API's own origin by `X-Forwarded-Proto`, http here.)

`make serve` puts the events right (tools/local/gateway.py).
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from contract.tea.support import ADMIN, JSON, PAGE, PNG, multipart
from sam_local.project import configured, free_port
from sam_local.web import Response, Web, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sam_local.project import Project

ORIGIN = {"Origin": PAGE}
OTHER = "https://other.example"


def sent(web: Web, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """The event that comes of a POST."""
    event: dict[str, Any] = json.loads(web.send("POST", path, headers.items(), body).body)
    return event


def test_an_event(web: Web) -> None:
    lines = [("Origin", PAGE), ("X-Tea", "white"), ("X-Tea", "black"), ("User-Agent", "a browser")]
    response = web.send("POST", "/echo/a%2Fb/c?x=1&x=2", [*lines, ("Cookie", "a=1; b=2")], b"hello")
    event = json.loads(response.body)
    context = event.pop("requestContext")
    assert event == {
        "version": "2.0",
        "routeKey": "POST /echo/{proxy+}",  # AWS: ANY /echo/{proxy+}, as the route is written
        "rawPath": "/echo/a/b/c",
        "rawQueryString": "x=1&x=2",
        "queryStringParameters": {"x": "1,2"},
        "pathParameters": {"proxy": "a/b/c"},
        "stageVariables": None,  # AWS: not there when there are none
        "cookies": ["a=1", "b=2"],
        "headers": {
            # AWS: names in lower case, whatever the client wrote.
            "Host": f"127.0.0.1:{web.port}",
            "Origin": PAGE,
            "X-Tea": "white,black",
            "User-Agent": "a browser",
            "Content-Length": "5",
            "Cookie": "a=1; b=2",  # AWS: in `cookies` alone
            # AWS: https and 443, and x-forwarded-for and x-amzn-trace-id with them
            "X-Forwarded-Proto": "http",
            "X-Forwarded-Port": str(web.port),
        },
        "body": "hello",
        "isBase64Encoded": False,
    }
    assert re.fullmatch(r"[0-9a-f-]{36}", context.pop("requestId"))
    assert re.fullmatch(r"\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("time"))
    assert context.pop("timeEpoch") < 1e10  # in seconds; AWS: in milliseconds
    assert context == {
        "accountId": "123456789012",
        "apiId": "1234567890",
        "domainName": "localhost",  # AWS: the host of the request
        "domainPrefix": "localhost",
        "http": {
            "method": "POST",
            "path": "/echo/a/b/c",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "Custom User Agent String",  # AWS: the request's
        },
        "routeKey": "POST /echo/{proxy+}",
        "stage": "$default",
    }


def test_every_request_has_the_same_id_and_time(web: Web) -> None:
    """In AWS each has its own."""
    first, second = (sent(web, "/echo/a", {}, b"")["requestContext"] for _ in range(2))
    assert first == second


def test_what_is_empty_is_there(web: Web) -> None:
    """AWS leaves it out."""
    event = sent(web, "/echo/a", {}, b"")
    assert (event["body"], event["cookies"], event["stageVariables"]) == ("", [], None)
    assert "queryStringParameters" not in event


def test_a_form_is_text(web: Web) -> None:
    """AWS hands all but text, JSON, XML and JavaScript on in Base64."""
    headers, body = multipart({"name": "white"})
    event = sent(web, "/echo/a", headers, body)
    assert (event["body"], event["isBase64Encoded"]) == (body.decode(), False)


def test_a_picture_cannot_be_sent(web: Web) -> None:
    """What is not UTF-8 does not get as far as the function, and the page cannot read why. AWS takes it."""
    headers, body = multipart({"name": "white"}, PNG)
    got = web.send("POST", "/tea", (ORIGIN | ADMIN | headers).items(), body)
    assert got == shown(502, {}, b'{"message":"Internal server error"}\n')


def test_what_a_function_raises_is_a_good_answer(web: Web) -> None:
    """In AWS: 500 and {"message":"Internal Server Error"}. Not so the Tea API, where the engine answers for it."""
    got = web.send("POST", "/echo/a", ORIGIN.items(), b"raise")
    error = json.loads(got.body)
    assert got == shown(200, {}, got.body)
    assert (error["errorType"], error["errorMessage"]) == ("KeyError", "'no tea'")


def test_an_answer_without_a_type_is_json(web: Web) -> None:
    got = web.send("POST", "/echo/a", (), b'{"statusCode": 200, "body": "white tea"}')
    assert got == shown(200, {"Content-Type": "application/json"}, b"white tea")


def test_an_answer_without_a_number_is_502(web: Web) -> None:
    """In AWS: 500."""
    got = web.send("POST", "/echo/a", (), b'{"statusCode": "many"}')
    assert got == shown(502, {}, b'{"message":"Internal server error"}\n')


def test_names_of_headers_that_differ_in_case_are_two_lines(web: Web) -> None:
    """Browsers take two of these for none. The engine drops a handler's own, in any case of letters."""
    own = {"Access-Control-Allow-Origin": PAGE, "access-control-allow-origin": PAGE}
    got = web.send("POST", "/echo/a", (), json.dumps({"statusCode": 204, "headers": own}).encode())
    allowed = [line for line in got.headers if line[0].lower() == "access-control-allow-origin"]
    assert [value for _, value in allowed] == [PAGE, PAGE]


def test_an_unusual_method_does_not_reach_the_function(web: Web) -> None:
    """A REST API's words, without CORS headers; `$default` stands for seven methods only."""
    refusal = shown(403, {}, b'{"message":"Missing Authentication Token"}\n')
    assert [web.send(method, "/tea", ORIGIN.items()) for method in ("PROPFIND", "TRACE")] == [refusal] * 2


def test_a_body_over_six_megabytes_is_cut(web: Web) -> None:
    """The emulator hands on a part of it, and the runtime's client cannot read that. AWS: 413."""
    body = json.dumps({"comment": "x" * (7 * 1024 * 1024)}).encode()
    got = web.send("POST", "/tea/white", (ORIGIN | JSON).items(), body)
    assert got == Response(200, shown(200, {}, got.body).headers, got.body)
    assert json.loads(got.body)["errorType"] == "Runtime.UnmarshalError"


@pytest.fixture(scope="module")
def with_cors(project: Project) -> Iterator[Web]:
    """An API with CORS settings of its own and a named stage. The template has neither."""
    settings = {"AllowOrigins": [OTHER], "AllowMethods": ["GET"], "AllowHeaders": ["x-tea"]}
    template = configured(project, {"StageName": "prod", "CorsConfiguration": settings})
    other = replace(project, port=free_port())
    command = ["sam", "local", "start-api", "--template", str(template), "--port", str(other.port)]
    with other.served(command, {}):
        yield Web(other.port)


def test_cors_settings_answer_every_options(with_cors: Web) -> None:
    """No preflight, no origin that is in the settings: the function is not asked all the same."""
    got = with_cors.send("OPTIONS", "/echo/a", ORIGIN.items())
    assert got == shown(200, {"Content-Type": "text/html; charset=utf-8"})


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        # AWS drops the function's headers in any case, and sends none of a preflight's with another answer.
        (PAGE, {"Access-Control-Allow-Origin": PAGE}),
        (
            OTHER,
            {
                "Access-Control-Allow-Origin": OTHER,
                "Access-Control-Allow-Methods": "GET,OPTIONS",
                "Access-Control-Allow-Headers": "x-tea",
            },
        ),
    ],
    ids=["not in the settings", "in the settings"],
)
def test_cors_settings_are_set_over_the_functions_headers(with_cors: Web, origin: str, allowed: dict[str, str]) -> None:
    own = {"Access-Control-Allow-Origin": PAGE, "Vary": "Origin"}
    answer = json.dumps({"statusCode": 200, "headers": own, "body": "white tea"}).encode()
    got = with_cors.send("POST", "/echo/a", [("Origin", origin)], answer)
    assert got == shown(200, {**allowed, "Vary": "Origin"}, b"white tea")


def test_a_named_stage_is_not_in_the_path(with_cors: Web) -> None:
    """In AWS, rawPath is /prod/echo/a, as the client asks for it. The engine takes the name off where it is."""
    event = sent(with_cors, "/echo/a", {}, b"")
    assert (event["requestContext"]["stage"], event["rawPath"]) == ("prod", "/echo/a")
