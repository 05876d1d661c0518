"""The limits of SSM Parameter Store, checked before anything is written.

Sources: PutParameter in the Systems Manager API reference; "Understanding parameter name requirements and
constraints" and "Managing parameter tiers" in its user guide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from edgecors.manifest import MAX_CHUNKS, MAX_PARAMETER
from rules_store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules_store.calls import Version

Tier = Literal["Standard", "Advanced"]

MAX_VALUE: dict[Tier, int] = {"Standard": MAX_PARAMETER, "Advanced": 8_192}  # bytes
MAX_DESCRIPTION = 1_024  # characters
MAX_VERSIONS = 100
MAX_NAME = 1_011  # characters, the ARN's part before the name included
MAX_LEVELS = 15
LEVELS_BELOW = 2  # of a chunk: NAME/<generation>/<n>
GENERATION_LENGTH = 25
LOCK = "/.lock"
_NAME_BELOW = len("/") + GENERATION_LENGTH + len(f"/{MAX_CHUNKS - 1}")
_UNKNOWN_CHARACTER = re.compile(r"[^A-Za-z0-9_./-]")


def check_name(name: str, arn_prefix: str) -> None:
    """Whether rules can be published under the name; `arn_prefix` is what its ARN has in front of the name.

    Raises StoreError, kind "call".
    """
    fault = _name_fault(name, arn_prefix)
    if fault is not None:
        why, fix = fault
        raise StoreError("name-invalid", f"{_shown(name)} is no name for a rules parameter: {why}", fix, kind="call")


def _name_fault(name: str, arn_prefix: str) -> tuple[str, str] | None:
    example = "A name is written like /edgecors/tea/production."
    if not name:
        return "it is empty.", example
    if name.startswith("arn:"):
        path = name.partition(":parameter/")[2]
        return "it is an ARN.", f"Give the name alone: /{path}" if path else example
    if ":" in name:
        return "the part behind the colon would select a version or a label.", f"Give {name.partition(':')[0]} alone."
    unknown = _UNKNOWN_CHARACTER.search(name)
    if unknown is not None:
        return f"it has the character {unknown[0]!a}; a name has letters, digits, and _ . - /", example
    if not name.startswith("/"):
        return "it does not begin with a slash, so nothing could lie below it.", f"Write /{name}"
    segments = name[1:].split("/")
    if "" in segments:
        meant = "/" + "/".join(filter(None, segments))
        return "it has an empty level (two slashes in a row, or one at the end).", f"Write {meant}"
    if segments[0].lower().startswith(("aws", "ssm")):
        return "names that begin with aws or ssm belong to AWS.", example
    if name.endswith(LOCK):
        return "that is the lock of another parameter.", f"Give {name.removesuffix(LOCK)}"
    levels = MAX_LEVELS - LEVELS_BELOW
    if len(segments) > levels:
        return (
            f"it has {len(segments)} levels, and SSM allows {MAX_LEVELS}, two of which are for long rules.",
            f"Use at most {levels} levels.",
        )
    longest = MAX_NAME - len(arn_prefix) - _NAME_BELOW
    if len(name) > longest:
        return f"it has {len(name):,} characters.", f"Use at most {longest}."
    return None


def _shown(name: str) -> str:
    text = ascii(name)
    return text if len(text) <= 100 else text[:97] + "..."


def check_description(description: str) -> None:
    """Whether a parameter can have the description. Raises StoreError, kind "call"."""
    if len(description) > MAX_DESCRIPTION:
        raise StoreError(
            "description-too-long",
            f"The reason has {len(description):,} characters; SSM keeps {MAX_DESCRIPTION:,}.",
            "Shorten it, or name where the long one is.",
            kind="call",
        )


def check_value(value: str) -> None:
    """Whether SSM takes the value, whatever its length. Raises StoreError, kind "refused"."""
    at = value.find("{{")
    if at >= 0:
        line = value.count("\n", 0, at) + 1
        raise StoreError(
            "double-brace",
            f"Line {line} has {{{{, by which SSM would refer to another parameter: it takes no value with that.",
            r"Write the second brace as \u007b, which means the same in JSON.",
            kind="refused",
        )


def check_versions(name: str, versions: Sequence[Version]) -> None:
    """Whether SSM can add a version to these, oldest first. Raises StoreError."""
    if len(versions) < MAX_VERSIONS or not versions[0].labels:
        return
    oldest = versions[0]
    labels = ", ".join(oldest.labels)
    raise StoreError(
        "version-limit",
        f"{name} has its {MAX_VERSIONS} versions, and the oldest, {oldest.version}, carries a label ({labels}), so "
        "that SSM may not drop it.",
        f"Move the label to a newer version: aws ssm label-parameter-version --name {name} --labels "
        f"{' '.join(oldest.labels)}",
    )
