"""An AWS account on this machine, a copy of the project to deploy into it, and the commands that do."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from local.aws import environment, stop
from rehearsal.stack import files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
REGION = "eu-central-1"  # not the one that everything falls back on
ACCOUNT = "123456789012"  # moto's
SECONDS = 300

COPIED = ("Makefile", ".python-version", "requirements-dev.txt", "samconfig.toml", "template.yaml")
FOLDERS = ("layers", "functions", "tools")
PYTHONPATH = "layers/cors/python:functions/rules_guard:tools"  # the Makefile's


@dataclass(frozen=True)
class Account:
    """The account, by its address."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """What reaches this account and no other. Buckets are in the path, since nothing resolves `name.localhost`."""
        config = ROOT / "tests/rehearsal/config"
        return environment(os.environ, self.endpoint) | {
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": str(config),
            # pip, which sam build calls, may need a proxy; what is on this machine must not be looked for behind it.
            **{name: os.environ.get(name, "") + ",localhost,127.0.0.1" for name in ("NO_PROXY", "no_proxy")},
            "NO_COLOR": "1",
        }

    def client(self, service: str) -> Any:
        """A client of any service. The process's environment must be this account's."""
        make: Any = boto3.client
        return make(service)


@contextlib.contextmanager
def opened() -> Iterator[Account]:
    """A new account, with nothing in it."""
    paths = (ROOT / "tests", ROOT / "tools", ROOT / "layers/cors/python")
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "rehearsal.server"],
        stdin=subprocess.PIPE,  # its end is what ends the server
        stdout=subprocess.PIPE,
        env=Account("").environment | {"PYTHONPATH": os.pathsep.join(map(str, paths))},
        text=True,
    )
    try:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        assert port, "the account does not open: see what its server wrote above"
        # By name: moto reads the bucket of a template's URL out of its path only where that says localhost.
        yield Account(f"http://localhost:{port}")
    finally:
        stop(server)


class Checkout:
    """A copy of the project, which may be changed and built without anyone noticing."""

    def __init__(self, folder: Path, account: Account) -> None:
        self.folder = folder
        self._account = account
        for name in COPIED:
            shutil.copy2(ROOT / name, folder / name)
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        (folder / ".venv").symlink_to(Path(sys.executable).parents[1])

    def run(self, *command: str, fails: bool = False) -> str:
        """Run it in the copy; everything that it wrote. Whether it succeeds is part of what is expected."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._account.environment | {"PYTHONPATH": PYTHONPATH},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (done.returncode != 0) is fails, f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}"
        return done.stdout

    def make(self, target: str, *, fails: bool = False) -> str:
        """A target of the Makefile, on the virtual environment as it is."""
        return self.run("make", "--old-file", ".venv/requirements-dev.txt", target, "STACK=tea", fails=fails)

    def sam(self, *arguments: str) -> str:
        return self.run(".venv/bin/sam", *arguments)

    def built(self) -> dict[str, dict[str, bytes]]:
        """What `sam build` made of each function and the layer: file to content."""
        return {folder.name: files(folder) for folder in (self.folder / ".aws-sam/build").iterdir() if folder.is_dir()}

    def replace(self, name: str, old: str, new: str) -> None:
        """Edit a file of the copy."""
        path = self.folder / name
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), "utf-8")

    def append(self, name: str, text: str) -> None:
        """Add to the end of a file of the copy."""
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)
