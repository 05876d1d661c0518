"""Least privilege, by the policies as deployed: what each function needs is allowed, and nothing beside it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.session import Session

from rehearsal.account import ACCOUNT, REGION
from rehearsal.policies import Call, Decision, decide

if TYPE_CHECKING:
    from rehearsal.account import Account
    from rehearsal.stack import Stack
    from rehearsal.steps import Step

RULES = "parameter/edgecors/tea/tea"
CHUNK, LOCK = f"{RULES}/20261122t140000z-00000000/0", f"{RULES}/.lock"


def arns(stack: Stack) -> dict[str, str]:
    """The resources that the tables below name, of this stack and of others."""

    def arn(service: str, resource: str) -> str:
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"

    bucket = f"arn:aws:s3:::{stack.outputs['BucketName']}"
    return {
        "table": arn("dynamodb", f"table/{stack.outputs['TableName']}"),
        "index": arn("dynamodb", f"table/{stack.outputs['TableName']}/index/a"),
        "other table": arn("dynamodb", "table/customers"),
        "bucket": bucket,
        "image": f"{bucket}/uploads/white.png",
        "other object": f"{bucket}/exports/all.csv",
        "other image": "arn:aws:s3:::customers/uploads/white.png",
        "secret": stack.outputs["AdminSecretArn"],
        "other secret": arn("secretsmanager", "secret:customers-AbCdEf"),
        "rules": arn("ssm", RULES),
        "chunk": arn("ssm", CHUNK),
        "lock": arn("ssm", LOCK),
        "other rules": arn("ssm", f"{RULES}-2"),
        "rules of all": arn("ssm", "parameter/edgecors/tea"),
        "other parameter": arn("ssm", "parameter/customers/password"),
        "own log": arn("logs", "log-group:/aws/lambda/tea-tea:log-stream:a"),
        "guard's log": arn("logs", "log-group:/aws/lambda/tea-rules-guard:log-stream:a"),
        "other log": arn("logs", "log-group:/aws/lambda/customers:log-stream:a"),
        "topic": stack.outputs["AlarmTopicArn"],
        "other topic": arn("sns", "customers"),
        "tea function": stack.functions["TeaFunction"]["FunctionArn"],
        "guard": stack.functions["RulesGuardFunction"]["FunctionArn"],
        "role": f"arn:aws:iam::{ACCOUNT}:role/{stack.id('TeaRole')}",
        "anything": "*",
    }


TEA = {
    "dynamodb:BatchWriteItem": ["table"],
    "dynamodb:DeleteItem": ["table"],
    "dynamodb:GetItem": ["table"],
    "dynamodb:PutItem": ["table"],
    "dynamodb:Query": ["table"],
    "logs:CreateLogStream": ["own log"],
    "logs:PutLogEvents": ["own log"],
    "s3:DeleteObject": ["image"],
    "s3:GetObject": ["image"],
    "s3:ListBucket": ["bucket"],
    "s3:PutObject": ["image"],
    "secretsmanager:GetSecretValue": ["secret"],
    # Rules of more than 4,096 bytes are chunks below the parameter (docs/publishing.md).
    "ssm:GetParameter": ["chunk", "lock", "rules"],
    "ssm:GetParameters": ["chunk", "lock", "rules"],
    # Of these AWS knows no resource.
    "xray:PutTelemetryRecords": "all",
    "xray:PutTraceSegments": "all",
}
GUARD = {
    "lambda:GetFunctionConfiguration": ["guard"],
    "logs:CreateLogStream": ["guard's log"],
    "logs:PutLogEvents": ["guard's log"],
    "sns:Publish": ["topic"],
    "ssm:DeleteParameters": ["chunk", "lock"],
    "ssm:GetParameter": ["chunk", "lock", "rules"],
    "ssm:GetParameterHistory": ["rules"],
    "ssm:GetParameters": ["chunk", "lock"],
    "ssm:GetParametersByPath": ["rules"],
    "ssm:LabelParameterVersion": ["rules"],
    "ssm:PutParameter": ["chunk", "lock", "rules"],
    "ssm:UnlabelParameterVersion": ["rules"],
}
ROLES = {"TeaRole": TEA, "RulesGuardRole": GUARD}

# Actions that are no operations of an API, and operations that are actions of another name, are not swept over.
SERVICES = (
    "cloudformation",
    "dynamodb",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "s3",
    "secretsmanager",
    "sns",
    "ssm",
)
BESIDES = ("s3:ListBucket", "s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:PutBucketPolicy", "sts:AssumeRole")


def actions() -> list[str]:
    """Every operation of the services that there could be something to gain in."""
    session = Session()
    operations = {
        f"{service}:{operation}"
        for service in (*SERVICES, "sts", "xray")
        for operation in session.get_service_model(service).operation_names
    }
    return sorted(operations | set(BESIDES))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_allows_this_and_nothing_else(deployed: Step, role: str) -> None:
    documents, named = deployed.stack.roles[role], arns(deployed.stack)
    found: dict[str, Any] = {}
    for action in actions():
        on = [name for name, arn in named.items() if decide(documents, Call(action, arn)) is Decision.ALLOWED]
        if on:
            found[action] = "all" if len(on) == len(named) else sorted(on)
    assert found == ROLES[role]


@pytest.mark.parametrize(
    ("role", "action", "resource"),
    [
        ("TeaRole", "dynamodb:Scan", "table"),
        ("TeaRole", "dynamodb:DeleteTable", "table"),
        ("TeaRole", "dynamodb:GetItem", "other table"),
        ("TeaRole", "s3:GetObject", "other object"),
        ("TeaRole", "s3:PutBucketPolicy", "bucket"),
        ("TeaRole", "secretsmanager:PutSecretValue", "secret"),
        ("TeaRole", "secretsmanager:GetSecretValue", "other secret"),
        ("TeaRole", "ssm:PutParameter", "rules"),
        ("TeaRole", "ssm:GetParameter", "other rules"),
        ("TeaRole", "ssm:GetParametersByPath", "rules of all"),
        ("TeaRole", "logs:CreateLogGroup", "other log"),
        ("TeaRole", "sns:Publish", "topic"),
        ("TeaRole", "lambda:UpdateFunctionConfiguration", "tea function"),
        ("TeaRole", "iam:PassRole", "role"),
        ("TeaRole", "sts:AssumeRole", "role"),
        ("TeaRole", "kms:Decrypt", "anything"),
        ("RulesGuardRole", "ssm:DeleteParameter", "rules"),
        ("RulesGuardRole", "ssm:DeleteParameters", "rules"),
        ("RulesGuardRole", "ssm:PutParameter", "other rules"),
        ("RulesGuardRole", "ssm:GetParametersByPath", "rules of all"),
        ("RulesGuardRole", "lambda:GetFunctionConfiguration", "tea function"),
        ("RulesGuardRole", "lambda:UpdateFunctionConfiguration", "guard"),
        ("RulesGuardRole", "sns:Publish", "other topic"),
        ("RulesGuardRole", "dynamodb:GetItem", "table"),
        ("RulesGuardRole", "secretsmanager:GetSecretValue", "secret"),
        ("RulesGuardRole", "s3:GetObject", "image"),
    ],
)
def test_a_role_does_not_allow(deployed: Step, role: str, action: str, resource: str) -> None:
    call = Call(action, arns(deployed.stack)[resource])
    assert decide(deployed.stack.roles[role], call) is Decision.REFUSED


def test_only_lambda_takes_the_roles(account: Account, deployed: Step) -> None:
    for role in ROLES:
        trusted = deployed.stack.trust[role]
        for principal, decision in (
            ({"Service": "lambda.amazonaws.com"}, Decision.ALLOWED),
            ({"Service": "apigateway.amazonaws.com"}, Decision.REFUSED),
            ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Decision.REFUSED),
        ):
            assert decide([trusted], Call("sts:AssumeRole", "", principal=principal)) is decision, principal


@pytest.mark.parametrize(
    ("function", "service", "source", "decision"),
    [
        ("TeaFunction", "apigateway", "execute-api:{region}:{account}:{TeaApi}/$default/GET/tea", Decision.ALLOWED),
        ("TeaFunction", "apigateway", "execute-api:{region}:{account}:another/$default/GET/tea", Decision.REFUSED),
        ("TeaFunction", "apigateway", "execute-api:{region}:999999999999:{TeaApi}/$default/GET/tea", Decision.REFUSED),
        ("TeaFunction", "events", "events:{region}:{account}:rule/{RulesGuardFunctionChange}", Decision.REFUSED),
        ("RulesGuardFunction", "events", "events:{region}:{account}:rule/{RulesGuardFunctionChange}", Decision.ALLOWED),
        (
            "RulesGuardFunction",
            "events",
            "events:{region}:{account}:rule/{RulesGuardFunctionSchedule}",
            Decision.ALLOWED,
        ),
        ("RulesGuardFunction", "events", "events:{region}:{account}:rule/another", Decision.REFUSED),
        (
            "RulesGuardFunction",
            "apigateway",
            "execute-api:{region}:{account}:{TeaApi}/$default/GET/tea",
            Decision.REFUSED,
        ),
    ],
)
def test_who_may_call_a_function(deployed: Step, function: str, service: str, source: str, decision: Decision) -> None:
    stack = deployed.stack
    ids = {logical: physical for logical, (_, physical) in stack.resources.items()}
    call = Call(
        "lambda:InvokeFunction",
        stack.functions[function]["FunctionArn"],
        {"AWS:SourceArn": "arn:aws:" + source.format(region=REGION, account=ACCOUNT, **ids)},
        {"Service": f"{service}.amazonaws.com"},
    )
    assert decide([stack.callers[function]], call) is decision


def test_the_bucket_refuses_everyone_without_tls(account: Account, deployed: Step) -> None:
    named = arns(deployed.stack)
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=deployed.stack.outputs["BucketName"])["Policy"])
    for resource in ("bucket", "image"):
        for secure, decision in (("false", Decision.DENIED), ("true", Decision.REFUSED)):
            call = Call("s3:GetObject", named[resource], {"aws:SecureTransport": secure}, {"AWS": "anyone"})
            assert decide([policy], call) is decision
