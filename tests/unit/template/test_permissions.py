"""The function may do what its code does, and no more."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import Session

from unit.template.reading import ROOT

# A transaction is allowed by the actions of its parts, which are the keys of its items.
PARTS = {
    "Put": "PutItem",
    "Delete": "DeleteItem",
    "Update": "UpdateItem",
    "ConditionCheck": "ConditionCheckItem",
}
# S3's operations have other names as actions.
RENAMED = {
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
}
# Not called, but needed: with s3:GetObject alone a missing object is a 403; the layer reads the rules; logs and
# traces are written with the function's role.
BESIDES = {
    "s3:ListBucket",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}


def used_by_the_code() -> set[str]:
    """The actions behind each call of an AWS operation in functions/tea."""
    session = Session()
    actions = {
        xform_name(operation): f"{service}:{operation}"
        for service in ("dynamodb", "s3", "secretsmanager")
        for operation in session.get_service_model(service).operation_names
    }
    used: set[str] = set()
    for path in (ROOT / "functions/tea").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        called = [node.func for node in nodes if isinstance(node, ast.Call)]
        names = {function.attr for function in called if isinstance(function, ast.Attribute)}
        used |= {actions[name] for name in names & actions.keys()}
        if "transact_write_items" in names:
            texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
            used |= {f"dynamodb:{PARTS[text]}" for text in texts & PARTS.keys()}
    return {RENAMED.get(action, action) for action in used - {"dynamodb:TransactWriteItems"}}


@pytest.fixture
def statements(resources: dict[str, Any]) -> list[dict[str, Any]]:
    (policy,) = resources["TeaRole"]["Properties"]["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def actions(statement: dict[str, Any]) -> list[str]:
    listed = statement["Action"]
    return [listed] if isinstance(listed, str) else listed


def test_the_role_allows_exactly_what_is_used(statements: list[dict[str, Any]]) -> None:
    allowed = [action for statement in statements for action in actions(statement)]
    assert sorted(allowed) == sorted(used_by_the_code() | BESIDES)


def test_nothing_is_allowed_on_everything_but_traces(statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        assert statement["Effect"] == "Allow"
        if statement["Sid"] != "Traces":
            assert statement["Resource"] != "*"
        assert not [action for action in actions(statement) if "*" in action]


def test_images_are_all_that_it_may_touch_in_the_bucket(statements: list[dict[str, Any]]) -> None:
    by_name = {statement["Sid"]: statement["Resource"] for statement in statements}
    assert by_name["Images"] == {"Fn::Sub": "${TeaBucket.Arn}/uploads/*"}
    assert by_name["Teas"] == {"Fn::GetAtt": ["TeaTable", "Arn"]}
    assert by_name["Logs"] == {"Fn::GetAtt": ["TeaLogGroup", "Arn"]}
    assert by_name["AdminPassword"] == {"Ref": "AdminSecret"}


def test_sam_makes_no_role_of_its_own(resources: dict[str, Any]) -> None:
    roles = {name: resource for name, resource in resources.items() if resource["Type"] == "AWS::IAM::Role"}
    assert roles.keys() == {"TeaRole", "RulesGuardRole"}
    assert not [name for name, role in roles.items() if "ManagedPolicyArns" in role["Properties"]]
