"""What a function may do, as far as the template says it: the policies of its role."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from edgecors_doctor.nodes import Node, glob, globs_meet, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.functions import Function

_ACTION = "ssm:getparameter"
# AWS's own policies that are known not to have the action. Of all others the template does not tell.
_OTHER_POLICIES = frozenset(
    (
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaENIManagementAccess",
        "AWSXRayDaemonWriteAccess",
        "AWSXrayWriteOnlyAccess",
        "AmazonDynamoDBFullAccess",
        "AmazonDynamoDBReadOnlyAccess",
        "AmazonS3FullAccess",
        "AmazonS3ReadOnlyAccess",
        "AmazonSQSFullAccess",
        "AmazonSNSFullAccess",
        "CloudWatchLogsFullAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    )
)
_SAM_POLICIES = {"SSMParameterReadPolicy": "/", "SSMParameterWithSlashPrefixReadPolicy": ""}


class UnknownError(Exception):
    """The template does not tell what the function may do."""


def may_read(facts: Facts, function: Function, name: str) -> bool:
    """Whether the function may read the parameter of this name, `*` standing for what is not known of it.

    Raises UnknownError.
    """
    patterns = list(_readable(facts, function))
    path = name if name.startswith(("/", "*", "arn:")) else f"/{name}"
    arn = path if path.startswith("arn:") else f"arn:*:ssm:*:*:parameter{path}"
    return any(_arns_meet(pattern, arn) for pattern in patterns)


def _arns_meet(one: str, other: str) -> bool:
    """Whether some ARN fits both patterns. Where both have all six sections, `*` stays within its own."""
    sections = one.split(":", 5), other.split(":", 5)
    if len(sections[0]) == len(sections[1]) == 6:
        return all(map(globs_meet, *sections))
    return globs_meet(one, other)


def _readable(facts: Facts, function: Function) -> Iterator[str]:
    """The ARNs of the parameters that it may read, as patterns."""
    role = function.properties.get("Role")
    if role.given or not function.is_sam:
        roles = [target(branch.value) for branch in role.branches()]
        if not roles or any(facts.resources.properties(name, "AWS::IAM::Role") is None for name in roles):
            raise UnknownError
        for name in roles:
            yield from _of_role(facts, str(name))
        return
    for policy in function.properties.get("Policies").entries():
        yield from _of_sam(facts, policy)
    # SAM gives the role it makes a name of its own.
    yield from _attached(facts, f"{function.name}Role")
    if any(
        target(properties.get("Source", "Id").value) == function.name
        or properties.get("Source", "Id").text == function.name
        for _, properties in facts.resources.of("AWS::Serverless::Connector")
    ):
        raise UnknownError


def _of_role(facts: Facts, name: str) -> Iterator[str]:
    properties = facts.resources.properties(name, "AWS::IAM::Role") or Node(None, ())
    for policy in properties.get("Policies").entries():
        yield from _of_document(policy.get("PolicyDocument"))
    for policy in properties.get("ManagedPolicyArns").entries():
        yield from _of_managed(facts, policy)
    yield from _attached(facts, name)


def _attached(facts: Facts, role: str) -> Iterator[str]:
    """Policies that name the role, not the other way round."""
    for _, properties in facts.resources.of("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        if any(target(entry.value) == role for entry in properties.get("Roles").entries()):
            yield from _of_document(properties.get("PolicyDocument"))
    for _, properties in facts.resources.of("AWS::IAM::RolePolicy"):
        if target(properties.get("RoleName").value) == role:
            yield from _of_document(properties.get("PolicyDocument"))


def _of_sam(facts: Facts, policy: Node) -> Iterator[str]:
    """An entry of a SAM function's Policies: a managed policy, a policy template, or a document."""
    if not isinstance(policy.value, dict) or policy.is_intrinsic:
        yield from _of_managed(facts, policy)
    elif "Statement" in policy.value:
        yield from _of_document(policy)
    else:
        for template, arguments in policy.children():
            if template in _SAM_POLICIES:
                name = glob(arguments.get("ParameterName").value) or "*"
                yield f"arn:*:ssm:*:*:parameter{_SAM_POLICIES[template]}{name}"


def _of_managed(facts: Facts, policy: Node) -> Iterator[str]:
    properties = facts.resources.properties(target(policy.value), "AWS::IAM::ManagedPolicy")
    if properties is not None:
        yield from _of_document(properties.get("PolicyDocument"))
        return
    if (glob(policy.value) or "").rpartition("/")[2] not in _OTHER_POLICIES:
        raise UnknownError


def _of_document(document: Node) -> Iterator[str]:
    for branch in document.branches():
        if branch.is_intrinsic or not isinstance(branch.value, dict):
            raise UnknownError
        for statement in branch.get("Statement").entries():
            if not isinstance(statement.value, dict) or statement.is_intrinsic or "NotResource" in statement.value:
                raise UnknownError
            if statement.get("Effect").text == "Allow" and _has_action(statement):
                for resource in statement.get("Resource").entries():
                    yield glob(resource.value) or "*"


def _has_action(statement: Node) -> bool:
    if "NotAction" in statement.value:
        raise UnknownError
    actions = [(glob(action.value) or "*").lower() for action in statement.get("Action").entries()]
    return any(fnmatchcase(_ACTION, action) for action in actions)
