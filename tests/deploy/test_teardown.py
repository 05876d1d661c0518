"""The end of the stack, and what outlives it: the rules, the data, the layer. Last by its name: then all is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal import stack as stacks
from rehearsal.steps import PARAMETER, TAKEN

if TYPE_CHECKING:
    from rehearsal.account import Account
    from rehearsal.steps import Step


def test_deleting_the_stack_deletes_what_is_not_data(account: Account, deleted: str) -> None:
    assert deleted.strip().endswith("Deleted successfully")
    lists = {
        "apigatewayv2": ("get_apis", "Items"),
        "cloudwatch": ("describe_alarms", "MetricAlarms"),
        "events": ("list_rules", "Rules"),
        "iam": ("list_roles", "Roles"),
        "lambda": ("list_functions", "Functions"),
        "logs": ("describe_log_groups", "logGroups"),
        "secretsmanager": ("list_secrets", "SecretList"),
        "sns": ("list_topics", "Topics"),
    }
    left = {service: getattr(account.client(service), call)()[key] for service, (call, key) in lists.items()}
    assert left == {service: [] for service in lists}


def test_what_is_retained(account: Account, repaired: Step, deleted: str) -> None:
    outputs = repaired.stack.outputs
    assert account.client("dynamodb").scan(TableName=outputs["TableName"])["Items"] == repaired.stack.items
    assert stacks.objects(account, outputs["BucketName"]) == repaired.stack.images
    assert stacks.layers(account) == repaired.stack.layers
    buckets = {bucket["Name"] for bucket in account.client("s3").list_buckets()["Buckets"]}
    (sam,) = buckets - {outputs["BucketName"], TAKEN}
    assert sam.startswith("aws-sam-cli-managed-default-")
    # SAM's bucket stays, for other stacks; what it had of this one goes (but for what test_package put there).
    assert not [key for key in stacks.keys(account, sam) if not key.startswith("packaged/")]


def test_they_outlive_the_stack(account: Account, used: Step, deleted: str) -> None:
    assert stacks.rules(account, PARAMETER) == used.stack.rules
