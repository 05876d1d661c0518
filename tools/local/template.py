"""template.yaml as CloudFormation, reduced to what moto can create. Pure but for reading the file."""

from __future__ import annotations

import re
import shutil
import sys
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml
from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform

from local.aws import ACCOUNT, REGION
from local.errors import StartError, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STACK = "local"
ARTIFACTS = {"Bucket": "edgecors-local-artifacts", "Key": "code.zip"}

# What moto 5.2 cannot create (a test compares with `moto.cloudformation.parsing.get_model_map`) is left out of
# the stack, together with everything that refers to it:
#   ApiGatewayV2: SAM CLI's gateway takes its place, from the same template; the function's permission for it and
#   the output with its URL go too
#   S3 BucketPolicy: it only refuses unencrypted transport, and moto enforces no bucket policy
#   Lambda Alias and Url, CloudFront: nothing here calls through them
#   alarms, subscriptions and what becomes of failed events: nobody is to be told of what happens here
# Secrets Manager has no CloudFormation in moto either. Without the secret the function would have to go, so the
# secret is made through its own API (local.stack), and what refers to it gets its ARN.
LEFT_OUT = re.compile(
    r"AWS::ApiGatewayV2::.+|AWS::S3::BucketPolicy|AWS::Lambda::(Alias|Url|EventInvokeConfig)|AWS::CloudFront::.+"
    r"|AWS::CloudWatch::Alarm|AWS::SNS::Subscription"
)
SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  a type's name

Template = dict[str, Any]


def read(path: Path) -> Template:
    """The template with CloudFormation's short forms (`!Ref`) as their long ones (`{"Ref": ...}`)."""
    try:
        template = yaml_parse(path.read_text("utf-8"))
    except OSError as error:
        raise StartError(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise StartError(f"{path.name} is not UTF-8 text.") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise StartError(f"{path.name}{place} is not YAML: {first_line(problem)}.") from error
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise StartError(f"{path.name} is not a template: it has no Resources.")
    for name, resource in template["Resources"].items():
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise StartError(f"{path.name}: the resource {name} has no Type.")
    return template


def choose_runtime(template: Template) -> dict[str, str]:
    """Parameters that put the functions on the running Python, as far as the template leaves that open.

    A function whose Runtime is a parameter runs on any of the parameter's AllowedValues, so a machine with one
    of these Pythons needs no other. Raises StartError for a function that must have another Python.
    """
    here = f"python{sys.version_info.major}.{sys.version_info.minor}"
    shared = template.get("Globals", {}).get("Function", {})
    chosen: dict[str, str] = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        runtime = resource.get("Properties", {}).get("Runtime", shared.get("Runtime", here))
        if isinstance(runtime, dict) and isinstance(runtime.get("Ref"), str):
            parameter = template.get("Parameters", {}).get(runtime["Ref"], {})
            if here in parameter.get("AllowedValues", ()):
                chosen[runtime["Ref"]] = here
                continue
            runtime = parameter.get("Default", runtime)
        if runtime != here:
            install = "" if shutil.which(str(runtime)) else f"install {runtime}, then "
            raise StartError(
                f"template.yaml runs {name} on {runtime}, and this is {here}: "
                f"{install}make clean serve PYTHON={runtime}."
            )
    return chosen


def to_cloudformation(template: Template, parameters: dict[str, str]) -> Template:
    """What SAM's transform makes of the template, its code an object in S3, as `sam package` leaves it."""
    packaged = deepcopy(template)
    for resource in packaged["Resources"].values():
        properties = resource.get("Properties")
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties, dict) and isinstance(properties.get(key), str):
                properties[key] = dict(ARTIFACTS)
    pseudo = {
        "AWS::AccountId": ACCOUNT,
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackName": STACK,
    }
    try:
        return transform(packaged, pseudo | parameters, NoManagedPolicies())  # type: ignore[no-any-return]
    except InvalidDocumentException as error:
        causes = "; ".join(first_line(cause.message) for cause in error.causes)
        raise StartError(f"template.yaml is not valid: {causes}") from error


class NoManagedPolicies:
    """In place of AWS's managed policies, which the transform would ask IAM for; moto checks no permission."""

    def load(self) -> dict[str, str]:
        """Policy name to ARN."""
        return {}


def for_moto(template: Template, values: dict[str, str]) -> Template:
    """The template without what moto cannot create, and with `values` in place of `{"Ref": name}`."""
    reduced: Template = deepcopy(template)
    resources: dict[str, Any] = reduced["Resources"]
    for name in values:
        del resources[name]
    reduced = put_values(reduced, values)
    resources = reduced["Resources"]

    gone = {name for name, resource in resources.items() if LEFT_OUT.fullmatch(resource["Type"])}
    while more := {name for name, body in resources.items() if name not in gone and gone & set(references(body))}:
        gone |= more
    reduced["Resources"] = {name: body for name, body in resources.items() if name not in gone}
    outputs = reduced.get("Outputs", {})
    reduced["Outputs"] = {name: body for name, body in outputs.items() if not gone & set(references(body))}
    return reduced


def put_values(node: Any, values: dict[str, str]) -> Any:
    """A copy of `node` with each `{"Ref": name}` and `${name}` that `values` has replaced by its value."""
    if isinstance(node, list):
        return [put_values(item, values) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("Ref"), str) and node["Ref"] in values:
        return values[node["Ref"]]
    replaced = {key: put_values(value, values) for key, value in node.items()}
    if sub := replaced.get("Fn::Sub"):
        text, *own = [sub] if isinstance(sub, str) else sub
        for name, value in values.items():
            text = text.replace(f"${{{name}}}", value)
        replaced["Fn::Sub"] = [text, *own] if own else text
    return replaced


def references(node: Any) -> Iterator[str]:
    """The logical names that a piece of a template refers to."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "Ref" and isinstance(value, str):
            yield value
        elif key == "Fn::GetAtt":
            yield (value if isinstance(value, str) else value[0]).split(".")[0]
        elif key == "DependsOn":
            yield from [value] if isinstance(value, str) else value
        elif key == "Fn::Sub":
            text, own = (value, {}) if isinstance(value, str) else value
            names = (name.split(".")[0] for name in re.findall(r"\$\{([^!}][^}]*)\}", text))
            yield from (name for name in names if name not in own)
            yield from references(own)
        else:
            yield from references(value)
