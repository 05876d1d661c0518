"""What is in the built layer, and what importing it does."""

from __future__ import annotations

import ast
import io
import json
import tokenize
import zipfile
from pathlib import Path

from layer.building import ROOT, build
from layer.running import run

SOURCE = ROOT / "layers/cors/python/edgecors"
MAX_ZIPPED = 200 * 1024
# Modules that importing edgecors may load beyond the interpreter's own: the same on every machine, unlike the
# time that they take.
MAX_MODULES = 40
UNCHECKED_HASH = 0b01
# pack.py tells why: explanations, hints, the Public Suffix List.
NOT_COMPILED = {
    *(
        "_browser.py",
        "_explain_origin.py",
        "_lookalike.py",
        "_safelist.py",
        "_url.py",
        "explain.py",
        "explain_fetch.py",
    ),
    *("problems.py", "_diagnosis.py", "_regex_hint.py", "_suffix_data.py", "_json.py"),
}
# Modules whose bytecode carries that of what is imported with the second.
CARRIERS = {"edgecors": "edgecors.runtime.environment", "edgecors._expression": "edgecors._expression"}


def files(folder: Path) -> dict[str, bytes]:
    """Each file's path below `folder`, and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def carried(python: str) -> set[Path]:
    """The files of what is imported with a carrier, and is none, from the package's folder on."""
    code = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
carriers = json.loads(sys.argv[2])
for name in carriers.items():
    importlib.import_module(name[0]), importlib.import_module(name[1])
print(*(sys.modules[name].__file__ for name in sys.modules if name.startswith("edgecors") and name not in carriers))
"""
    found = run(python, code, str(SOURCE.parent), json.dumps(CARRIERS)).split()
    return {Path(file).relative_to(SOURCE) for file in found if Path(file).name not in NOT_COMPILED}


def test_it_holds_the_package_with_its_bytecode_and_nothing_else(layer: Path, python: str) -> None:
    tag = run(python, "import sys; print(sys.implementation.cache_tag)").strip()
    source = {path for path in SOURCE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    expected = {Path("python/edgecors") / path.relative_to(SOURCE) for path in source}
    compiled = {path for path in expected if path.suffix == ".py" and path.name not in NOT_COMPILED}
    compiled -= {Path("python/edgecors") / path for path in carried(python)}
    expected |= {path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc" for path in compiled}

    assert set(map(Path, files(layer))) == expected
    assert {path.suffix for path in source} <= {".py", ".typed"}


def program(source: str) -> str:
    """The program and the place of each of its parts, whatever its docstrings say."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if first and ast.get_docstring(node, clean=False) is not None:
                alone = len(node.body) == 1 and not isinstance(node, ast.Module)
                node.body[:1] = [ast.copy_location(ast.Pass(), first)] if alone else []
    for node in ast.walk(tree):
        # What ends with a docstring ends earlier without.
        for field in {"end_lineno", "end_col_offset"} & set(node._attributes):
            setattr(node, field, None)
    return ast.dump(tree, include_attributes=True)


def test_every_source_file_is_the_project_s_without_comments_and_docstrings(layer: Path) -> None:
    for path in (layer / "python/edgecors").rglob("*.py"):
        original = (SOURCE / path.relative_to(layer / "python/edgecors")).read_text("utf-8")
        built = path.read_text("utf-8")
        assert program(built) == program(original), path
        if path.name != "_suffix_data.py":
            tokens = tokenize.generate_tokens(io.StringIO(built).readline)
            assert tokenize.COMMENT not in {token.type for token in tokens}, path


def test_the_public_suffix_list_keeps_its_licence(layer: Path) -> None:
    name = "python/edgecors/_suffix_data.py"
    assert (layer / name).read_bytes() == (ROOT / "layers/cors" / name).read_bytes()


def test_it_is_small(layer: Path) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files(layer).items():
            archive.writestr(path, content)
    assert len(zipped.getvalue()) <= MAX_ZIPPED


