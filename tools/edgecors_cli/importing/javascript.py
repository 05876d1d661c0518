"""JavaScript as data: the literal values of a source text, found in its syntax tree. Nothing is executed.

A name stands for its value only where nothing in the file can have changed it; all else is `Unknown`, with the reason.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from edgecors_cli.importing.js_text import number, of_method, unescape
from edgecors_cli.importing.model import Expression, NotReadableError, Place, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_LANGUAGE = Language(tree_sitter_javascript.language())
_MAX_DEPTH = 50
_MAX_VALUES = 5_000
_MAX_ARGUMENTS = 10
_LONGEST_FUNCTION = 2_000  # characters that are looked through for lists
# Methods that change nothing, and functions that change nothing of what they are given.
_HARMLESS = frozenset(
    [
        "concat",
        "every",
        "filter",
        "find",
        "findIndex",
        "forEach",
        "has",
        "includes",
        "indexOf",
        "join",
        "keys",
        "map",
        "some",
        "slice",
        "test",
        "toString",
        "values",
    ]
)
_READERS = frozenset({"console.log", "console.info", "console.debug", "JSON.stringify", "Object.freeze"})
_CONSTANTS = {"true": True, "false": False, "null": None, "undefined": None}
_PATTERNS = frozenset({"array_pattern", "object_pattern", "assignment_pattern", "rest_pattern", "formal_parameters"})
_FUNCTIONS = frozenset(
    {"function_expression", "arrow_function", "generator_function", "function_declaration", "method_definition"}
)


class Source:
    """A parsed file. Raises NotReadableError where it is no JavaScript."""

    def __init__(self, text: str) -> None:
        self._bytes = text.encode("utf-8", errors="replace")
        self._lines = self._bytes.split(b"\n")
        self.root = Parser(_LANGUAGE).parse(self._bytes).root_node
        self._budget = _MAX_VALUES
        self._parents: dict[int, Node] = {}
        self._names: dict[str, list[Node]] = {}
        self._harmless: dict[str, bool] = {}
        self._bound: dict[str, list[Node | None]] = {}
        for node in self.walk():
            if node.is_error or node.is_missing:
                raise NotReadableError(
                    "This is not JavaScript.",
                    self.place(node),
                    self._line(node),
                    "Of TypeScript, give the compiled file, or take the types out.",
                )
            if node.type in ("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"):
                self._names.setdefault(self.text(node), []).append(node)
                if self._is_binding(node):
                    self._bound.setdefault(self.text(node), []).append(self._initial(node))

    def parent(self, node: Node) -> Node | None:
        """The node around it. (Asked of the node itself, it would be looked for from the root.)"""
        return self._parents.get(node.id)

    def walk(self) -> Iterator[Node]:
        """Every node, in the order of the text."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            children = node.children
            for child in children:
                self._parents[child.id] = node
            yield node
            waiting.extend(reversed(children))

    def text(self, node: Node) -> str:
        """The node as the file writes it."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", errors="replace")

    def place(self, node: Node) -> Place:
        """Where the node begins."""
        row, column = node.start_point
        return Place(row + 1, len(self._lines[row][:column].decode("utf-8", errors="replace")) + 1)

    def initial(self, name: str) -> Node | None:
        """What the name is declared as, if it is declared once."""
        bound = self._bound.get(name, [])
        return bound[0] if len(bound) == 1 else None

    def uses(self, name: str) -> list[Node]:
        """Where the name stands, its declaration aside."""
        return [node for node in self._names.get(name, []) if not self._is_binding(node)]

    def value(self, node: Node, depth: int = 0) -> Value:
        """The value of an expression."""
        self._budget -= 1
        if depth > _MAX_DEPTH or self._budget < 0:
            return self._as_value(node, Unknown("It is nested too deep, or there is too much of it."))
        if node.type == "parenthesized_expression" and len(node.named_children) == 1:
            return self.value(node.named_children[0], depth + 1)
        return self._as_value(node, self._literal(node, depth))

    def _as_value(self, node: Node, literal: object) -> Value:
        if isinstance(literal, Value):  # a name's: its value, where that is written
            return literal
        return Value(literal, self.place(node), self.text(node))

    def _literal(self, node: Node, depth: int) -> object:
        kind = node.type
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind in ("string", "template_string"):
            return self._string(node)
        if kind == "number":
            return number(self.text(node))
        if kind == "regex":
            pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
            return Expression(self.text(pattern) if pattern else "", self.text(flags) if flags else "")
        if kind == "array":
            return self._array(node, depth)
        if kind == "object":
            return self._object(node, depth)
        if kind in _FUNCTIONS:
            return self._function(node, depth)
        if kind in ("identifier", "shorthand_property_identifier"):
            return self._named(node, depth)
        if kind in ("new_expression", "call_expression"):
            return self._made(node, depth)
        if kind == "unary_expression" and self.text(node).startswith(("-", "!")):
            return self._unary(node, depth)
        if kind == "binary_expression":
            return self._sum(node, depth)
        if kind == "member_expression" and self.text(node).startswith("process.env."):
            return Unknown("Its value is in the environment, not in the file.")
        return Unknown("Its value shows only when the program runs.")

    def _function(self, node: Node, depth: int) -> Unknown:
        """A function, with the texts of the lists that it names: often all that it lets in."""
        texts: dict[str, None] = {}
        for name in dict.fromkeys(re.findall(r"[A-Za-z_$][\w$]*", self.text(node)[:_LONGEST_FUNCTION])):
            initial = self.initial(name)
            if initial is not None and initial.type == "array":
                literal = self.value(initial, depth + 1).literal
                entries = literal if isinstance(literal, list) else []
                texts |= dict.fromkeys(entry.literal for entry in entries if isinstance(entry.literal, str))
        reason = "It is a function: what it lets in shows only when it runs."
        return Unknown(reason, is_function=True, mentions=tuple(texts))

    def _string(self, node: Node) -> object:
        parts = []
        for child in node.named_children:
            if child.type == "string_fragment":
                parts.append(self.text(child))
            elif child.type == "escape_sequence":
                parts.append(unescape(self.text(child)))
            elif child.type == "template_substitution":
                return Unknown("The text has parts that show only when the program runs.")
        return "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _array(self, node: Node, depth: int) -> list[Value]:
        found: list[Value] = []
        for child in node.named_children:
            if child.type == "comment":
                continue
            if child.type == "spread_element":
                spread = self.value(child.named_children[-1], depth + 1)
                if isinstance(spread.literal, list):
                    found += spread.literal
                    continue
                child_value = Value(
                    Unknown("It shows only when the program runs."), self.place(child), self.text(child)
                )
                found.append(child_value)
                continue
            found.append(self.value(child, depth + 1))
        return found

    def _object(self, node: Node, depth: int) -> dict[str, Value]:
        """The properties; what a spread may have set is under `...`, and hides what stands before it."""
        found: dict[str, Value] = {}
        for child in node.named_children:
            if child.type == "pair":
                key, inner = child.child_by_field_name("key"), child.child_by_field_name("value")
                name = self._key(key) if key else None
                if name is None or inner is None:
                    found = {"...": self._as_value(child, Unknown("The name of this option shows only when it runs."))}
                else:
                    found[name] = self.value(inner, depth + 1)
            elif child.type == "method_definition":
                key = child.child_by_field_name("name")
                found[self._key(key) or "" if key else ""] = self.value(child, depth + 1)
            elif child.type == "shorthand_property_identifier":
                found[self.text(child)] = self.value(child, depth + 1)
            elif child.type == "spread_element":
                spread = self.value(child.named_children[-1], depth + 1)
                if isinstance(spread.literal, dict):
                    found |= spread.literal
                else:
                    found = {"...": self._as_value(child, Unknown("It brings options that are not in the file."))}
        return found

    def _key(self, node: Node) -> str | None:
        if node.type == "property_identifier":
            return self.text(node)
        inner = node.named_children[0] if node.type == "computed_property_name" and node.named_children else node
        literal = self._string(inner) if inner.type == "string" else None
        return literal if isinstance(literal, str) else None

    def _named(self, node: Node, depth: int) -> object:
        name = self.text(node)
        if name == "undefined":
            return None
        initial = self.initial(name)
        if initial is None:
            return Unknown(f"{name} is not set in this file, or in more than one place.")
        if initial.type in ("call_expression", "await_expression") and self.text(initial).startswith(
            ("require", "await")
        ):
            return Unknown(f"{name} comes from another file or from a call.")
        value = self.value(initial, depth + 1)
        if isinstance(value.literal, Unknown):
            return value if value.literal.is_function else Unknown(value.literal.reason)
        if name not in self._harmless:
            mutable = isinstance(value.literal, list | dict)
            self._harmless[name] = all(self._is_harmless(use, mutable=mutable) for use in self.uses(name))
        if not self._harmless[name]:
            return Unknown(f"{name} is changed in this file, or handed to what may change it.")
        return value

    def _made(self, node: Node, depth: int) -> object:
        """`new RegExp("...", "i")`; `[...].filter(Boolean)`, `[...].concat([...])`, `"...".split(",")`."""
        callee = node.child_by_field_name("constructor") or node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        nodes = arguments.named_children if arguments else []
        unknown = Unknown("It is what a call gives, which shows only when the program runs.")
        if callee is None or len(nodes) > _MAX_ARGUMENTS:
            return unknown
        given = [self.value(child, depth + 1).literal for child in nodes]
        if callee.type == "identifier" and self.text(callee) == "RegExp":
            texts = [literal for literal in given if isinstance(literal, str)]
            if 0 < len(texts) == len(given) < 3:
                return Expression(texts[0], texts[1] if len(texts) == 2 else "")
        method, owner = callee.child_by_field_name("property"), callee.child_by_field_name("object")
        if method is None or owner is None:
            return unknown
        value = self.value(owner, depth + 1)
        found = of_method(value, self.text(method), given, [self.text(child) for child in nodes])
        return unknown if found is None else found

    def _unary(self, node: Node, depth: int) -> object:
        operand = self.value(node.named_children[-1], depth + 1).literal
        if self.text(node).startswith("-") and isinstance(operand, int | float) and not isinstance(operand, bool):
            return -operand
        if self.text(node) in ("!0", "!1"):  # as minifiers write it
            return self.text(node) == "!0"
        return Unknown("Its value shows only when the program runs.")

    def _sum(self, node: Node, depth: int) -> object:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None or self.text(operator) not in ("+", "*"):
            return Unknown("Its value shows only when the program runs.")
        one, other = self.value(left, depth + 1).literal, self.value(right, depth + 1).literal
        if isinstance(one, str) and isinstance(other, str) and self.text(operator) == "+":
            return one + other
        if type(one) is int and type(other) is int:
            return one + other if self.text(operator) == "+" else one * other
        return Unknown("Its value shows only when the program runs.")

    def _is_harmless(self, use: Node, *, mutable: bool) -> bool:
        """Whether what the name stands for is the same after this use of it."""
        top, depth, parent = use, 0, self.parent(use)
        while (
            parent is not None
            and parent.type in ("member_expression", "subscript_expression")
            and parent.child_by_field_name("object") == top
        ):
            top, depth, parent = parent, depth + 1, self.parent(parent)
        if parent is None:
            return True
        if parent.type in ("assignment_expression", "augmented_assignment_expression"):
            left = parent.child_by_field_name("left")
            return left != top and (not mutable or (left is not None and "exports" in self.text(left)))
        if parent.type in ("update_expression", "for_in_statement", *_PATTERNS):
            return False
        if not mutable:
            return True
        if parent.type == "call_expression" and parent.child_by_field_name("function") == top:
            name = top.child_by_field_name("property")
            return depth > 0 and name is not None and self.text(name) in _HARMLESS
        if parent.type == "arguments":
            return self._only_reads(self.parent(parent))
        return parent.type not in ("variable_declarator", "unary_expression", "yield_expression", "await_expression")

    def _only_reads(self, call: Node | None) -> bool:
        if call is None:
            return False
        callee = call.child_by_field_name("function") or call.child_by_field_name("constructor")
        name = self.text(callee) if callee is not None else ""
        return name in _READERS or "cors" in name.lower() or name == "Set"

    def _is_binding(self, node: Node) -> bool:
        parent = self.parent(node)
        if parent is None:
            return False
        if node.type == "shorthand_property_identifier_pattern" or parent.type in (
            *_PATTERNS,
            "import_clause",
            "namespace_import",
            "import_specifier",
            "catch_clause",
            "class_declaration",
            "function_declaration",
        ):
            return parent.type not in ("class_declaration", "catch_clause") or parent.named_children[0] == node
        if parent.type == "arrow_function":
            return parent.child_by_field_name("parameter") == node
        return parent.type in ("variable_declarator", "for_in_statement") and node in (
            parent.child_by_field_name("name"),
            parent.child_by_field_name("left"),
        )

    def _line(self, node: Node) -> str:
        return self._lines[node.start_point[0]].decode("utf-8", errors="replace").strip()

    def _initial(self, binding: Node) -> Node | None:
        parent = self.parent(binding)
        return (
            parent.child_by_field_name("value") if parent is not None and parent.type == "variable_declarator" else None
        )
