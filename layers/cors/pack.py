"""Put the package into a layer, small: `python3.13 -X no_debug_ranges pack.py python/edgecors DIR/edgecors`.

A layer is paid for at each cold start, so it has a limit (tests/layer), and half of a package is for its readers.
What is left out, and what that costs:

- comments and docstrings, in the sources too. Every line keeps its number, so a traceback still points into the
  project's files.
- in the bytecode, also annotations and what is imported for them alone: they are text that nothing evaluates.
  (`-X no_debug_ranges` leaves out the columns, which are the ^^^^ in a traceback.)
- the bytecode of what most functions never load: it is compiled, in milliseconds, in the process that asks for it.

What every start loads is in one file: the bytecode of `edgecors/__init__.py` carries that of all other modules of it,
and carry.py, in front of its own code, makes modules of it. To have importlib look for each, read it and import it was
half of what a start took: 10 ms of CPU time beyond a bare handler's became 5 (`make cold`, rules in the environment,
before and after on the same machine). The sources are where they were, for tracebacks and for other Pythons.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import marshal
import sys
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import CodeType

AT_RUN_TIME = Path("/opt/python")
# The loader compares such bytecode with nothing: it holds no timestamp, and /opt cannot change.
UNCHECKED_HASH = 0b01

CARRY = Path(__file__).with_name("carry.py")
# Modules whose bytecode carries that of others: all that importing the second imports.
CARRIERS = {
    # Every start: it is loaded when a handler is decorated, and with it comes all that importing the package loads.
    "edgecors": "edgecors.runtime.environment",
    # Rules with an expression.
    "edgecors._expression": "edgecors._expression",
}

NOT_COMPILED = {
    # explanations, for people
    "_browser.py",
    "_explain_origin.py",
    "_lookalike.py",
    "_safelist.py",
    "_url.py",
    "explain.py",
    "explain_fetch.py",
    # what is wrong with rules, and what was meant
    "problems.py",
    "_diagnosis.py",
    "_regex_hint.py",
    # answers that are no dict with a status code
    "_json.py",
    # the Public Suffix List, which is one literal: 3 ms for 36 KB
    "_suffix_data.py",
}
# Its licence asks that its notice stays.
NOT_SLIMMED = {"_suffix_data.py"}

_Placed = ast.stmt | ast.expr | ast.arg | ast.keyword | ast.excepthandler
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
    """Drops annotations, what is imported for them alone, and the import that keeps them from being evaluated."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.body = node.body or [ast.copy_location(ast.Pass(), node)]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        return ast.copy_location(ast.Assign([node.target], node.value), node) if node.value else None

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return node.orelse if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING" else node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        return node if node.module != "__future__" else None


class Module(NamedTuple):
    """A module of the package: its file, from the package's folder on, the source there, and its program."""

    file: Path
    source: str
    program: ast.Module


def program(source: str) -> ast.Module:
    """What of a source has an effect at run time."""
    tree: ast.Module = _WithoutTypes().visit(ast.parse(source))
    return tree


def imported(name: str, modules: Mapping[str, Module]) -> Iterator[str]:
    """The modules that importing one of them imports, itself the last."""
    seen = set()

    def visit(name: str) -> Iterator[str]:
        if name not in modules or name in seen:
            return
        seen.add(name)
        yield from visit(name.rpartition(".")[0])
        for statement in modules[name].program.body:
            if isinstance(statement, ast.ImportFrom):
                yield from visit(f"{statement.module}")
                for alias in statement.names:
                    yield from visit(f"{statement.module}.{alias.name}")
        yield name

    return visit(name)


def bytecode(code: CodeType, source: str) -> bytes:
    """What belongs into a .pyc."""
    flags = UNCHECKED_HASH.to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source.encode()) + marshal.dumps(code)


def code_of(program: ast.Module, at_run_time: Path) -> CodeType:
    """The code of a file that is there at run time."""
    code: CodeType = compile(program, str(at_run_time), "exec", dont_inherit=True, optimize=0)
    return code


def carrying(own: ast.Module, carried: tuple[tuple[str, str, CodeType], ...], at_run_time: Path) -> CodeType:
    """The code of a file that imports the `carried` modules first."""
    function = next(node for node in program(slim(CARRY.read_text("utf-8"))).body if isinstance(node, ast.FunctionDef))
    # A syntax tree has no place for code: it is put in the place of this text.
    place = "the carried modules"
    call = ast.parse(f"{function.name}({place!r}, __spec__)\ndel {function.name}").body
    in_front = [function, *call]
    for node in (node for statement in in_front for node in ast.walk(statement)):
        if isinstance(node, _Placed):
            node.lineno = node.end_lineno = 1
            node.col_offset = node.end_col_offset = 0
    code = code_of(ast.Module([*in_front, *own.body], []), at_run_time)
    return code.replace(co_consts=tuple(carried if const == place else const for const in code.co_consts))


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
    modules: dict[str, Module] = {}
    for file in shipped(package):
        copy = target / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix != ".py":
            copy.write_bytes((package / file).read_bytes())
            continue
        source = (package / file).read_text("utf-8")
        source = source if file.name in NOT_SLIMMED else slim(source)
        copy.write_text(source, "utf-8")
        name = ".".join((package.name, *file.with_suffix("").parts)).removesuffix(".__init__")
        modules[name] = Module(file, source, program(source))
    places = {name: AT_RUN_TIME / package.name / module.file for name, module in modules.items()}
    codes = {
        name: code_of(module.program, places[name])
        for name, module in modules.items()
        if module.file.name not in NOT_COMPILED
    }
    for carrier, last in CARRIERS.items():
        others = [name for name in imported(last, modules) if name in codes and name not in CARRIERS]
        carried = tuple((name, str(modules[name].file), codes.pop(name)) for name in others)
        codes[carrier] = carrying(modules[carrier].program, carried, places[carrier])
    for name, code in codes.items():
        compiled = Path(importlib.util.cache_from_source(str(target / modules[name].file), optimization=""))
        compiled.parent.mkdir(exist_ok=True)
        compiled.write_bytes(bytecode(code, modules[name].source))


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
