"""The handler: its environment, which failures it raises, and what every event comes to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from guard import app
from guard.deployment import deployed_at
from rules_store import StoreError
from unit.guard.world import World, brief, lines
from unit.rules_store.fake_ssm import failure
from unit.rules_store.support import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS = Path(__file__).parents[3] / "events/guard"
FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:tea-RulesGuardFunction"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:tea-AlarmTopic"
CONTEXT = SimpleNamespace(invoked_function_arn=FUNCTION)


class Topic:
    """A client of SNS."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def publish(self, **arguments: Any) -> None:
        self.sent.append(arguments)


class Functions:
    """A client of Lambda."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_function_configuration(self, FunctionName: str) -> dict[str, str]:  # noqa: N803
        self.asked.append(FunctionName)
        return {"LastModified": "2026-11-21T14:00:00.000+0000"}


@pytest.fixture
def topic() -> Topic:
    return Topic()


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def handle(
    world: World, topic: Topic, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Any], dict[str, Any]]:
    clients = {"ssm": world.client, "sns": topic, "lambda": functions}
    monkeypatch.setattr(app, "_client", clients.__getitem__)
    for name, value in {"RULES_PARAMETER": NAME, "GUARD_MODE": "revert", "TOPIC_ARN": TOPIC}.items():
        monkeypatch.setenv(name, value)
    app._deployed.cache_clear()
    return lambda event: dict(app.handler(event, CONTEXT))


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8").replace("/edgecors/tea/tea", NAME))
    return found


SITUATIONS = {
    "good": ("first", {"parameter": NAME, "version": 2, "outcome": "good"}, ["2 first guard-seen last-good"]),
    "bad": (
        "slash",
        {"parameter": NAME, "version": 3, "outcome": "reverted"},
        ["2 slash", "3 second guard-seen last-good"],
    ),
}


@pytest.mark.parametrize("name", [*sorted(path.stem for path in EVENTS.iterdir()), "none", "nonsense"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_whatever_the_event_says_the_facts_count(
    world: World, topic: Topic, handle: Callable[[Any], dict[str, Any]], name: str, situation: str
) -> None:
    text, outcome, versions = SITUATIONS[situation]
    world.push("second")
    world.edit(text)
    sent = {"none": None, "nonsense": {"detail": ["Delete"], "detail-type": 7}}.get(name, {})
    assert handle(sent if name in ("none", "nonsense") else event(name)) == outcome
    assert world.versions[1:] == versions
    assert [message["TopicArn"] for message in topic.sent] == [TOPIC] * (situation == "bad")
    for _ in range(3):
        handle(event(name) if name not in ("none", "nonsense") else sent)
    assert world.versions[1:] == versions
    assert len(topic.sent) == (situation == "bad")


@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.iterdir()))
def test_only_the_event_of_its_deletion_makes_a_missing_parameter_news(
    topic: Topic, handle: Callable[[Any], dict[str, Any]], name: str
) -> None:
    assert handle(event(name)) == {"parameter": NAME, "version": 0, "outcome": "missing"}
    assert [message["Subject"] for message in topic.sent] == [f"edgecors: {NAME} has been deleted"] * (name == "delete")


def test_a_failure_is_raised_to_be_repeated_but_not_to_the_schedule(
    world: World, handle: Callable[[Any], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    world.push("first")

    def throttle(operation: str, arguments: dict[str, Any]) -> None:
        raise failure("ThrottlingException", operation, "Rate exceeded")

    world.client.before = throttle
    capsys.readouterr()
    with pytest.raises(StoreError, match="SSM is asked more often than it allows"):
        handle(event("update"))
    assert handle(event("schedule")) == {"parameter": NAME, "outcome": "failed"}
    logged = lines(capsys.readouterr().out)
    assert brief(logged) == ["ERROR RulesGuardFailed"] * 2
    assert {line["code"] for line in logged} == {"throttled"}


def test_a_message_that_cannot_be_sent_is_a_failure(
    world: World, topic: Topic, handle: Callable[[Any], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.edit("slash")

    def refuse(**arguments: Any) -> None:
        raise failure("AuthorizationError", "Publish", status=403)

    monkeypatch.setattr(topic, "publish", refuse)
    assert handle(event("schedule")) == {"parameter": NAME, "outcome": "failed"}
    monkeypatch.undo()


def test_without_a_topic_it_only_logs(
    world: World, topic: Topic, handle: Callable[[Any], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOPIC_ARN", "")
    world.edit("slash")
    assert handle(event("create"))["outcome"] == "refused"
    assert topic.sent == []


def test_off_asks_nobody_anything(
    world: World, functions: Functions, handle: Callable[[Any], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUARD_MODE", "off")
    assert handle(event("update")) == {"parameter": NAME, "version": 0, "outcome": "off"}
    assert world.client.calls == []
    assert functions.asked == []


@pytest.mark.parametrize("mode", ["", "Revert", "on"])
def test_an_unknown_mode_is_an_error(
    handle: Callable[[Any], dict[str, Any]], monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("GUARD_MODE", mode)
    with pytest.raises(ValueError, match=r"GUARD_MODE is .*; it has to be one of revert, alarm, off"):
        handle(event("update"))


def test_its_own_deployment_is_asked_for_once_and_only_where_it_matters(
    world: World, functions: Functions, handle: Callable[[Any], dict[str, Any]]
) -> None:
    world.push("first")
    handle(event("create"))
    assert functions.asked == []
    for _ in range(3):
        world.edit("slash")
        assert handle(event("update"))["outcome"] == "reverted"
    assert functions.asked == [FUNCTION]


def test_lambda_tells_when_a_function_was_deployed() -> None:
    client = boto3.client(
        "lambda", region_name="eu-central-1", aws_access_key_id="made-up", aws_secret_access_key="made-up"
    )
    with Stubber(client) as stubber:
        stubber.add_response(
            "get_function_configuration",
            {"FunctionName": "guard", "LastModified": "2026-11-22T14:02:11.123+0000"},
            {"FunctionName": FUNCTION},
        )
        assert deployed_at(client, FUNCTION) == datetime(2026, 11, 22, 14, 2, 11, 123_000, tzinfo=UTC)


def test_clients_give_up_in_time_and_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    app._client.cache_clear()
    client = app._client("ssm")
    assert app._client("ssm") is client
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (2, 5)
    assert client.meta.config.retries["total_max_attempts"] == 5
    app._client.cache_clear()
