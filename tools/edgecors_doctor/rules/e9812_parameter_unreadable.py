"""E9812: a function that reads its rules from a parameter, without the right to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors_doctor.grants import UnknownError, may_read
from edgecors_doctor.nodes import glob
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.functions import Function
    from edgecors_doctor.nodes import Node


class ParameterUnreadable(CorsRule):
    """Without it the function has no rules, or those of its fallback for ever."""

    id = "E9812"
    shortdesc = "The function may not read its CORS rules"
    description = "EDGECORS_PARAMETER names an SSM parameter that the function's role may not read"
    tags = ("cors", "lambda", "iam", "edgecors")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each function whose role is in the template."""
        for function in facts.functions.values():
            # Rules in EDGECORS_RULES go first, and then the parameter is never read.
            if function.variable("EDGECORS_RULES").value not in (None, ""):
                continue
            variable = function.variable("EDGECORS_PARAMETER")
            for branch in variable.branches():
                name = glob(branch.value) or ""
                try:
                    if not name or may_read(facts, function, name):
                        continue
                except UnknownError:
                    continue
                yield Finding(
                    branch.path,
                    f"Function {function.name} reads its rules from this parameter, and its role does not allow "
                    "ssm:GetParameter on it. It would refuse every origin, or go by its fallback for ever.",
                    _fix(function, _shown(branch)),
                )
                break


def _shown(name: Node) -> str:
    """The name as it can stand in an Fn::Sub, from its slash on."""
    if isinstance(name.value, dict):
        function, argument = next(iter(name.value.items()))
        if function == "Ref" and isinstance(argument, str):
            return f"${{{argument}}}"
        name = name.below(argument) if function == "Fn::Sub" else name
    text = name.text or "/..."
    return text if text.startswith(("/", "$")) else f"/{text}"


def _fix(function: Function, name: str) -> Any:
    resource = f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter{name}"
    statement = {
        "Effect": "Allow",
        "Action": ["ssm:GetParameter", "ssm:GetParameters"],
        "Resource": [{"Fn::Sub": resource}, {"Fn::Sub": f"{resource}/*"}],
    }
    if function.is_sam and not function.properties.get("Role").given:
        return {"Policies": [{"Statement": [statement]}]}
    return {
        "Policies": [{"PolicyName": "rules", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}]
    }
