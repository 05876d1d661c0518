"""AWS's Runtime Interface Emulator, which aws-sam-cli ships, with a function in it: Lambda without Docker.

It has Lambda's own Runtime API, to which the runtime's client (awslambdaric, here as in AWS) connects, and takes
invocations over HTTP. What it does otherwise than AWS:

- The function starts with the first invocation, and its start counts against the function's timeout. In AWS it starts
  before, with ten seconds of its own.
- What a function raises comes with the status 200, and no header tells it from an answer: there is no
  `X-Amz-Function-Error`. Only what did not start, or ended, or answered too much, is a 502. A function that took
  too long is a 200 with a sentence that is no JSON.
- `invoked_function_arn` always is of us-east-1 and of the account 012345678912.
- No trace id comes with an invocation: X-Ray has nothing to continue, and its SDK says so in the log.
- It takes one invocation at a time, and a second one ends it in a panic. AWS starts another process.
- Between invocations the process goes on, where AWS freezes it. Memory is not limited, and the file system not
  read-only: PYTHONDONTWRITEBYTECODE keeps Python from writing into the built folders.
- There is no SnapStart, no extension, no Lambda@Edge: a function for CloudFront gets its events, and nobody holds its
  answers to CloudFront's rules.

It never ends by itself, so it runs under `timeout`. On SIGTERM it kills the function, which has a process group of
its own, and goes.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import platform
import socket
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.aws import environment
from runtime.pythons import without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from runtime.pythons import Python

PATIENCE = 30.0
"""Seconds until a machine under load counts as stuck; nothing waits that long otherwise."""
_LIFETIME = 600
_NAMES = {"x86_64": "x86_64", "aarch64": "arm64"}

ARN = "arn:aws:lambda:us-east-1:012345678912:function:{}"
LIMIT = 6 * 1024 * 1024 + 100
"""Bytes of an answer, as the function writes it in JSON."""


@dataclass(frozen=True)
class Answer:
    """What an invocation got: an HTTP status, and text."""

    status: int
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Function:
    """A function in the emulator."""

    port: int
    log: Path

    def invoke(self, event: object) -> Answer:
        """Hand an event over, and wait for what comes of it."""
        return self.send(json.dumps(event).encode())

    def send(self, body: bytes) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request("POST", "/2015-03-31/functions/function/invocations", body)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())

    def answer(self, event: object) -> Any:
        """What the function returned, or the error that it raised: in AWS, a header tells which."""
        found = self.invoke(event)
        assert found.status == 200, found
        return found.json()

    @property
    def request_id(self) -> str:
        """The id of the last invocation."""
        return next(line.split()[2] for line in reversed(self.lines()) if line.startswith("START RequestId: "))

    @property
    def starts(self) -> int:
        """How many processes there have been."""
        return sum("INIT START" in line for line in self.lines())

    def lines(self) -> list[str]:
        """Everything logged so far. Function and emulator write into one file, so it is there with the answer."""
        return self.log.read_text("utf-8", errors="replace").splitlines()

    def told(self, message: str) -> dict[str, Any]:
        """The first line of JSON in the log with that `message`, but for the metrics' time."""
        entries: list[dict[str, Any]] = [json.loads(line) for line in self.lines() if line.startswith("{")]
        found = [entry for entry in entries if entry.get("message") == message]
        assert found, f"no line with the message {message!r} in:\n" + "\n".join(self.lines())
        found[0].get("_aws", {}).pop("Timestamp", None)
        return found[0]


@dataclass(frozen=True)
class Settings:
    """A function: `task` is its /var/task, `timeout` is in seconds, `endpoint` stands for all of AWS."""

    task: Path
    handler: str
    variables: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 15
    endpoint: str | None = None


def emulator() -> Path:
    """The emulator's binary."""
    spec = find_spec("samcli")
    machine = _NAMES.get(platform.machine(), platform.machine())
    if platform.system() != "Linux" or spec is None or spec.origin is None:
        without("the Runtime Interface Emulator runs on Linux, and comes with aws-sam-cli")
    path = Path(spec.origin).parent / f"local/rapid/aws-lambda-rie-{machine}"
    if not path.is_file():
        without(f"aws-sam-cli has no Runtime Interface Emulator for {machine}")
    return path


@contextlib.contextmanager
def running(python: Python, settings: Settings, opt: Path, log: Path) -> Iterator[Function]:
    """A function with what AWS sets up for it; `opt` is its /opt, and `log` is written."""
    # Free now, and nobody else asks for one by its number. The emulator cannot choose, and tell.
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        port, api = first.getsockname()[1], second.getsockname()[1]
    library = opt / f"python/lib/python{python.version}/site-packages"
    # As Lambda's runtime has it: the function's code, layers, the runtime's own libraries.
    path = [settings.task, library, opt / "python", python.runtime]
    own = {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{python.version}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": "tea",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(settings.timeout),
        "AWS_SESSION_TOKEN": "local",
        "LAMBDA_TASK_ROOT": str(settings.task),
        "LANG": "en_US.UTF-8",
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "TZ": ":UTC",
        "_HANDLER": settings.handler,
    }
    addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address"]
    bounded = ["timeout", "--kill-after=5", str(_LIFETIME), str(emulator()), *addresses, f"127.0.0.1:{api}"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*bounded, str(python.executable), "-m", "awslambdaric", settings.handler],
            cwd=settings.task,
            env={**environment({}, settings.endpoint), **own, **settings.variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(port, process, log)
        yield Function(port, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the emulator can be connected to."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise AssertionError(f"the emulator does not answer:\n{log.read_text('utf-8', errors='replace')}")
