"""Where rules come from, behind one small interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from edgecors._value import Value, assign

if TYPE_CHECKING:
    from typing import Any


class Document(Value):
    """A rules document as fetched: its JSON `text`, and a `version` that names this content (text, for people)."""

    __slots__ = ("text", "version")

    text: str
    version: str

    def __init__(self, text: str, version: str) -> None:
        assign(self, "text", text)
        assign(self, "version", version)


@runtime_checkable
class Source(Protocol):
    """Fetches the current rules document. Any exception means that it could not be had now."""

    def fetch(self) -> Document:
        """The document as it is now."""


class SsmParameter:
    """An SSM parameter, read by boto3's GetParameter. boto3 is imported, and the client made, at the first fetch."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._client: Any = None

    def fetch(self) -> Document:
        """One call, without retries: whoever asks has rules to go on with, or tries again soon.

        Raises botocore's errors.
        """
        if self._client is None:
            import boto3  # noqa: PLC0415  (100 ms of import that a preflight with inline rules must not pay)
            from botocore.config import Config  # noqa: PLC0415

            config = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
            self._client = boto3.client("ssm", config=config)
        parameter = self._client.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]
        return Document(parameter["Value"], str(parameter["Version"]))

    def __repr__(self) -> str:
        return f"SSM parameter {self.name}"
