"""What a decision reads of an HTTP request."""

from __future__ import annotations

from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Request(Value):
    """An HTTP request: `method` as sent, `path` decoded and the API's own (no stage, no base path), `headers`
    by lower-case name.

    Headers are given as a mapping or as pairs; values of the same name are joined by `, ` in their order
    (RFC 9110, section 5.3), so that an Origin given twice is no origin.
    """

    __slots__ = ("headers", "method", "path")

    method: str
    path: str
    headers: Mapping[str, str]

    def __init__(self, method: str, path: str, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        joined: dict[str, str] = {}
        pairs = headers.items() if hasattr(headers, "items") else headers
        for name, value in pairs:
            lower = name.lower()
            joined[lower] = f"{joined[lower]}, {value}" if lower in joined else value
        assign(self, "method", method)
        assign(self, "path", path)
        assign(self, "headers", _Headers(joined))

    def _fields(self) -> dict[str, object]:
        return {"method": self.method, "path": self.path, "headers": dict(self.headers)}

    def __hash__(self) -> int:
        return hash((self.method, self.path, frozenset(self.headers.items())))

    @property
    def is_preflight(self) -> bool:
        """Fetch, "CORS-preflight request": OPTIONS with both headers. Any other OPTIONS is the handler's."""
        return self.method == "OPTIONS" and "origin" in self.headers and "access-control-request-method" in self.headers


class _Headers(dict[str, str]):
    """A dict that is only read."""

    def _refuse(self, *_args: object, **_kwargs: object) -> None:
        raise TypeError("the headers of a request cannot be changed")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]


def find_header(headers: object, name: str, usual: str) -> object:
    """The value of the header `name` (lower case) in an event's map, whatever its case; None where there is none.

    `usual` is the spelling of most clients. Spelled in several other ways at once, the values come as a list.
    What is no map has no headers.
    """
    if not isinstance(headers, dict):
        return None
    value = headers.get(name)
    if value is None:
        value = headers.get(usual)
    if value is not None:
        return value
    length = len(name)
    found = [
        value
        for key, value in headers.items()
        if len(key) == length and isinstance(key, str) and key.lower() == name and value is not None
    ]
    return found[0] if len(found) == 1 else found or None


def as_text(value: object) -> str | None:
    """A header's value as text: the values of a list joined, what is no text as "" (present, and never valid)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        values = [item for item in value if item is not None]
        if all(isinstance(item, str) for item in values):
            return ", ".join(values) if values else None
    return ""
