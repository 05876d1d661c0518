"""CloudFront: Lambda@Edge request and response events.

Source: CloudFront Developer Guide, "Lambda@Edge event structure" and "Generate HTTP responses in request
triggers". Header maps are `{"lower-case": [{"key": "Any-Case", "value": "..."}]}`; a status is text.
"""

from __future__ import annotations

from edgecors._path import percent_decode, without_base_path
from edgecors._spec import PHRASES
from edgecors.request import find_header, list_as_text
from edgecors.response import is_cors_header, is_vary, merge_vary, pairs, read_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Event = dict[str, Any]


def method(event: Event) -> str | None:
    """One record with `cf.request`."""
    records = event.get("Records")
    if not isinstance(records, list) or len(records) != 1 or not isinstance(records[0], dict):
        return None
    cf = records[0].get("cf")
    request = cf.get("request") if isinstance(cf, dict) else None
    found = request.get("method") if isinstance(request, dict) else None
    return found if isinstance(found, str) else None


def _request(event: Event) -> dict[str, Any]:
    request: dict[str, Any] = event["Records"][0]["cf"]["request"]
    return request


def header(event: Event, name: str, usual: str) -> str | None:
    return _text(find_header(_request(event).get("headers"), name, usual))


def headers(event: Event) -> list[tuple[str, str]]:
    return [
        (name, text)
        for name, lines in pairs(_request(event).get("headers"))
        if isinstance(name, str) and (text := _text(lines)) is not None
    ]


def _text(lines: object) -> str | None:
    if isinstance(lines, list):
        lines = [line.get("value") if isinstance(line, dict) else None for line in lines]
    return list_as_text(lines)


def path(event: Event, base_paths: tuple[str, ...]) -> str | None:
    text = _request(event).get("uri")
    decoded = percent_decode(text) if isinstance(text, str) else None
    return None if decoded is None else without_base_path(decoded, base_paths)


def is_response(event: Event) -> bool:
    """Whether the event is about a response that is there already."""
    return isinstance(event["Records"][0]["cf"].get("response"), dict)


def reply(event: Event, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
    del event
    answer: dict[str, Any] = {
        "status": str(status),
        "statusDescription": PHRASES[status],
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
    }
    if body:
        answer["body"] = body
    return answer


def merge(event: Event, answer: Any, cors: Mapping[str, str]) -> Any:
    del event
    answer, vary = read_answer(answer), cors.get("Vary")
    # A request that the handler hands on is no response; only those have a status.
    if not isinstance(answer, dict) or "status" not in answer:
        return answer
    merged: dict[str, object] = {}
    varied: list[object] = []
    for name, lines in pairs(answer.get("headers")):
        if is_cors_header(name):
            continue
        if vary is not None and is_vary(name):
            varied += [line.get("value") for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
        else:
            merged[name] = list(lines) if isinstance(lines, list) else lines
    for name, value in cors.items():
        if name != "Vary":
            merged[name.lower()] = [{"key": name, "value": value}]
    if vary is not None:
        merged["vary"] = [{"key": "Vary", "value": merge_vary(varied, vary)}]
    return {**answer, "headers": merged}
