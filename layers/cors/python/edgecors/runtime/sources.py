"""Where rules come from: a file, SSM through boto3. (Through the extension: `extension`.)"""

from __future__ import annotations

from edgecors._value import Value, assign
from edgecors.manifest import assemble, parse_manifest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Document(Value):
    """A rules document as fetched: its JSON `text`, and a `version` that names this content (text, for people)."""

    __slots__ = ("text", "version")

    text: str
    version: str

    def __init__(self, text: str, version: str) -> None:
        assign(self, "text", text)
        assign(self, "version", version)


class FileSource:
    """A rules document in a file, whose version is the time of its last change."""

    def __init__(self, path: str) -> None:
        self.path = path

    def fetch(self) -> Document:
        """The file's text. Raises OSError or UnicodeDecodeError."""
        import os  # noqa: PLC0415

        with open(self.path, encoding="utf-8") as file:  # noqa: PTH123
            return Document(file.read(), str(os.fstat(file.fileno()).st_mtime_ns))

    def __repr__(self) -> str:
        return f"file {self.path}"


class SsmParameter:
    """An SSM parameter, read by boto3, which is imported, and the client made, before the first fetch."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._client: Any = None

    def prepare(self) -> None:
        """Imports boto3 and makes the client."""
        if self._client is None:
            import boto3  # noqa: PLC0415  (100 ms of import that functions with other rules must not pay)
            from botocore.config import Config  # noqa: PLC0415

            # One attempt: whoever asks has rules to go on with, or tries again soon.
            config = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
            self._client = boto3.client("ssm", config=config)

    def fetch(self) -> Document:
        """The parameter's document. Raises botocore's errors, and ManifestError."""
        self.prepare()
        parameter = self._client.get_parameter(Name=self.name, WithDecryption=True)["Parameter"]
        return read_parameter(self.name, parameter["Value"], str(parameter["Version"]), self._chunks)

    def _chunks(self, names: list[str]) -> list[str]:
        found: dict[str, str] = {}
        for start in range(0, len(names), 10):  # the most that GetParameters takes
            answer = self._client.get_parameters(Names=names[start : start + 10], WithDecryption=True)
            found.update((parameter["Name"], parameter["Value"]) for parameter in answer["Parameters"])
        return [found[name] for name in names if name in found]

    def __repr__(self) -> str:
        return f"SSM parameter {self.name}"


def read_parameter(name: str, value: str, version: str, chunks: Callable[[list[str]], list[str]]) -> Document:
    """The document of a parameter's value: the value itself, or what its manifest names, fetched by `chunks`.

    Raises ManifestError, and what `chunks` raises.
    """
    manifest = parse_manifest(value)
    if manifest is None:
        return Document(value, version)
    return Document(assemble(manifest, chunks(manifest.names(name))), version)
