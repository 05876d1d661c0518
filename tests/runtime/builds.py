"""What `sam build` made of the template."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_parse

from runtime.emulator import Function, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.account import Account

Start = Callable[[Settings], AbstractContextManager[Function]]
"""Starts a function in the emulator, on the Python of the test."""


def built(build: Path, name: str, variables: dict[str, str], account: Account) -> Settings:
    """A function of the template, with its own handler, timeout and names of variables."""
    function = resources(build, "AWS::Serverless::Function")[name]
    own = set(function["Environment"]["Variables"])
    assert own == {key for key in variables if not key.startswith("AWS_")}, "template.yaml has other variables"
    return Settings(
        build / function["CodeUri"],
        function["Handler"],
        variables,
        timeout=function["Timeout"],
        endpoint=account.endpoint,
    )


def resources(build: Path, kind: str) -> dict[str, Any]:
    """The properties of the template's resources of a type, by their names."""
    template = yaml_parse((build / "template.yaml").read_text("utf-8"))
    return {
        name: resource["Properties"] for name, resource in template["Resources"].items() if resource["Type"] == kind
    }
