"""The resources of a template, by logical ID and by type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors_doctor.nodes import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.nodes import Path


class Resources:
    """`types`: the type of each resource by its logical ID. Globals are merged into resources already."""

    def __init__(self, template: Any) -> None:
        self.root = Node(template, ())
        self._nodes = {
            name: node for name, node in self.root.get("Resources").children() if isinstance(node.value, dict)
        }
        self.types = {name: node.get("Type").text for name, node in self._nodes.items()}

    def of(self, *types: str) -> Iterator[tuple[str, Node]]:
        """Logical ID and properties of the resources of these types."""
        for name, kind in self.types.items():
            if kind in types:
                yield name, self._nodes[name].get("Properties")

    def properties(self, name: str | None, *types: str) -> Node | None:
        """The properties of the resource of this logical ID, if it is of one of these types."""
        if name is None or self.types.get(name) not in types:
            return None
        return self._nodes[name].get("Properties")

    def at(self, path: Path) -> Node:
        """The value at a path."""
        node = self.root
        for part in path:
            try:
                node = node.below(node.value[part], part)
            except (KeyError, IndexError, TypeError):
                node = node.below(None, part)
        return node

    def global_properties(self, section: str) -> Node:
        """What Globals say about the resources that SAM makes itself."""
        return self.root.get("Globals", section)
