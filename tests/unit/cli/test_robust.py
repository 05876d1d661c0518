"""Whatever happens, people get a sentence and programs an exit status: never a traceback, never half a file."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from edgecors_cli import aws, files
from edgecors_cli.app import end_on_signals
from rules_store import StoreError
from unit.cli.test_transcripts import AT, rules, write
from unit.rules_store.support import document

if TYPE_CHECKING:
    from unit.cli.transcript import Shell
    from unit.rules_store.fake_ssm import Store

ROOT = Path(__file__).parents[3]
_PYTHONPATH = os.pathsep.join(str(ROOT / path) for path in ("layers/cors/python", "functions/rules_guard", "tools"))


def _raise(error: BaseException) -> Any:
    def act(*_arguments: Any, **_named: Any) -> None:
        raise error

    return act


@pytest.mark.parametrize("error", [KeyError("x"), AssertionError("no"), RecursionError("deep"), MemoryError()])
def test_a_mistake_of_ours_is_named(shell: Shell, client: Any, error: Exception) -> None:
    client.before = _raise(error)
    run = shell.run(f"history {AT}")
    assert run.status == 3
    assert run.err.startswith(f"edgecors: This is a mistake in edgecors 0.1.0: {type(error).__name__}: ")
    assert "What is published is whole. Please report it" in run.err
    assert "Traceback" not in run.err + run.out


@pytest.mark.parametrize("operation", ["GetParameter", "PutParameter", "GetParametersByPath"])
def test_ctrl_c(shell: Shell, client: Any, operation: str) -> None:
    write("rules.json", rules())

    def stop(called: str, arguments: dict[str, Any]) -> None:
        if called == operation:
            raise KeyboardInterrupt

    client.before = stop
    run = shell.run(f"push rules.json {AT}")
    assert run.status == 130
    assert run.err.endswith("edgecors: Stopped.\nWhat is published is whole; run it again.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_half_made_when_it_was_stopped_complains_to_nobody(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class HalfMade:
        def __del__(self) -> None:
            raise AttributeError("_sock")

    monkeypatch.setattr("sys.unraisablehook", sys.__unraisablehook__)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        end_on_signals()
        HalfMade()
        assert "AttributeError: _sock" in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        HalfMade()
        assert capsys.readouterr().err == ""
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_ctrl_c_stays_ignored_where_it_is() -> None:
    """As in the background of a shell that runs a script."""
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_on_signals()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_ctrl_c_at_a_question(shell: Shell, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("rules.json", rules(allow_credentials=True))
    monkeypatch.setattr("edgecors_cli.terminal.Terminal.ask", _raise(KeyboardInterrupt()))
    assert shell.run(f"push rules.json {AT}", terminal=True).status == 130


class TestColours:
    """On terminals, and for those who want them."""

    def test_none_in_a_file(self, shell: Shell, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        write("rules.json", rules(allow_origins=["https://a.example/"]))
        run = shell.run(f"push rules.json {AT}")
        assert "\x1b" not in run.out + run.err

    def test_on_a_terminal(self, shell: Shell, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm-256color")
        write("rules.json", rules(allow_origins=["https://a.example/"]))
        assert "\x1b[31m" in shell.run(f"push rules.json {AT}", terminal=True).out

    @pytest.mark.parametrize("command", [f"push rules.json {AT}", f"history {AT}", "push"])
    def test_none_for_those_who_want_none(
        self, shell: Shell, client: Any, monkeypatch: pytest.MonkeyPatch, command: str
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        write("rules.json", rules(allow_origins=["https://a.example/"]))
        run = shell.run(command, terminal=True)
        assert "\x1b[3" not in run.out + run.err
        assert "\x1b[1;3" not in run.out + run.err


class TestFiles:
    """Reading and writing them."""

    def test_a_byte_order_mark_is_left_out(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"\xef\xbb\xbf{}")
        assert files.read(str(tmp_path / "a")) == b"{}"

    def test_files_that_are_too_large(self, tmp_path: Path) -> None:
        with (tmp_path / "a").open("wb") as file:
            file.truncate(8 * 1024 * 1024 + 1)
        with pytest.raises(StoreError, match=r"more than 8,388,608 bytes"):
            files.read(str(tmp_path / "a"))

    def test_a_file_is_replaced_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_text("old", encoding="utf-8")
        path.chmod(0o640)
        files.write(path, "néw\r\n")
        assert path.read_bytes() == "néw\r\n".encode()
        assert path.stat().st_mode & 0o777 == 0o640
        assert list(tmp_path.iterdir()) == [path]

    def test_a_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to("real")
        files.write(tmp_path / "link", "x")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "real").read_text(encoding="utf-8") == "x"

    def test_a_device_is_written_to(self) -> None:
        files.write(Path("/dev/null"), "x")
        assert not Path("/dev/null").is_file()

    def test_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="nowhere/a cannot be written: No such file or directory"):
            files.write(tmp_path / "nowhere/a", "x")


class TestAws:
    """The client that the commands make, and what keeps them from it."""

    @pytest.fixture(autouse=True)
    def _nothing_set(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in list(os.environ):
            if name.startswith("AWS_"):
                monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def test_the_region(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "config").write_text("[profile other]\nregion = eu-west-3\n", encoding="utf-8")
        assert aws.client("other", None, None).meta.region_name == "eu-west-3"
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        assert aws.client(None, None, None).meta.region_name == "eu-west-2"
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        assert aws.client(None, None, None).meta.region_name == "eu-west-1"
        assert aws.client(None, "eu-north-1", None).meta.region_name == "eu-north-1"

    @pytest.mark.parametrize(
        ("arguments", "status", "sentence"),
        [
            ("", 3, "AWS settings: No Region is set."),
            ("--region eu-west-1", 3, "No credentials were found."),
            ("--profile nobody", 2, "AWS settings: There is no such profile."),
            ("--region 'eu west'", 2, "AWS settings: This is no Region's name."),
            ("--region eu-west-1 --endpoint-url here", 2, "AWS settings: Invalid endpoint: here."),
        ],
    )
    def test_what_is_missing(self, shell: Shell, arguments: str, status: int, sentence: str) -> None:
        run = shell.run(f"pull {AT} {arguments}")
        assert (run.status, run.out) == (status, "")
        assert sentence in run.err

    def test_an_endpoint_that_is_not_there(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            run = shell.run(f"pull {AT} --region eu-west-1 --endpoint-url http://127.0.0.1:{taken.getsockname()[1]}")
        assert run.status == 3
        assert "The endpoint cannot be reached." in run.err


class TestProcesses:
    """What only a process of its own shows."""

    def _start(self, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
        environment = os.environ | {
            "PYTHONPATH": _PYTHONPATH,
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_REGION": "eu-west-1",
        }
        command = [sys.executable, "-m", "edgecors_cli", *arguments]
        return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **more)

    def test_sigterm_stops_it_as_ctrl_c_does(self) -> None:
        """A CI system cancels a job. The server takes the connection and never answers."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
            process = self._start("pull", "--parameter", "/a", "--endpoint-url", endpoint)
            server.settimeout(30)
            connection, _ = server.accept()
            with connection:
                process.send_signal(signal.SIGTERM)
                _, errors = process.communicate(timeout=30)
        assert process.returncode == 130
        assert errors == b"edgecors: Stopped.\nWhat is published is whole; run it again.\n"

    @pytest.mark.parametrize("arguments", [("push", "--help"), ("push", "/dev/null", "--parameter", "/a")])
    def test_whoever_reads_may_have_enough(self, arguments: tuple[str, ...]) -> None:
        reading, writing = os.pipe()
        process = self._start(*arguments, stdout=writing)
        os.close(writing)
        os.close(reading)
        _, errors = process.communicate(timeout=30)
        assert b"Traceback" not in errors
        assert b"Broken" not in errors
        assert process.returncode in (0, 1)


