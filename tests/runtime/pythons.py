"""Lambda's managed runtimes on this machine: the Pythons, and what AWS installs beside the functions.

Under `.edgecors/runtime/` each version gets a folder of its own, made once from the lock file, hashes checked:

    python/   a virtual environment with nothing in it: what else the machine's Python has is no part of Lambda
    runtime/  /var/runtime: AWS's runtime client and boto3, for that version, with bytecode

Lambda's own boto3 is older than the lock file's at most times. Nothing here depends on which it is.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".edgecors/runtime"
VERSIONS = ("3.11", "3.12", "3.13")
BUILT_FOR = "3.13"
"""The template's own runtime: the bytecode in the layer and in the Tea API is this one's."""

PACKAGES = (
    *("awslambdaric", "simplejson", "snapshot-restore-py"),
    *("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"),
)
_SECONDS = 300


@dataclass(frozen=True)
class Python:
    """A managed runtime. `version`: as `3.13`; `executable`: its interpreter; `runtime`: its /var/runtime."""

    version: str
    executable: Path
    runtime: Path


def without(reason: str) -> NoReturn:
    """Not everyone has what these tests need: without it they are left out, but not in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def prepared(version: str) -> Python:
    """The runtime of that Python, made where it is not there yet."""
    found = _interpreter(version)
    if found is None:
        without(f"no python{version} on this machine: pyenv install {version}, or uv python install {version}")
    locked = _locked()
    key = hashlib.sha256(f"{found}\n{locked}".encode()).hexdigest()[:16]
    folder = CACHE / f"python{version}-{key}"
    if not folder.exists():
        _make(folder, version, found, locked)
    return Python(version, folder / "python/bin/python", folder / "runtime")


def _interpreter(version: str) -> str | None:
    """The path of a Python of that version."""
    name = f"python{version}"
    command = shutil.which(name)
    if command is None:
        return None
    # pyenv's commands do nothing for a version that .python-version does not name.
    asked = subprocess.run(
        [command, "-c", "import sys; print(sys.executable)"],
        env={**os.environ, "PYENV_VERSION": version},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return asked.stdout.strip() if asked.returncode == 0 else None


def _locked() -> str:
    """The lines of the lock file for PACKAGES."""
    text = (ROOT / "requirements-dev.txt").read_text("utf-8")
    entries = re.findall(r"^[^\s#].*(?:\n .*)*", text, re.MULTILINE)
    kept = [entry for entry in entries if re.split(r"[=\[ ]", entry)[0] in PACKAGES]
    assert len(kept) >= len(PACKAGES), "requirements-dev.txt lacks a package of the runtime"
    return "\n".join(kept) + "\n"


def _make(folder: Path, version: str, interpreter: str, locked: str) -> None:
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    making.mkdir(parents=True)
    requirements = making / "requirements.txt"
    requirements.write_text(locked, "utf-8")
    target = str(making / "runtime")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--python-version", version]
    for command in (
        [interpreter, "-m", "venv", "--without-pip", str(making / "python")],
        [*pip, *exact, "--target", target, "--requirement", str(requirements)],
        [interpreter, "-m", "compileall", "-q", "-s", str(making), "-p", str(folder), target],
    ):
        # pip obeys the environment's PYTHONPATH, where the project's own packages are.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False)
        if run.returncode != 0:
            shutil.rmtree(making)
            without(f"the runtime of Python {version} cannot be made: {(run.stderr or run.stdout)[-500:]}")
    if folder.exists():  # another run was faster
        shutil.rmtree(making)
    else:
        making.rename(folder)
