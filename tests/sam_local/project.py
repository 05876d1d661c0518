"""A checkout with a build in it, where README's commands are run as they stand there.

It differs from a real one in three things, each for a reason:

- The functions have one variable more, AWS_ENDPOINT_URL, which leads them to the AWS on this machine: `sam local` sets
  only variables that the template has. Its value comes from the shell, as for every variable.
- There is a third function, at /echo, that answers with its event: in what `sam local` differs from AWS is seen there.
- samconfig.toml has a port for `sam local start-api`, since 3000 may be taken.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit
from samcli.yamlhelper import yaml_dump, yaml_parse

from local.aws import environment
from runtime.pythons import ROOT
from sam_local import readme
from sam_local.daemon import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from runtime.account import Teas

HERE = Path(__file__).parent
ENDPOINT = "AWS_ENDPOINT_URL"
SECONDS = 240
"""For one command: a minute, had it the machine for itself and had to build the image."""


@dataclass(frozen=True)
class Invoked:
    """What a command wrote: `output` is the function's answer, `log` what the function and SAM CLI tell."""

    status: int
    output: str
    log: str

    @property
    def request_id(self) -> str:
        # SAM CLI begins to read the log when the container runs, and may miss its first line.
        found = re.search(r"^END RequestId: (\S+)", self.log, re.MULTILINE)
        assert found, self.log
        return found[1]

    @property
    def containers(self) -> list[str]:
        """The ids of the containers that SAM CLI made."""
        return re.findall(r"^SAM_CONTAINER_ID: (\w+)", self.log, re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """`folder`: where commands run; `port`: that of `sam local start-api`; `endpoint`: AWS."""

    folder: Path
    port: int
    endpoint: str

    def run(self, command: Sequence[str], variables: Mapping[str, str]) -> Invoked:
        """A command of README's with these variables set in the shell."""
        run = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Invoked(run.returncode, run.stdout, run.stderr)

    @contextlib.contextmanager
    def served(self, command: Sequence[str], variables: Mapping[str, str]) -> Iterator[Path]:
        """A command of README's that goes on until it is interrupted, as one does with Ctrl-C; its log."""
        log = self.folder / f"{self.port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["timeout", "--foreground", "--kill-after=20", "--signal=INT", str(4 * SECONDS), *command],
                cwd=self.folder,
                env=self._environment(variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait(process, log)
            yield log
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)

    def _environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        # Not from the shell of whoever runs the tests: its AWS account, its way to find Python's modules.
        inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        own = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "SAM_SKIP_PULL_IMAGE": "1",
            "SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": str(PATIENCE),
            # Locks and scratch files, for each command its own: two commands at once do not wait for one another.
            "TMPDIR": str(self._scratch()),
        }
        return environment(inherited, self.endpoint) | own | dict(variables)

    def _scratch(self) -> Path:
        folder = self.folder / f"scratch-{time.monotonic_ns()}"
        folder.mkdir()
        return folder

    def _wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Until the API can be connected to."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError(f"sam local start-api does not answer:\n{log.read_text('utf-8', errors='replace')}")


def free_port() -> int:
    """One that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def shell(teas: Teas) -> dict[str, str]:
    """What README exports: the stack's outputs."""
    exported = [word.partition("=")[0] for command in readme.beginning("export") for word in command.words[1:]]
    return {name: teas.variables[name] for name in exported}


def checkout(folder: Path, build: Path, endpoint: str) -> Project:
    """Set one up; `build` is what `sam build` made of this one."""
    port = free_port()
    for name in ("events", "template.yaml"):
        (folder / name).symlink_to(ROOT / name)

    settings = tomlkit.parse((ROOT / "samconfig.toml").read_text("utf-8"))
    settings["default"]["local_start_api"]["parameters"]["port"] = port
    (folder / "samconfig.toml").write_text(tomlkit.dumps(settings), "utf-8")

    copy = folder / ".aws-sam/build"
    shutil.copytree(build, copy)
    template = yaml_parse((build / "template.yaml").read_text("utf-8"))
    for name in ("TeaFunction", "RulesGuardFunction"):
        template["Resources"][name]["Properties"]["Environment"]["Variables"][ENDPOINT] = ""
    template["Resources"]["Echo"] = _echo()
    shutil.copytree(HERE / "function", copy / "Echo")
    (copy / "template.yaml").write_text(yaml_dump(template), "utf-8")
    return Project(folder, port, endpoint)


def configured(project: Project, api: Mapping[str, object]) -> Path:
    """Another template beside the built one: an API with these properties, and /echo alone behind it."""
    template = yaml_parse((project.folder / ".aws-sam/build/template.yaml").read_text("utf-8"))
    kept = {name: template["Resources"][name] for name in ("CorsLayer", "Echo")}
    template["Resources"] = {**kept, "TeaApi": {"Type": "AWS::Serverless::HttpApi", "Properties": dict(api)}}
    del template["Outputs"]
    path = project.folder / ".aws-sam/build/configured.yaml"
    path.write_text(yaml_dump(template), "utf-8")
    return path


def _echo() -> dict[str, object]:
    event = {"ApiId": {"Ref": "TeaApi"}, "Path": "/echo/{proxy+}", "Method": "ANY"}
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "CodeUri": "Echo",
            "Handler": "echo.handler",
            "Runtime": {"Ref": "Runtime"},
            "Timeout": 15,
            # As the others, so that SAM CLI runs it in the same image.
            "Layers": [{"Ref": "CorsLayer"}],
            "Events": {"Every": {"Type": "HttpApi", "Properties": event}},
        },
    }
