"""Payload format 1.0: REST APIs, and HTTP APIs that ask for it.

Source: API Gateway Developer Guide, "Lambda proxy integrations in API Gateway" (input and output format), and
"Create AWS Lambda proxy integrations for HTTP APIs".
"""

from __future__ import annotations

from edgecors._path import percent_decode, without_base_path, without_segments
from edgecors.request import as_text, find_header, list_as_text
from edgecors.response import is_vary, merge_lists, pairs, read_answer
from edgecors.response import merge as merge_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Event = dict[str, Any]


def method(event: Event) -> str | None:
    """`httpMethod`, and neither a load balancer, a Lambda authorizer (`methodArn`), a Bedrock agent (`actionGroup`)
    nor a WebSocket."""
    found = event.get("httpMethod")
    if not isinstance(found, str) or event.get("version") == "2.0":
        return None
    if "methodArn" in event or "actionGroup" in event:
        return None
    context = event.get("requestContext")
    if isinstance(context, dict) and ("elb" in context or "connectionId" in context):
        return None
    return found


def header(event: Event, name: str, usual: str) -> str | None:
    multiple = event.get("multiValueHeaders")
    if isinstance(multiple, dict):
        value, other = multiple.get(name), multiple.get(usual)
        values = value if other is None else other if value is None else None
        if isinstance(values, list) and len(values) == 1 and isinstance(values[0], str):
            return values[0]  # the usual case, in a third of the time that the general one takes
        text = list_as_text(find_header(multiple, name, usual))
        if text is not None:
            return text
    return as_text(find_header(event.get("headers"), name, usual))


def headers(event: Event) -> list[tuple[str, str]]:
    found = [
        (name, text)
        for name, value in pairs(event.get("multiValueHeaders"))
        if isinstance(name, str) and (text := list_as_text(value)) is not None
    ]
    known = {name.lower() for name, _ in found}
    found += [
        (name, text)
        for name, value in pairs(event.get("headers"))
        if isinstance(name, str) and name.lower() not in known and (text := as_text(value)) is not None
    ]
    return found


def path(event: Event, base_paths: tuple[str, ...]) -> str | None:
    text = event.get("path")
    if not isinstance(text, str):
        return None
    if event.get("version") == "1.0":  # an HTTP API: decoded already, and a named stage comes first
        context = event.get("requestContext")
        stage = context.get("stage") if isinstance(context, dict) else None
        if isinstance(stage, str) and stage != "$default":
            text = without_segments(text, stage)
        return without_base_path(text, base_paths)
    decoded = percent_decode(text)
    return None if decoded is None else without_base_path(decoded, base_paths)


def reply(event: Event, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
    del event
    return {"statusCode": status, "headers": headers, "body": body}


def merge(event: Event, answer: Any, cors: Mapping[str, str]) -> Any:
    del event
    answer = read_answer(answer)
    if not isinstance(answer, dict):
        return answer  # API Gateway answers 502 for it, with or without us
    merged = dict(answer)
    single, multiple = answer.get("headers"), answer.get("multiValueHeaders")
    if not isinstance(multiple, dict):
        merged["headers"] = merge_headers(single if isinstance(single, dict) else {}, cors)
        return merged
    # API Gateway sends what stands in either map, so each header of ours stands in one, and in one spelling.
    moved = [(name, value) for name, value in pairs(single) if "Vary" in cors and is_vary(name)]
    merged["multiValueHeaders"] = merge_lists([*moved, *multiple.items()], cors)
    if isinstance(single, dict):
        kept = [pair for pair in single.items() if pair not in moved]
        merged["headers"] = merge_headers(dict(kept), {})
    return merged
