"""The admin's credentials in Secrets Manager."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from tea_api.credentials import Credentials

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_secretsmanager import SecretsManagerClient

FRESH = 60
"""Seconds for which the credentials are kept, and so a rotated password works on."""


class AdminSecret:
    """The secret `arn`, a JSON object with `username` and `password`.

    By the wall clock, since a frozen function's monotonic clock may stand still.
    """

    def __init__(
        self, client: Callable[[], SecretsManagerClient], arn: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._arn = arn
        self._clock = clock
        self._kept: tuple[float, Credentials] | None = None

    def credentials(self) -> Credentials:
        """The admin's credentials, at most `FRESH` seconds old.

        Raises what botocore raises, and ValueError for a secret that is not as described: old ones never
        outlive their time.
        """
        now = self._clock()
        if self._kept is not None and 0 <= now - self._kept[0] < FRESH:
            return self._kept[1]
        self._kept = None
        text = self._client().get_secret_value(SecretId=self._arn).get("SecretString", "")
        credentials = _parse(text)
        self._kept = (now, credentials)
        return credentials


def _parse(text: str) -> Credentials:
    # Whatever is wrong with it, the message must not show what it holds.
    try:
        value = json.loads(text)
        username, password = value["username"], value["password"]
    except (ValueError, TypeError, KeyError):
        raise ValueError("the admin's secret must be a JSON object with username and password") from None
    if not (isinstance(username, str) and isinstance(password, str) and username and password):
        raise ValueError("the admin's secret must have a username and a password that are text and not empty")
    return Credentials(username, password)
