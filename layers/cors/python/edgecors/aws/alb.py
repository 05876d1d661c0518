"""Application Load Balancer: payload 1.0 in one of two modes, which the answer has to be in as well.

Source: Elastic Load Balancing, "Use Lambda functions as targets of an Application Load Balancer".
"""

from __future__ import annotations

from edgecors._path import percent_decode, without_base_path
from edgecors._spec import PHRASES
from edgecors.aws.payload_v1 import header, headers, is_response, method
from edgecors.response import merge as merge_headers
from edgecors.response import merge_lists, pairs, read_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    Event = dict[str, Any]

__all__ = ["header", "headers", "is_response", "merge", "method", "path", "recognizes", "reply"]


def recognizes(event: Event) -> bool:
    """`httpMethod` with the target group in `requestContext.elb`."""
    context = event.get("requestContext")
    return isinstance(event.get("httpMethod"), str) and isinstance(context, dict) and "elb" in context


def path(event: Event, base_paths: tuple[str, ...]) -> str | None:
    text = event.get("path")
    decoded = percent_decode(text) if isinstance(text, str) else None
    return None if decoded is None else without_base_path(decoded, base_paths)


def reply(event: Event, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "statusCode": status,
        "statusDescription": f"{status} {PHRASES[status]}",
        "isBase64Encoded": False,
        "body": body,
    }
    if _is_multiple(event):
        answer["multiValueHeaders"] = {name: [value] for name, value in headers.items()}
    else:
        answer["headers"] = headers
    return answer


def merge(event: Event, answer: Any, cors: Mapping[str, str], vary: str | None) -> Any:
    answer = read_answer(answer)
    if not isinstance(answer, dict):
        return answer  # the load balancer answers 502 for it, with or without us
    merged = dict(answer)
    single, multiple = merged.pop("headers", None), merged.pop("multiValueHeaders", None)
    if _is_multiple(event):
        merged["multiValueHeaders"] = merge_lists(_as_multiple(single, multiple).items(), cors, vary)
    else:
        merged["headers"] = merge_headers(_as_single(single, multiple).items(), cors, vary)
    return merged


def _is_multiple(event: Event) -> bool:
    return isinstance(event.get("multiValueHeaders"), dict)


def _as_multiple(single: object, multiple: object) -> dict[str, object]:
    """The handler's headers as lists; where both maps have one, the list counts."""
    lists: dict[str, object] = dict(multiple) if isinstance(multiple, dict) else {}
    known = {name.lower() for name in lists if isinstance(name, str)}
    for name, value in pairs(single):
        if not isinstance(name, str) or name.lower() not in known:
            lists[name] = [value]
    return lists


def _as_single(single: object, multiple: object) -> dict[str, object]:
    """The handler's headers as one value each: lists joined, but for cookies, which cannot be."""
    values: dict[str, object] = dict(single) if isinstance(single, dict) else {}
    known = {name.lower() for name in values if isinstance(name, str)}
    for name, listed in pairs(multiple):
        if isinstance(name, str) and name.lower() in known:
            continue
        items = list(listed) if isinstance(listed, list | tuple) else [listed]
        if isinstance(name, str) and name.lower() == "set-cookie":
            values.update(zip(_spellings(name), items, strict=False))
        elif items:
            values[name] = ", ".join(map(str, items))
    return values


def _spellings(name: str) -> Iterator[str]:
    """A header name in different cases, the given one first: the load balancer sends a line for each."""
    letters = [index for index, character in enumerate(name) if character.isalpha()]
    for number in range(1 << len(letters)):
        text = list(name)
        for bit, index in enumerate(letters):
            if number >> bit & 1:
                text[index] = text[index].swapcase()
        yield "".join(text)
