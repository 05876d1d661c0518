"""Every fault of SSM and of the extension, cold and warm: nobody gains access, and the API goes on.

Asserted for each: the headers that are sent, the log line, the metric.
"""

from __future__ import annotations

import json
import os
import random
import string
import sys
import threading
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from cases.reports import read
from cases.sources import HTTP_API
from cases.wire import A, B, get
from contract.misbehaving import Server, error, hang_up, noise, silence
from edgecors import cors
from edgecors.manifest import split
from edgecors.runtime import freshness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract.misbehaving import Handler

NAME = "/edgecors/tea/test"
C = "https://c.example"


def document(origin: str, **more: object) -> str:
    policy = {"name": "all", "paths": ["*"], "allow_origins": [origin]}
    return json.dumps({"schema": "edgecors/1", "policies": [policy], **more})


def noise_text() -> str:
    """20,000 characters that do not compress well, always the same."""
    return "".join(random.Random(1).choices(string.ascii_letters, k=20_000))


def chunked(origin: str) -> dict[str, str]:
    """The parameters of rules that are a manifest and several chunks."""
    text = document(origin, description=noise_text())
    manifest, parts = split(text, "gen")
    assert manifest.chunks > 2
    return {NAME: manifest.text(), **dict(zip(manifest.names(NAME), parts, strict=True))}


def without(parameters: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in parameters.items() if key != name}


@dataclass(frozen=True)
class Fault:
    """`answer`: what the server does; or `parameters`: what it holds instead. `event`: what is reported, cold; warm it
    is RulesStale in place of RulesMissing. `says`: part of the line's error or problem code."""

    says: str
    answer: Callable[[Handler], None] | None = None
    parameters: dict[str, str] | None = None
    event: str = "RulesMissing"
    refused: bool = False  # nobody listens
    unreachable: bool = False  # packets are lost, as where a subnet has no route to SSM


LONG = chunked(B)
FAULTS = {
    "missing": Fault("ParameterNotFound", parameters={}),
    "denied": Fault("AccessDeniedException", error(400, "AccessDeniedException")),
    "throttled": Fault("ThrottlingException", error(400, "ThrottlingException")),
    "server-error": Fault("InternalServerError", error(500, "InternalServerError")),
    "bad-gateway": Fault("", lambda handler: handler.say(502, b"<html>")),
    "timeout": Fault("TimeoutError", silence),
    "connection-refused": Fault("", refused=True),
    "no-route": Fault("TimeoutError", unreachable=True),
    "hang-up": Fault("", hang_up),
    "noise": Fault("", noise),
    "malformed": Fault("json-invalid", parameters={NAME: "{"}, event="RulesRejected"),
    "empty": Fault("json-invalid", parameters={NAME: ""}, event="RulesRejected"),
    "unknown-schema": Fault(
        "schema-unknown", parameters={NAME: '{"schema": "edgecors/9", "policies": []}'}, event="RulesRejected"
    ),
    "wrong-rule": Fault("origin-trailing-slash", parameters={NAME: document(B + "/")}, event="RulesRejected"),
    "unknown-manifest": Fault(
        "edgecors-manifest/2", parameters={NAME: '{"schema": "edgecors-manifest/2"}'}, event="RulesRejected"
    ),
    "oversize": Fault(
        "size",
        parameters={
            NAME: json.dumps(
                {"schema": "edgecors-manifest/1", "generation": "g", "chunks": 1, "sha256": "0" * 64, "size": 5 << 20}
            )
        },
        event="RulesRejected",
    ),
    "chunk-missing": Fault("chunks", parameters=without(LONG, f"{NAME}/gen/1"), event="RulesRejected"),
    "chunk-corrupt": Fault("corrupt", parameters=LONG | {f"{NAME}/gen/1": "!!!!"}, event="RulesRejected"),
    "hash-wrong": Fault(
        "SHA-256",
        parameters=LONG | {NAME: json.dumps(json.loads(LONG[NAME]) | {"sha256": "0" * 64})},
        event="RulesRejected",
    ),
}
# Through the extension errors of SSM are its own, and a chunk that is not there is an error of the look-up.
EXTENSION_FAULTS = FAULTS | {
    "chunk-missing": Fault("ParameterNotFound", parameters=without(LONG, f"{NAME}/gen/1")),
    "not-ready": Fault("TimeoutError", lambda handler: handler.say(400, b"not ready to serve traffic, please wait")),
}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def world(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("EDGECORS_", "AWS_", "SSM_", "LAMBDA_")):
            monkeypatch.delenv(name)
    environment = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "token",
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL_SSM": f"http://127.0.0.1:{server.port}",
        "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(server.port),
        "EDGECORS_PARAMETER": NAME,
        "EDGECORS_TTL": "0",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    # No answer of a busy machine is late; tests that wait for the deadline make it short.
    monkeypatch.setattr(freshness, "_FIRST_DEADLINE", 30.0)
    monkeypatch.setattr(freshness, "_REFRESH_DEADLINE", 30.0)


