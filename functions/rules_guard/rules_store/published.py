"""What a parameter publishes: the rules' text, from the value itself or from the chunks that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecors.manifest import Manifest, ManifestError, assemble, parse_manifest
from rules_store.calls import Ssm
from rules_store.limits import check_name

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True)
class Published:
    """A parameter's current version. `text` is None where the chunks that it names cannot be put together, and
    `unreadable` then says why; `manifest` is None where the value is the text itself."""

    name: str
    version: int
    value: str
    type: str
    modified: datetime
    text: str | None
    unreadable: str
    manifest: Manifest | None


def current(client: SSMClient, name: str) -> Published | None:
    """What the parameter publishes now; None where there is none. Raises StoreError."""
    ssm = Ssm(client)
    check_name(name, ssm.arn_prefix)
    return read_current(ssm, name)


def tier_of(client: SSMClient, name: str) -> str:
    """The tier of the parameter's current version: Standard or Advanced; empty for no parameter. Raises StoreError."""
    ssm = Ssm(client)
    check_name(name, ssm.arn_prefix)
    versions = ssm.history(name)
    return versions[-1].tier if versions else ""


def read_current(ssm: Ssm, name: str) -> Published | None:
    """As `current`, for a name that has been checked."""
    stored = ssm.get(name)
    if stored is None:
        return None
    manifest, text, unreadable = None, None, ""
    try:
        manifest = parse_manifest(stored.value)
        text = stored.value if manifest is None else text_of(ssm, name, manifest)
    except ManifestError as error:
        unreadable = str(error)
    return Published(name, stored.version, stored.value, stored.type, stored.modified, text, unreadable, manifest)


def text_of(ssm: Ssm, name: str, manifest: Manifest) -> str:
    """The text of the manifest's generation, as a reader gets it. Raises ManifestError or StoreError."""
    names = manifest.names(name)
    found = ssm.get_many(names)
    return assemble(manifest, [found[chunk] for chunk in names if chunk in found])
