"""`make deploy`: the rules go into SSM once, and never over somebody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from deploy import __main__ as command
from deploy.rules import SHIPPED, DeployError, put_if_absent, shipped_rules
from edgecors import RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGION = "eu-central-1"
NAME = "/edgecors/tea/tea"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    """An account with nothing in it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield boto3.Session()


def create_stack(session: boto3.Session, **outputs: str) -> None:
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {key: {"Value": value} for key, value in outputs.items()},
    }
    session.client("cloudformation").create_stack(StackName="tea", TemplateBody=json.dumps(template))


def rules(session: boto3.Session) -> dict[str, Any]:
    return dict(session.client("ssm").get_parameter(Name=NAME)["Parameter"])


def test_an_absent_parameter_gets_the_shipped_rules(aws: boto3.Session, capsys: pytest.CaptureFixture[str]) -> None:
    create_stack(aws, RulesParameterName=NAME, ApiUrl="https://a.example")
    assert command.main(["--stack", "tea"]) == 0
    assert rules(aws)["Type"] == "String"
    assert json.loads(rules(aws)["Value"]) == json.loads(SHIPPED.read_text("utf-8"))
    printed = capsys.readouterr().out
    assert "https://a.example" in printed
    assert f"rules.json is in {NAME} now" in printed


def test_rules_that_are_there_stay(aws: boto3.Session, capsys: pytest.CaptureFixture[str]) -> None:
    create_stack(aws, RulesParameterName=NAME)
    aws.client("ssm").put_parameter(Name=NAME, Value="somebody's", Type="String")
    assert command.main(["--stack", "tea"]) == 0
    assert (rules(aws)["Value"], rules(aws)["Version"]) == ("somebody's", 1)
    assert f"{NAME} has some, which stay as they are" in capsys.readouterr().out


def test_putting_says_whether_it_did(aws: boto3.Session) -> None:
    assert put_if_absent(aws.client("ssm"), NAME, "one") is True
    assert put_if_absent(aws.client("ssm"), NAME, "two") is False


def test_a_stack_that_is_not_there_is_one_line(aws: boto3.Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--stack", "tea"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_stack_of_something_else_is_one_line(aws: boto3.Session, capsys: pytest.CaptureFixture[str]) -> None:
    create_stack(aws, Other="value")
    assert command.main(["--stack", "tea"]) == 1
    assert capsys.readouterr().err == ("deploy: the stack tea has no output RulesParameterName: is it the Tea API's?\n")


def test_a_missing_profile_is_one_line(aws: boto3.Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--profile", "no-such-profile"]) == 3
    assert "no-such-profile" in capsys.readouterr().err


def test_checking_calls_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


def test_wrong_rules_stop_the_deployment_with_every_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "rules.json"
    policy = {"name": "tea", "paths": ["*"], "allow_origins": ["https://a.example/", "https://b.example/tea"]}
    wrong.write_text(json.dumps({"schema": "edgecors/1", "policies": [policy]}), "utf-8")
    monkeypatch.setattr(command, "shipped_rules", lambda: shipped_rules(wrong))
    assert command.main(["--check"]) == 1
    printed = capsys.readouterr().err
    assert "/policies/0/allow_origins/0" in printed
    assert "[origin-trailing-slash]" in printed
    assert "/policies/0/allow_origins/1" in printed
    assert "[origin-has-path]" in printed


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("x" * 4000, "rules.json has 4130 bytes, and a standard SSM parameter holds 4096."),
        ("é" * 2000, "rules.json has 4130 bytes, and a standard SSM parameter holds 4096."),
        ("{{ssm:other}}", "rules.json has {{ in it, which SSM takes for a reference to another parameter."),
    ],
)
def test_rules_that_ssm_would_refuse_are_refused_here(tmp_path: Path, description: str, message: str) -> None:
    path = tmp_path / "rules.json"
    document = {
        "schema": "edgecors/1",
        "description": description,
        "policies": [{"name": "tea", "paths": ["*"], "allow_origins": ["https://a.example"]}],
    }
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    with pytest.raises(DeployError) as caught:
        shipped_rules(path)
    assert str(caught.value) == message


def test_what_is_no_document_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    with pytest.raises(DeployError, match=r"rules\.json cannot be read"):
        shipped_rules(path)
    path.write_bytes(b"\xff")
    with pytest.raises(DeployError, match=r"rules\.json cannot be read"):
        shipped_rules(path)
    path.write_text("[]", "utf-8")
    with pytest.raises(RulesError):
        shipped_rules(path)
