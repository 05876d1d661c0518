"""OpenAPI documents in a template: their operations and what these demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.nodes import Node, Path

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
_ANY = "x-amazon-apigateway-any-method"


class Operation(NamedTuple):
    """A method of a path. `method` is in upper case, ANY for all; `guard` and `guard_path` as in a Route."""

    path: str
    method: str
    guard: str | None
    guard_path: Path
    node: Node


def operations(body: Node) -> Iterator[Operation]:
    """The operations of an OpenAPI document."""
    for path, choice in body.get("paths").children():
        for item in choice.branches():
            for method, operation in item.children():
                if method.lower() not in (*_METHODS, _ANY):
                    continue
                name = "ANY" if method.lower() == _ANY else method.upper()
                for node in operation.branches():
                    own = node.get("security")
                    security = own if own.given else body.get("security")
                    yield Operation(path, name, _guard(security), security.path, node)


def _guard(security: Node) -> str | None:
    """Any one of the requirements is enough; an empty one is none."""
    if not security.given:
        return ""
    if not isinstance(security.value, list):
        return None
    names = [list(entry.value) for entry in security.entries() if isinstance(entry.value, dict)]
    if not names or [] in names or ["NONE"] in names:
        return ""
    return f"the security {names[0][0]}"
