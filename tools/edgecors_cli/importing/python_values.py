"""Python as data: the literal values of a source text, found in its syntax tree. Nothing is executed.

A name stands for its value only where nothing in the file can have changed it; all else is `Unknown`, with the reason.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from edgecors_cli.importing.model import NotReadableError, Place, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_DEPTH = 50
_MAX_CALLS = 100
_MAX_VALUES = 5_000
# Functions that change nothing of what they are given, and methods that change nothing.
_READERS = frozenset(
    {"print", "len", "list", "tuple", "set", "frozenset", "sorted", "any", "all", "isinstance", "repr"}
)
_HARMLESS = frozenset({"copy", "count", "index", "join", "split", "strip", "lower", "format", "startswith", "endswith"})


class Source:
    """A parsed file. Raises NotReadableError where it is no Python."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about escapes in strings
                self.tree = ast.parse(text)
        except SyntaxError as error:
            line, column = error.lineno or 1, error.offset or 1
            shown = self._lines[line - 1].strip() if line <= len(self._lines) else ""
            raise NotReadableError(
                f"This is not Python: {error.msg.rstrip('.')}.", Place(line, max(column, 1)), shown
            ) from None
        except (ValueError, RecursionError, MemoryError):
            raise NotReadableError("This is not Python, or it is nested too deep.") from None
        self.nodes = list(ast.walk(self.tree))
        self._parents: dict[ast.AST, ast.AST] = {
            child: node for node in self.nodes for child in ast.iter_child_nodes(node)
        }
        self._budget = _MAX_VALUES
        self._names: dict[str, list[ast.Name]] = {}
        self._harmless: dict[str, bool] = {}
        self._bound: dict[str, int] = {}
        for node in self.nodes:
            if isinstance(node, ast.Name):
                self._names.setdefault(node.id, []).append(node)
                self._bind(node.id, not isinstance(node.ctx, ast.Load))
            elif isinstance(node, ast.arg):
                self._bind(node.arg, True)
            elif isinstance(node, ast.alias):
                self._bind((node.asname or node.name).partition(".")[0], True)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._bind(node.name, True)

    def _bind(self, name: str, bound: bool) -> None:
        self._bound[name] = self._bound.get(name, 0) + bound

    def calls(self, wanted: Callable[[ast.Call], bool]) -> list[ast.Call]:
        """The calls that are wanted, in the order of the text. Raises NotReadableError where they are too many."""
        found = [node for node in self.nodes if isinstance(node, ast.Call) and wanted(node)]
        if len(found) > _MAX_CALLS:
            raise NotReadableError(f"It has more than {_MAX_CALLS} setups.")
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    def imported(self) -> dict[str, tuple[str, str]]:
        """The module and name that each imported name comes from."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = ("." * node.level + (node.module or ""), alias.name)
        return found

    def is_conditional(self, node: ast.AST) -> bool:
        """Whether the program comes by here only under a condition."""
        around: ast.AST | None = node
        while around is not None:
            if isinstance(around, ast.If | ast.IfExp | ast.While | ast.ExceptHandler | ast.match_case | ast.BoolOp):
                return True
            around = self._parents.get(around)
        return False

    def place(self, node: ast.expr | ast.keyword) -> Place:
        """Where the node begins."""
        line = self._lines[node.lineno - 1].encode("utf-8", errors="replace")
        return Place(node.lineno, len(line[: node.col_offset].decode("utf-8", errors="replace")) + 1)

    def text(self, node: ast.expr) -> str:
        """The node as the file writes it; of a long one the first lines."""
        last = min(node.end_lineno or node.lineno, node.lineno + 3)
        lines = [line.encode("utf-8", errors="replace") for line in self._lines[node.lineno - 1 : last]]
        if last == node.end_lineno:
            lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"\n".join(lines).decode("utf-8", errors="replace")

    def arguments(self, call: ast.Call, names: list[str]) -> dict[str, Value]:
        """The arguments by name; `names`: of those by position. What a `**` brings is under `...`."""
        found: dict[str, Value] = {}
        for position, argument in enumerate(call.args):
            if isinstance(argument, ast.Starred) or position >= len(names):
                found["..."] = Value(
                    Unknown("It brings arguments by position."), self.place(argument), self.text(argument)
                )
                break
            found[names[position]] = self.value(argument)
        for keyword in call.keywords:
            if keyword.arg is None:
                reason = "It brings arguments that are not in the file."
                found["..."] = Value(Unknown(reason), self.place(keyword.value), f"**{self.text(keyword.value)}")
            else:
                found[keyword.arg] = self.value(keyword.value)
        return found

    def value(self, node: ast.expr, depth: int = 0) -> Value:
        """The value of an expression; a name's is where that is written."""
        self._budget -= 1
        if depth > _MAX_DEPTH or self._budget < 0:
            literal: object = Unknown("It is nested too deep, or there is too much of it.")
        else:
            literal = self._literal(node, depth)
        return literal if isinstance(literal, Value) else Value(literal, self.place(node), self.text(node))

    def _literal(self, node: ast.expr, depth: int) -> object:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return node.value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            if node.value is None or isinstance(node.value, bool | int | float):
                return node.value
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._entries(node.elts, depth)
        elif isinstance(node, ast.Name):
            return self._named(node, depth)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            return self._sum(node, depth)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            operand = self.value(node.operand, depth + 1).literal
            if type(operand) in (int, float):
                return -operand  # type: ignore[operator]
        elif isinstance(node, ast.JoinedStr):
            return Unknown("The text has parts that show only when the program runs.")
        elif "environ" in self.text(node) or "getenv" in self.text(node):
            return Unknown("Its value is in the environment, not in the file.")
        return Unknown("Its value shows only when the program runs.")

    def _entries(self, nodes: list[ast.expr], depth: int) -> list[Value]:
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                inner = self.value(node.value, depth + 1)
                if isinstance(inner.literal, list):
                    found += inner.literal
                else:
                    found.append(
                        Value(Unknown("It shows only when the program runs."), self.place(node), self.text(node))
                    )
            else:
                found.append(self.value(node, depth + 1))
        return found

    def _named(self, node: ast.Name, depth: int) -> object:
        uses = self._names[node.id]
        set_at = [use for use in uses if isinstance(use.ctx, ast.Store)]
        if self._bound[node.id] != 1 or len(set_at) != 1:
            return Unknown(f"{node.id} is not set in this file, or in more than one place.")
        statement = self._parents[set_at[0]]
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            return Unknown(f"{node.id} is not simply set to a value.")
        value = self.value(statement.value, depth + 1)
        if isinstance(value.literal, Unknown):
            return Unknown(value.literal.reason)
        if isinstance(value.literal, list) and node.id not in self._harmless:
            self._harmless[node.id] = all(map(self._is_harmless, uses))
        if not self._harmless.get(node.id, True):
            return Unknown(f"{node.id} is changed in this file, or handed to what may change it.")
        return value

    def _is_harmless(self, use: ast.Name) -> bool:
        """Whether the list is the same after this use of its name."""
        parent = self._parents[use]
        above = self._parents.get(parent)
        if isinstance(parent, ast.Attribute):
            return not isinstance(above, ast.Call) or parent.attr in _HARMLESS
        if isinstance(parent, ast.Subscript):
            return isinstance(parent.ctx, ast.Load)
        if isinstance(parent, ast.Call):
            return isinstance(parent.func, ast.Name) and parent.func.id in _READERS
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            return isinstance(use.ctx, ast.Store)
        return True

    def _sum(self, node: ast.BinOp, depth: int) -> object:
        one, other = self.value(node.left, depth + 1).literal, self.value(node.right, depth + 1).literal
        if isinstance(node.op, ast.Add):
            if isinstance(one, str) and isinstance(other, str):
                return one + other
            if isinstance(one, list) and isinstance(other, list):
                return one + other
        if type(one) is int and type(other) is int and max(abs(one), abs(other)) < 10**9:
            return one + other if isinstance(node.op, ast.Add) else one * other
        return Unknown("Its value shows only when the program runs.")
