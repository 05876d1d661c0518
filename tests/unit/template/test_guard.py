"""The guard and the alarms: started by the rules parameter alone, allowed that parameter alone, and told to people."""

from __future__ import annotations

import ast
import fnmatch
import json
import re
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import Session

from unit.template.reading import ROOT, of_type
from unit.template.test_permissions import actions
from unit.template.test_rules_parameter import NAME

ARN = "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Name}"
IS_ON = {"Fn::If": ["GuardIsOn", "ENABLED", "DISABLED"]}


@pytest.fixture
def statements(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sid to statement, of everything that the guard's role may do."""
    (inline,) = resources["RulesGuardRole"]["Properties"]["Policies"]
    apart = resources["RulesGuardDeploymentPolicy"]["Properties"]
    assert apart["Roles"] == [{"Ref": "RulesGuardRole"}]
    listed = inline["PolicyDocument"]["Statement"] + apart["PolicyDocument"]["Statement"]
    return {statement["Sid"]: statement for statement in listed}


# ------------------------------------------------------------------------------------------------- what starts it


@pytest.fixture
def pattern(resources: dict[str, Any]) -> dict[str, Any]:
    """The rule's pattern, with the name that an empty RulesParameterName gives to a stack called tea."""
    rule = resources["RulesGuardFunctionChange"]["Properties"]
    assert rule["State"] == IS_ON
    assert rule["EventPattern"]["detail"]["name"] == [NAME]
    found: dict[str, Any] = rule["EventPattern"] | {
        "detail": rule["EventPattern"]["detail"] | {"name": ["/edgecors/tea/tea"]}
    }
    return found


def matches(pattern: Any, event: Any) -> bool:
    """As EventBridge matches exact values: each leaf of the pattern lists what the event may have there."""
    if isinstance(pattern, list):
        return event in pattern
    return all(key in event and matches(part, event[key]) for key, part in pattern.items())


@pytest.mark.parametrize(
    ("event", "starts"),
    [
        ("create", True),
        ("update", True),
        ("delete", True),
        ("label", False),
        ("other-parameter", False),
        ("chunk", False),
        ("lock", False),
        ("schedule", False),
    ],
)
def test_changes_of_the_rules_parameter_alone_start_it(pattern: dict[str, Any], event: str, starts: bool) -> None:
    assert matches(pattern, json.loads((ROOT / f"events/guard/{event}.json").read_text("utf-8"))) is starts


def test_a_schedule_starts_it_too(written: dict[str, Any], resources: dict[str, Any]) -> None:
    rule = resources["RulesGuardFunctionSchedule"]["Properties"]
    assert rule["ScheduleExpression"] == {"Ref": "GuardSchedule"}
    assert rule["State"] == IS_ON
    assert written["Parameters"]["GuardSchedule"]["Default"] == "rate(15 minutes)"


@pytest.mark.parametrize(
    ("schedule", "allowed"),
    [("rate(15 minutes)", True), ("cron(0/30 * * * ? *)", True), ("15 minutes", False), ("rate()", False), ("", False)],
)
def test_the_schedule_is_one(written: dict[str, Any], schedule: str, allowed: bool) -> None:
    assert bool(re.fullmatch(written["Parameters"]["GuardSchedule"]["AllowedPattern"], schedule)) is allowed


def test_off_disables_both(written: dict[str, Any]) -> None:
    assert written["Conditions"]["GuardIsOn"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "GuardMode"}, "off"]}]}
    mode = written["Parameters"]["GuardMode"]
    # Unquoted, YAML reads off as a boolean.
    assert (mode["Default"], mode["AllowedValues"]) == ("revert", ["revert", "alarm", "off"])