def test_json_is_one_object_and_nothing_else(shell: Shell, client: Any, store: Store) -> None:
    write("rules.json", rules())
    for command in (f"push rules.json {AT}", f"pull {AT}", f"history {AT}", f"rollback {AT}", "push", "nonsense"):
        run = shell.run(f"{command} --json")
        assert isinstance(json.loads(run.out), dict), command


def test_what_was_cut_to_fit_is_pulled_indented(shell: Shell, client: Any, store: Store) -> None:
    text = document(*(f"https://a{number}.example" for number in range(110)), indent=8)
    write("rules.json", text)
    assert "without white space, to fit one parameter" in shell.run(f"push rules.json {AT}").out
    pulled = shell.run(f"pull {AT}").out
    assert pulled.startswith('{\n  "schema": "edgecors/1",\n')
    assert json.loads(pulled) == json.loads(text)


@pytest.mark.parametrize("text", ["x" * 1_001, "[" * 4_000, json.dumps(["x, y: z"] * 200)])
def test_what_only_looks_as_if_is_pulled_as_it_is(shell: Shell, client: Any, text: str) -> None:
    client.put_parameter(Name="/edgecors/tea/production", Value=text, Type="String", Tier="Standard")
    run = shell.run(f"pull {AT}")
    assert (run.status, run.out) == (0, text + "\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"schema": NaN}', "json-invalid"),
        ("[" * 200_000, "document-too-deep"),
        ('{"schema": "\\ud8"}', "json-invalid"),
    ],
)
def test_json_that_is_none_in_other_ways(shell: Shell, client: Any, text: str, code: str) -> None:
    write("rules.json", text)
    run = shell.run(f"push rules.json {AT}")
    assert run.status == 1
    assert code in run.out
