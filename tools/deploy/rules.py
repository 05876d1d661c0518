"""The shipped rules and the parameter that a deployed stack reads them from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgecors import Rules
from rules_store import ConflictError, current, publish
from rules_store.limits import MAX_VALUE, check_value

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_ssm import SSMClient

SHIPPED = Path(__file__).parents[2] / "functions/tea/rules.json"


class DeployError(Exception):
    """What is wrong on our side, in one sentence; nothing was changed."""


def shipped_rules(path: Path = SHIPPED) -> str:
    """The rules document, as it can be published.

    Raises edgecors.RulesError for a document with problems, StoreError for one that SSM would not take.
    """
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DeployError(f"{path.name} cannot be read: {error}") from error
    Rules.parse(text)
    if len(text.encode()) <= MAX_VALUE["Standard"]:  # longer ones are compressed first
        check_value(text)
    return text


def outputs(client: CloudFormationClient, stack: str) -> dict[str, str]:
    """A stack's outputs, name to value. Raises botocore's ClientError where there is no such stack."""
    (found,) = client.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def put_if_absent(client: SSMClient, name: str, text: str) -> bool:
    """Publish the first version of a parameter; False, and nothing changed, if there is one already.

    Nor is anything changed where somebody else publishes at the same moment. Raises StoreError.
    """
    if current(client, name) is not None:
        return False
    try:
        return not publish(client, name, text, expected=0, description="make deploy: the shipped rules").unchanged
    except ConflictError:
        return False
