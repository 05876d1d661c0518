"""Payload format 2.0: HTTP APIs and Lambda function URLs.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs"; Lambda Developer
Guide, "Invoking Lambda function URLs".
"""

from __future__ import annotations

from edgecors._path import percent_decode, without_base_path, without_segments
from edgecors.request import REQUEST_METHOD, as_text, find_header
from edgecors.response import UNRELATED, merge_lists, pairs, read_answer
from edgecors.response import merge as merge_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from edgecors.request import Asked

    Event = dict[str, Any]


def read(event: Event) -> Asked | None:
    """`version` 2.0 with an HTTP request; a Lambda authorizer's event is one too, but for its `type`."""
    if event.get("version") != "2.0" or "routeArn" in event:
        return None
    try:
        method = event["requestContext"]["http"]["method"]
    except (KeyError, TypeError):
        return None
    if not isinstance(method, str):
        return None
    headers = event.get("headers")
    origin = asked = None
    # What `header` says, without the two calls: they take a fifth of a preflight.
    if isinstance(headers, dict):
        origin = headers.get("origin")
        if type(origin) is not str or "Origin" in headers:
            origin = header(event, "origin", "Origin")
        if method == "OPTIONS" and origin is not None:
            asked = headers.get("access-control-request-method")
            if type(asked) is not str or "Access-Control-Request-Method" in headers:
                asked = header(event, *REQUEST_METHOD)
    return method, origin, asked


def header(event: Event, name: str, usual: str) -> str | None:
    headers = event.get("headers")
    if isinstance(headers, dict) and usual not in headers:
        value = headers.get(name)
        if isinstance(value, str):  # the usual case: API Gateway writes names in lower case
            return value
    return as_text(find_header(headers, name, usual))


def headers(event: Event) -> list[tuple[str, str]]:
    return [
        (name, text)
        for name, value in pairs(event.get("headers"))
        if isinstance(name, str) and (text := as_text(value)) is not None
    ]


def path(event: Event, base_paths: tuple[str, ...]) -> str | None:
    text = event.get("rawPath")
    if not isinstance(text, str):
        return None
    context = event["requestContext"]
    stage, domain = context.get("stage"), context.get("domainName")
    if isinstance(domain, str) and ".lambda-url." in domain:
        decoded = percent_decode(text)  # an HTTP API decodes before, a function URL does not
        if decoded is None:
            return None
        text = decoded
    elif isinstance(stage, str) and stage != "$default":
        text = without_segments(text, stage)
    return without_base_path(text, base_paths)


def reply(event: Event, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
    del event
    answer: dict[str, Any] = {"statusCode": status, "headers": headers}
    if body:
        answer["body"] = body
    return answer


def merge(event: Event, answer: Any, cors: Mapping[str, str]) -> Any:
    del event
    if type(answer) is not dict or "statusCode" not in answer:
        answer = read_answer(answer)
        if isinstance(answer, bytes):
            return answer  # no JSON: API Gateway answers 500 for it, with or without us
        # A bare value is the body of a 200: adding headers to it would change what it says.
        answer = dict(answer) if isinstance(answer, dict) and "statusCode" in answer else _normalize(answer)
    merged: dict[str, Any] = answer.copy()
    headers = merged.get("headers")
    if type(headers) is dict and UNRELATED.issuperset(headers):
        merged["headers"] = {**headers, **cors}  # as merge_headers
    else:
        merged["headers"] = merge_headers(headers if isinstance(headers, dict) else {}, cors)
    if "multiValueHeaders" in merged and isinstance(merged["multiValueHeaders"], dict):
        # Not of this format, and never CORS's second author.
        merged["multiValueHeaders"] = merge_lists(merged["multiValueHeaders"].items(), {})
    return merged


def _normalize(answer: Any) -> dict[str, Any]:
    if isinstance(answer, str):
        body = answer
    else:
        from edgecors.aws._json import runtime_json  # noqa: PLC0415  (few handlers answer so)

        body = runtime_json(answer)
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": body,
        "isBase64Encoded": False,
    }