def test_only_its_rules_may_call_it(resources: dict[str, Any]) -> None:
    permissions = [
        permission["Properties"]
        for permission in of_type(resources, "AWS::Lambda::Permission")
        if permission["Properties"]["FunctionName"] == {"Ref": "RulesGuardFunction"}
    ]
    assert {permission["Principal"] for permission in permissions} == {"events.amazonaws.com"}
    assert [permission["SourceArn"] for permission in permissions] == [
        {"Fn::GetAtt": ["RulesGuardFunctionChange", "Arn"]},
        {"Fn::GetAtt": ["RulesGuardFunctionSchedule", "Arn"]},
    ]


# ------------------------------------------------------------------------------------------------- what it is


def test_the_function_has_the_layer_and_its_environment(resources: dict[str, Any]) -> None:
    properties = resources["RulesGuardFunction"]["Properties"]
    (layer,) = properties["Layers"]
    assert layer["Ref"].startswith("CorsLayer")
    assert properties["Handler"] == "guard.app.handler"
    assert properties["Runtime"] == {"Ref": "Runtime"}
    assert properties["Architectures"] == [{"Ref": "Architecture"}]
    assert properties["LoggingConfig"] == {"LogGroup": {"Ref": "RulesGuardLogGroup"}}
    assert properties["Environment"]["Variables"] == {
        "RULES_PARAMETER": NAME,
        "GUARD_MODE": {"Ref": "GuardMode"},
        "TOPIC_ARN": {"Ref": "AlarmTopic"},
    }


def test_it_brings_no_packages(written: dict[str, Any]) -> None:
    folder = ROOT / written["Resources"]["RulesGuardFunction"]["Properties"]["CodeUri"]
    assert sorted(path.name for path in folder.iterdir() if path.name != "__pycache__") == [
        "guard",
        "rules_analysis",
        "rules_store",
    ]


def test_what_fails_three_times_goes_to_the_topic(resources: dict[str, Any]) -> None:
    config = resources["RulesGuardFunctionEventInvokeConfig"]["Properties"]
    assert config["MaximumRetryAttempts"] == 2
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": {"Ref": "AlarmTopic"}}}


# ------------------------------------------------------------------------------------------------- what it may


def used_by_the_code() -> set[str]:
    """The actions behind each call of an AWS operation in functions/rules_guard."""
    session = Session()
    operations = {
        xform_name(operation): f"{service}:{operation}"
        for service in ("ssm", "lambda")
        for operation in session.get_service_model(service).operation_names
    }
    called: set[str] = set()
    for path in (ROOT / "functions/rules_guard").rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        functions = [node.func for node in nodes if isinstance(node, ast.Call)]
        called |= {function.attr for function in functions if isinstance(function, ast.Attribute)}
    return {operations[name] for name in called & operations.keys()}


def test_the_role_allows_exactly_what_is_used(statements: dict[str, dict[str, Any]]) -> None:
    allowed = {action for statement in statements.values() for action in actions(statement)}
    assert allowed == used_by_the_code() | {"sns:Publish", "logs:CreateLogStream", "logs:PutLogEvents"}


def test_nothing_is_allowed_on_everything(statements: dict[str, dict[str, Any]]) -> None:
    for statement in statements.values():
        assert statement["Effect"] == "Allow"
        assert statement["Resource"] != "*"
        assert not [action for action in actions(statement) if "*" in action]


def test_its_resources_are_its_own(statements: dict[str, dict[str, Any]]) -> None:
    assert {name: statement["Resource"] for name, statement in statements.items()} == {
        "Rules": {"Fn::Sub": [ARN, {"Name": NAME}]},
        "ChunksAndLocks": {"Fn::Sub": [ARN + "/*", {"Name": NAME}]},
        "Messages": {"Ref": "AlarmTopic"},
        "Logs": {"Fn::GetAtt": ["RulesGuardLogGroup", "Arn"]},
        "OwnDeployment": {"Fn::GetAtt": ["RulesGuardFunction", "Arn"]},
    }


