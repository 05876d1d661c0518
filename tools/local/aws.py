"""The local stand-in for AWS: moto's server as a child process, and settings that reach nothing else."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.errors import StartError, first_line

if TYPE_CHECKING:
    from collections.abc import Mapping

TOOLS = Path(__file__).resolve().parent.parent
REGION = "us-east-1"  # the one that SAM CLI's gateway writes into its events
ACCOUNT = "123456789012"  # moto's
STOP_SECONDS = 3


def environment(inherited: Mapping[str, str], endpoint: str | None = None) -> dict[str, str]:
    """`inherited` without the developer's AWS settings, which no part of a local stack may ever use.

    The credentials are made up, and neither `~/.aws` nor the metadata service of a machine in AWS is asked.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith("AWS_")}
    made_up = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "NO_PROXY": "*",
        "no_proxy": "*",
    }
    if endpoint:
        made_up["AWS_ENDPOINT_URL"] = endpoint
    return kept | made_up


class Moto:
    """moto's server; its address is known at once, and a first request waits until it is ready."""

    def __init__(self) -> None:
        """Start it. Raises StartError where it ends at once."""
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  closed in stop
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "local.moto_server"],
            stdin=subprocess.PIPE,  # never written to: its end is what ends the server
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment(os.environ) | {"PYTHONPATH": str(TOOLS)},
            start_new_session=True,  # Ctrl-C in a terminal is for the parent, which ends its children
            text=True,
        )
        assert self._process.stdout is not None  # noqa: S101  PIPE above
        port = self._process.stdout.readline().strip()
        if not port.isdecimal():
            self.stop()
            raise StartError(f"moto's server does not start: {self.complaint()}")
        # By address: for a host name, boto3 would put the bucket's name in front, and nothing resolves that.
        self.endpoint = f"http://127.0.0.1:{port}"

    def running(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def complaint(self) -> str:
        """The last line that it wrote to standard error."""
        if self._errors.closed:
            return self._last
        self._errors.seek(0)
        lines = [line for line in self._errors.read().splitlines() if line.strip()]
        return first_line(lines[-1]) if lines else "it ended without a word"

    def stop(self) -> None:
        """End the process and wait for it."""
        self._last = self.complaint()
        stop(self._process)
        self._errors.close()


def stop(process: subprocess.Popen[Any]) -> None:
    """End a child by closing its standard input, or by force if it does not go."""
    if process.stdin:
        with contextlib.suppress(BrokenPipeError):  # what was still buffered, for a process that is gone
            process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
