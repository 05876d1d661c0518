"""template.yaml on its way to moto: what is left out, what is put in, and what is wrong with it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from local.errors import StartError

ROOT = Path(__file__).resolve().parents[2]
Template = dict[str, Any]
HERE = f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> None:
    """The transform asks boto3 for the region; `make serve` sets it for its whole process."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.fixture
def templates() -> Any:
    """The module, imported late: SAM's transform takes a second to load, wherever these tests are collected."""
    return importlib.import_module("local.template")


@pytest.fixture
def cloudformation(region: None, templates: Any) -> Template:
    sam = templates.read(ROOT / "template.yaml")
    made: Template = templates.to_cloudformation(sam, templates.choose_runtime(sam))
    return made


def test_what_is_left_out_is_what_moto_cannot_create_and_nothing_else(cloudformation: Template, templates: Any) -> None:
    # Types register themselves as their modules are imported; these are what moto's server has in any case.
    creatable = set(importlib.import_module("moto.cloudformation.parsing").get_model_map())
    types = {resource["Type"] for resource in cloudformation["Resources"].values()}
    left_out = {name for name in types if templates.LEFT_OUT.fullmatch(name)} | {templates.SECRET} & types
    assert left_out == types - creatable


def test_the_function_and_its_data_stay(cloudformation: Template, templates: Any) -> None:
    reduced = templates.for_moto(cloudformation, {"AdminSecret": "arn:secret"})
    assert {"TeaFunction", "TeaTable", "TeaBucket", "TeaRole"} <= reduced["Resources"].keys()
    variables = reduced["Resources"]["TeaFunction"]["Properties"]["Environment"]["Variables"]
    assert variables["ADMIN_SECRET_ARN"] == "arn:secret"
    named = set(reduced["Resources"]) | set(reduced["Parameters"])
    missing = {name for name in templates.references(reduced) if not name.startswith("AWS::")} - named
    assert not missing


def test_it_changes_nothing_in_what_it_is_given(templates: Any) -> None:
    given: dict[str, Any] = {
        "Resources": {
            "Secret": {"Type": templates.SECRET},
            "Api": {"Type": "AWS::ApiGatewayV2::Api"},
            "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {"Arn": {"Fn::Sub": "a:${Api}/*"}}},
            "Later": {"Type": "AWS::S3::Bucket", "DependsOn": ["Permission"]},
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "A": {"Ref": "Secret"},
                    "B": {"Fn::Sub": "x-${Secret}-${Secret.Name}-${!Secret}"},
                    "C": {"Fn::Sub": ["${Secret}${Own}", {"Own": {"Ref": "Secret"}}]},
                },
            },
        },
        "Outputs": {"Url": {"Value": {"Fn::GetAtt": ["Api", "Url"]}}, "Name": {"Value": {"Ref": "Function"}}},
    }
    before = repr(given)
    reduced = templates.for_moto(given, {"Secret": "ARN"})
    assert repr(given) == before
    assert reduced == {
        "Resources": {
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "A": "ARN",
                    "B": {"Fn::Sub": "x-ARN-${Secret.Name}-${!Secret}"},
                    "C": {"Fn::Sub": ["ARN${Own}", {"Own": "ARN"}]},
                },
            }
        },
        "Outputs": {"Name": {"Value": {"Ref": "Function"}}},
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [", "template.yaml, line 1 is not YAML: "),
        ("Resources:\n  - a\n b", "template.yaml, line 3 is not YAML: "),
        ("Description: none", "template.yaml is not a template: it has no Resources."),
        ("- a", "template.yaml is not a template: it has no Resources."),
        ("Resources: {A: {}}", "template.yaml: the resource A has no Type."),
        (b"\xff", "template.yaml is not UTF-8 text."),
    ],
)
def test_a_template_that_is_none(tmp_path: Path, text: str | bytes, sentence: str, templates: Any) -> None:
    file = tmp_path / "template.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(StartError) as raised:
        templates.read(file)
    assert str(raised.value).startswith(sentence)
    assert "\n" not in str(raised.value)


def test_a_template_that_is_not_there(tmp_path: Path, templates: Any) -> None:
    with pytest.raises(StartError, match=r"^template\.yaml cannot be read: No such file or directory\.$"):
        templates.read(tmp_path / "template.yaml")


def test_a_template_that_sam_refuses(templates: Any) -> None:
    broken = {"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": HERE}}}}
    with pytest.raises(StartError, match=r"^template\.yaml is not valid: .*\[F\]"):
        templates.to_cloudformation(broken, {})


def function(runtime: object, **parameters: Any) -> Template:
    """A template with one function."""
    resource = {"Type": "AWS::Serverless::Function", "Properties": {"Runtime": runtime}}
    return {"Resources": {"F": resource}, "Parameters": parameters}


def test_a_runtime_that_is_open_is_the_python_that_is_here(templates: Any) -> None:
    open_one = {"Default": "python3.9", "AllowedValues": ["python3.9", HERE]}
    assert templates.choose_runtime(function({"Ref": "Runtime"}, Runtime=open_one)) == {"Runtime": HERE}
    assert templates.choose_runtime(function(HERE)) == {}


@pytest.mark.parametrize(
    "template",
    [
        function("python3.99"),
        function({"Ref": "Runtime"}, Runtime={"Default": "python3.99", "AllowedValues": ["python3.99"]}),
        function({"Ref": "Runtime"}, Runtime={"Default": "python3.99"}),
        function("python3.99") | {"Globals": {"Function": {"Runtime": HERE}}},
    ],
)
def test_a_runtime_whose_interpreter_is_missing(template: Template, templates: Any) -> None:
    with pytest.raises(StartError) as raised:
        templates.choose_runtime(template)
    assert str(raised.value) == (
        f"template.yaml runs F on python3.99, and this is {HERE}: "
        "install python3.99, then make clean serve PYTHON=python3.99."
    )
