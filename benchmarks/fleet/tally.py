"""What is counted: requests by the rules that decided them, the age of those rules, how a change spreads."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# What decided a request. `fresh`: rules no older than the TTL; `stale`: older, since the source fails.
KINDS = ("fresh", "stale", "fallback", "none")
# Seconds, a little more than a refresh is waited for.
_LONG = 0.51


class Spread:
    """Amounts along a line, in bins of `width`: an amount lies evenly between two places."""

    def __init__(self, width: float) -> None:
        self.width = width
        self._points: list[float] = []
        self._slopes: list[float] = []

    def add(self, start: float, end: float, amount: float) -> None:
        """`amount` between the two places, of which neither is below 0."""
        first, last = int(start / self.width), int(end / self.width)
        if len(self._points) < last + 2:
            more = last + 2 - len(self._points) + 64
            self._points += [0.0] * more
            self._slopes += [0.0] * more
        if first == last:
            self._points[first] += amount
            return
        density = amount * self.width / (end - start)
        self._points[first] += density * (first + 1 - start / self.width)
        self._points[last] += density * (end / self.width - last)
        self._slopes[first + 1] += density
        self._slopes[last] -= density

    def bins(self) -> list[float]:
        """The amount in each bin."""
        found, level = [], 0.0
        for point, slope in zip(self._points, self._slopes, strict=True):
            level += slope
            found.append(point + level)
        return found

    def quantile(self, part: float) -> float:
        """The place below which `part` of the amounts lies, to a bin's upper edge; 0 where there are none."""
        bins = self.bins()
        wanted, seen = part * sum(bins) - 1e-6, 0.0
        for index, amount in enumerate(bins):
            seen += amount
            if amount and seen >= wanted:
                return (index + 1) * self.width
        return 0.0


class Tally:
    """Counts of one run. `changes`: when each version after the first was published, seconds."""

    def __init__(self, ttl: float, changes: Sequence[float], bin_width: float = 10.0) -> None:
        self._ttl = ttl
        self._changes = changes
        self.requests: Counter[str] = Counter()
        self.superseded = 0
        self.ages = Spread(1.0)
        self.oldest = 0.0
        self.by_time = {kind: Spread(bin_width) for kind in KINDS}
        self.waited = Spread(0.01)
        self.longest_wait = 0.0
        self.long_waits = 0
        # For each change: after how many seconds each environment had it that was there before.
        self.reached: list[list[float]] = [[] for _ in changes]

    def wait(self, seconds: float) -> None:
        """A request waited so long for rules."""
        self.waited.add(seconds, seconds, 1)
        self.longest_wait = max(self.longest_wait, seconds)
        self.long_waits += seconds > _LONG

    def without_rules(self, start: float, end: float, count: int, kind: str) -> None:
        """`count` requests between the two moments that the fallback decided, or nothing."""
        if count:
            self.requests[kind] += count
            self.by_time[kind].add(start, end, count)

    def with_rules(self, start: float, end: float, count: int, version: int, fetched: float, read: float) -> None:
        """`count` requests between the two moments that this version decided, all in the same state.

        `fetched`: when the engine got it; `read`: when SSM gave it, which is earlier where the extension kept it.
        """
        if not count:
            return
        kind = "fresh" if end <= fetched + self._ttl else "stale"
        self.requests[kind] += count
        self.by_time[kind].add(start, end, count)
        self.ages.add(start - read, end - read, count)
        self.oldest = max(self.oldest, end - read)
        if end > self.replaced_at(version):
            self.superseded += count

    def replaced_at(self, version: int) -> float:
        """When the version was replaced by the next; infinity for the last."""
        return self._changes[version - 1] if version <= len(self._changes) else math.inf

    def adopted(self, now: float, before: int, version: int) -> None:
        """An environment that had the version `before` has this one now."""
        for change in range(before, version):
            self.reached[change - 1].append(now - self._changes[change - 1])
