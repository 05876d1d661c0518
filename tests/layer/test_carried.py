"""The bytecode of edgecors/__init__.py has that of all modules in it that every start loads: as if it had not."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from layer.running import run

if TYPE_CHECKING:
    from pathlib import Path

IMPORT = """
import sys
sys.path.insert(0, sys.argv[1] + "/python")
"""


@pytest.fixture(scope="session")
def sources(layer: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer without bytecode."""
    target = tmp_path_factory.mktemp("sources") / "layer"
    shutil.copytree(layer, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


OPENED = """
opened = []
def note(event, arguments):
    if event == "open" and str(arguments[0]).startswith(sys.argv[1]):
        opened.append(arguments[0])
sys.addaudithook(note)
import edgecors
edgecors.cors(lambda event, context: None, rules=edgecors.Rules())
print(*opened, sep="\\n")
"""


def test_importing_and_decorating_read_one_file(layer: Path, python: str) -> None:
    opened = run(python, IMPORT + OPENED, str(layer)).split()
    assert len(opened) == 1
    assert opened[0].startswith(f"{layer}/python/edgecors/__pycache__/__init__.")


MODULES = """
import edgecors, edgecors.runtime.environment, json
def told(value):
    return value.replace(sys.argv[1], "") if isinstance(value, str) else value
found = {}
for name, module in sys.modules.items():
    if name.partition(".")[0] == "edgecors":
        spec, loader = module.__spec__, module.__loader__
        above, _, last = name.rpartition(".")
        assert not above or getattr(sys.modules[above], last) is module
        assert spec.loader is loader
        found[name] = [
            *(told(getattr(module, f"__{place}__")) for place in ("name", "file", "cached", "package", "doc")),
            list(map(told, getattr(module, "__path__", ["none"]))),
            *(told(getattr(spec, part)) for part in ("name", "origin", "cached", "parent", "has_location")),
            list(map(told, spec.submodule_search_locations or ["none"])),
            type(spec).__name__, type(loader).__name__, loader.name, told(loader.path),
            sorted({*vars(module)} - {"__builtins__", "__annotations__", "annotations"}),
        ]
print(json.dumps([found, repr(sys.meta_path)]))
"""


def test_modules_are_as_importlib_makes_them_of_their_files(layer: Path, sources: Path, python: str) -> None:
    carried, plain = (json.loads(run(python, IMPORT + MODULES, str(path))) for path in (layer, sources))
    assert carried[0].keys() == plain[0].keys()
    for name, module in plain[0].items():
        assert carried[0][name] == module
    assert carried[1] == plain[1]  # the finders


PLACES = """
import edgecors, inspect, linecache, traceback
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] == "edgecors":
        for function in filter(inspect.isfunction, vars(module).values()):
            assert inspect.getsource(function).lstrip().startswith("def " + function.__name__)
            codes = [function.__code__]
            for code in codes:
                assert code.co_filename == inspect.getsourcefile(sys.modules[function.__module__]), code
                codes += filter(inspect.iscode, code.co_consts)
try:
    edgecors.Policy(allow_origins=[])
except ValueError as error:
    for frame in traceback.extract_tb(error.__traceback__)[1:]:
        print(frame.filename.removeprefix(sys.argv[1]), frame.name, frame.line)
"""


def test_code_is_where_its_source_is(layer: Path, python: str) -> None:
    assert run(python, IMPORT + PLACES, str(layer)).splitlines() == [
        "/python/edgecors/policy.py __init__ raise PolicyError(report.problems)"
    ]


AGAIN = """
import edgecors, importlib, pickle
policy = edgecors.Policy(allow_origins=["https://a.example"])
assert pickle.loads(pickle.dumps(policy)) == policy
before = dict(sys.modules)
importlib.reload(edgecors)
assert dict(sys.modules) == before and edgecors.Policy is type(policy)
spec = importlib.reload(sys.modules["edgecors._value"])
assert importlib.reload(sys.modules["edgecors.policy"]).Policy is not edgecors.Policy
for name in [name for name in sys.modules if name.partition(".")[0] == "edgecors"]:
    del sys.modules[name]
import edgecors as again
assert again is not edgecors and again.Policy is not edgecors.Policy
assert again.Policy(allow_origins=["https://a.example"]) != policy
"""


def test_modules_can_be_pickled_from_reloaded_and_imported_again(layer: Path, python: str) -> None:
    run(python, IMPORT + AGAIN, str(layer))


BROKEN = """
sys.modules["edgecors.rules"] = None
before = dict(sys.modules)
for _ in range(2):
    try:
        import edgecors
    except ModuleNotFoundError as error:
        assert error.name == "edgecors.rules"
    else:
        raise AssertionError
    assert sys.modules == before
del sys.modules["edgecors.rules"]
import edgecors
edgecors.Policy(allow_origins=["https://a.example"])
"""


def test_what_cannot_be_imported_leaves_nothing_behind(layer: Path, python: str) -> None:
    run(python, IMPORT + BROKEN, str(layer))


THREADS = """
import threading
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)
found = []
def take():
    together.wait()
    from edgecors import Policy, Rules, cors
    found.append((Policy, Rules, cors(lambda event, context: None, rules=Rules())))
threads = [threading.Thread(target=take) for _ in range(together.parties)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(found) == together.parties and len({policy for policy, *_ in found}) == 1
"""


def test_threads_may_import_at_once(layer: Path, python: str) -> None:
    for _ in range(5):
        run(python, IMPORT + THREADS, str(layer))


def test_without_this_bytecode_the_sources_serve(layer: Path, tmp_path: Path, python: str) -> None:
    code = "import edgecors; print(edgecors.__file__, sys.flags.optimize)"
    done = subprocess.run(
        [python, "-O", "-I", "-S", "-B", "-c", IMPORT + code, str(layer)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (f"{layer}/python/edgecors/__init__.py 1\n", "")
