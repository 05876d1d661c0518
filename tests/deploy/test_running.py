"""What was deployed runs: the code and the layer as they were uploaded, with their environment, in Lambda's runtime.

The rules are those in SSM, a manifest and chunks, and not the ones that ship with the function.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.sources import sample
from rehearsal.account import REGION
from rehearsal.steps import PAGE
from runtime.emulator import Settings, running
from runtime.pythons import BUILT_FOR, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.account import Account
    from rehearsal.steps import Step
    from runtime.emulator import Function


@pytest.fixture(scope="module")
def function(account: Account, used: Step, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Function]:
    """The Tea API's."""
    stack, folder = used.stack, tmp_path_factory.mktemp("lambda")
    settings = stack.functions["TeaFunction"]
    variables = settings["Environment"]["Variables"] | {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
    variables["AWS_CONFIG_FILE"] = account.environment["AWS_CONFIG_FILE"]
    task = stack.packages["TeaFunction"].unpack(folder / "task")
    layer = stack.packages["CorsLayer"].unpack(folder / "opt")
    begin = Settings(task, settings["Handler"], variables, settings["Timeout"], account.endpoint)
    with running(prepared(BUILT_FOR), begin, layer, folder / "log") as function:
        yield function


def request(file: str, origin: str) -> dict[str, Any]:
    """A sample event, from another page."""
    event = sample(file)
    event["headers"]["origin"] = origin
    return event


def test_the_rules_in_ssm_decide(function: Function) -> None:
    answer = function.answer(request("httpapi-preflight-allowed.json", PAGE))
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    assert answer["statusCode"] == 204
    assert headers["access-control-allow-origin"] == PAGE
    assert headers["access-control-allow-methods"] == "DELETE"


def test_the_shipped_ones_do_not(function: Function) -> None:
    refused = function.answer(request("httpapi-preflight-allowed.json", "https://victoria-lo.github.io"))
    assert refused["statusCode"] == 403
    assert not [name for name in refused["headers"] if name.lower().startswith("access-control-")]


def test_the_data_is_the_stack_s(function: Function, account: Account, used: Step) -> None:
    answer = function.answer(request("httpapi-get-allowed.json", PAGE))
    assert answer["statusCode"] == 200, answer
    assert answer["headers"]["Access-Control-Allow-Origin"] == PAGE
    assert isinstance(json.loads(answer["body"]), list)
