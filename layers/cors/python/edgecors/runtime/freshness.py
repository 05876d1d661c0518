"""The rules in force: fetched when they are due, kept while the source fails, never wider than what was good.

`current()` never raises, and what it gives is one whole `Rules`, swapped in one assignment. A process fetches when
a request finds the rules due; there is no background refresher, since Lambda freezes a process between requests.
"""

from __future__ import annotations

import random
import threading
import time

from edgecors.manifest import ManifestError
from edgecors.rules import Rules
from edgecors.runtime.attempt import Attempt
from edgecors.runtime.events import described, report, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgecors.runtime.source import Source
    from edgecors.runtime.sources import Document

# Fetched rules are due again up to this part of the TTL early, so that a fleet does not ask at once.
_JITTER = 0.1
# No version of a document: a source may give None for one.
_NONE = object()
# With rules to go on with, a failing source is first asked again after this part of the TTL: above a quota less is
# refused then, and one failed fetch makes rules hardly older than the jitter makes them younger (docs/scale.md).
_FIRST_PAUSE = 0.1
# Without any good rules yet, a failing source is asked again after this many seconds at most.
_RETRY_WITHOUT_RULES = 2.0
# Seconds that a request waits for a refresh, while there are rules or a fallback to go on with.
_REFRESH_DEADLINE = 0.5
# Seconds that a request waits for the first rules of the process, and how many it leaves to the handler. A fallback
# shortens only what comes after: with little memory the first fetch, which sets up TLS, takes about as long as a
# refresh is waited for, and many a start would be decided by the fallback.
_FIRST_DEADLINE = 2.0
_RESERVE = 0.5


