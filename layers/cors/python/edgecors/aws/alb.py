"""Application Load Balancer: payload 1.0 in one of two modes, which the answer has to be in as well.

Source: Elastic Load Balancing, "Use Lambda functions as targets of an Application Load Balancer".
"""

from __future__ import annotations

from edgecors._path import percent_decode, without_base_path
from edgecors._spec import PHRASES
from edgecors.aws.payload_v1 import header, headers
from edgecors.response import merge as merge_headers
from edgecors.response import merge_lists, pairs, read_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    Event = dict[str, Any]

__all__ = ["header", "headers", "merge", "method", "path", "reply"]

# Headers that a response may have from both maps at once: nothing of either is lost.
_ADDED_UP = ("set-cookie", "vary")


def method(event: Event) -> str | None:
    """`httpMethod` with the target group in `requestContext.elb`."""
    found, context = event.get("httpMethod"), event.get("requestContext")
    return found if isinstance(found, str) and isinstance(context, dict) and "elb" in context else None


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


def merge(event: Event, answer: Any, cors: Mapping[str, str]) -> Any:
    answer = read_answer(answer)
    if not isinstance(answer, dict):
        return answer  # the load balancer answers 502 for it, with or without us
    merged = dict(answer)
    single, multiple = merged.pop("headers", None), merged.pop("multiValueHeaders", None)
    if _is_multiple(event):
        merged["multiValueHeaders"] = merge_lists(_as_multiple(single, multiple).items(), cors)
    else:
        merged["headers"] = merge_headers(_as_single(single, multiple), cors)
    return merged


def _is_multiple(event: Event) -> bool:
    return isinstance(event.get("multiValueHeaders"), dict)


def _as_multiple(single: object, multiple: object) -> dict[Any, Any]:
    """The handler's headers as lists; where both maps have one, the list counts."""
    lists: dict[Any, Any] = dict(pairs(multiple))
    known = {_lower(name): name for name in lists}
    for name, value in pairs(single):
        spelled = known.get(_lower(name))
        if spelled is None:
            lists[name] = [value]
        elif _lower(name) in _ADDED_UP and value not in (items := _items(lists[spelled])):
            lists[spelled] = [*items, value]
    return lists


def _as_single(single: object, multiple: object) -> dict[Any, Any]:
    """The handler's headers as one value each, lists joined; where both maps have one, the single value counts."""
    values: dict[Any, Any] = dict(pairs(single))
    if not multiple:
        return values
    known = {_lower(name): name for name in values}
    for name, listed in pairs(multiple):
        items = [item for item in _items(listed) if item is not None]
        lower = _lower(name)
        if lower == "set-cookie":
            # Cookies cannot be joined: each gets a spelling of its own, and the load balancer sends a line for each.
            sent = [value for other, value in values.items() if _lower(other) == lower]
            unused = (spelling for spelling in _spellings(name) if spelling not in values)
            values.update(zip(unused, [item for item in items if item not in sent], strict=False))
        elif lower in known and lower in _ADDED_UP:
            values[known[lower]] = ", ".join(map(str, [values[known[lower]], *items]))
        elif lower not in known and items:
            values[name] = items[0] if len(items) == 1 else ", ".join(map(str, items))
    return values


def _lower(name: object) -> str:
    return str(name).lower()


def _items(listed: object) -> list[object]:
    return list(listed) if isinstance(listed, list | tuple) else [listed]


def _spellings(name: str) -> Iterator[str]:
    """A header name in different cases, the given one first."""
    letters = [index for index, character in enumerate(name) if character.isalpha()]
    for number in range(1 << len(letters)):
        text = list(name)
        for bit, index in enumerate(letters):
            if number >> bit & 1:
                text[index] = text[index].swapcase()
        yield "".join(text)
