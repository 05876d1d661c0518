"""The chunks of long rules: `NAME/<generation>/<n>`, written once, never again, and read back before they count."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from edgecors.manifest import assemble
from rules_store.errors import StoreError
from rules_store.waiting import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edgecors.manifest import Manifest
    from rules_store.calls import Ssm

    # (what is being done, how much of it is, how much there is)
    Progress = Callable[[str, int, int], None]

# What `new_generation` makes. Nothing else is ever deleted: a parameter of someone's may lie below the name.
_GENERATION = re.compile(r"[0-9]{8}t[0-9]{6}z-[0-9a-f]{8}")
_NUMBER = re.compile(r"0|[1-9][0-9]?")


def new_generation() -> str:
    """A name that no other generation has; the time in it is for people."""
    return f"{datetime.now(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(4)}"


@dataclass
class Generation:
    """The chunks that are there of a generation, by number. `modified` is that of the newest."""

    name: str
    values: dict[int, str]
    modified: datetime

    def text(self, manifest: Manifest) -> str:
        """The whole text. Raises ManifestError."""
        return assemble(manifest, [self.values[n] for n in range(manifest.chunks) if n in self.values])

    def names(self, parameter: str) -> list[str]:
        """The names of the chunks that are there."""
        return [f"{parameter}/{self.name}/{number}" for number in sorted(self.values)]


def generations(ssm: Ssm, parameter: str) -> dict[str, Generation]:
    """Every generation below the parameter that `new_generation` named, complete or not."""
    found: dict[str, Generation] = {}
    for stored in ssm.below(parameter):
        levels = stored.name.removeprefix(parameter + "/").split("/")
        if len(levels) != 2 or not _GENERATION.fullmatch(levels[0]) or not _NUMBER.fullmatch(levels[1]):
            continue
        generation = found.setdefault(levels[0], Generation(levels[0], {}, stored.modified))
        generation.values[int(levels[1])] = stored.value
        generation.modified = max(generation.modified, stored.modified)
    return found


def write(ssm: Ssm, parameter: str, manifest: Manifest, parts: Sequence[str], progress: Progress) -> None:
    """Write the chunks and read them back. Raises StoreError; what was written then is an orphan."""
    names = manifest.names(parameter)
    for number, (name, part) in enumerate(zip(names, parts, strict=True)):
        progress("writing chunks", number, len(parts))
        try:
            ssm.put(
                name,
                part,
                overwrite=False,
                tier="Standard",
                description=f"edgecors: part {number + 1} of {len(parts)} of the rules in {parameter}. Never edit it.",
            )
        except StoreError as error:
            # A call that was repeated after a lost answer: what is there is compared below.
            if error.code != "already-exists":
                raise
    progress("reading chunks back", 0, len(parts))
    wanted = dict(zip(names, parts, strict=True))
    if settled(lambda: ssm.get_many(names), wanted.__eq__) != wanted:
        raise StoreError(
            "chunk-not-as-written",
            f"The chunks of {parameter} do not read back as they were written, so nothing was published.",
            "Run it again.",
        )
