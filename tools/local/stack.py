"""The project's stack in moto: created through CloudFormation, then asked for what the function runs with."""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local import template as templates
from local.clients import client
from local.errors import StartError, first_line
from local.function import Function

if TYPE_CHECKING:
    from pathlib import Path

    from local.template import Template

# Rules are fetched again after two seconds, so that an edit shows. Nothing else differs from the template.
LOCAL_VARIABLES = {"EDGECORS_TTL": "2"}

BREWS = ("steep", "warm", "gentle", "second", "morning", "misty", "patient", "golden")
TEAS = ("oolong", "sencha", "assam", "matcha", "rooibos", "puerh", "darjeeling", "genmaicha")


@dataclass(frozen=True)
class Stack:
    """What was created."""

    functions: dict[str, Function]  # by logical id
    resources: dict[str, str]  # logical id -> physical id
    password: str  # the admin's


def friendly_password() -> str:
    """A password to be read from one terminal and typed into a page next to it; never for anything else."""
    return f"{secrets.choice(BREWS)}-{secrets.choice(TEAS)}-{secrets.randbelow(10_000):04}"


def create(
    endpoint: str, root: Path, template: Template, cloudformation: Template, parameters: dict[str, str]
) -> Stack:
    """Create the stack. `template` is SAM's, `cloudformation` what the transform made of it.

    Raises StartError when moto refuses it.
    """
    formation = client("cloudformation", endpoint)
    put_artifact(endpoint)
    password = friendly_password()
    values = {
        name: make_secret(endpoint, name, resource, password)
        for name, resource in cloudformation["Resources"].items()
        if resource["Type"] == templates.SECRET
    }
    reduced = templates.for_moto(cloudformation, values)
    try:
        formation.create_stack(
            StackName=templates.STACK,
            TemplateBody=json.dumps(reduced),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        )
        described = formation.describe_stacks(StackName=templates.STACK)["Stacks"][0]
        created = formation.describe_stack_resources(StackName=templates.STACK)["StackResources"]
    except (BotoCoreError, ClientError) as error:
        raise StartError(f"template.yaml cannot be created: {first_line(error)}") from error
    if described["StackStatus"] != "CREATE_COMPLETE":
        reason = first_line(described.get("StackStatusReason", described["StackStatus"]))
        raise StartError(f"template.yaml cannot be created: {reason}")
    resources = {item["LogicalResourceId"]: str(item.get("PhysicalResourceId", "")) for item in created} | values
    functions = {
        item["LogicalResourceId"]: describe_function(endpoint, root, template, item["LogicalResourceId"], resources)
        for item in created
        if item["ResourceType"] == "AWS::Lambda::Function"
    }
    return Stack(functions, resources, password)


def put_artifact(endpoint: str) -> None:
    """The object that `sam package` would have uploaded. Nobody runs it: the code runs where it is."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("README", "The code runs from the checkout.\n")
    s3 = client("s3", endpoint)
    s3.create_bucket(Bucket=templates.ARTIFACTS["Bucket"])
    s3.put_object(**templates.ARTIFACTS, Body=archive.getvalue())


def make_secret(endpoint: str, name: str, resource: dict[str, Any], password: str) -> str:
    """Create the secret as CloudFormation would, but with this password; its ARN."""
    generate = resource.get("Properties", {}).get("GenerateSecretString", {})
    text = password
    if key := generate.get("GenerateStringKey"):
        text = json.dumps(json.loads(generate["SecretStringTemplate"]) | {key: password})
    created = client("secretsmanager", endpoint).create_secret(Name=f"{templates.STACK}-{name}", SecretString=text)
    return str(created["ARN"])


def describe_function(
    endpoint: str, root: Path, template: Template, logical_id: str, resources: dict[str, str]
) -> Function:
    """The function's settings: resolved ones from Lambda, paths of its code and layers from the template."""
    settings = client("lambda", endpoint).get_function_configuration(FunctionName=resources[logical_id])
    variables: dict[str, str] = settings.get("Environment", {}).get("Variables", {})
    for name, value in variables.items():
        # What moto could not resolve it leaves as an object's repr or as a literal ${Name}.
        if not isinstance(value, str) or "${" in value or value.startswith("<moto."):
            raise StartError(f"template.yaml: {logical_id}'s variable {name} refers to what moto cannot create.")
    properties = template["Resources"][logical_id]["Properties"]
    layers = [
        template["Resources"][layer["Ref"]]["Properties"]["ContentUri"]
        for layer in properties.get("Layers", [])
        if isinstance(layer, dict) and layer.get("Ref") in template["Resources"]
    ]
    function = Function(
        logical_id=logical_id,
        name=settings["FunctionName"],
        handler=settings["Handler"],
        code=root / properties["CodeUri"],
        layers=tuple(root / layer / "python" for layer in layers),
        variables=variables | LOCAL_VARIABLES,
        timeout=settings["Timeout"],
        memory=settings["MemorySize"],
        runtime=settings["Runtime"],
    )
    for folder in (function.code, *function.layers):
        if not folder.is_dir():
            raise StartError(f"template.yaml: {logical_id}'s code is not there: {folder.relative_to(root)}.")
    return function
