"""The rules in force: fetched when they are due, kept while the source fails, never wider than what was good.

`current()` never raises. What it gives is one whole `Rules`, swapped in one assignment.
"""

from __future__ import annotations

import random
import threading
import time

from edgecors.problems import RulesError
from edgecors.rules import Rules
from edgecors.runtime.events import described, report, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgecors.runtime.sources import Source

# Fetched rules are due again up to this part of the TTL early, so that a fleet does not ask at once.
_JITTER = 0.1
# No version of a document: a source may give None for one.
_NONE = object()
# Without any good rules yet, a failing source is asked again after this many seconds at most.
_RETRY_WITHOUT_RULES = 2.0


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
        self._checked_at = 0.0
        self._due_after: float | None = None  # seconds after `_checked_at`; None: at once
        self._failures = 0
        self._bad_version: object = _NONE
        self._lock = threading.Lock()

    def current(self) -> Rules | None:
        """The rules to decide by now; None where none are to be had, so that no origin is allowed."""
        # Whoever finds a refresh under way goes on with what there is; only a process without anything waits.
        if self._is_due() and self._lock.acquire(blocking=self._good is None and not self._has_fallback):
            try:
                if self._is_due():
                    self._refresh()
            finally:
                self._lock.release()
        return self._usable()

    def _usable(self) -> Rules | None:
        if self._good is None:
            return self._fallback
        rules, fetched_at = self._good
        # A clock that was set back makes an age negative: as old as nobody knows.
        return rules if 0 <= self._clock() - fetched_at <= self._max_stale else None

    def _is_due(self) -> bool:
        return self._due_after is None or not 0 <= self._clock() - self._checked_at < self._due_after

    def _refresh(self) -> None:
        try:
            document = self._source.fetch()
        except Exception as error:  # noqa: BLE001  (whatever a source raises, the API goes on)
            self._failed("RulesMissing" if self._good is None else "RulesStale", error=shown(error))
            return
        version: object = None
        try:
            version = document.version
            rules = Rules.parse(document.text, strict=False)
        except RulesError as error:
            repeated = version == self._bad_version
            self._bad_version = version
            self._failed("RulesRejected", quiet=repeated, version=version, problems=described(error.problems))
            return
        except Exception as error:  # noqa: BLE001  (a user's source may give anything)
            self._failed("RulesRejected", version=version, error=shown(error))
            return
        if self._good is None or rules != self._good[0]:
            warnings = described(rules.warnings)
            level = "WARNING" if warnings else "INFO"
            report(level, "RulesRefreshed", source=shown(self._source), version=version, warnings=warnings)
        self._good = rules, self._clock()
        self._failures = 0
        self._bad_version = _NONE
        self._due_in(self._ttl * (1 - _JITTER * random.random()))  # noqa: S311

    def _failed(self, event: str, *, quiet: bool = False, **fields: Any) -> None:
        self._failures += 1
        # Doubling from one second, up to the TTL: a source in trouble is not helped by more requests.
        wait = min(2.0 ** min(self._failures - 1, 16), self._ttl)
        if self._good is None:
            wait = min(wait, _RETRY_WITHOUT_RULES)
            if self._has_fallback is None:
                self._fallback = self._load_fallback()
                self._has_fallback = self._fallback is not None
        self._due_in(wait)
        if not quiet:
            report("ERROR", event, source=shown(self._source), serving=self._serving(), **fields)

    def _serving(self) -> str:
        if self._usable() is None:
            return "no rules: no origin is allowed"
        return "the fallback" if self._good is None else "the last good rules"

    def _due_in(self, seconds: float) -> None:
        self._checked_at = self._clock()
        self._due_after = seconds
