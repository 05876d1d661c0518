"""What SSM may answer to a label, by the service's own model: a mark that cannot be set is logged, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from guard.marks import mark, unmark
from rules_store import StoreError
from unit.guard.world import lines
from unit.rules_store.support import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL = {"Name": NAME, "ParameterVersion": 3, "Labels": ["last-good", "guard-seen"]}


@pytest.fixture
def client() -> Any:
    return boto3.client("ssm", region_name="eu-central-1", aws_access_key_id="made-up", aws_secret_access_key="made-up")


@pytest.fixture
def ssm(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def unmarked(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    keys = ("level", "message", "parameter", "version", "labels", "error")
    return [{key: line[key] for key in keys} for line in lines(capsys.readouterr().out)]


def test_both_in_one_call(client: Any, ssm: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    ssm.add_response("label_parameter_version", {"ParameterVersion": 3}, LABEL)
    mark(client, NAME, 3, ["last-good", "guard-seen"])
    assert unmarked(capsys) == []


def test_labels_that_come_back_are_logged(client: Any, ssm: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    ssm.add_response("label_parameter_version", {"InvalidLabels": ["last-good"], "ParameterVersion": 3}, LABEL)
    mark(client, NAME, 3, ["last-good", "guard-seen"])
    assert unmarked(capsys) == [
        {
            "level": "WARNING",
            "message": "RulesGuardUnmarked",
            "parameter": NAME,
            "version": 3,
            "labels": ["last-good"],
            "error": "InvalidLabels",
        }
    ]


@pytest.mark.parametrize(
    "code", ["ParameterVersionLabelLimitExceeded", "ParameterVersionNotFound", "ParameterNotFound"]
)
def test_a_version_that_takes_no_label_is_logged(
    client: Any, ssm: Stubber, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    ssm.add_client_error("label_parameter_version", code, expected_params=LABEL)
    mark(client, NAME, 3, ["last-good", "guard-seen"])
    (line,) = unmarked(capsys)
    assert (line["error"], line["labels"]) == (code, ["last-good", "guard-seen"])


@pytest.mark.parametrize(
    ("code", "known"), [("ThrottlingException", "throttled"), ("AccessDeniedException", "access-denied")]
)
def test_anything_else_is_raised(client: Any, ssm: Stubber, code: str, known: str) -> None:
    ssm.add_client_error("label_parameter_version", code)
    with pytest.raises(StoreError) as raised:
        mark(client, NAME, 3, ["last-good"])
    assert raised.value.code == known
    ssm.add_client_error("unlabel_parameter_version", code)
    with pytest.raises(StoreError) as raised:
        unmark(client, NAME, 3, "last-good")
    assert raised.value.code == known


def test_a_mark_is_taken_off(client: Any, ssm: Stubber) -> None:
    ssm.add_response(
        "unlabel_parameter_version",
        {"RemovedLabels": ["last-good"]},
        {"Name": NAME, "ParameterVersion": 3, "Labels": ["last-good"]},
    )
    unmark(client, NAME, 3, "last-good")
