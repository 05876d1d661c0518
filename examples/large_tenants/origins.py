"""Which origins are customers': asked of a database, remembered within bounds, refused when in doubt.

Whoever sends requests chooses the origins in them. So nothing here grows with their number: neither the memory, nor
the questions to the database, nor the log.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from edgecors import Request


class Remembered:
    """At most `size` origins, each with when it was learnt (seconds); the one unused for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._learnt: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._learnt)

    def age(self, origin: str, now: float) -> float | None:
        """Seconds since the origin was learnt; None where it is not known, or where the clock was set back."""
        learnt = self._learnt.get(origin)
        if learnt is None or now < learnt:
            return None
        self._learnt.move_to_end(origin)
        return now - learnt

    def learn(self, origin: str, now: float) -> None:
        self._learnt[origin] = now
        self._learnt.move_to_end(origin)
        if len(self._learnt) > self._size:
            self._learnt.popitem(last=False)

    def forget(self, origin: str) -> None:
        self._learnt.pop(origin, None)


class TenantOrigins:
    """An `origin_check` over `look_up`, which says whether an origin is a customer's, or raises.

    A customer's origin is looked up again every `ttl` seconds, and goes on being allowed for up to `max_stale` seconds
    while the database fails; a stranger's is refused for `stranger_ttl` seconds without another look-up. The two are
    remembered apart, so that strangers push no customer out. Origins that are not remembered as customers' share
    `rate` look-ups a second, `burst` of them saved up; beyond that they are refused without one. `clock` gives seconds
    since the epoch: Lambda freezes a process between requests, and only wall-clock time goes on.
    """

    def __init__(
        self,
        look_up: Callable[[str], bool],
        *,
        ttl: float = 300.0,
        max_stale: float = 3_600.0,
        stranger_ttl: float = 30.0,
        customers: int = 10_000,
        strangers: int = 2_000,
        rate: float = 10.0,
        burst: float = 50.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._look_up = look_up
        self._ttl = ttl
        self._max_stale = max_stale
        self._stranger_ttl = stranger_ttl
        self.customers = Remembered(customers)
        self.strangers = Remembered(strangers)
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._counted_at = clock()
        self._clock = clock
        self._down_since: float | None = None
        self._untold = 0
        self._told_at: float | None = None

    def __call__(self, origin: str, request: Request) -> bool:  # noqa: ARG002  (what an origin_check is given)
        """Whether the origin is a customer's. Never raises."""
        now = self._clock()
        age = self.customers.age(origin, now)
        if age is not None and age < self._ttl:
            return True
        if age is None:
            refused = self.strangers.age(origin, now)
            if refused is not None and refused < self._stranger_ttl:
                return False
        known = age is not None and age < self._max_stale
        if self._is_pausing(now):
            return known
        # Customers that are due again need no token: there are only so many of them, and strangers must not be able
        # to use theirs up.
        if not known and not self._take(now):
            self._tell("TenantLookupsExhausted", now)
            return False
        return self._ask(origin, now, known=known)

    def _ask(self, origin: str, now: float, *, known: bool) -> bool:
        try:
            is_customer = self._look_up(origin) is True
        except Exception as error:  # noqa: BLE001  (whatever the database raises, the API goes on)
            self._down_since = now
            self._tell("TenantLookupFailed", now, error=repr(error)[:300])
            return known
        if is_customer:
            self.strangers.forget(origin)
            self.customers.learn(origin, now)
        else:
            self.customers.forget(origin)
            self.strangers.learn(origin, now)
        return is_customer

    def _is_pausing(self, now: float) -> bool:
        """Within a second of a failure nobody is looked up: a database in trouble is not helped by more questions."""
        return self._down_since is not None and 0 <= now - self._down_since < 1.0

    def _take(self, now: float) -> bool:
        passed = max(0.0, now - self._counted_at)
        self._tokens = min(self._burst, self._tokens + passed * self._rate)
        self._counted_at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True

    def _tell(self, event: str, now: float, **fields: str) -> None:
        """One line in ten seconds, which says how many there were since the last."""
        self._untold += 1
        if self._told_at is None or not 0 <= now - self._told_at < 10.0:
            print(json.dumps({"level": "WARNING", "message": event, "count": self._untold, **fields}), flush=True)
            self._told_at, self._untold = now, 0