def break_(server: Server, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    server.version += 1
    if fault.parameters is not None:
        server.parameters = fault.parameters
    if fault.says == "TimeoutError":
        monkeypatch.setattr(freshness, "_FIRST_DEADLINE", 0.2)
        monkeypatch.setattr(freshness, "_REFRESH_DEADLINE", 0.2)
    if fault.refused:
        server.stop()
    if fault.unreachable:
        server.vanish()
    server.fault = fault.answer


def allowed(function: Callable[[Any, Any], Any]) -> list[str]:
    """Which origins one request each allows; the API answers all of them."""
    found = []
    for origin in (A, B, C):
        answer = function(HTTP_API.event("GET", "/", get(origin).headers), None)
        assert answer["statusCode"] == 200
        headers = {"Vary": "Origin"}
        if "Access-Control-Allow-Origin" in answer["headers"]:
            found.append(origin)
            headers["Access-Control-Allow-Origin"] = origin
        assert answer["headers"] == headers
    return found


def reported(capsys: pytest.CaptureFixture[str], event: str, says: str, serving: str) -> None:
    found = [line for line in read(capsys.readouterr().out) if line["level"] == "ERROR"]
    assert found, "nothing was reported"
    first = found[0]
    assert (first["message"], first["serving"], first[event]) == (event, serving, 1)
    assert NAME in first["source"]
    assert {"Name": event, "Unit": "Count"} in first["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    told = first.get("error", "") + " ".join(problem["code"] for problem in first.get("problems", ()))
    assert says in told


@pytest.mark.parametrize("source", ["sdk", "extension"])
@pytest.mark.parametrize("has_fallback", [False, True], ids=["no-fallback", "fallback"])
@pytest.mark.parametrize("name", EXTENSION_FAULTS)
def test_cold(
    name: str,
    has_fallback: bool,
    source: str,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault = (FAULTS if source == "sdk" else EXTENSION_FAULTS).get(name)
    if fault is None:
        return
    monkeypatch.setenv("EDGECORS_SOURCE", source)
    if has_fallback:
        monkeypatch.setenv("EDGECORS_FALLBACK", document(C))
    break_(server, fault, monkeypatch)
    function = cors(lambda event, context: {"statusCode": 200})
    assert allowed(function) == ([C] if has_fallback else [])
    reported(capsys, fault.event, fault.says, "the fallback" if has_fallback else "no rules: no origin is allowed")


@pytest.mark.no_cover  # which test_cold sees to, with the same faults
@pytest.mark.parametrize("source", ["sdk", "extension"])
@pytest.mark.parametrize("name", EXTENSION_FAULTS)
def test_warm(
    name: str, source: str, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fault = (FAULTS if source == "sdk" else EXTENSION_FAULTS).get(name)
    if fault is None:
        return
    monkeypatch.setenv("EDGECORS_SOURCE", source)
    monkeypatch.setenv("EDGECORS_FALLBACK", document(C))
    server.parameters = {NAME: document(A)}
    function = cors(lambda event, context: {"statusCode": 200})
    assert allowed(function) == [A]
    capsys.readouterr()
    break_(server, fault, monkeypatch)
    assert allowed(function) == [A]
    event = "RulesStale" if fault.event == "RulesMissing" else fault.event
    reported(capsys, event, fault.says, "the last good rules")


@pytest.mark.parametrize("source", ["sdk", "extension"])
def test_without_a_fault(source: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGECORS_SOURCE", source)
    function = cors(lambda event, context: {"statusCode": 200})
    server.parameters = chunked(A)
    assert allowed(function) == [A]
    server.parameters = {NAME: document(B)}
    server.version += 1
    assert allowed(function) == [B]


def test_a_deleted_parameter_leaves_the_last_good_rules(server: Server) -> None:
    server.parameters = {NAME: document(A)}
    function = cors(lambda event, context: {"statusCode": 200})
    assert allowed(function) == [A]
    server.parameters = {}
    assert allowed(function) == [A]


def test_an_extension_that_is_starting_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGECORS_SOURCE", "extension")
    server.parameters = {NAME: document(A)}

    def starting(handler: Handler) -> None:
        server.fault = None
        handler.say(400, b"not ready to serve traffic, please wait")

    server.fault = starting
    assert allowed(cors(lambda event, context: {"statusCode": 200})) == [A]
    assert server.asked >= 2


def test_the_extension_is_asked_with_its_token_and_boto3_is_not_imported(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_SOURCE", "extension")
    monkeypatch.setenv("EDGECORS_TTL", "60")
    monkeypatch.setitem(sys.modules, "boto3", None)
    server.parameters = {NAME: document(A)}
    asked = []
    real = server.RequestHandlerClass.do_GET  # type: ignore[attr-defined]

    def spying(handler: Handler) -> None:
        asked.append((handler.path, handler.headers["X-Aws-Parameters-Secrets-Token"]))
        real(handler)

    monkeypatch.setattr(server.RequestHandlerClass, "do_GET", spying)
    assert allowed(cors(lambda event, context: {"statusCode": 200})) == [A]
    assert asked == [("/systemsmanager/parameters/get?name=%2Fedgecors%2Ftea%2Ftest&withDecryption=true", "token")]
    told = [line for line in read(capsys.readouterr().out) if line["message"] == "ExtensionCache"]
    assert [line["seconds_added_to_the_ttl"] for line in told] == ["300"]


def test_an_unknown_source_is_the_sdk(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_SOURCE", "s3")
    server.parameters = {NAME: document(A)}
    assert allowed(cors(lambda event, context: {"statusCode": 200})) == [A]
    told = [line for line in read(capsys.readouterr().out) if line["message"] == "SettingIgnored"]
    assert [(line["setting"], line["value"], line["used"]) for line in told] == [("EDGECORS_SOURCE", "s3", "sdk")]


def test_one_attempt_at_a_time_and_a_late_answer_counts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_FIRST_DEADLINE", 0.05)
    monkeypatch.setattr(freshness, "_REFRESH_DEADLINE", 0.05)
    monkeypatch.setattr(freshness, "_RETRY_WITHOUT_RULES", 0.0)
    entered, go_on = threading.Event(), threading.Event()
    server.parameters = {NAME: document(A)}

    def slow(handler: Handler) -> None:
        entered.set()
        go_on.wait(5)
        handler.say(200, {"Parameter": {"Name": NAME, "Value": document(A), "Version": 1}})

    server.fault = slow
    function = cors(lambda event, context: {"statusCode": 200})
    assert allowed(function) == []
    assert entered.wait(5)
    assert allowed(function) == []
    assert server.asked == 1
    server.fault = None
    go_on.set()
    monkeypatch.setattr(freshness, "_FIRST_DEADLINE", 5)
    assert allowed(function) == [A]


class Context:
    def __init__(self, left: int) -> None:
        self.left = left

    def get_remaining_time_in_millis(self) -> int:
        return self.left


@pytest.mark.parametrize(
    ("context", "seconds"),
    [(None, 2.0), (object(), 2.0), (Context(30_000), 2.0), (Context(1_500), 1.0), (Context(400), 0.0)],
    ids=["none", "no-context", "long", "short", "too-short"],
)
def test_the_first_wait_leaves_the_handler_its_time(
    context: object, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "_FIRST_DEADLINE", 2.0)
    assert freshness._first_wait(context) == seconds


def test_after_the_restore_of_a_snapshot_the_rules_are_fetched_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks: list[Callable[[], None]] = []
    module = types.SimpleNamespace(register_after_restore=hooks.append)
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", module)
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    monkeypatch.setenv("EDGECORS_TTL", "3600")
    server.parameters = {NAME: document(A)}
    function = cors(lambda event, context: {"statusCode": 200})
    assert allowed(function) == [A]
    server.parameters = {NAME: document(B)}
    assert allowed(function) == [A]
    for hook in hooks:
        hook()
    assert allowed(function) == [B]
    # Stale, and not gone: when SSM fails after the restore, they serve on.
    for hook in hooks:
        hook()
    server.fault = error(500, "InternalServerError")
    assert allowed(function) == [B]


def test_without_the_hooks_module_nothing_is_registered(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", None)
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    server.parameters = {NAME: document(A)}
    assert allowed(cors(lambda event, context: {"statusCode": 200})) == [A]