def test_the_same_source_is_the_same_layer_whatever_the_shell_has_set(built: Path, tmp_path: Path) -> None:
    odd = build(
        tmp_path / "odd",
        PYTHONOPTIMIZE="2",
        PYTHONHASHSEED="7",
        PYTHONPYCACHEPREFIX=str(tmp_path / "elsewhere"),
        SOURCE_DATE_EPOCH="0",
    )
    assert odd.returncode == 0, odd.stderr
    assert files(built) == files(tmp_path / "odd")
    assert not (tmp_path / "elsewhere").exists()


def test_lambda_may_read_every_file(layer: Path) -> None:
    for path in layer.rglob("*"):
        assert path.stat().st_mode & 0o004, path
        assert not path.stat().st_mode & 0o022, path


def test_bytecode_is_never_compared_with_its_source_and_names_the_path_at_run_time(layer: Path, python: str) -> None:
    flags = [content[4:8] for path, content in files(layer).items() if path.endswith(".pyc")]
    assert set(flags) == {UNCHECKED_HASH.to_bytes(4, "little")}

    code = """
import importlib.util, json, marshal, pathlib, sys
def check(value, at_run_time):
    if hasattr(value, "co_consts"):
        assert value.co_filename == at_run_time, (value, at_run_time)
        for const in value.co_consts:
            check(const, at_run_time)
    elif isinstance(value, tuple):
        for part in value:
            check(part, f"/opt/python/edgecors/{value[1]}" if len(value) == 3 else at_run_time)
for path in pathlib.Path(sys.argv[1]).rglob("*.pyc"):
    source = importlib.util.source_from_cache(str(path))
    check(marshal.loads(path.read_bytes()[16:]), source.replace(sys.argv[1], "/opt"))
"""
    run(python, code, str(layer))


def test_no_class_is_made_of_its_annotations() -> None:
    """The bytecode has none."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(isinstance(part, ast.AnnAssign) for part in node.body):
                made_by = " ".join(map(ast.unparse, (*node.bases, *node.decorator_list)))
                assert not any(kind in made_by for kind in ("dataclass", "NamedTuple", "Protocol", "TypedDict")), path


SERVE = """
import json, pathlib, sys
layer, events = sys.argv[1:]
def refuse(event, arguments):
    if event == "compile" and str(arguments[1]).startswith(layer):
        assert arguments[1].endswith("/_suffix_data.py"), arguments[1]
before = set(sys.modules)
sys.path.insert(0, layer + "/python")
sys.addaudithook(refuse)
import edgecors
imported = set(sys.modules) - before

rules = {"schema": "edgecors/1", "policies": [{
    "name": "all", "paths": ["*"], "allow_credentials": True,
    "allow_origins": [
        "https://a.example", "https://*.a.example", "http://localhost:*", {"regex": "https://[a-z]+[.]b[.]example"}
    ],
}]}
class Source:
    def fetch(self):
        return edgecors.Document(json.dumps(rules), "1")

@edgecors.cors(rules=rules)
@edgecors.cors(rules=Source())
def handler(event, context):
    return {"statusCode": 200}

for path in pathlib.Path(events).glob("*.json"):
    if path.name != "env.json":
        handler(json.loads(path.read_text()), None)
        handler.__wrapped__(json.loads(path.read_text()), None)
loaded = set(sys.modules) - before
strange = {name for name in loaded if name.partition(".")[0] not in {"edgecors", *sys.stdlib_module_names}}
print(json.dumps({"file": edgecors.__file__, "imported": sorted(imported), "strange": sorted(strange)}))
"""


def test_importing_and_serving_load_bytecode_only_and_few_modules_of_the_standard_library(
    layer: Path, python: str
) -> None:
    # The lines before are the engine's own log.
    *_, last = run(python, SERVE, str(layer), str(ROOT / "events")).splitlines()
    found = json.loads(last)
    assert Path(found["file"]) == layer / "python/edgecors/__init__.py"
    assert found["strange"] == []
    assert len(found["imported"]) <= MAX_MODULES, found["imported"]


def test_a_missing_interpreter_is_one_clear_sentence(tmp_path: Path) -> None:
    made = build(tmp_path / "none", LAYER_PYTHON="python3.99")
    assert made.returncode != 0
    assert made.stderr.splitlines()[0] == (
        "The layer needs python3.99 on the PATH to compile its bytecode: "
        "install it (pyenv install 3.99, or uv python install 3.99)."
    )
    assert not (tmp_path / "none").exists()
