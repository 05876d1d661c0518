"""The guard on moto, in this process: SSM, SNS with a queue that gets its messages, and Lambda with the function."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from guard import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
NAME = "/edgecors/tea/tea"


@dataclass
class Account:
    """`function`: the guard's ARN; `topic`: the topic's."""

    ssm: Any
    sqs: Any
    queue: str
    topic: str
    function: str

    def put(self, text: str, why: str = "") -> None:
        """As the console does."""
        self.ssm.put_parameter(Name=NAME, Value=text, Type="String", Overwrite=True, Description=why)

    def send(self, event: str) -> Any:
        """The event as Lambda hands it over; what the handler returns, as Lambda writes it."""
        found = json.loads((ROOT / f"events/guard/{event}.json").read_text("utf-8"))
        context = SimpleNamespace(invoked_function_arn=self.function)
        return json.loads(json.dumps(app.handler(found, context)))

    def received(self) -> list[tuple[str, str]]:
        """Subject and text of each message since the last look."""
        answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        bodies = []
        for message in answer.get("Messages", []):
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            bodies.append(json.loads(message["Body"]))
        assert all(body["TopicArn"] == self.topic for body in bodies)
        return [(body["Subject"], body["Message"]) for body in bodies]

    def versions(self) -> list[tuple[int, str, list[str]]]:
        """Number, text and labels of each version."""
        shown = self.ssm.get_parameter_history(Name=NAME)["Parameters"]
        return [(version["Version"], version["Value"], sorted(version["Labels"])) for version in shown]


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_LAMBDA_FUNCTION_NAME": "tea-RulesGuardFunction",
        "RULES_PARAMETER": NAME,
        "GUARD_MODE": "revert",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    app._client.cache_clear()
    app._deployed.cache_clear()
    with mock_aws():
        sns, sqs = boto3.client("sns"), boto3.client("sqs")
        topic = sns.create_topic(Name="alarms")["TopicArn"]
        queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        monkeypatch.setenv("TOPIC_ARN", topic)
        yield Account(boto3.client("ssm"), sqs, queue, topic, deploy())
    app._client.cache_clear()
    app._deployed.cache_clear()


def deploy(name: str = "tea-RulesGuardFunction") -> str:
    """Create the function; its ARN."""
    role = boto3.client("iam").create_role(RoleName=f"{name}Role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("README", "the code runs from the checkout")
    arn: str = boto3.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="guard.app.handler",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    return arn
