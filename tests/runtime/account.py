"""An AWS account on this machine (moto's server) with what the built functions need, always the same.

Each runtime has stores of its own, so that no version reads what another one wrote.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.sources import sample
from contract.tea.support import PASSWORD
from local.clients import client

if TYPE_CHECKING:
    from collections.abc import Mapping

TEA: dict[str, Any] = {
    "_id": "01935a7c1e40a1b2c3d4e5f6",
    "name": "white",
    "image": "uploads/white.png",
    "description": "Young leaves and buds, hardly oxidised: 茶.",
    "keywords": "mild, floral",
    "origin": "Fujian",
    "brew_time": 2.5,
    "temperature": 80,
    "comments": [{"_id": "01935a7c1e40a1b2c3d4e5f7", "text": "“Lovely.”", "date": "2024-11-23T15:45:12.345Z"}],
}
"""The one tea, as the API shows it."""


@dataclass(frozen=True)
class Account:
    """moto's server, by its address."""

    endpoint: str

    def client(self, service: str) -> Any:
        return client(service, self.endpoint)


class Teas:
    """A table with one tea, a bucket, the admin's secret and a name for rules: what the Tea API works on."""

    def __init__(self, account: Account, name: str) -> None:
        """Make them; `name` tells them from others' ones."""
        self._dynamodb = account.client("dynamodb")
        self._table, bucket = f"teas-{name}", f"tea-images-{name}"
        self._dynamodb.create_table(
            TableName=self._table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        account.client("s3").create_bucket(Bucket=bucket)
        text = json.dumps({"username": "admin", "password": PASSWORD})
        secret = account.client("secretsmanager").create_secret(Name=f"admin-{name}", SecretString=text)
        self.variables: dict[str, str] = {
            "TABLE_NAME": self._table,
            "BUCKET_NAME": bucket,
            "ADMIN_SECRET_ARN": secret["ARN"],
            "EDGECORS_PARAMETER": "",
            "EDGECORS_FALLBACK": "rules.json",
            "POWERTOOLS_SERVICE_NAME": "tea",
            "POWERTOOLS_METRICS_NAMESPACE": "TeaApi",
            "POWERTOOLS_LOG_LEVEL": "INFO",
            # What samconfig.toml gives to sam local: the rules inline, so that nothing is read from SSM.
            **sample("env.json")["TeaFunction"],
        }
        """The function's environment."""

    def reset(self) -> None:
        """The one tea again, and nothing else."""
        for item in self.items():
            key = {name: item[name] for name in ("pk", "sk")}
            self._dynamodb.delete_item(TableName=self._table, Key=key)
        for item in (tea_item(TEA), comment_item(TEA["_id"], TEA["comments"][0])):
            self._dynamodb.put_item(TableName=self._table, Item=item)

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        return list(self._dynamodb.scan(TableName=self._table)["Items"])


def with_one_tea(account: Account, name: str) -> Teas:
    """A table of its own that has the one tea already."""
    teas = Teas(account, name)
    teas.reset()
    return teas


def tea_item(tea: Mapping[str, Any]) -> dict[str, Any]:
    """A tea as the API keeps it."""
    texts = ("_id", "image", "description", "keywords", "origin")
    return {
        "pk": {"S": "TEA"},
        "sk": {"S": tea["name"]},
        **{name: {"S": tea[name]} for name in texts},
        **{name: {"N": str(tea[name])} for name in ("brew_time", "temperature")},
    }


def comment_item(tea_id: str, comment: Mapping[str, str]) -> dict[str, Any]:
    """A comment as the API keeps it."""
    return {
        "pk": {"S": f"COMMENTS#{tea_id}"},
        "sk": {"S": comment["_id"]},
        "text": {"S": comment["text"]},
        "date": {"S": comment["date"]},
    }


class Guarded:
    """A parameter with rules, and what its guard needs: the function as Lambda knows it, a topic and its readers."""

    def __init__(self, account: Account, function: str, rules: str) -> None:
        """Make them; `function` is the guard's name. The rules are there when it is deployed."""
        self.name = "/edgecors/tea/tea"  # of which the sample events tell
        self._ssm, self._sqs, sns = (account.client(service) for service in ("ssm", "sqs", "sns"))
        topic = sns.create_topic(Name=function)["TopicArn"]
        self._queue = self._sqs.create_queue(QueueName=function)["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=attributes["Attributes"]["QueueArn"])
        self.put(rules)
        role = account.client("iam").create_role(RoleName=function, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr("README", "The code runs in the emulator.")
        account.client("lambda").create_function(
            FunctionName=function,
            Runtime="python3.13",
            Role=role,
            Handler="guard.app.handler",
            Code={"ZipFile": archive.getvalue()},
        )
        self.variables = {
            "AWS_LAMBDA_FUNCTION_NAME": function,
            "RULES_PARAMETER": self.name,
            "GUARD_MODE": "revert",
            "TOPIC_ARN": topic,
        }
        """The function's environment."""

    def put(self, text: str) -> None:
        """As the console does."""
        self._ssm.put_parameter(Name=self.name, Value=text, Type="String", Overwrite=True)

    def delete(self) -> None:
        """The parameter, and what lies below it."""
        below = self._ssm.get_parameters_by_path(Path=self.name, Recursive=True)["Parameters"]
        self._ssm.delete_parameters(Names=[self.name, *(parameter["Name"] for parameter in below)])

    def versions(self) -> list[tuple[int, str, list[str]]]:
        """Number, text and labels of each version."""
        shown = self._ssm.get_parameter_history(Name=self.name)["Parameters"]
        return [(version["Version"], version["Value"], sorted(version["Labels"])) for version in shown]

    def received(self) -> list[str]:
        """The subject of each message since the last look."""
        answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10)
        subjects = []
        for message in answer.get("Messages", []):
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
            subjects.append(json.loads(message["Body"])["Subject"])
        return subjects
