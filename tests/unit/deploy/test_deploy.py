"""`make deploy`: the rules go into SSM once, and never over somebody else's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from deploy import __main__ as command
from deploy.rules import SHIPPED, DeployError, put_if_absent, shipped_rules
from edgecors import RulesError
from unit.rules_store.fake_ssm import FakeSsm, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMPTY = '{"schema": "edgecors/1", "policies": []}'


class Account:
    """An AWS account, and the names that one test uses in it: other tests may have theirs there at the same time."""

    def __init__(self) -> None:
        self.session = boto3.Session()
        self.stack = f"tea-{uuid4().hex[:8]}"
        self.parameter = f"/edgecors/tea/{self.stack}"

    def create_stack(self, **outputs: str) -> None:
        """A stack of anything, with these outputs."""
        template = {
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {key: {"Value": value} for key, value in outputs.items()},
        }
        self.session.client("cloudformation").create_stack(StackName=self.stack, TemplateBody=json.dumps(template))

    def rules(self) -> dict[str, Any]:
        """The parameter as SSM has it."""
        return dict(self.session.client("ssm").get_parameter(Name=self.parameter)["Parameter"])


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """AWS, played by moto."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield Account()


def test_an_absent_parameter_gets_the_shipped_rules(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.create_stack(RulesParameterName=account.parameter, ApiUrl="https://a.example")
    assert command.main(["--stack", account.stack]) == 0
    assert account.rules()["Type"] == "String"
    assert json.loads(account.rules()["Value"]) == json.loads(SHIPPED.read_text("utf-8"))
    printed = capsys.readouterr().out
    assert "https://a.example" in printed
    assert f"rules.json is in {account.parameter} now" in printed


def test_rules_that_are_there_stay(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.create_stack(RulesParameterName=account.parameter)
    account.session.client("ssm").put_parameter(Name=account.parameter, Value="somebody's", Type="String")
    assert command.main(["--stack", account.stack]) == 0
    assert (account.rules()["Value"], account.rules()["Version"]) == ("somebody's", 1)
    assert f"{account.parameter} has some, which stay as they are" in capsys.readouterr().out


def test_putting_says_whether_it_did(account: Account) -> None:
    client = account.session.client("ssm")
    assert put_if_absent(client, account.parameter, EMPTY) is True
    assert put_if_absent(client, account.parameter, EMPTY.replace("edgecors/1", "edgecors/2")) is False


def test_whoever_is_first_in_between_wins() -> None:
    store = Store()
    client = FakeSsm(store)

    def interfere(operation: str, arguments: Any) -> None:
        if operation == "PutParameter" and arguments["Name"] == "/p/.lock":
            client.before = lambda operation, arguments: None
            FakeSsm(store).put_parameter(Name="/p", Value="theirs", Type="String", Tier="Standard", Overwrite=False)

    client.before = interfere
    assert put_if_absent(client, "/p", EMPTY) is False  # type: ignore[arg-type]
    assert store.value("/p") == "theirs"


def test_a_stack_that_is_not_there_is_one_line(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--stack", account.stack]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_stack_of_something_else_is_one_line(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.create_stack(Other="value")
    assert command.main(["--stack", account.stack]) == 1
    assert capsys.readouterr().err == (
        f"deploy: the stack {account.stack} has no output RulesParameterName: is it the Tea API's?\n"
    )


def test_a_missing_profile_is_one_line(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert "origin-trailing-slash" in printed
    assert "/policies/0/allow_origins/1" in printed
    assert "origin-has-path" in printed


def test_rules_that_ssm_would_refuse_are_refused_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(json.loads(EMPTY) | {"description": "{{ssm:other}}"}), "utf-8")
    monkeypatch.setattr(command, "shipped_rules", lambda: shipped_rules(path))
    assert command.main(["--check"]) == 1
    assert capsys.readouterr().err.startswith("deploy: rules.json: Line 1 has {{, by which SSM would refer to another")
    # In chunks they are compressed.
    path.write_text(json.dumps(json.loads(EMPTY) | {"description": "{{ssm:other}}" + "é" * 2000}), "utf-8")
    assert shipped_rules(path)


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
