"""The parameter that holds the rules: one name everywhere, readable, and nobody's resource."""

from __future__ import annotations

import re
from typing import Any

import pytest

NAME = {
    "Fn::If": [
        "RulesParameterIsNamed",
        {"Ref": "RulesParameterName"},
        {"Fn::Sub": "/edgecors/tea/${AWS::StackName}"},
    ]
}


def test_no_resource_owns_the_rules(resources: dict[str, Any]) -> None:
    assert not [name for name, resource in resources.items() if resource["Type"].startswith("AWS::SSM::")]


def test_the_function_the_output_and_the_policy_name_the_same_parameter(
    written: dict[str, Any], resources: dict[str, Any]
) -> None:
    variables = resources["TeaFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["EDGECORS_PARAMETER"] == NAME
    assert written["Outputs"]["RulesParameterName"]["Value"] == NAME
    (policy,) = resources["TeaRole"]["Properties"]["Policies"]
    (rules,) = [s for s in policy["PolicyDocument"]["Statement"] if s["Sid"] == "Rules"]
    # The parameter, and the chunks below its name.
    assert rules["Resource"] == [
        {
            "Fn::Sub": [
                "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter" + below,
                {"Name": NAME},
            ]
        }
        for below in ("${Name}", "${Name}/*")
    ]


def test_an_empty_name_means_one_derived_from_the_stack(written: dict[str, Any]) -> None:
    assert written["Parameters"]["RulesParameterName"]["Default"] == ""
    assert written["Conditions"]["RulesParameterIsNamed"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "RulesParameterName"}, ""]}]
    }


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("", True),
        ("/edgecors/tea/prod", True),
        ("/a", True),
        ("/Team_1/cors.rules-2", True),
        ("edgecors", False),
        ("edgecors/tea", False),
        ("/", False),
        ("/edgecors/", False),
        ("//edgecors", False),
        ("/edgecors/tea:3", False),
        ("/edgecors/tea prod", False),
        ("/edgecors/tea*", False),
        ("/edgecors/tea\n", False),
    ],
)
def test_only_a_full_name_can_follow_parameter_in_an_arn(written: dict[str, Any], name: str, allowed: bool) -> None:
    # CloudFormation's AllowedPattern is a full match.
    assert bool(re.fullmatch(written["Parameters"]["RulesParameterName"]["AllowedPattern"], name)) is allowed


def test_the_function_ships_rules_of_its_own_for_the_time_before(resources: dict[str, Any]) -> None:
    variables = resources["TeaFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["EDGECORS_FALLBACK"] == "rules.json"
    assert variables["EDGECORS_RULES"] == ""
