"""Where rules come from: an SSM parameter, read through boto3 by one plain call."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from cases.reports import NOW, line, read
from cases.sources import HTTP_API
from cases.wire import A, B, get, preflight
from edgecors import Document, Source, cors
from edgecors.runtime.sources import FileSource, SsmParameter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "/edgecors/tea/test"


def document(*origins: str) -> str:
    policy = {"name": "all", "paths": ["*"], "allow_origins": list(origins)}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]})


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("EDGECORS_", "AWS_")):
            monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture
def ssm() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("ssm")


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SsmParameter, Stubber]]:
    """A parameter whose client answers what it is told to, and nothing else."""
    client = boto3.client("ssm")
    monkeypatch.setattr(boto3, "client", lambda *arguments, **settings: client)
    with Stubber(client) as stubber:
        yield SsmParameter(NAME), stubber
        stubber.assert_no_pending_responses()


ASKED = {"Name": NAME, "WithDecryption": True}


def test_a_source_is_whatever_has_fetch() -> None:
    class Mine:
        def fetch(self) -> Document:
            return Document("{}", "1")

    assert isinstance(Mine(), Source)
    assert isinstance(SsmParameter(NAME), Source)
    assert not isinstance(object(), Source)


def test_a_document_is_a_value() -> None:
    document = Document("{}", "1")
    assert document == Document(text="{}", version="1")
    assert document != Document("{}", "2")
    assert repr(document) == "Document(text='{}', version='1')"
    with pytest.raises(AttributeError, match="immutable"):
        document.text = "x"


def test_a_file_is_a_source_whose_version_changes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text(document(A), encoding="utf-8")
    source = FileSource(str(path))
    first = source.fetch()
    assert (first.text, repr(source)) == (document(A), f"file {path}")
    path.write_text(document(B), encoding="utf-8")
    os.utime(path, ns=(0, int(first.version) + 1))
    assert source.fetch() == Document(document(B), str(int(first.version) + 1))
    path.unlink()
    with pytest.raises(FileNotFoundError):
        source.fetch()


def test_a_parameter_is_read_whole_with_its_version(ssm: Any) -> None:
    ssm.put_parameter(Name=NAME, Value=document(A), Type="String")
    ssm.put_parameter(Name=NAME, Value=document(B), Type="SecureString", Overwrite=True)
    assert SsmParameter(NAME).fetch() == Document(document(B), "2")


def test_one_call_of_one_client(stubbed: tuple[SsmParameter, Stubber]) -> None:
    source, stubber = stubbed
    for version in (3, 4):
        stubber.add_response(
            "get_parameter", {"Parameter": {"Name": NAME, "Value": document(A), "Version": version}}, ASKED
        )
    assert [source.fetch().version for _ in range(2)] == ["3", "4"]


def test_the_client_does_not_wait_and_does_not_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = boto3.client

    def client(*arguments: Any, **settings: Any) -> Any:
        made.append((arguments, settings))
        return real(*arguments, **settings)

    monkeypatch.setattr(boto3, "client", client)
    # A port that nobody listens on: refused at once, and only once.
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1")
    source = SsmParameter(NAME)
    assert made == []
    for _ in range(2):
        with pytest.raises(Exception, match="Could not connect to the endpoint URL"):
            source.fetch()
    ((arguments, settings),) = made
    config = settings.pop("config")
    assert (arguments, settings) == (("ssm",), {})
    assert (config.connect_timeout, config.read_timeout) == (1, 2)
    assert config.retries["total_max_attempts"] == 1


def event_of(*origins: str) -> dict[str, Any]:
    return HTTP_API.event("GET", "/tea", get(*origins).headers)


def handler(event: Any, context: Any) -> Any:
    return {"statusCode": 200}


def test_a_function_reads_its_rules_from_ssm_once(
    ssm: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ssm.put_parameter(Name=NAME, Value=document(A), Type="String")
    monkeypatch.setenv("EDGECORS_PARAMETER", NAME)
    wrapped = cors(handler)
    assert wrapped(event_of(A), None)["headers"] == {"Access-Control-Allow-Origin": A, "Vary": "Origin"}
    # Within the TTL nothing is read again.
    ssm.put_parameter(Name=NAME, Value=document(B), Type="String", Overwrite=True)
    assert wrapped(event_of(A), None)["headers"] == {"Access-Control-Allow-Origin": A, "Vary": "Origin"}
    assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}
    answer = wrapped(HTTP_API.event("OPTIONS", "/tea", preflight(A).headers), None)
    assert answer["statusCode"] == 204
    (report,) = read(capsys.readouterr().out)
    assert (report["message"], report["source"], report["version"]) == (
        "RulesRefreshed",
        f"SSM parameter {NAME}",
        "1",
    )


@pytest.mark.parametrize("fallback", [None, document(B)])
def test_a_parameter_that_is_not_there_is_no_error(
    fallback: str | None, ssm: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGECORS_PARAMETER", NAME)
    if fallback is not None:
        monkeypatch.setenv("EDGECORS_FALLBACK", fallback)
    wrapped = cors(handler)
    assert wrapped(event_of(A), None)["headers"] == {"Vary": "Origin"}
    assert ("Access-Control-Allow-Origin" in wrapped(event_of(B), None)["headers"]) is (fallback is not None)
    (report,) = read(capsys.readouterr().out)
    assert (report["message"], report["RulesMissing"]) == ("RulesMissing", 1)
    assert "ParameterNotFound" in report["error"]


def test_without_a_region_nothing_is_raised(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("EDGECORS_PARAMETER", NAME)
    monkeypatch.setattr("time.time", lambda: NOW)
    wrapped = cors(handler)
    assert wrapped(event_of(A), None)["headers"] == {"Vary": "Origin"}
    assert read(capsys.readouterr().out) == [
        line(
            "ERROR",
            "RulesMissing",
            source=f"SSM parameter {NAME}",
            serving="no rules: no origin is allowed",
            error="NoRegionError('You must specify a region.')",
        )
    ]


@pytest.mark.parametrize(
    "code",
    [
        "ParameterNotFound",
        "AccessDeniedException",
        "ThrottlingException",
        "InternalServerError",
        "InvalidKeyId",
        "ExpiredTokenException",
    ],
)
def test_an_error_of_ssm_is_none_of_the_function(
    code: str,
    stubbed: tuple[SsmParameter, Stubber],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, stubber = stubbed
    stubber.add_client_error("get_parameter", code, "no\r\nX-Evil: y", expected_params=ASKED)
    monkeypatch.setenv("EDGECORS_PARAMETER", NAME)
    wrapped = cors(handler, enforce=True)
    assert wrapped(event_of(A), None)["statusCode"] == 403
    assert wrapped(event_of(), None) == {"statusCode": 200, "headers": {"Vary": "Origin"}}
    (report,) = read(capsys.readouterr().out)
    assert report["message"] == "RulesMissing"
    assert code in report["error"]


def test_a_function_without_boto3_has_no_rules(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setenv("EDGECORS_PARAMETER", NAME)
    assert cors(handler)(event_of(A), None)["headers"] == {"Vary": "Origin"}
    (report,) = read(capsys.readouterr().out)
    assert report["error"].startswith("ModuleNotFoundError(")
