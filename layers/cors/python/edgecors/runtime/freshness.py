"""The rules in force: fetched when they are due, kept while the source fails, never wider than what was good.

`current()` never raises. What it gives is one whole `Rules`, swapped in one assignment.
"""

from __future__ import annotations

import random
import threading
import time

from edgecors.problems import RulesError
from edgecors.rules import Rules
from edgecors.runtime.events import described, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgecors.runtime.sources import Source

# Fetched rules are due again up to this part of the TTL early, so that a fleet does not ask at once.
_JITTER = 0.1
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
        self._rules: Rules | None = None
        self._fetched_at = 0.0
        self._checked_at = 0.0
        self._due_after: float | None = None  # seconds after `_checked_at`; None: at once
        self._failures = 0
        self._bad_version: str | None = None
        self._lock = threading.Lock()

    def current(self) -> Rules | None:
        """The rules to decide by now; None where none are to be had, so that no origin is allowed."""
        # Whoever finds a refresh under way goes on with what there is; only a process without anything waits.
        if self._is_due() and self._lock.acquire(blocking=self._rules is None and not self._has_fallback):
            try:
                if self._is_due():
                    self._refresh()
            finally:
                self._lock.release()
        rules = self._rules
        if rules is None:
            return self._fallback
        # A clock that was set back makes an age negative: as old as nobody knows.
        return rules if 0 <= self._clock() - self._fetched_at <= self._max_stale else None

    def _is_due(self) -> bool:
        return self._due_after is None or not 0 <= self._clock() - self._checked_at < self._due_after

    def _refresh(self) -> None:
        try:
            document = self._source.fetch()
        except Exception as error:  # noqa: BLE001  (whatever a source raises, the API goes on)
            self._failed("RulesStale" if self._rules is not None else "RulesMissing", error=repr(error))
            return
        try:
            rules = Rules.parse(document.text, strict=False)
        except RulesError as error:
            repeated = document.version == self._bad_version
            self._bad_version = document.version
            problems = described(error.problems)
            self._failed("RulesRejected", quiet=repeated, version=document.version, problems=problems)
            return
        except Exception as error:  # noqa: BLE001  (a user's source may give anything)
            self._failed("RulesRejected", error=repr(error))
            return
        if rules != self._rules:
            warnings = described(rules.warnings)
            level = "WARNING" if warnings else "INFO"
            report(
                level,
                "RulesRefreshed",
                source=repr(self._source),
                version=document.version,
                warnings=warnings,
            )
        self._rules = rules
        self._failures = 0
        self._bad_version = None
        self._fetched_at = self._clock()
        self._due_in(self._ttl * (1 - _JITTER * random.random()))  # noqa: S311

    def _failed(self, event: str, *, quiet: bool = False, **fields: Any) -> None:
        self._failures += 1
        # Doubling from one second, up to the TTL: a source in trouble is not helped by more requests.
        wait = min(2.0 ** min(self._failures - 1, 16), self._ttl)
        if self._rules is None:
            wait = min(wait, _RETRY_WITHOUT_RULES)
        self._due_in(wait)
        if self._rules is None and self._has_fallback is None:
            self._fallback = self._load_fallback()
            self._has_fallback = self._fallback is not None
        if not quiet:
            report("ERROR", event, source=repr(self._source), serving=self._serving(), **fields)

    def _serving(self) -> str:
        if self._rules is not None:
            return "the last good rules"
        return "the fallback" if self._has_fallback else "no rules: no origin is allowed"

    def _due_in(self, seconds: float) -> None:
        self._checked_at = self._clock()
        self._due_after = seconds
