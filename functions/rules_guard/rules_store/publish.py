"""Publishing: the new rules become visible in one PutParameter, and until then nothing that is published changes.

validate -> read the version to build on -> write long rules as chunks and read them back -> take the lock -> look at
the version again -> write the parameter -> the version must be the planned one plus one -> read it back -> let go of
the lock -> delete old generations. Interrupted anywhere, readers have the old rules or the new ones, whole, and the
same call can be made again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from edgecors import Rules
from edgecors.manifest import Manifest, ManifestError, parse_manifest, split
from rules_store import chunks
from rules_store.calls import Ssm, Stored
from rules_store.errors import ConflictError, StoreError
from rules_store.limits import MAX_VALUE, Tier, check_description, check_name, check_value, check_versions
from rules_store.lock import Lock
from rules_store.published import Published, read_current, text_of
from rules_store.retention import clean
from rules_store.waiting import settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_ssm import SSMClient

    from rules_store.calls import Version
    from rules_store.chunks import Progress

Form = Literal["text", "compact", "chunks"]


@dataclass(frozen=True)
class Publication:
    """What was published. `previous` is the version before, 0 for none; `size` is that of the text, in bytes.

    - `unchanged`: the same text was published already, as `version`; nothing was written.
    - `form`: the text as it was given, without its white space, or in chunks.
    - `notes`: what did not go as it should, without harm to what is published.
    """

    name: str
    version: int
    previous: int
    unchanged: bool
    form: Form
    size: int
    chunks: int
    tier: Tier
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """How a text is stored: the parameter's `value`, and the chunks that it names, if it is a manifest."""

    form: Form
    value: str
    tier: Tier
    manifest: Manifest | None = None
    parts: tuple[str, ...] = ()


def publish(
    client: SSMClient,
    name: str,
    text: str,
    *,
    expected: int | None = None,
    description: str = "",
    tier: Tier = "Standard",
    strict: bool = True,
    doing: str = "push",
    progress: Progress = lambda step, done, total: None,  # noqa: ARG005
) -> Publication:
    """Publish a rules document under the parameter's name.

    - `expected`: the version that has to be the current one, 0 for no parameter; None: whichever is.
    - `description`: why, at most 1,024 characters; it stands in the parameter's history.
    - `tier`: "Advanced" makes the parameter a paid one, for good. One that is advanced stays so in any case.
    - `strict`: as in `Rules.parse`.

    Raises RulesError; StoreError, as ConflictError where the version is another, as LockedError where someone else
    is publishing.
    """
    ssm = Ssm(client)
    check_name(name, ssm.arn_prefix)
    check_description(description)
    Rules.parse(text, strict=strict)

    progress("reading what is published", 0, 0)
    before = read_current(ssm, name)
    versions = ssm.history(name) if before is not None else []
    planned = before.version if before is not None else 0
    if expected is not None and planned != expected:
        raise _not_as_planned(name, expected, planned, versions)
    _check_type(name, before)
    was_advanced = bool(versions) and versions[-1].tier == "Advanced"
    plan = _plan(text, "Advanced" if was_advanced else tier)
    same = before is not None and (before.text == text or before.value == plan.value)
    if same and (tier == "Standard" or was_advanced):
        return _publication(name, planned, planned, text, plan, unchanged=True)
    check_value(plan.value)
    check_versions(name, versions)

    stored = _put(ssm, name, planned, plan, text, description, doing, progress)
    return _cleaned(ssm, stored, _publication(name, stored.version, planned, text, plan, unchanged=False), progress)


def _put(
    ssm: Ssm, name: str, planned: int, plan: _Plan, text: str, description: str, doing: str, progress: Progress
) -> Stored:
    """From the chunks to the version read back."""
    nothing_sent = True
    try:
        if plan.manifest is not None:
            chunks.write(ssm, name, plan.manifest, plan.parts, progress)
        progress("publishing", 0, 0)
        with Lock(ssm, name, doing) as lock:
            found = ssm.get(name)
            if (found.version if found is not None else 0) != planned:
                raise _not_as_planned(
                    name, planned, found.version if found is not None else 0, _history_or_nothing(ssm, name)
                )
            lock.check()
            nothing_sent = False
            version = _write(ssm, name, planned, plan, description)
            return _verify(ssm, name, version, plan, text)
    finally:
        # No version names the chunks and none ever will; what cannot be deleted now, a later push deletes.
        if nothing_sent and plan.manifest is not None:
            with suppress(StoreError):
                ssm.delete(plan.manifest.names(name))


def _publication(name: str, version: int, previous: int, text: str, plan: _Plan, *, unchanged: bool) -> Publication:
    size = len(text.encode("utf-8"))
    return Publication(name, version, previous, unchanged, plan.form, size, len(plan.parts), plan.tier)


def _check_type(name: str, before: Published | None) -> None:
    if before is not None and before.type != "String":
        raise StoreError(
            "parameter-type",
            f"{name} is a {before.type}, and a parameter keeps its type; rules are a String, since they are no secret.",
            "Publish under another name, or delete the parameter first.",
            kind="call",
        )


def _plan(text: str, tier: Tier) -> _Plan:
    """As the person wrote it, if it fits; else without white space; else in chunks. Raises StoreError."""
    limit = MAX_VALUE[tier]
    if len(text.encode("utf-8")) <= limit:
        return _Plan("text", text, tier)
    compact = _compact(text)
    if len(compact.encode("utf-8")) <= limit:
        return _Plan("compact", compact, tier)
    try:
        manifest, parts = split(text, chunks.new_generation())
    except ManifestError as error:
        message = str(error)
        raise StoreError(
            "rules-too-large",
            message[:1].upper() + message[1:] + ".",
            "Split the API, or use wildcards.",
            kind="refused",
        ) from None
    return _Plan("chunks", manifest.text(), tier, manifest, tuple(parts))


