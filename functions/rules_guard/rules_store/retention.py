"""Which generations of chunks stay: those of the ten latest good versions. The others go, and so do orphans."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from edgecors import Rules, RulesError
from edgecors.manifest import Manifest, ManifestError, parse_manifest
from rules_store.chunks import generations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rules_store.calls import Ssm, Version
    from rules_store.chunks import Generation

KEPT = 10
# Chunks that no version names are those of a writer that crashed, or of one that is still at it.
ORPHANED_AFTER = timedelta(hours=1)


def clean(ssm: Ssm, parameter: str, *, now: datetime) -> list[str]:
    """Delete what need not stay; the generations that went. `now` is of SSM's clock. Raises StoreError.

    Needs no lock: nothing is deleted that any writer may still name, however many clean at once.
    """
    found = generations(ssm, parameter)
    if not found:
        return []
    named = _named(ssm.history(parameter))
    kept = _kept(named, found)
    old = {manifest.generation for manifest in named} - kept
    gone = [
        generation
        for name, generation in sorted(found.items())
        if name in old or (name not in kept and now - generation.modified > ORPHANED_AFTER)
    ]
    ssm.delete([chunk for generation in gone for chunk in generation.names(parameter)])
    return [generation.name for generation in gone]


def _named(versions: Sequence[Version]) -> list[Manifest]:
    """The manifests in the history, newest first."""
    manifests = []
    for version in reversed(versions):
        try:
            manifest = parse_manifest(version.value)
        except ManifestError:
            continue
        if manifest is not None:
            manifests.append(manifest)
    return manifests


def _kept(named: Sequence[Manifest], found: dict[str, Generation]) -> set[str]:
    """The generations up to the tenth good one, bad ones among them: what SSM does not show today may be there
    tomorrow, and the newest is the published one, however it looks."""
    kept = {manifest.generation for manifest in named}
    if len(kept) <= KEPT:
        return kept  # without a look at any
    kept = set()
    good: set[str] = set()
    for manifest in named:
        if len(good) == KEPT:
            break
        kept.add(manifest.generation)
        if manifest.generation not in good and _is_good(manifest, found.get(manifest.generation)):
            good.add(manifest.generation)
    return kept


def _is_good(manifest: Manifest, generation: Generation | None) -> bool:
    if generation is None:
        return False
    try:
        Rules.parse(generation.text(manifest), strict=False)
    except (ManifestError, RulesError):
        return False
    return True
