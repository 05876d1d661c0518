"""Put the package into a layer, small: `python3.13 -X no_debug_ranges pack.py python/edgecors DIR/edgecors`.

A layer is paid for at each cold start, so it has a limit (tests/layer), and half of a package is for its readers.
What is left out, and what that costs:

- comments and docstrings, in the sources too. Every line keeps its number, so a traceback still points into the
  project's files.
- in the bytecode, also the annotations of functions and what is imported for them alone: they are text that nothing
  evaluates. (`-X no_debug_ranges` leaves out the columns, which are the ^^^^ in a traceback.)
- the bytecode of what most functions never load: it is compiled, in milliseconds, in the process that asks for it.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import marshal
import sys
import tokenize
from pathlib import Path

AT_RUN_TIME = Path("/opt/python")
# The loader compares such bytecode with nothing: it holds no timestamp, and /opt cannot change.
UNCHECKED_HASH = 0b01

NOT_COMPILED = {
    # explanations, for people
    "_browser.py",
    "_explain_origin.py",
    "_lookalike.py",
    "_safelist.py",
    "_url.py",
    "explain.py",
    "explain_fetch.py",
    # expressions: few rules have one, and starts then take some 15 ms longer
    "_automaton.py",
    "_expression.py",
    "_framing.py",
    "_hosts.py",
    "_regex.py",
    "_regex_hint.py",
    # rules that are larger than a parameter
    "manifest.py",
    # answers that are no dict with a status code
    "_json.py",
    # the Public Suffix List, which is one literal: under a millisecond
    "_suffix_data.py",
}
# Its licence asks that its notice stays.
NOT_SLIMMED = {"_suffix_data.py"}

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def slim(source: str) -> str:
    """The same program on the same lines, without comments and docstrings."""
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _Documented) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            for row in range(docstring.lineno - 1, docstring.end_lineno or docstring.lineno):
                lines[row] = ""
            if len(node.body) == 1 and not isinstance(node, ast.Module):
                lines[docstring.lineno - 1] = " " * docstring.col_offset + "pass"
    return "".join(f"{line.rstrip()}\n" for line in lines)


class _WithoutTypes(ast.NodeTransformer):
    """Drops annotations, but those of classes, which dataclasses read, and the bodies of `if TYPE_CHECKING`."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = [ast.copy_location(ast.Pass(), node)]
        return self.generic_visit(node)


def bytecode(source: str, name: str) -> bytes:
    """What belongs into the .pyc of a source file that is `name` at run time."""
    tree = _WithoutTypes().visit(ast.parse(source))
    code = compile(tree, name, "exec", dont_inherit=True, optimize=0)
    flags = UNCHECKED_HASH.to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source.encode()) + marshal.dumps(code)


def shipped(package: Path) -> list[Path]:
    """The files that a layer gets, relative to the package: no tests, no texts, no left-overs."""
    files = sorted(path.relative_to(package) for path in package.rglob("*") if path.is_file())
    return [
        path
        for path in files
        if path.suffix != ".md" and not any(part in ("tests", "__pycache__") or part[0] == "." for part in path.parts)
    ]


def pack(package: Path, target: Path) -> None:
    """Write the package's files and their bytecode to `target`, which is made."""
    for path in shipped(package):
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".py" or path.name in NOT_SLIMMED:
            copy.write_bytes((package / path).read_bytes())
        else:
            copy.write_text(slim((package / path).read_text("utf-8")), "utf-8")
        if path.suffix == ".py" and path.name not in NOT_COMPILED:
            compiled = Path(importlib.util.cache_from_source(str(copy), optimization=""))
            compiled.parent.mkdir(exist_ok=True)
            compiled.write_bytes(bytecode(copy.read_text("utf-8"), str(AT_RUN_TIME / package.name / path)))


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
