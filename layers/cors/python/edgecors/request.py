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

    __setitem__ = __delitem__ = __ior__ = _refuse  # type: ignore[assignment]
    clear = pop = popitem = setdefault = update = _refuse  # type: ignore[assignment]


class _Several(tuple[object, ...]):
    """The values of a header that one map spells in several ways."""

    __slots__ = ()


def find_header(headers: object, name: str, usual: str) -> object:
    """The value of the header `name` (lower case) in an event's map, whatever its case; None where there is none.

    `usual` is the spelling of most clients. Spelled in several ways at once, the values come together, for
    `as_text` and `list_as_text` to join. What is no map has no headers.
    """
    if not isinstance(headers, dict):
        return None
    value = headers.get(name)
    other = headers.get(usual)
    if value is None and other is None:
        # Most requests that are no page's have no Origin, and come here.
        length = len(name)
        spelled = [key for key in headers if isinstance(key, str) and len(key) == length and key.lower() == name]
        if not spelled:
            return None
        found = _Several(value for key in spelled if (value := headers[key]) is not None)
        return found[0] if len(found) == 1 else found or None
    if value is None:
        return other
    return value if other is None else _Several((value, other))


def as_text(value: object) -> str | None:
    """A header of a single-value map as text; what is no text is "": present, and never valid."""
    if value is None or isinstance(value, str):
        return value
    return _joined(value) if isinstance(value, _Several) else ""


def list_as_text(value: object) -> str | None:
    """A header of a multi-value map as text, its values joined; without any value it is None."""
    if isinstance(value, list):
        return _joined(value) if value else None
    if isinstance(value, _Several):
        return _joined([item for values in value for item in (values if isinstance(values, list) else [values])])
    return as_text(value)


def _joined(values: Iterable[object]) -> str:
    """RFC 9110, section 5.3: several lines of a header are one list."""
    texts = list(values)
    return ", ".join(texts) if all(isinstance(text, str) for text in texts) else ""  # type: ignore[arg-type]
