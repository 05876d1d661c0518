"""Docker for these tests: the daemon that runs already, or one of their own, which is gone afterwards with all it made.

The daemon of their own is dockerd of Debian's docker.io. It keeps everything in a temporary folder, listens on a
socket in it, and leaves the machine's firewall and routing alone (`--iptables=false`): its containers reach this
machine and are reached from it, and nothing else. What it cannot help making is the bridge docker0, which is deleted.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import docker
import pytest
from docker.errors import DockerException

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 60.0
"""Seconds until a machine under load counts as stuck; nothing waits that long otherwise."""
_LIFETIME = 1200
_BRIDGE = "docker0"


def without(reason: str) -> NoReturn:
    """Not every machine has Docker: the suite is left out there, but in CI it ends, with that sentence."""
    if os.environ.get("CI"):
        pytest.exit(f"make sam-local cannot run: {reason}", returncode=1)
    pytest.skip(reason)


@contextlib.contextmanager
def connected() -> Iterator[Any]:
    """A client of a daemon; `client.api.base_url` is none of a user's business, DOCKER_HOST says where it is."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        without(f"the template's Architecture is x86_64 on Linux, and this is {platform.machine()} {platform.system()}")
    with contextlib.ExitStack() as stack:
        client = _client()
        if client is None:
            host = stack.enter_context(_started())
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            # For SAM CLI too.
            patch.setenv("DOCKER_HOST", host)
            client = _client()
            assert client is not None, "dockerd was there a moment ago"
        stack.callback(client.close)
        yield client


def _client() -> Any:
    """A client of the daemon that DOCKER_HOST names, or the machine's own; None where none answers."""
    if not _listens(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")):
        return None
    client = docker.from_env(timeout=_LIFETIME)
    try:
        client.ping()
    except (DockerException, OSError):
        client.close()
        return None
    return client


def _listens(host: str) -> bool:
    """Whether one may connect there: docker's own client loses a socket for each time that it may not."""
    if not host.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(host.removeprefix("unix://"))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _started() -> Iterator[str]:
    """The address of a daemon of our own."""
    program = shutil.which("dockerd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if program is None:
        without("no Docker daemon answers, and dockerd is not installed: apt-get install docker.io")
    if os.geteuid() != 0:
        without("no Docker daemon answers, and only root can start one: systemctl start docker")
    bridged = _has_bridge()
    # Short: the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="edgecors-docker-"))
    host, log = f"unix://{folder}/docker.sock", folder / "log"
    own = ("--data-root", folder / "data", "--exec-root", folder / "exec", "--pidfile", folder / "pid")
    apart = ("--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false")
    bounded = ("timeout", "--kill-after=10", str(_LIFETIME), program)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*bounded, *map(str, own), *apart, "--host", host],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, host, log)
        yield host
    finally:
        process.terminate()
        process.wait(PATIENCE)
        if not bridged and _has_bridge() and shutil.which("ip"):
            subprocess.run(["ip", "link", "delete", _BRIDGE], check=True, timeout=PATIENCE)
        shutil.rmtree(folder)


def _has_bridge() -> bool:
    return Path("/sys/class/net", _BRIDGE).exists()


def _wait(process: subprocess.Popen[bytes], host: str, log: Path) -> None:
    """Until the daemon answers; it listens for a while before it does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if _listens(host):
            with contextlib.suppress(DockerException), contextlib.closing(docker.DockerClient(host)) as client:
                client.ping()
                return
        time.sleep(0.1)
    told = log.read_text("utf-8", errors="replace").splitlines()[-1:]
    without(f"dockerd does not start: {''.join(told)}")
