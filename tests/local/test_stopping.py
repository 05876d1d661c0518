"""Killed, `make serve` leaves nothing behind; what keeps it from starting is said in one sentence.

How it ends at a signal is tested where the server of test_serve.py ends, in conftest.py.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local import ports
from local.errors import StartError
from tables import each

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def test_killed_while_it_starts_it_leaves_no_process_either(
    project: Path, launch: Any, family: Any, alive: Any, until: Any
) -> None:
    process = launch(project)
    assert until(lambda: family(process.pid))
    children = family(process.pid)
    process.kill()
    process.wait()
    process.stdout.close()
    assert until(lambda: not alive(children))


def test_killed_in_the_middle_of_a_request_it_leaves_no_worker(tmp_path: Path, alive: Any, until: Any) -> None:
    (tmp_path / "app.py").write_text(
        "import os, pathlib, time\n"
        "def handler(event, context):\n"
        "    pathlib.Path('pid').write_text(str(os.getpid()))\n"
        "    time.sleep(600)\n"
    )
    parent = (
        "import pathlib, sys\n"
        "from local.pool import Pool\n"
        "from local.function import Function\n"
        "function = Function('F', 'f', 'app.handler', pathlib.Path(sys.argv[1]), (), {}, 900, 128, 'python3.13')\n"
        "pool = Pool(function, 'http://127.0.0.1:1')\n"
        "pool.start()\n"
        "pool.invoke('{}')\n"
    )
    process = subprocess.Popen([sys.executable, "-c", parent, str(tmp_path)], env={"PYTHONPATH": str(TOOLS)})
    noted = tmp_path / "pid"
    assert until(lambda: noted.exists() and noted.read_text())
    worker = {int(noted.read_text())}
    process.kill()
    process.wait()
    assert until(lambda: not alive(worker))


def fails(process: subprocess.Popen[str]) -> str:
    """The last line of a start that is to fail with status 1."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1, output
    assert "Traceback" not in output
    return output.splitlines()[-1]


@pytest.mark.parametrize("name", ["PORT", "APP_PORT"])
def test_a_port_in_use(project: Path, launch: Any, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = fails(launch(project, **{name: str(port)}))
    other = {"PORT": 3001, "APP_PORT": 8081}[name]
    assert sentence == (
        f"make serve: port {port} cannot be had (address already in use); choose another: make serve {name}={other}."
    )


def test_a_port_that_is_none(project: Path, launch: Any) -> None:
    assert fails(launch(project, PORT="seven")) == "make serve: PORT is 'seven', and a port is a number up to 65535."


@each("text", ["", "seven", "65536", "70000", "-1", "٣"])
def test_texts_that_are_no_port(text: str) -> None:
    with pytest.raises(StartError) as raised:
        ports.number("PORT", text)
    assert str(raised.value) == f"PORT is {text!r}, and a port is a number up to 65535."


def test_a_template_that_is_broken(project: Path, launch: Any, family: Any) -> None:
    template = project / "template.yaml"
    template.write_text(template.read_text("utf-8").replace("Handler: app.handler", "Handlr: app.handler"), "utf-8")
    sentence = fails(launch(project))
    assert sentence.startswith("make serve: template.yaml is not valid: ")
    assert "TeaFunction" in sentence
