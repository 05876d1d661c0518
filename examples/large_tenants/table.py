"""The customers' origins in DynamoDB: the key `origin`, and `active`, which is true once its owner is proven."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def client() -> DynamoDBClient:
    """The client, made at the first look-up. Short waits and no second try: a browser is waiting."""
    return boto3.client(
        "dynamodb", config=Config(connect_timeout=0.5, read_timeout=0.5, retries={"total_max_attempts": 1})
    )


def is_active(origin: str) -> bool:
    """Whether the table has this origin as a customer's. Raises botocore's errors.

    Read eventually consistent, for half the price: the answer is remembered for minutes anyway.
    """
    answer = client().get_item(TableName=os.environ["TENANT_TABLE"], Key={"origin": {"S": origin}})
    return answer.get("Item", {}).get("active", {}).get("BOOL") is True
