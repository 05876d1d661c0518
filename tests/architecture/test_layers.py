"""The engine's files import downwards only, from the standard library only, and only its runtime touches the world."""

from __future__ import annotations

import ast
import functools
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tables import each

ROOT = Path(__file__).parents[2] / "layers" / "cors" / "python" / "edgecors"

# From the bottom to the top: a module imports only what stands before it.
ORDER = [
    # values, problems, facts of the standards
    "_value",
    "problems",
    "_spec",
    # what the standards' syntax means
    "_path",
    "_origin",
    "_pattern",
    "_diagnosis",
    "_regex",
    "_suffix_data",
    "_suffixes",
    "_url",
    # expressions as automata
    "_automaton",
    "_framing",
    "_hosts",
    "_regex_hint",
    "_lookalike",
    "_expression",
    # policies
    "_match",
    "_checks",
    "policy",
    # requests, rules, decisions
    "request",
    "_document",
    "rules",
    "manifest",
    "decision",
    "response",
    # explanations
    "_safelist",
    "_browser",
    "_explain_origin",
    "explain",
    "explain_fetch",
    # event sources
    "aws._json",
    "aws.payload_v1",
    "aws.payload_v2",
    "aws.alb",
    "aws.cloudfront",
    "aws",
    # the only I/O
    "runtime",
    "runtime.events",
    "runtime.sources",
    "runtime.source",
    "runtime.local_http",
    "runtime.extension",
    "runtime.attempt",
    "runtime.freshness",
    "runtime.refusals",
    "runtime.environment",
    "runtime.middleware",
    "runtime.fast_path",
    "runtime.decorator",
    "runtime.wrap",
    "",
]

# Imports upwards, each inside a function, and why.
UPWARDS = {
    ("rules", "explain"): "Rules.explain is in the contract; nothing that serves requests loads it",
    ("rules", "explain_fetch"): "the same",
}

# What reads or changes anything outside the process, or depends on when or where it runs.
WORLD = frozenset(
    [
        "asyncio",
        "concurrent",
        "ctypes",
        "datetime",
        "fileinput",
        "getpass",
        "glob",
        "http",
        "importlib",
        "io",
        "locale",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "pickle",
        "platform",
        "random",
        "select",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "uuid",
        "urllib",
        "warnings",
    ]
)
CALLS = frozenset({"open", "print", "input", "exec", "eval", "compile", "breakpoint", "__import__"})


@dataclass(frozen=True)
class Import:
    """One import: of which module (dotted), in which line, inside a function or not."""

    module: str
    line: int
    lazy: bool


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


FILES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


def imports(node: ast.AST, *, lazy: bool = False) -> list[Import]:
    """Every import that runs; those for type checkers do not."""
    if isinstance(node, ast.Import):
        return [Import(alias.name, node.lineno, lazy) for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports name their module in full"
        assert node.module is not None
        inner = [f"{node.module}.{alias.name}" for alias in node.names]
        modules = [name if name.removeprefix("edgecors.") in FILES else node.module for name in inner]
        return [Import(module, node.lineno, lazy) for module in modules]
    children: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        children = list(node.orelse)
    inside = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    return [found for child in children for found in imports(child, lazy=inside)]


@functools.cache
def tree_of(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


@functools.cache
def imports_of(name: str) -> list[Import]:
    return imports(tree_of(name))


def test_every_file_has_its_place() -> None:
    assert sorted(ORDER) == sorted(FILES), "give each file of the engine its place in ORDER"


@each("name", FILES)
def test_imports_go_downwards(name: str) -> None:
    wrong = []
    for found in imports_of(name):
        if found.module.split(".")[0] != "edgecors":
            continue
        target = found.module.removeprefix("edgecors").removeprefix(".")
        if ORDER.index(target) < ORDER.index(name):
            continue
        if not (found.lazy and (name, target) in UPWARDS):
            wrong.append(f"{FILES[name].name}:{found.line} imports {found.module}, which is not below it")
    assert wrong == []


@each("name", FILES)
def test_imports_are_of_the_standard_library(name: str) -> None:
    wrong = []
    for found in imports_of(name):
        package = found.module.split(".")[0]
        if package in ("edgecors", *sys.stdlib_module_names):
            continue
        if not (package in ("boto3", "botocore", "snapshot_restore_py") and name.startswith("runtime.") and found.lazy):
            wrong.append(f"{FILES[name].name}:{found.line} imports {found.module}")
    assert wrong == []


@each("name", [name for name in FILES if name.split(".")[0] != "runtime"])
def test_only_the_runtime_touches_the_world(name: str) -> None:
    wrong = [
        f"{FILES[name].name}:{found.line} imports {found.module}"
        for found in imports_of(name)
        if found.module.split(".")[0] in WORLD
    ]
    wrong += [
        f"{FILES[name].name}:{node.lineno} calls {node.func.id}"
        for node in ast.walk(tree_of(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in CALLS
        # The package itself loads the names that serving does not need.
        and not (name == "" and node.func.id == "__import__")
    ]
    assert wrong == []


def test_what_is_allowed_upwards_is_there() -> None:
    there = {
        (name, found.module.removeprefix("edgecors.")) for name in FILES for found in imports_of(name) if found.lazy
    }
    assert set(UPWARDS) <= there, "an exception that nothing needs any more"


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("import os", [("os", False)]),
        ("import os.path as p, json", [("os.path", False), ("json", False)]),
        ("from edgecors import _spec", [("edgecors._spec", False)]),
        ("from edgecors import Policy", [("edgecors", False)]),
        ("from edgecors.policy import Policy", [("edgecors.policy", False)]),
        ("from edgecors.aws import alb", [("edgecors.aws.alb", False)]),
        ("def f():\n  import os", [("os", True)]),
        ("class C:\n  import os\n  def f(self):\n    if 1:\n      import json", [("os", False), ("json", True)]),
        ("try:\n  import os\nexcept ImportError:\n  import json", [("os", False), ("json", False)]),
        ("TYPE_CHECKING = False\nif TYPE_CHECKING:\n  import os\nelse:\n  import json", [("json", False)]),
        ("f = lambda: __import__('os')", []),
    ],
)
def test_imports_are_found_wherever_they_stand(code: str, modules: list[tuple[str, bool]]) -> None:
    assert [(found.module, found.lazy) for found in imports(ast.parse(code))] == modules