class FetchedRules:
    """Rules of a source: `ttl` seconds fresh, at most `max_stale` seconds old while the source fails.

    `fallback` gives the rules of a process that never had good ones, and is asked once. `clock` gives seconds
    since the epoch: Lambda freezes a process between requests, and only wall-clock time goes on.
    """

    def __init__(
        self,
        source: Source,
        *,
        ttl: float = 60.0,
        max_stale: float = 86_400.0,
        fallback: Callable[[], Rules | None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._ttl = ttl
        self._max_stale = max(max_stale, ttl)
        self._load_fallback = fallback
        self._fallback: Rules | None = None
        self._has_fallback: bool | None = None  # None: not asked yet
        self._clock = clock
        self._good: tuple[Rules, float] | None = None  # the last good rules, and when they were fetched
        self._due_since = 0.0
        self._due_after: float | None = None  # seconds after `_due_since`; None: at once
        self._failures = 0
        self._bad_version: object = _NONE
        self._attempt: Attempt | None = None  # one that missed its deadline, and may answer yet
        self._lock = threading.Lock()
        _expire_after_restore(self)

    def current(self, context: Any = None) -> Rules | None:
        """The rules to decide by now; None where none are to be had, so that no origin is allowed.

        `context` is Lambda's, for the time that the invocation has left.
        """
        now = self._clock()
        if self._is_due(now):
            can_go_on = self._good is not None or self._has_fallback
            wait = _REFRESH_DEADLINE if can_go_on else _first_wait(context)
            # Whoever finds a refresh under way goes on with what there is; only a process without anything waits.
            if self._lock.acquire(timeout=0 if can_go_on else wait):
                try:
                    if self._is_due(self._clock()):
                        self._refresh(wait)
                finally:
                    self._lock.release()
            now = self._clock()
        return self._usable(now)

    def expire(self) -> None:
        """Has the rules fetched anew at the next request, as after the restore of a snapshot."""
        self._attempt = None
        self._due_after = None

    def _usable(self, now: float) -> Rules | None:
        if self._good is None:
            return self._fallback
        rules, fetched_at = self._good
        # A clock that was set back makes an age negative: as old as nobody knows.
        return rules if 0 <= now - fetched_at <= self._max_stale else None

    def _is_due(self, now: float) -> bool:
        return self._due_after is None or not 0 <= now - self._due_since < self._due_after

    def _refresh(self, wait: float) -> None:
        attempt, self._attempt = self._attempt, None
        try:
            attempt = attempt or Attempt(self._source, self._clock)
            document = attempt.result(wait)
        except ManifestError as error:
            self._failed("RulesRejected", error=shown(error))
            return
        except Exception as error:  # noqa: BLE001  (whatever a source raises, the API goes on)
            if attempt is not None and not attempt.is_done:
                self._attempt = attempt  # still under way: waited for the next time, not doubled
            self._failed("RulesMissing" if self._good is None else "RulesStale", error=shown(error))
            return
        rules, version = self._parse(document)
        if rules is None:
            return
        if self._good is None or rules != self._good[0]:
            warnings = described(rules.warnings)
            level = "WARNING" if warnings else "INFO"
            report(level, "RulesRefreshed", source=shown(self._source), version=version, warnings=warnings)
        # As old as the beginning of the attempt: they are at least that fresh. An answer that came after its deadline
        # may have lain there for a while, and is due again by as much earlier.
        self._good = rules, attempt.began
        self._failures = 0
        self._bad_version = _NONE
        self._due_since, self._due_after = attempt.began, self._ttl * (1 - _JITTER * random.random())  # noqa: S311

    def _parse(self, document: Document) -> tuple[Rules | None, object]:
        """The rules of a document, and its version; None for rules that are refused, which are parsed and told once."""
        version: object = None
        try:
            version = document.version
            if version == self._bad_version:
                self._failed("RulesRejected", quiet=True)
                return None, version
            return Rules.parse(document.text, strict=False), version
        except Exception as error:  # noqa: BLE001  (a user's source may give anything)
            from edgecors.problems import RulesError  # noqa: PLC0415  (only for people's mistakes)

            if isinstance(error, RulesError):
                self._bad_version = version
                self._failed("RulesRejected", version=version, problems=described(error.problems))
            else:
                self._failed("RulesRejected", version=version, error=shown(error))
        return None, version

    def _failed(self, event: str, *, quiet: bool = False, **fields: Any) -> None:
        self._failures += 1
        # A second at least, where the TTL is no shorter.
        first, longest = max(1.0, self._ttl * _FIRST_PAUSE), self._ttl
        if self._good is None:
            first, longest = 1.0, min(self._ttl, _RETRY_WITHOUT_RULES)
            if self._has_fallback is None:
                self._fallback = self._load_fallback()
                self._has_fallback = self._fallback is not None
        # Doubling: a source in trouble is not helped by more requests.
        self._due_since, self._due_after = self._clock(), min(first * 2.0 ** min(self._failures - 1, 16), longest)
        if not quiet:
            values = {} if self._good is None else {"RulesAge": max(0, round(self._clock() - self._good[1]))}
            report("ERROR", event, values=values, source=shown(self._source), serving=self._serving(), **fields)

    def _serving(self) -> str:
        if self._usable(self._clock()) is None:
            return "no rules: no origin is allowed"
        return "the fallback" if self._good is None else "the last good rules"


def _first_wait(context: Any) -> float:
    """Seconds to wait for the first rules: what the invocation has left, less a reserve, if that is shorter."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    if not callable(remaining):
        return _FIRST_DEADLINE
    left: float = remaining() / 1000
    return max(0.0, min(_FIRST_DEADLINE, left - _RESERVE))


def _expire_after_restore(rules: FetchedRules) -> None:
    """Under SnapStart, has rules that were fetched before the snapshot count as stale after its restore.

    Source: Lambda Developer Guide, "Lambda SnapStart runtime hooks for Python".
    """
    import os  # noqa: PLC0415

    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
        return
    try:
        from snapshot_restore_py import register_after_restore  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: PLC0415
    except ImportError:  # outside the managed runtimes
        return
    register_after_restore(rules.expire)
