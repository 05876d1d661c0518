"""Immutable values compared by their fields.

`dataclasses` would do the same, but importing it pulls in `inspect` and thirty more modules: 6 ms that every
cold start would pay for six small classes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

assign = object.__setattr__


class Value:
    """Base of the immutable values. A subclass names its public fields in `__slots__`, in constructor order;
    slots that begin with an underscore are derived and take no part in equality, hash or repr."""

    __slots__: tuple[str, ...] = ()

    def _fields(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__ if name[0] != "_"}

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self), *self._fields().values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self._fields().items())
        return f"{type(self).__name__}({fields})"

    def __copy__(self) -> Value:
        return self

    def __deepcopy__(self, memo: object) -> Value:
        return self

    def __reduce__(self) -> tuple[Callable[..., Value], tuple[object, ...]]:
        return _rebuild, (type(self), self._fields())


def _rebuild(kind: type[Value], fields: dict[str, object]) -> Value:
    return kind(**fields)
