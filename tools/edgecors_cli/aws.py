"""The SSM client that the commands use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rules_store import StoreError
from rules_store.errors import first_line, translated

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def client(profile: str | None, region: str | None, endpoint_url: str | None) -> SSMClient:
    """A client by the options, else by AWS's own settings. Raises StoreError."""
    import boto3  # noqa: PLC0415  (half a second that --help need not wait for)
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    # Six attempts sit out SSM's limit of about three writes a second; an endpoint that is not there fails in 20 s.
    config = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 6})
    with translated("AWS settings"):
        try:
            # boto3 reads AWS_DEFAULT_REGION only; AWS_REGION is what the other SDKs and the aws CLI go by.
            session = boto3.Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION") or None)
            return session.client("ssm", endpoint_url=endpoint_url, config=config)
        except ValueError as error:
            if isinstance(error, BotoCoreError):
                raise
            raise StoreError(
                "endpoint-invalid",
                f"AWS settings: {first_line(error)}.",
                "An endpoint is written like http://localhost:4566.",
                kind="call",
            ) from error
