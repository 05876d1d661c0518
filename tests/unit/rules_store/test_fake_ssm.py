"""The stand-in in memory answers as moto does, wherever moto is as strict as AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from unit.rules_store.fake_ssm import FakeSsm, Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT: list[tuple[str, dict[str, Any]]] = [
    ("get_parameter", {"Name": "/a/b"}),
    ("get_parameter_history", {"Name": "/a/b"}),
    ("put_parameter", {"Name": "/a/b", "Value": "1", "Type": "String", "Tier": "Standard", "Description": "one"}),
    ("put_parameter", {"Name": "/a/b", "Value": "1", "Type": "String", "Tier": "Standard"}),
    ("put_parameter", {"Name": "/a/b", "Value": "2", "Type": "String", "Tier": "Standard", "Overwrite": True}),
    ("get_parameter", {"Name": "/a/b", "WithDecryption": True}),
    ("get_parameter", {"Name": "/a/b:1"}),
    ("get_parameter", {"Name": "/a/b:3"}),
    ("get_parameter", {"Name": "/a/c:3"}),
    ("label_parameter_version", {"Name": "/a/b", "ParameterVersion": 1, "Labels": ["mark"]}),
    ("get_parameter_history", {"Name": "/a/b", "WithDecryption": True, "MaxResults": 50}),
    ("get_parameter_history", {"Name": "/a/b", "MaxResults": 1}),
    ("get_parameter_history", {"Name": "/a/b", "MaxResults": 1, "NextToken": "1"}),
    ("put_parameter", {"Name": "/a/b/c/0", "Value": "x", "Type": "String", "Tier": "Standard"}),
    ("put_parameter", {"Name": "/a/bc", "Value": "y", "Type": "String", "Tier": "Standard"}),
    ("get_parameters", {"Names": ["/a/b/c/0", "/a/nothing", "/a/b"]}),
    ("delete_parameters", {"Names": ["/a/b", "/a/nothing"]}),
    ("get_parameter", {"Name": "/a/b"}),
    ("put_parameter", {"Name": "/a/b", "Value": "3", "Type": "String", "Tier": "Standard", "Overwrite": True}),
    ("get_parameter_history", {"Name": "/a/b"}),
]
_DIFFERS = ("ResponseMetadata", "LastModifiedDate", "LastModifiedUser", "ARN", "Message")


@pytest.fixture
def moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield boto3.client("ssm", region_name="eu-central-1")


def _outcome(client: Any, operation: str, arguments: dict[str, Any]) -> Any:
    try:
        return _plain(getattr(client, operation)(**arguments))
    except ClientError as error:
        return error.response["Error"]["Code"]


def _plain(value: Any) -> Any:
    """Without what differs from run to run, and what is empty in one and absent in the other."""
    if isinstance(value, dict):
        return {key: _plain(found) for key, found in value.items() if key not in _DIFFERS and found not in ("", [])}
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return sorted(items, key=repr) if items and isinstance(items[0], str) else items
    return value


def _sorted(outcome: Any) -> Any:
    if isinstance(outcome, dict) and "Parameters" in outcome:
        outcome["Parameters"].sort(key=lambda parameter: (parameter["Name"], parameter["Version"]))
    return outcome


def test_same_answers_as_moto(moto: Any) -> None:
    fake = FakeSsm(Store())
    for operation, arguments in _SCRIPT:
        expected = _sorted(_outcome(moto, operation, arguments))
        assert _sorted(_outcome(fake, operation, arguments)) == expected, (operation, arguments)


def test_every_page_below_a_path_as_in_moto(moto: Any) -> None:
    fake = FakeSsm(Store())
    names = [f"/a/b/c/{number}" for number in range(23)] + ["/a/b", "/a/bc/d"]
    for client in (moto, fake):
        for name in names:
            client.put_parameter(Name=name, Value="x", Type="String", Tier="Standard")

    def below(client: Any) -> list[str]:
        found: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = client.get_parameters_by_path(Path="/a/b", Recursive=True, MaxResults=10, **token)
            found += [parameter["Name"] for parameter in page["Parameters"]]
            if not page.get("NextToken"):
                return sorted(found)
            token = {"NextToken": page["NextToken"]}

    assert below(fake) == below(moto) == sorted(names[:23])


def test_oldest_of_a_hundred_versions_goes_unless_it_has_a_label(moto: Any) -> None:
    fake = FakeSsm(Store())
    put = {"Name": "/a/b", "Type": "String", "Tier": "Standard", "Overwrite": True}
    for client in (moto, fake):
        for number in range(101):
            client.put_parameter(Value=str(number), **put)
        client.label_parameter_version(Name="/a/b", ParameterVersion=2, Labels=["mark"])
    assert [
        (
            _outcome(client, "get_parameter", {"Name": "/a/b:1"}),
            _outcome(client, "put_parameter", {**put, "Value": "x"}),
        )
        for client in (moto, fake)
    ] == [("ParameterVersionNotFound", "ParameterMaxVersionLimitExceeded")] * 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"Value": "é" * 2_049}, "ValidationException"),
        ({"Value": "a {{ssm:b}}"}, "ValidationException"),
        ({"Value": ""}, "ValidationException"),
        ({"Name": "/aws/x"}, "ValidationException"),
        ({"Name": "a/b"}, "ValidationException"),
        ({"Name": "/a" * 16}, "HierarchyLevelLimitExceededException"),
        ({"Name": "/" + "a" * 1_000}, "ValidationException"),
        ({"Description": "x" * 1_025}, "ValidationException"),
    ],
)
def test_stricter_than_moto(arguments: dict[str, Any], code: str) -> None:
    put = {"Name": "/a/b", "Value": "x", "Type": "String", "Tier": "Standard"} | arguments
    assert _outcome(FakeSsm(Store()), "put_parameter", put) == code


def test_an_advanced_parameter_stays_advanced() -> None:
    fake = FakeSsm(Store())
    put = {"Name": "/a/b", "Value": "x", "Type": "String", "Overwrite": True}
    assert fake.put_parameter(Tier="Advanced", **put)["Version"] == 1
    with pytest.raises(ClientError, match="can't downgrade"):
        fake.put_parameter(Tier="Standard", **put)
