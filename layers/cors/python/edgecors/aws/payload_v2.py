"""Payload format 2.0: HTTP APIs and Lambda function URLs.

Source: API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs"; Lambda Developer
Guide, "Invoking Lambda function URLs".
"""

from __future__ import annotations

from edgecors._path import percent_decode, without_base_path, without_segments
from edgecors.request import as_text, find_header
from edgecors.response import merge as merge_headers
from edgecors.response import merge_lists, pairs, read_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Event = dict[str, Any]


def method(event: Event) -> str | None:
    """`version` 2.0 with an HTTP request; a Lambda authorizer's event is one too, but for its `routeArn`."""
    if event.get("version") != "2.0" or "routeArn" in event:
        return None
    try:
        found = event["requestContext"]["http"]["method"]
    except (KeyError, TypeError):
        return None
    return found if isinstance(found, str) else None


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
    return without_base_path(text, base_paths) if base_paths else text


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
