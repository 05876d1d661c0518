"""The versions of a rules parameter: who wrote what, when and why, and whether it could be published again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecors import Problem, Rules, RulesError
from edgecors.manifest import ManifestError, parse_manifest
from rules_store.calls import Ssm, Version
from rules_store.chunks import generations
from rules_store.limits import check_name

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from mypy_boto3_ssm import SSMClient

    from rules_store.chunks import Generation

    # "good": readers take it; "bad": they do not; "gone": it names chunks that are not there (any more), or not whole.
    Verdict = Literal["good", "bad", "gone"]


@dataclass(frozen=True)
class Entry:
    """A version.

    - `user`: an ARN, or whatever SSM gives; `description`: why, as the writer said.
    - `text`: the rules' text, empty where it is gone; `size`: its bytes in UTF-8.
    - `chunks`: in how many parameters the text is; 0: in this one.
    - `problems`: why the verdict is "bad"; `warnings`: what a person could not publish today, though readers take
      it; `reason`: why the text is gone, or no rules.
    """

    version: int
    date: datetime
    user: str
    description: str
    labels: tuple[str, ...]
    tier: str
    size: int
    chunks: int
    verdict: Verdict
    text: str
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    reason: str = ""

    @property
    def clean(self) -> bool:
        """Whether it could be published today as it is."""
        return self.verdict == "good" and not self.warnings


def history(client: SSMClient, name: str) -> tuple[Entry, ...]:
    """Every version that SSM still has (100 at most), newest first; empty for no parameter. Raises StoreError."""
    ssm = Ssm(client)
    check_name(name, ssm.arn_prefix)
    versions = ssm.history(name)
    chunked = any(_names_chunks(version.value) for version in versions)
    found = generations(ssm, name) if chunked else {}
    judged: dict[str, Entry] = {}  # by value: many versions may be the same text
    entries = []
    for version in reversed(versions):
        before = judged.get(version.value)
        entry = _judge(version, found) if before is None else _copied(before, version)
        judged[version.value] = entry
        entries.append(entry)
    return tuple(entries)


def _names_chunks(value: str) -> bool:
    try:
        return parse_manifest(value) is not None
    except ManifestError:
        return False


def _judge(version: Version, found: dict[str, Generation]) -> Entry:
    text = version.value
    size, chunks = len(version.value.encode("utf-8")), 0
    try:
        manifest = parse_manifest(version.value)
    except ManifestError as error:
        return _entry(version, size, 0, "bad", "", reason=str(error))
    if manifest is not None:
        size, chunks = manifest.size, manifest.chunks
        generation = found.get(manifest.generation)
        if generation is None:
            return _entry(version, size, chunks, "gone", "", reason="its chunks have been deleted")
        try:
            text = generation.text(manifest)
        except ManifestError as error:
            return _entry(version, size, chunks, "gone", "", reason=str(error))
    try:
        rules = Rules.parse(text, strict=False)
    except RulesError as error:
        return _entry(version, size, chunks, "bad", text, problems=error.problems)
    return _entry(version, size, chunks, "good", text, warnings=rules.warnings)


def _entry(
    version: Version,
    size: int,
    chunks: int,
    verdict: Verdict,
    text: str,
    *,
    problems: tuple[Problem, ...] = (),
    warnings: tuple[Problem, ...] = (),
    reason: str = "",
) -> Entry:
    return Entry(
        version.version,
        version.modified,
        version.user,
        version.description,
        version.labels,
        version.tier,
        size,
        chunks,
        verdict,
        text,
        problems,
        warnings,
        reason,
    )


def _copied(entry: Entry, version: Version) -> Entry:
    return _entry(
        version,
        entry.size,
        entry.chunks,
        entry.verdict,
        entry.text,
        problems=entry.problems,
        warnings=entry.warnings,
        reason=entry.reason,
    )
