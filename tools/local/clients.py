"""Clients of the local stand-in for AWS."""

from __future__ import annotations

from typing import Any

import boto3

from local.aws import REGION


def client(service: str, endpoint: str) -> Any:
    """A boto3 client of `endpoint`. The process's environment must be that of `local.aws.environment`."""
    make: Any = boto3.client  # its stubs know literal names only
    return make(service, endpoint_url=endpoint, region_name=REGION)
