"""The Tea API on moto, in this process. Each test has a table and a bucket of its own."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from moto import mock_aws

from contract.tea.support import PASSWORD, ROOT, Api, Store
from tea_api import clients, routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REGION: Final = "eu-central-1"


# Not for the whole session: other tests of the same process have an AWS account, and an environment, of their own.
@pytest.fixture(scope="module")
def handler() -> Iterator[Callable[[dict[str, Any], Any], Any]]:
    """app.handler with its environment, in a made-up AWS account that has the admin's secret."""
    rules = (ROOT / "functions/tea/rules.json").read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in {
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_DEFAULT_REGION": REGION,
            "EDGECORS_RULES": rules,
            "POWERTOOLS_SERVICE_NAME": "tea",
            "POWERTOOLS_METRICS_NAMESPACE": "TeaApi",
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }.items():
            patch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "EDGECORS_PARAMETER", "LAMBDA_TASK_ROOT"):
            patch.delenv(name, raising=False)
        secret = boto3.client("secretsmanager").create_secret(
            Name="admin", SecretString=json.dumps({"username": "admin", "password": PASSWORD})
        )
        patch.setenv("ADMIN_SECRET_ARN", secret["ARN"])
        routes.admin.cache_clear()
        _stores.clear()
        yield importlib.import_module("app").handler


_stores: list[Store] = []


def empty_store() -> Store:
    """One that nothing was written into: made only when there is none, since moto takes its time."""
    if not _stores or _stores[-1].written:
        number = len(_stores)
        store = Store(f"teas-{number}", f"tea-images-{number}")
        clients.dynamodb().create_table(
            TableName=store.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        clients.s3().create_bucket(Bucket=store.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        _stores.append(store)
    return _stores[-1]


@pytest.fixture
def api(handler: Callable[[dict[str, Any], Any], Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The API with nothing in it."""
    store = empty_store()
    monkeypatch.setenv("TABLE_NAME", store.table)
    monkeypatch.setenv("BUCKET_NAME", store.bucket)
    routes.shop.cache_clear()
    routes.bucket.cache_clear()
    routes.admin().credentials()  # which is read once a minute, and so not counted below
    api = Api(handler, store, clients.dynamodb(), clients.s3())

    def note(model: Any, **_: Any) -> None:
        api.calls.append(f"{model.service_model.service_name}.{model.name}")
        store.written |= model.name.startswith(("Put", "Batch", "Transact", "Delete"))

    watched = [client.meta.events for client in (clients.dynamodb(), clients.s3(), clients.secretsmanager())]
    for events in watched:
        events.register("before-call", note)
    yield api
    for events in watched:
        events.unregister("before-call", note)
