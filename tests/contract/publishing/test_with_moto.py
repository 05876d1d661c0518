"""The whole life of a parameter on moto, through boto3 as it is: in this process, and over HTTP by the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from moto.server import ThreadedMotoServer

from edgecors.runtime.sources import SsmParameter
from edgecors_cli import app
from rules_store import ConflictError, LockedError, current, history, publish, rollback
from unit.rules_store.support import NAME, document, long_document

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def ssm() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("ssm")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def read(name: str = NAME) -> str:
    """What a function reads."""
    return SsmParameter(name).fetch().text


def test_functions_read_what_is_published(ssm: Any) -> None:
    for number, text in enumerate((document("https://a.example"), long_document(1), document("https://b.example")), 1):
        assert publish(ssm, NAME, text, description=f"number {number}").version == number
        assert read() == text
        found = current(ssm, NAME)
        assert found is not None
        assert (found.version, found.text) == (number, text)
    assert rollback(ssm, NAME).version == 4
    assert read() == long_document(1)
    assert [(entry.version, entry.description, entry.verdict) for entry in history(ssm, NAME)] == [
        (4, "Rollback to version 2", "good"),
        (3, "number 3", "good"),
        (2, "number 2", "good"),
        (1, "number 1", "good"),
    ]


def test_old_generations_go(ssm: Any) -> None:
    """Three are kept in these tests."""
    for seed in range(5):
        publish(ssm, NAME, long_document(seed))
    assert [entry.verdict for entry in history(ssm, NAME)] == ["good"] * 3 + ["gone"] * 2
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=NAME, Recursive=True)
    names = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
    assert len(names) == 3 * 2 + 1
    assert read() == long_document(4)


def test_a_lock_and_another_version_are_in_the_way(ssm: Any) -> None:
    publish(ssm, NAME, document("https://a.example"))
    ssm.put_parameter(Name=f"{NAME}/.lock", Value="mine", Type="String", Overwrite=True)
    with pytest.raises(LockedError):
        publish(ssm, NAME, document("https://b.example"))
    ssm.delete_parameter(Name=f"{NAME}/.lock")
    with pytest.raises(ConflictError):
        publish(ssm, NAME, document("https://b.example"), expected=7)
    assert publish(ssm, NAME, document("https://b.example")).version == 2


def test_the_hundredth_version_and_on(ssm: Any) -> None:
    for number in range(99):
        ssm.put_parameter(Name=NAME, Value=document(f"https://a{number}.example"), Type="String", Overwrite=True)
    for number in (100, 101, 102):
        assert publish(ssm, NAME, document(f"https://a{number}.example")).version == number
    assert [entry.version for entry in history(ssm, NAME)] == list(range(102, 2, -1))


def test_the_command_line_over_http(endpoint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--parameter", NAME, "--endpoint-url", endpoint]
    file = tmp_path / "rules.json"

    def run(*arguments: str) -> Any:
        assert app.main([*arguments, *at, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    for number, text in enumerate((long_document(7), document("https://b.example")), 1):
        file.write_text(text, encoding="utf-8")
        assert run("push", str(file), "-m", f"number {number}")["version"] == number
    assert run("pull")["text"] == document("https://b.example")
    assert run("rollback")["version"] == 3
    versions = run("history")["versions"]
    assert [(version["version"], version["why"], version["verdict"]) for version in versions] == [
        (3, "Rollback to version 1", "good"),
        (2, "number 2", "good"),
        (1, "number 1", "good"),
    ]
    assert run("pull", "--output", str(tmp_path / "back.json"))["chunks"] == 2
    assert (tmp_path / "back.json").read_text(encoding="utf-8") == long_document(7)
    assert run("push", str(file), "--if-absent")["unchanged"] is True


def test_as_a_process_of_its_own(endpoint: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(document("https://a.example"), encoding="utf-8")
    paths = ("layers/cors/python", "functions/rules_guard", "tools")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(ROOT / path) for path in paths),
        "AWS_ENDPOINT_URL": endpoint,
    }
    command = [sys.executable, "-m", "edgecors_cli", "push", str(file), "--parameter", "/edgecors/other"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Published version 1 of /edgecors/other: 181 bytes, as written." in done.stdout
