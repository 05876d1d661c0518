"""CORS headers merged into the headers of a response, whatever the handler had there.

Nothing that the handler owns is changed: every map and list comes back as a new one.
"""

from __future__ import annotations

from edgecors._spec import CORS_RESPONSE_HEADER_PREFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# Headers that handlers set, in their usual spellings, and that are neither CORS's nor `Vary`.
UNRELATED = frozenset(
    spelling
    for name in (
        *("Accept-Ranges", "Age", "Allow", "Cache-Control", "Content-Disposition", "Content-Encoding"),
        *("Content-Language", "Content-Length", "Content-Security-Policy", "Content-Type", "Date", "ETag", "Expires"),
        *("Last-Modified", "Link", "Location", "Pragma", "Referrer-Policy", "Retry-After", "Server", "Set-Cookie"),
        *("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "X-Request-Id"),
    )
    for spelling in (name, name.lower())
)


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


def merge(headers: Mapping[Any, Any], cors: Mapping[str, str]) -> dict[Any, Any]:
    """The handler's single-value headers with the CORS headers in place of its own, and their `Vary` merged."""
    if UNRELATED.issuperset(headers):
        return {**headers, **cors}  # as most are: to compare each name in lower case takes a quarter of a GET
    merged: dict[Any, Any] = dict(headers)
    vary_name = "Vary"
    varied: list[object] = []
    for name in headers:
        if is_cors_header(name):
            del merged[name]
        elif "Vary" in cors and is_vary(name):
            if not varied:
                vary_name = name
            varied.append(merged.pop(name))
    merged.update(cors)
    if varied:
        merged[vary_name] = merge_vary(varied, merged.pop("Vary"))
    return merged


def merge_lists(headers: Iterable[tuple[Any, Any]], cors: Mapping[str, str]) -> dict[Any, Any]:
    """The same for headers that are lists of values (`multiValueHeaders`)."""
    merged: dict[Any, Any] = {}
    vary_name = "Vary"
    varied: list[object] = []
    for name, values in headers:
        if is_cors_header(name):
            continue
        if "Vary" in cors and is_vary(name):
            if vary_name not in merged:
                vary_name = name
            varied += list(values) if isinstance(values, list | tuple) else [values]
            merged[vary_name] = []
        else:
            merged[name] = list(values) if isinstance(values, list | tuple) else values
    merged.update({name: [text] for name, text in cors.items() if name != "Vary"})
    if "Vary" in cors:
        merged[vary_name] = [merge_vary(varied, cors["Vary"])]
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
