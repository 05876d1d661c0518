"""The shipped rules and the parameter that a deployed stack reads them from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgecors import Rules

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_ssm import SSMClient

SHIPPED = Path(__file__).parents[2] / "functions/tea/rules.json"
# What a standard parameter holds, in bytes:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
MAX_BYTES = 4096


class DeployError(Exception):
    """What is wrong on our side, in one sentence; nothing was changed."""


def shipped_rules(path: Path = SHIPPED) -> str:
    """The rules document, as a parameter can hold it.

    Raises edgecors.RulesError for a document with problems, DeployError for one that SSM would not take.
    """
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DeployError(f"{path.name} cannot be read: {error}") from error
    Rules.parse(text)
    if (size := len(text.encode())) > MAX_BYTES:
        raise DeployError(f"{path.name} has {size} bytes, and a standard SSM parameter holds {MAX_BYTES}.")
    if "{{" in text:
        raise DeployError(f"{path.name} has {{{{ in it, which SSM takes for a reference to another parameter.")
    return text


def outputs(client: CloudFormationClient, stack: str) -> dict[str, str]:
    """A stack's outputs, name to value. Raises botocore's ClientError where there is no such stack."""
    (found,) = client.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def put_if_absent(client: SSMClient, name: str, text: str) -> bool:
    """Put the first version of a parameter; False, and nothing changed, if there is one already.

    SSM itself decides, so that two deployments at once cannot overwrite what somebody published in between.
    """
    try:
        client.put_parameter(Name=name, Value=text, Type="String", Description="CORS rules (edgecors)", Overwrite=False)
    except client.exceptions.ParameterAlreadyExists:
        return False
    return True
