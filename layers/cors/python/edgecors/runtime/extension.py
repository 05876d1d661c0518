"""SSM through the AWS Parameters and Secrets Lambda Extension: local HTTP, no boto3.

Source: Systems Manager User Guide, "Using Parameter Store parameters in AWS Lambda functions".
"""

from __future__ import annotations

import json
import os
import time

from edgecors._spec import DIGITS, LOWER
from edgecors.runtime import local_http
from edgecors.runtime.events import report
from edgecors.runtime.sources import Document, read_parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Seconds: the extension itself waits for SSM without end unless it is told otherwise.
_TIMEOUT = 2.0
_PAUSE = 0.05
_MOST = 1_000_000  # bytes of an answer; a parameter has 8 KB at most
_UNRESERVED = frozenset((LOWER + LOWER.upper() + DIGITS + "-._~").encode())


class ExtensionError(Exception):
    """The extension did not give the parameter: its status and the beginning of what it said."""


class ExtensionParameter:
    """An SSM parameter, read through the extension, whose own cache adds to the age of what it gives."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._told = False

    def fetch(self) -> Document:
        """The parameter's document. Raises OSError, ExtensionError, ManifestError."""
        if not self._told:
            self._told = True
            ttl = os.environ.get("SSM_PARAMETER_STORE_TTL") or "300"
            report("INFO", "ExtensionCache", count=False, source=repr(self), seconds_added_to_the_ttl=ttl)
        parameter = self._get(self.name)
        chunks = lambda names: [str(self._get(name)["Value"]) for name in names]  # noqa: E731
        return read_parameter(self.name, str(parameter["Value"]), str(parameter["Version"]), chunks)

    def _get(self, name: str) -> dict[str, Any]:
        until = time.monotonic() + _TIMEOUT
        while True:
            status, body = self._request(name)
            if status == 200:
                break
            # While it starts it says 400, "not ready to serve traffic, please wait".
            if b"not ready" not in body or time.monotonic() > until:
                raise ExtensionError(f"the extension answered {status}: {body[:200].decode('latin-1')!a}")
            time.sleep(_PAUSE)
        found = json.loads(body)
        parameter: dict[str, Any] = found["Parameter"]
        return parameter

    def _request(self, name: str) -> tuple[int, bytes]:
        port = int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT") or 2773)
        headers = {"X-Aws-Parameters-Secrets-Token": os.environ.get("AWS_SESSION_TOKEN", "")}
        target = f"/systemsmanager/parameters/get?name={_encoded(name)}&withDecryption=true"
        try:
            return local_http.get(port, target, headers, timeout=_TIMEOUT, most=_MOST)
        except ValueError as error:
            raise ExtensionError(f"the extension's answer is no HTTP: {error}") from error

    def __repr__(self) -> str:
        return f"SSM parameter {self.name} (extension)"


def _encoded(name: str) -> str:
    """The name in a query (RFC 3986, 2.1), without `urllib.parse`, which takes 5 ms to load."""
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in name.encode())
