"""The writers' lock: the parameter `NAME/.lock`, since PutParameter has no condition but "only if absent".

It is created once, with Overwrite=False, and from then on only written over: SSM wants 30 s between deleting a
name and creating it again, and a deletion could hit a lock that someone else has taken since. Each version names,
in `after`, the one that its writer saw last, and counts only if it comes directly after that one. So of two that
take the same free or abandoned lock at once, SSM's own numbering decides: one version comes directly after what
both saw, the other one does not, and every reader sees which. Whoever may be in doubt reads the lock again.

A lock counts as abandoned 60 s after it was taken, by SSM's clock.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rules_store.errors import LockedError, StoreError, first_line
from rules_store.limits import LOCK
from rules_store.waiting import settled

if TYPE_CHECKING:
    from types import TracebackType

    from rules_store.calls import Ssm, Stored

STALE_AFTER = 60  # seconds
_USABLE_FOR = 45  # seconds in which a holder begins its last write, so that it lands before anyone takes over
_ATTEMPTS = 5


@dataclass(frozen=True)
class _Entry:
    """A version of the lock. `after` is the `id` of the version that its writer saw, None for the first."""

    id: str
    after: str | None
    held: bool
    holder: str
    foreign: bool
    version: int
    modified: datetime
    now: datetime

    @property
    def age(self) -> float:
        """In seconds."""
        return (self.now - self.modified).total_seconds()

    @property
    def taken(self) -> bool:
        return self.held and self.age < STALE_AFTER


def _parse(stored: Stored) -> _Entry:
    try:
        parsed = json.loads(stored.value)
    except (ValueError, RecursionError):
        parsed = None
    found = parsed if isinstance(parsed, dict) else {}
    mark, after = found.get("id"), found.get("after")
    # Written by hand or by another tool, to keep writers out: respected as any other lock.
    foreign = not isinstance(mark, str)
    return _Entry(
        id=mark if isinstance(mark, str) else hashlib.sha256(stored.value.encode("utf-8")).hexdigest(),
        after=after if isinstance(after, str) else None,
        held=foreign or found.get("held") is not False,
        holder=_holder(found),
        foreign=foreign,
        version=stored.version,
        modified=stored.modified,
        now=stored.now,
    )


def _holder(found: dict[str, object]) -> str:
    text = str(found.get("doing", "someone"))
    if "host" in found:
        text += f" on {found['host']}"
    if "pid" in found:
        text += f", process {found['pid']}"
    return first_line(text, 200)


class Lock:
    """The lock of a rules parameter, held within `with`. Entering raises LockedError or StoreError."""

    def __init__(self, ssm: Ssm, parameter: str, doing: str) -> None:
        """`doing` is for whoever finds it taken: "push"."""
        self._ssm = ssm
        self._parameter = parameter
        self._name = parameter + LOCK
        self._doing = doing
        # The same in every attempt: one that was given up may still arrive, and then has to count as ours.
        self._id = secrets.token_hex(8)

    def __enter__(self) -> Lock:
        try:
            self._acquire()
        except LockedError:
            raise
        except BaseException:
            # Stopped, or out of reach, behind the write: whoever comes next need not wait a minute for it.
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Failing that, it is abandoned in a minute; what happened within matters more.
        with suppress(StoreError):
            self._release()

    def _acquire(self) -> None:
        unanswered: StoreError | None = None
        for _ in range(_ATTEMPTS):
            stored = self._ssm.get(self._name)
            newest = _parse(stored) if stored is not None else None
            if newest is not None:
                standing, certain = self._standing(newest)
                if not certain or (standing.taken and standing.id != self._id):
                    raise self._locked(standing)
            try:
                least = self._write(newest, held=True)
            except StoreError as error:
                if not (error.uncertain or error.code == "already-exists"):
                    raise
                unanswered = error if error.uncertain else None
                least = 1
            if self._is_ours(least):
                return
        if unanswered is not None:
            raise unanswered
        raise LockedError(f"{self._parameter} is being published by others, one after the other.", holder="", free_in=0)

    def check(self) -> None:
        """Whether it is still ours, with time enough for one write. Raises LockedError."""
        stored = self._ssm.get(self._name)
        if stored is not None:
            standing, certain = self._standing(_parse(stored))
            if certain and standing.id == self._id and standing.age < _USABLE_FOR:
                return
            if standing.id != self._id and standing.taken:
                raise self._locked(standing)
        raise LockedError(
            f"{self._parameter}: the lock was lost, since it took too long. Nothing was published.",
            holder="",
            free_in=0,
        )

    def _write(self, newest: _Entry | None, *, held: bool) -> int:
        """Write the entry that comes after `newest`; the version that it became."""
        content = {
            "id": self._id if held else secrets.token_hex(8),
            "after": newest.id if newest is not None else None,
            "held": held,
            "doing": self._doing,
            "host": socket.gethostname()[:100],
            "pid": os.getpid(),
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        return self._ssm.put(
            self._name,
            json.dumps(content),
            overwrite=newest is not None,
            tier="Standard",
            description=f"edgecors: who is publishing {self._parameter}; without meaning after {STALE_AFTER} s.",
        )

    def _is_ours(self, least: int) -> bool:
        """Whether our entry is the one that counts; `least` is the lowest version that has to be there to tell."""
        stored = settled(lambda: self._ssm.get(self._name), lambda found: found is not None and found.version >= least)
        if stored is None:
            return False
        standing, certain = self._standing(_parse(stored))
        return certain and standing.id == self._id

    def _standing(self, entry: _Entry) -> tuple[_Entry, bool]:
        """The newest entry that counts, from the newest of all; and whether that is certain.

        It is not where the version before is not to be seen, even after a while.
        """
        while entry.version > 1 and not entry.foreign:
            stored = self._at(entry.version - 1)
            if stored is None:
                return entry, False
            previous = _parse(stored)
            if entry.after == previous.id:
                break
            entry = previous
        return entry, True

    def _at(self, version: int) -> Stored | None:
        return settled(lambda: self._ssm.get(self._name, version), lambda found: found is not None)

    def _release(self) -> None:
        for _ in range(_ATTEMPTS):
            stored = self._ssm.get(self._name)
            if stored is None:
                return
            newest = _parse(stored)
            standing, _ = self._standing(newest)
            if standing.id != self._id or self._write(newest, held=False) == newest.version + 1:
                return

    def _locked(self, entry: _Entry) -> LockedError:
        return LockedError(
            f"{self._parameter} is being published at this moment: {entry.holder}, since "
            f"{entry.modified.astimezone(UTC):%H:%M:%S} UTC.",
            holder=entry.holder,
            free_in=max(1, round(STALE_AFTER - entry.age)),
        )
