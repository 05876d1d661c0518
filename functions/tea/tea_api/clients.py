"""AWS clients, each made when it is first needed.

A preflight and a refused origin need none: then boto3, the slowest import of all, is not even loaded.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

CONNECTIONS = 16
"""Requests that one client has under way at once, at most."""


@cache
def dynamodb() -> DynamoDBClient:
    """DynamoDB, shared by all threads (clients are thread-safe)."""
    client: DynamoDBClient = _client("dynamodb")
    return client


@cache
def s3() -> S3Client:
    """S3."""
    client: S3Client = _client("s3")
    return client


@cache
def secretsmanager() -> SecretsManagerClient:
    """Secrets Manager."""
    client: SecretsManagerClient = _client("secretsmanager")
    return client


def _client(service: str) -> Any:
    import boto3  # noqa: PLC0415 - see above
    from botocore.config import Config  # noqa: PLC0415

    # boto3's own defaults wait a minute for an answer, and the function has 15 seconds.
    config = Config(
        connect_timeout=1,
        read_timeout=4,
        retries={"mode": "standard", "total_max_attempts": 3},
        max_pool_connections=CONNECTIONS,
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]
