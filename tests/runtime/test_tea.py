"""The Tea API as `sam build` made it, in Lambda's runtime: every sample event, and its whole answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from cases.names import plain
from cases.sources import HTTP_API, sample, samples
from contract.tea.support import ADMIN, CORS, done
from runtime.account import TEA, Teas
from runtime.builds import built
from runtime.tea_answers import ANSWERS, AUTHORIZED, COMMENT, FAILING, broken, payload, rooibos, source_of
from tables import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from runtime.account import Account
    from runtime.builds import Start
    from runtime.emulator import Function
    from runtime.pythons import Python

OURS = [file.removesuffix(".json") for file in samples()]
OTHERS = [file.removeprefix("not-ours/").removesuffix(".json") for file in samples("not-ours")]
ID = re.compile(r"[0-9a-f]{24}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture(scope="module")
def teas(account: Account, python: Python) -> Teas:
    return Teas(account, f"python{python.version}")


@pytest.fixture(scope="module")
def running(start: Start, build: Path, account: Account, teas: Teas) -> Iterator[Function]:
    """One process for all events, as in Lambda."""
    with start(built(build, "TeaFunction", teas.variables, account)) as function:
        yield function


@pytest.fixture
def tea(running: Function, teas: Teas) -> Function:
    teas.reset()
    return running


def test_every_sample_event_has_an_answer() -> None:
    assert sorted([*ANSWERS, *FAILING, COMMENT]) == sorted(OURS)
    assert set(AUTHORIZED) < set(OTHERS)


@each("name", sorted(ANSWERS), ids=plain)
def test_an_event_gets_its_whole_answer(tea: Function, name: str) -> None:
    assert tea.answer(sample(f"{name}.json")) == ANSWERS[name]


@each("name", FAILING, ids=plain)
def test_what_the_api_cannot_answer_the_engine_does(tea: Function, name: str) -> None:
    answer = tea.answer(sample(f"{name}.json"))
    assert answer == broken(source_of(name), tea.request_id)


def test_a_comment_is_made(tea: Function, teas: Teas) -> None:
    answer = tea.answer(sample(f"{COMMENT}.json"))
    made = json.loads(answer["body"])["comments"][-1]
    comment = {"_id": made["_id"], "text": "Best with a slice of lemon.", "date": made["date"]}
    assert ID.fullmatch(made["_id"])
    assert DATE.fullmatch(made["date"])
    shown = TEA | {"comments": [*TEA["comments"], comment]}
    assert answer == payload(HTTP_API, done(201, shown, cors=CORS))
    assert len(teas.items()) == 3


def test_a_tea_with_a_picture_is_made_by_the_admin(tea: Function, teas: Teas) -> None:
    sent = sample("httpapi-post-tea-multipart.json")
    sent["headers"].update(ADMIN)
    answer = tea.answer(sent)
    made = json.loads(answer["body"])["_id"]
    assert ID.fullmatch(made)
    assert answer == payload(HTTP_API, done(201, rooibos(made), {"Location": "/tea/rooibos"}, CORS))
    assert len(teas.items()) == 3


@each("name", sorted(AUTHORIZED), ids=plain)
def test_an_authorizers_event_is_answered_without_the_engine(tea: Function, name: str) -> None:
    assert tea.answer(sample(f"not-ours/{name}.json")) == AUTHORIZED[name]


@each("name", sorted(set(OTHERS) - set(AUTHORIZED)), ids=plain)
def test_what_is_no_request_fails_in_the_open(tea: Function, build: Path, opt: Path, name: str) -> None:
    """on_error="respond" is for pages: whoever sent a queue's message has to know that it was not worked on."""
    error = tea.answer(sample(f"not-ours/{name}.json"))
    places = [re.findall(r'^  File "(.+)", line \d+, in (\w+)\n', line) for line in error.pop("stackTrace")]
    assert error == {
        "errorMessage": "this event is no HTTP request that the Tea API could answer",
        "errorType": "ValueError",
        "requestId": tea.request_id,
    }
    assert places[0] == [(f"{opt}/python/edgecors/runtime/fast_path.py", "wrapper")]
    assert places[-1] == [(f"{build}/TeaFunction/tea_api/events.py", "request")]


def test_a_refused_origin_is_told_in_the_log(start: Start, build: Path, account: Account, teas: Teas) -> None:
    """The first one of a process: those of a busy minute are counted together."""
    with start(built(build, "TeaFunction", teas.variables, account)) as function:
        function.answer(sample("httpapi-get-lookalike.json"))
        told = function.told("OriginRefused")
    assert told == {
        "level": "WARNING",
        "logger": "edgecors",
        "message": "OriginRefused",
        "function": "tea",
        "policy": "tea",
        "code": "origin-not-allowed",
        "origin": "https://victoria-lo.github.io.evil.example",
        "method": "GET",
        "_aws": {
            "CloudWatchMetrics": [
                {
                    "Namespace": "edgecors",
                    "Dimensions": [["function", "policy"]],
                    "Metrics": [{"Name": "OriginRefused", "Unit": "Count"}],
                }
            ]
        },
        "OriginRefused": 1,
    }


def test_as_deployed_its_own_rules_serve_until_some_are_published(
    start: Start, build: Path, account: Account, teas: Teas, python: Python
) -> None:
    name = f"/edgecors/tea/{python.version}"
    deployed = built(build, "TeaFunction", teas.variables | {"EDGECORS_RULES": "", "EDGECORS_PARAMETER": name}, account)
    asked = ("httpapi-preflight-allowed", "httpapi-preflight-refused", "httpapi-get-lookalike")
    with start(deployed) as function:
        assert [function.answer(sample(f"{file}.json")) for file in asked] == [ANSWERS[file] for file in asked]
        assert "ParameterNotFound" in function.told("RulesMissing")["error"]

    nobody = {"schema": "edgecors/1", "policies": []}
    account.client("ssm").put_parameter(Name=name, Value=json.dumps(nobody), Type="String")
    with start(deployed) as function:
        assert function.answer(sample(f"{asked[0]}.json")) == ANSWERS[asked[1]]
        assert function.told("RulesRefreshed")["version"] == "1"


def test_all_of_this_was_one_process(tea: Function) -> None:
    tea.answer(sample("httpapi-get-no-origin.json"))
    entries: list[dict[str, Any]] = [json.loads(line) for line in tea.lines() if line.startswith('{"level":"INFO"')]
    assert tea.starts == 1
    assert [entry["cold_start"] for entry in entries].count(True) == 1
