"""`Handler: edgecors.wrap` around a function that knows nothing of it, from the built layer: every sample event."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from cases.names import plain
from cases.sources import ALB_MULTIPLE, SOURCES, sample, samples
from cases.wire import PREFLIGHT_VARY
from contract.tea.support import CORS, PAGE
from runtime.emulator import PATIENCE, Settings
from runtime.pythons import ROOT
from runtime.tea_answers import PREFLIGHT, source_of
from tables import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.account import Account
    from runtime.builds import Start
    from runtime.emulator import Function
    from runtime.pythons import Python

TASK = ROOT / "tests/runtime/function"
OWN = {"Content-Type": "text/plain", "ETag": '"1"'}
WRAP = {"EDGECORS_HANDLER": "plain.handler", "EDGECORS_RULES": sample("env.json")["TeaFunction"]["EDGECORS_RULES"]}
NOT_SET = "EDGECORS_HANDLER is '': set it to the function's own handler, as app.handler, when Handler is edgecors.wrap"


@pytest.fixture(scope="module")
def wrapped(start: Start) -> Iterator[Function]:
    with start(Settings(TASK, "edgecors.wrap", WRAP)) as function:
        yield function


def expected(name: str) -> Any:
    """The whole answer to a sample event."""
    if name.startswith("not-ours/"):
        return {"statusCode": 200, "headers": OWN, "body": "white tea"}
    source, event = source_of(name), sample(f"{name}.json")
    refused = name in ("httpapi-get-refused", "httpapi-get-lookalike", "httpapi-preflight-refused")
    if "preflight" in name:
        return source.reply(403, {"Vary": PREFLIGHT_VARY}, "") if refused else source.reply(204, PREFLIGHT, "")
    cors = {"Vary": "Origin"} if refused or "no-origin" in name else CORS
    if source.shape != "cloudfront":
        headers = {**OWN, **cors}
        several = {"multiValueHeaders": {key: [value] for key, value in headers.items()}}
        shown = several if source is ALB_MULTIPLE else {"headers": headers}
        return {"statusCode": 200, "body": "white tea", **shown}
    found = event["Records"][0]["cf"]
    if not source.is_response:
        # It goes on to the origin, and its answer comes by again.
        return found["request"]
    added = {key.lower(): [{"key": key, "value": value}] for key, value in CORS.items()}
    added["vary"] = [{"key": "Vary", "value": "Accept-Encoding, Origin"}]
    return {**found["response"], "headers": {**found["response"]["headers"], **added}}


@each("name", [file.removesuffix(".json") for file in samples() + samples("not-ours")], ids=plain)
def test_an_event_gets_its_whole_answer(wrapped: Function, name: str) -> None:
    assert wrapped.answer(sample(f"{name}.json")) == expected(name)


def test_every_source_is_among_them() -> None:
    names = [file.removesuffix(".json") for file in samples()]
    assert {source_of(name) for name in names} == set(SOURCES)


@pytest.mark.parametrize("file", ["httpapi-get-allowed.json", "functionurl-get.json"])
def test_a_value_without_a_status_is_written_as_the_runtime_writes_it(start: Start, file: str) -> None:
    """The runtime itself is the measure: each Python's client writes some letters and numbers in its own way."""
    with start(Settings(TASK, "plain.bare")) as function:
        alone = function.invoke(sample(file)).text
    with start(Settings(TASK, "edgecors.wrap", {**WRAP, "EDGECORS_HANDLER": "plain.bare"})) as function:
        answer = function.answer(sample(file))
    headers = {"Content-Type": "application/json", **CORS}
    assert answer == {"statusCode": 200, "headers": headers, "body": alone, "isBase64Encoded": False}
    assert "NaN" in alone


@each(
    ("handler", "message"),
    [
        ("", NOT_SET),
        ("edgecors.wrap", "EDGECORS_HANDLER names edgecors.wrap itself: set it to the function's own handler"),
        ("plain.missing", "EDGECORS_HANDLER is 'plain.missing', but the module plain has no missing"),
    ],
    ids=plain,
)
def test_a_handler_that_is_not_there_is_named(start: Start, handler: str, message: str) -> None:
    with start(Settings(TASK, "edgecors.wrap", {**WRAP, "EDGECORS_HANDLER": handler})) as function:
        found = function.invoke(sample("restapi-get.json"))
    error = found.json()
    del error["stackTrace"]
    # It did not start, so there is no id of a request.
    assert (found.status, error) == (502, {"errorMessage": message, "errorType": "RuntimeError", "requestId": ""})


def test_rules_come_from_ssm_and_change_under_a_process(start: Start, account: Account, python: Python) -> None:
    """None at first, so nobody may; then those of the parameter; what is no rules changes nothing."""
    name, ssm, event = f"/edgecors/wrap/{python.version}", account.client("ssm"), sample("restapi-get.json")
    variables = {"EDGECORS_HANDLER": "plain.handler", "EDGECORS_PARAMETER": name, "EDGECORS_TTL": "0.05"}

    def put(*origins: str) -> None:
        policy = {"name": "tea", "paths": ["*"], "allow_origins": list(origins)}
        text = json.dumps({"schema": "edgecors/1", "policies": [policy]})
        ssm.put_parameter(Name=name, Value=text, Type="String", Overwrite=True)

    def answer(cors: dict[str, str]) -> dict[str, Any]:
        return {"statusCode": 200, "headers": {**OWN, **cors, "Vary": "Origin"}, "body": "white tea"}

    nobody, page = answer({}), answer({"Access-Control-Allow-Origin": PAGE})
    with start(Settings(TASK, "edgecors.wrap", variables, endpoint=account.endpoint)) as function:
        assert function.answer(event) == nobody
        put(PAGE)
        assert until(function, event, page) == page
        put(f"{PAGE}/Hashtag-TEA/")
        until(function, event, None, told="RulesRejected")
        assert function.answer(event) == page
        put("https://other.example")
        assert until(function, event, nobody) == nobody
        rejected = function.told("RulesRejected")
        starts = function.starts
    assert [problem["code"] for problem in rejected["problems"]] == ["origin-has-path"]
    assert (rejected["version"], starts) == ("2", 1)


def until(function: Function, event: object, wanted: Any, *, told: str = "") -> Any:
    """The answer once it is as wanted, or once the log has that message; the last one if that never comes."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = function.answer(event)
        if answer == wanted or (told and told in function.log.read_text("utf-8")):
            break
        time.sleep(0.05)
    return answer
