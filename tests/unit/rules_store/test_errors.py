"""Each error of AWS and of its library has a code and a sentence of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import exceptions as boto
from botocore.stub import Stubber

from rules_store import StoreError, current, publish
from rules_store.calls import Ssm
from rules_store.errors import AWS_ERRORS, translate
from unit.rules_store.support import NAME, document
from unit.snapshots import check

SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture
def stubbed() -> Any:
    """A real client whose answers a test sets; nothing is sent."""
    client = boto3.client(
        "ssm", region_name="eu-central-1", aws_access_key_id="made-up", aws_secret_access_key="made-up"
    )
    with Stubber(client) as stubber:
        yield client, stubber


def test_the_sentence_of_each_error_of_aws(stubbed: Any) -> None:
    """AWS's code -> our code and kind, and the whole text for people."""
    client, stubber = stubbed
    lines = []
    for code in (*AWS_ERRORS, "SomethingNew"):
        stubber.add_client_error("put_parameter", code, "in AWS's words\nand a second line")
        with pytest.raises(StoreError) as caught:
            Ssm(client).put("/a", "x", overwrite=True, tier="Standard", description="")
        assert isinstance(caught.value.__cause__, boto.ClientError)
        lines += [f"{code} -> {caught.value.code}, {caught.value.kind}", f"    {caught.value}"]
    check(SNAPSHOTS / "errors-of-aws.txt", "\n".join(lines) + "\n")


def test_every_error_of_the_calls_that_are_made_has_a_sentence(stubbed: Any) -> None:
    """By AWS's own description of the service, which botocore carries. Page tokens are SSM's own to get right."""
    client, _ = stubbed
    model = client.meta.service_model
    calls = ("PutParameter", "GetParameter", "GetParameters", "GetParameterHistory", "DeleteParameters")
    named = {shape.name for call in calls for shape in model.operation_model(call).error_shapes}
    assert named - {"InvalidNextToken"} <= set(AWS_ERRORS)


def test_unknown_server_errors_may_have_done_their_work(stubbed: Any) -> None:
    client, stubber = stubbed
    stubber.add_client_error("put_parameter", "Oops", "words", http_status_code=503)
    with pytest.raises(StoreError) as caught:
        Ssm(client).put(NAME, "x", overwrite=True, tier="Standard", description="")
    assert (caught.value.code, caught.value.uncertain) == ("aws-unavailable", True)


def test_a_downgrade_has_its_own_sentence(stubbed: Any) -> None:
    client, stubber = stubbed
    message = "This parameter uses the advanced-parameter tier. You can't downgrade a parameter"
    stubber.add_client_error("put_parameter", "ValidationException", message)
    with pytest.raises(StoreError, match=r"never makes it standard again\. Publish with --tier advanced"):
        Ssm(client).put(NAME, "x", overwrite=True, tier="Standard", description="")


def test_the_sentence_of_what_keeps_a_call_from_aws() -> None:
    """botocore's exception -> our code and kind, and the whole text for people."""
    errors = (
        boto.NoCredentialsError(),
        boto.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"),
        boto.CredentialRetrievalError(provider="a", error_msg="b"),
        boto.TokenRetrievalError(provider="sso", error_msg="b"),
        boto.UnauthorizedSSOTokenError(),
        boto.SSOTokenLoadError(error_msg="b"),
        boto.NoRegionError(),
        boto.InvalidRegionError(region_name="a b"),
        boto.ProfileNotFound(profile="a"),
        boto.EndpointConnectionError(endpoint_url="http://a.example"),
        boto.ProxyConnectionError(proxy_url="http://a.example", error=ValueError("b")),
        boto.SSLError(endpoint_url="https://a.example", error=ValueError("b")),
        boto.ConnectTimeoutError(endpoint_url="http://a.example", error=ValueError("b")),
        boto.ReadTimeoutError(endpoint_url="http://a.example", error=ValueError("b")),
        boto.ConnectionClosedError(endpoint_url="http://a.example"),
        boto.ParamValidationError(report="b"),
        boto.DataNotFoundError(data_path="a"),
    )
    lines = []
    for error in errors:
        translated = translate(error, "ssm:GetParameter on /a")
        may = ", may have been done" if translated.uncertain else ""
        lines += [f"{type(error).__name__} -> {translated.code}, {translated.kind}{may}", f"    {translated}"]
    check(SNAPSHOTS / "errors-of-botocore.txt", "\n".join(lines) + "\n")


def test_every_sentence_says_what_to_do() -> None:
    for sentence in AWS_ERRORS.values():
        assert sentence.why.endswith("."), sentence
        assert sentence.fix.endswith("."), sentence


def test_a_terminal_is_told_nothing_by_aws(stubbed: Any) -> None:
    client, stubber = stubbed
    stubber.add_client_error("get_parameter", "ValidationException", "a\x1b]0;b\x07 c")
    with pytest.raises(StoreError) as caught:
        current(client, NAME)
    assert str(caught.value).isprintable()


def test_a_missing_parameter_is_none(stubbed: Any) -> None:
    client, stubber = stubbed
    stubber.add_client_error("get_parameter", "ParameterNotFound")
    assert current(client, NAME) is None


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException", "InternalServerError"])
def test_an_error_while_reading_writes_nothing(stubbed: Any, code: str) -> None:
    """Any call that is not stubbed would be an error of the Stubber."""
    client, stubber = stubbed
    stubber.add_client_error("get_parameter", code)
    with pytest.raises(StoreError):
        publish(client, NAME, document("https://a.example"))
    stubber.assert_no_pending_responses()
