"""`pip install .`: the command is there, with all that it needs of the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from edgecors import __version__

ROOT = Path(__file__).parents[3]
SOURCES = ("layers/cors/python", "functions/rules_guard", "tools")
PACKAGES = ("edgecors", "edgecors_cfn_lint", "edgecors_cli", "edgecors_doctor", "rules_analysis", "rules_store")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, made from a copy, since setuptools writes beside the sources."""
    copy = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copy(ROOT / "README.md", copy)
    for source in SOURCES:
        shutil.copytree(ROOT / source, copy / source, ignore=shutil.ignore_patterns("__pycache__"))
    # What pip calls (PEP 517), without pip.
    make = [sys.executable, "-c", "from setuptools import build_meta; build_meta.build_wheel('.')"]
    subprocess.run(make, cwd=copy, check=True, capture_output=True)
    (wheel,) = copy.glob("*.whl")
    target = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target)
    return target


def test_it_holds_every_module(installed: Path) -> None:
    expected = {
        str(file.relative_to(ROOT / source))
        for source in SOURCES
        for package in PACKAGES
        for file in (ROOT / source).glob(f"{package}/**/*")
        if file.suffix in (".py", ".typed")
    }
    held = {str(file.relative_to(installed)) for file in installed.rglob("*") if file.is_file()}
    assert {name for name in held if ".dist-info/" not in name} == expected


def test_the_command_runs_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    (entries,) = installed.glob("*.dist-info/entry_points.txt")
    assert "edgecors = edgecors_cli.__main__:run" in entries.read_text("utf-8")
    rules = {"schema": "edgecors/1", "policies": []}
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    script = "import sys; from edgecors_cli.__main__ import run; sys.argv[1:] = {}; run()"
    for arguments, said in ((["--version"], f"edgecors {__version__}\n"), (["lint", "rules.json"], "rules.json")):
        done = subprocess.run(
            [sys.executable, "-P", "-c", script.format(arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.startswith(said)


def test_its_version_and_what_it_needs_are_right() -> None:
    assert PROJECT["version"] == __version__
    installed = {name.lower() for names in packages_distributions().values() for name in names}
    assert {name.lower() for name in PROJECT["dependencies"]} <= installed
