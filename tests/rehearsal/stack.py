"""A deployed stack as the services show it at one moment."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from samcli.yamlhelper import yaml_parse

if TYPE_CHECKING:
    from pathlib import Path

    from rehearsal.account import Account

NAME = "tea"


@dataclass(frozen=True)
class Stack:
    """Plain values, to be compared as a whole. Logical ids lead to what there is."""

    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]
    resources: dict[str, tuple[str, str]]  # type, physical id
    functions: dict[str, dict[str, Any]]  # settings, but for when they were changed
    roles: dict[str, list[dict[str, Any]]]  # policy documents
    trust: dict[str, dict[str, Any]]  # who may take a role
    callers: dict[str, dict[str, Any]]  # who may call a function
    states: dict[str, str]  # of the rules of EventBridge
    subscribed: list[tuple[str, str, str]]  # protocol, address, topic
    rules: list[tuple[str, int, str]]  # of the parameter and all below it: name, version, value
    layers: list[str]  # versions' ARNs
    packages: dict[str, Package]  # of functions and the layer, by the logical ids that they have in template.yaml
    items: list[dict[str, Any]]  # in the table
    images: dict[str, str]  # in the bucket: key to text

    def id(self, logical: str) -> str:
        """The physical id."""
        return self.resources[logical][1]

    def of_type(self, kind: str) -> list[str]:
        """Logical ids, sorted."""
        return sorted(logical for logical, (found, _) in self.resources.items() if found == kind)


def look(account: Account) -> Stack:
    """The stack as it is now."""
    formation, functions = account.client("cloudformation"), account.client("lambda")
    (stack,) = formation.describe_stacks(StackName=NAME)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    resources = {
        item["LogicalResourceId"]: (item["ResourceType"], item["PhysicalResourceId"])
        for item in formation.describe_stack_resources(StackName=NAME)["StackResources"]
    }

    def of(kind: str) -> dict[str, str]:
        return {logical: physical for logical, (found, physical) in resources.items() if found == kind}

    return Stack(
        status=stack["StackStatus"],
        parameters={item["ParameterKey"]: item["ParameterValue"] for item in stack["Parameters"]},
        outputs=outputs,
        resources=resources,
        functions={
            logical: but_for(
                functions.get_function_configuration(FunctionName=name), "ResponseMetadata", "LastModified"
            )
            for logical, name in of("AWS::Lambda::Function").items()
        },
        roles={logical: policies(account, name) for logical, name in of("AWS::IAM::Role").items()},
        trust={
            logical: account.client("iam").get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
            for logical, name in of("AWS::IAM::Role").items()
        },
        callers={
            logical: json.loads(functions.get_policy(FunctionName=name)["Policy"])
            for logical, name in of("AWS::Lambda::Function").items()
        },
        states={
            logical: account.client("events").describe_rule(Name=name)["State"]
            for logical, name in of("AWS::Events::Rule").items()
        },
        subscribed=[
            (item["Protocol"], item["Endpoint"], item["TopicArn"])
            for item in account.client("sns").list_subscriptions()["Subscriptions"]
        ],
        rules=rules(account, outputs["RulesParameterName"]),
        layers=layers(account),
        packages=packages(account),
        items=account.client("dynamodb").scan(TableName=outputs["TableName"])["Items"],
        images=objects(account, outputs["BucketName"]),
    )


def but_for(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def policies(account: Account, role: str) -> list[dict[str, Any]]:
    """Every policy document of a role; there are no managed ones."""
    client = account.client("iam")
    assert client.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    names = client.list_role_policies(RoleName=role)["PolicyNames"]
    return [client.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in sorted(names)]


def rules(account: Account, name: str) -> list[tuple[str, int, str]]:
    """The parameter and what lies below it, sorted by name."""
    client = account.client("ssm")
    pages = client.get_paginator("get_parameters_by_path").paginate(Path=name, Recursive=True)
    found = [parameter for page in pages for parameter in page["Parameters"]]
    found += client.get_parameters(Names=[name])["Parameters"]
    return sorted((parameter["Name"], parameter["Version"], parameter["Value"]) for parameter in found)


def layers(account: Account) -> list[str]:
    """The ARNs of every version of every layer."""
    client = account.client("lambda")
    names = [layer["LayerName"] for layer in client.list_layers()["Layers"]]
    listed = [client.list_layer_versions(LayerName=name)["LayerVersions"] for name in names]
    return sorted(version["LayerVersionArn"] for versions in listed for version in versions)


def keys(account: Account, bucket: str) -> list[str]:
    """Of all objects in a bucket."""
    return [item["Key"] for item in account.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def objects(account: Account, bucket: str) -> dict[str, str]:
    """Key to text."""
    client = account.client("s3")
    return {key: client.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys(account, bucket)}


def packages(account: Account) -> dict[str, Package]:
    """What the template of the stack, as `sam deploy` sent it, has code from."""
    template = yaml_parse(account.client("cloudformation").get_template(StackName=NAME)["TemplateBody"])
    return uploaded(account, template)


def uploaded(account: Account, template: dict[str, Any]) -> dict[str, Package]:
    """What a packaged template has code from: logical id to archive."""
    found = {}
    for logical, resource in template["Resources"].items():
        properties = resource["Properties"]
        if address := properties.get("CodeUri") or properties.get("ContentUri"):
            parts = urlsplit(address)
            assert parts.scheme == "s3", address
            answer = account.client("s3").get_object(Bucket=parts.netloc, Key=parts.path.lstrip("/"))
            found[logical] = Package(answer["Body"].read())
    return found


@dataclass(frozen=True)
class Package:
    """A ZIP archive."""

    content: bytes

    @property
    def sha256(self) -> str:
        """As Lambda gives it."""
        return b64encode(hashlib.sha256(self.content).digest()).decode()

    def files(self) -> dict[str, bytes]:
        """Name to content."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}

    def unpack(self, folder: Path) -> Path:
        """Into a folder, which is given back."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            archive.extractall(folder)
        return folder


def files(folder: Path) -> dict[str, bytes]:
    """The files below a folder, as an archive of it names them."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