def _compact(text: str) -> str:
    found = json.loads(text.removeprefix("\ufeff"))
    compact = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    try:
        compact.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can write
        return json.dumps(found, separators=(",", ":"))
    return compact


def _write(ssm: Ssm, name: str, planned: int, plan: _Plan, description: str) -> int:
    """The one write that readers see; the version that it became. Raises ConflictError and StoreError."""
    try:
        version = ssm.put(name, plan.value, overwrite=planned > 0, tier=plan.tier, description=description)
    except StoreError as error:
        if not (error.uncertain or error.code == "already-exists"):
            raise
        return _after_doubt(ssm, name, planned, plan, error)
    if version == planned + 1:
        return version
    return _after_surprise(ssm, name, planned, version, plan)


def _after_doubt(ssm: Ssm, name: str, planned: int, plan: _Plan, error: StoreError) -> int:
    """The answer to the write was lost, or the parameter was there all of a sudden: what is there now decides."""
    try:
        found = ssm.get(name)
    except StoreError:
        raise StoreError(
            "outcome-unknown",
            f"{error.message} Whether version {planned + 1} of {name} was published is not known.",
            "Either way the published rules are whole; run it again.",
        ) from error
    version = found.version if found is not None else 0
    if version == planned:
        raise StoreError(
            error.code, f"{error.message} Version {planned} is still the published one.", error.fix
        ) from error
    if found is not None and found.value == plan.value:
        return version if version == planned + 1 else _after_surprise(ssm, name, planned, version, plan)
    raise _not_as_planned(name, planned, version, _history_or_nothing(ssm, name)) from error


def _after_surprise(ssm: Ssm, name: str, planned: int, version: int, plan: _Plan) -> int:
    """Ours was written, but not as the planned version plus one."""
    if version <= planned:
        raise ConflictError(
            f"{name}: version {planned + 1} was planned and {version} came back: someone deleted the parameter "
            f"meanwhile. Yours is published now, as version {version}.",
            f"Find out who, and whether it was meant: edgecors history --parameter {name}",
            planned=planned,
            found=version,
            written=True,
        )
    if all(_holds(ssm, name, number, plan) for number in range(planned + 1, version)):
        return version  # the same write, sent twice by the AWS library since an answer was lost
    theirs = version - 1
    who = _writer(_history_or_nothing(ssm, name), theirs)
    raise ConflictError(
        f"{name}: version {planned + 1} was planned and {version} came back: version {theirs} is someone else's{who}, "
        f"written at the same moment, and yours, version {version}, is the published one.",
        f"To return to theirs: edgecors rollback --parameter {name} --to {theirs}. To keep yours, do nothing.",
        planned=planned,
        found=version,
        written=True,
    )


def _holds(ssm: Ssm, name: str, version: int, plan: _Plan) -> bool:
    try:
        stored = ssm.get(name, version)
    except StoreError:
        return False
    return stored is not None and stored.value == plan.value


def _history_or_nothing(ssm: Ssm, name: str) -> list[Version]:
    """For a name in a message: the message matters more."""
    try:
        return ssm.history(name)
    except StoreError:
        return []


def _not_as_planned(name: str, planned: int, found: int, versions: Sequence[Version]) -> ConflictError:
    if found == 0:
        what = f"{name} is not there (any more); version {planned} was expected."
    elif planned == 0:
        what = f"{name} is there already, at version {found}{_writer(versions, found)}; none was expected."
    else:
        what = f"{name} is at version {found}{_writer(versions, found)}, not at {planned} as expected."
    return ConflictError(
        f"{what} Nothing was written.",
        f"Look at it (edgecors pull --parameter {name}), then run this again.",
        planned=planned,
        found=found,
        written=False,
    )


def _writer(versions: Sequence[Version], number: int) -> str:
    user = next((version.user for version in versions if version.version == number), "")
    return f" (by {user})" if user.startswith("arn:") else ""


def _verify(ssm: Ssm, name: str, version: int, plan: _Plan, text: str) -> Stored:
    """Read the version back as a reader does. Raises StoreError."""
    try:
        stored = settled(lambda: ssm.get(name, version), lambda found: found is not None and found.value == plan.value)
        if stored is not None and stored.value == plan.value:
            manifest = parse_manifest(stored.value)
            if manifest is None or text_of(ssm, name, manifest) == text:
                return stored
    except StoreError as error:
        raise StoreError(
            "unverified",
            f"Version {version} of {name} is published, but could not be read back: {error.message}",
            f"Look at it: edgecors pull --parameter {name}",
        ) from error
    except ManifestError:
        pass
    raise StoreError(
        "not-as-written",
        f"Version {version} of {name} was written, but does not read back as it was.",
        f"To return to the version before: edgecors rollback --parameter {name}",
    )


def _cleaned(ssm: Ssm, stored: Stored, publication: Publication, progress: Progress) -> Publication:
    progress("deleting old generations", 0, 0)
    try:
        removed = clean(ssm, publication.name, now=stored.now)
    except StoreError as error:
        note = f"Old generations were not deleted; a later push does it. {error.message}"
        return _with(publication, (), (note,))
    return _with(publication, tuple(removed), ())


def _with(publication: Publication, removed: tuple[str, ...], notes: tuple[str, ...]) -> Publication:
    return Publication(**{**vars(publication), "removed": removed, "notes": notes})