@pytest.mark.parametrize(
    ("action", "parameter", "allowed"),
    [
        ("ssm:GetParameter", "/edgecors/tea/prod", True),
        ("ssm:GetParameter", "/edgecors/tea/prod/.lock", True),
        ("ssm:GetParameterHistory", "/edgecors/tea/prod", True),
        ("ssm:GetParametersByPath", "/edgecors/tea/prod", True),  # authorised on the path
        ("ssm:GetParameters", "/edgecors/tea/prod/20261122t140000z-00000000/0", True),
        ("ssm:PutParameter", "/edgecors/tea/prod", True),
        ("ssm:PutParameter", "/edgecors/tea/prod/.guard/.lock", True),
        ("ssm:LabelParameterVersion", "/edgecors/tea/prod", True),
        ("ssm:DeleteParameters", "/edgecors/tea/prod/20261122t140000z-00000000/0", True),
        ("ssm:DeleteParameters", "/edgecors/tea/prod", False),
        ("ssm:PutParameter", "/edgecors/tea/production", False),
        ("ssm:GetParameter", "/edgecors/tea", False),
        ("ssm:LabelParameterVersion", "/edgecors/tea/prod/.lock", False),
    ],
)
def test_the_rules_the_chunks_and_the_locks_are_all_that_it_may_touch(
    statements: dict[str, dict[str, Any]], action: str, parameter: str, allowed: bool
) -> None:
    granted = [
        statement["Resource"]["Fn::Sub"][0].replace("${Name}", "/edgecors/tea/prod").rpartition(":parameter")[2]
        for name, statement in statements.items()
        if name in ("Rules", "ChunksAndLocks") and action in actions(statement)
    ]
    assert any(fnmatch.fnmatchcase(parameter, resource) for resource in granted) is allowed


# ------------------------------------------------------------------------------------------------- who is told


def test_an_address_is_subscribed_if_there_is_one(written: dict[str, Any], resources: dict[str, Any]) -> None:
    (subscription,) = of_type(resources, "AWS::SNS::Subscription")
    assert subscription["Condition"] == "AlarmEmailIsGiven"
    assert subscription["Properties"] == {
        "TopicArn": {"Ref": "AlarmTopic"},
        "Protocol": "email",
        "Endpoint": {"Ref": "AlarmEmail"},
    }
    assert written["Parameters"]["AlarmEmail"]["Default"] == ""
    assert written["Conditions"]["AlarmEmailIsGiven"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}


def test_alarms_can_reach_the_topic(resources: dict[str, Any]) -> None:
    (topic,) = of_type(resources, "AWS::SNS::Topic")
    # CloudWatch may not use SNS's own key, and what it cannot encrypt it does not send.
    assert topic["Properties"] == {"DisplayName": "edgecors"}


ALARMS = {
    # metric -> (function, period in seconds, periods in a row, threshold)
    "RulesRejected": ("TeaFunction", 300, 1, 1),
    "RulesStale": ("TeaFunction", 300, 3, 1),
    "RulesMissing": ("TeaFunction", 300, 1, 1),
    "HandlerError": ("TeaFunction", 300, 1, 1),
    "RulesGuardFailed": ("RulesGuardFunction", 3600, 1, 2),
}


def test_each_trouble_has_its_alarm(resources: dict[str, Any]) -> None:
    alarms = {
        alarm["Properties"]["MetricName"]: alarm["Properties"] for alarm in of_type(resources, "AWS::CloudWatch::Alarm")
    }
    assert alarms.keys() == ALARMS.keys()
    for metric, (function, period, periods, threshold) in ALARMS.items():
        alarm = dict(alarms[metric])
        assert alarm.pop("AlarmDescription")
        assert alarm == {
            "Namespace": "edgecors",
            "MetricName": metric,
            "Dimensions": [{"Name": "function", "Value": {"Ref": function}}],
            "Statistic": "Sum",
            "Period": period,
            "EvaluationPeriods": periods,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            # Without requests nothing is counted, and without trouble neither.
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
        }
