"""CORS headers merged into the headers of a response, whatever the handler had there.

Nothing that the handler owns is changed: every map and list comes back as a new one.
"""

from __future__ import annotations

from edgecors._spec import CORS_RESPONSE_HEADER_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


def is_cors_header(name: object) -> bool:
    """Whether a handler's header is dropped: CORS has one author, the policy."""
    return isinstance(name, str) and name.lower().startswith(CORS_RESPONSE_HEADER_PREFIX)


def is_vary(name: object) -> bool:
    """Whether the header is `Vary`, in any case."""
    return isinstance(name, str) and len(name) == len("vary") and name.lower() == "vary"


def pairs(headers: object) -> Iterable[tuple[Any, Any]]:
    """The names and values of a handler's map; what is no map has none."""
    return headers.items() if isinstance(headers, dict) else ()


def read_answer(answer: Any) -> Any:
    """A handler's answer as its event source will see it: the runtime writes what has `_asdict` (a named tuple) as
    that dict, and hands bytes on as JSON that is written already."""
    if type(answer) is dict:
        return answer
    if isinstance(answer, bytes):
        import json  # noqa: PLC0415  (hardly any handler answers so)

        try:
            return json.loads(answer)
        except (ValueError, RecursionError):
            return answer
    as_dict = getattr(answer, "_asdict", None)
    fields = as_dict() if callable(as_dict) else None
    return fields if isinstance(fields, dict) else answer


def merge(headers: Mapping[Any, Any], cors: Mapping[str, str], vary: str | None) -> dict[Any, Any]:
    """The handler's single-value headers with the CORS headers in place of its own, and `vary` merged.

    `vary`: the field names to add, comma-separated; None to leave `Vary` as it is.
    """
    merged: dict[Any, Any] = dict(headers)
    vary_name, varied = None, []
    for name in headers:
        # What is_cors_header and is_vary say, without the calls: half of what a GET costs is here.
        lower = name.lower() if isinstance(name, str) else ""
        if lower.startswith(CORS_RESPONSE_HEADER_PREFIX):
            del merged[name]
        elif lower == "vary" and vary is not None:
            vary_name = vary_name or name
            varied.append(merged.pop(name))
    merged.update(cors)
    if vary is not None:
        merged.pop("Vary", None)
        merged[vary_name or "Vary"] = merge_vary(varied, vary) if varied else vary
    return merged


def merge_lists(headers: Iterable[tuple[Any, Any]], cors: Mapping[str, str], vary: str | None) -> dict[Any, Any]:
    """The same for headers that are lists of values (`multiValueHeaders`)."""
    merged: dict[Any, Any] = {}
    vary_name, varied = None, []
    for name, values in headers:
        if is_cors_header(name):
            continue
        if vary is not None and is_vary(name):
            vary_name = vary_name or name
            varied += list(values) if isinstance(values, list | tuple) else [values]
            merged[vary_name] = []
        else:
            merged[name] = list(values) if isinstance(values, list | tuple) else values
    merged.update({name: [text] for name, text in cors.items() if name != "Vary"})
    if vary is not None:
        merged[vary_name or "Vary"] = [merge_vary(varied, vary)]
    return merged


def merge_vary(values: list[object], added: str) -> str:
    """One `Vary` of several: each name once, in any case; `*` already says everything (RFC 9110, 12.5.5)."""
    names = [name for value in values if value is not None for name in str(value).replace(",", " ").split()]
    if "*" in names:
        return "*"
    known: dict[str, str] = {}
    for name in [*names, *added.split(", ")]:
        known.setdefault(name.lower(), name)
    return ", ".join(known.values())
