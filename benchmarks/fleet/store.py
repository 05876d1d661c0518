"""SSM as an account sees it: a quota, a little latency, outages, and a parameter that is changed now and then."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from edgecors.runtime.extension import ExtensionParameter
from edgecors.runtime.sources import SsmParameter

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from benchmarks.fleet.engine import Clock

# Reads a second. The higher one is what AWS's page of quotas says now; it said 1,000 and 3,000 before.
STANDARD_QUOTA = 40.0
HIGH_QUOTA = 10_000.0

# What came of a read.
READS = ("given", "throttled", "failed")

# Seconds, of our own choosing: the middle of what a read takes in the same Region, and how far it scatters (sigma
# of the logarithm: one in a hundred takes three times as long).
_LATENCY, _SCATTER = 0.012, 0.5
# What the clients of both sources wait for an answer (`sources.py`, `extension.py`).
_READ_TIMEOUT = 2.0


class Outage(NamedTuple):
    """From `start` to `end`, seconds: errors at once, or (`silent`) no answer at all."""

    start: float
    end: float
    silent: bool


class SsmError(Exception):
    """SSM refused, failed or kept silent. Which of them makes no difference to the engine."""


class Bucket:
    """A token bucket: `rate` reads a second, and no more than one second's worth saved up. AWS documents no burst."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tokens = rate
        self._at = 0.0

    def take(self, now: float) -> bool:
        """Whether there is a token left, which is then gone."""
        # Two environments' clocks may be milliseconds apart: time never goes back here.
        if now > self._at:
            self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate)
            self._at = now
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class ParameterStore:
    """One parameter. Its version is 1 at first, and one more at each of the moments `changes` (ascending, seconds).

    `reads`: how many were asked for in each second, by what came of them: given, throttled or failed.
    """

    def __init__(
        self,
        *,
        quota: float,
        changes: Sequence[float] = (),
        outages: Sequence[Outage] = (),
        dice: random.Random | None = None,
    ) -> None:
        self._bucket = Bucket(quota)
        self._changes = changes
        self._outages = outages
        self._dice = dice
        self.reads: dict[str, Counter[int]] = {name: Counter() for name in READS}

    def read(self, clock: Clock) -> int:
        """The parameter's version, after the latency, by which `clock` goes on. Raises SsmError."""
        now = clock()
        for outage in self._outages:
            if outage.start <= now < outage.end:
                self.reads["failed"][int(now)] += 1
                clock.taken += _READ_TIMEOUT if outage.silent else self._latency()
                raise SsmError("no answer" if outage.silent else "InternalServerError")
        clock.taken += self._latency()
        if not self._bucket.take(now):
            self.reads["throttled"][int(now)] += 1
            raise SsmError("ThrottlingException: Rate exceeded")
        self.reads["given"][int(now)] += 1
        return 1 + bisect_right(self._changes, now)

    def _latency(self) -> float:
        if self._dice is None:
            return _LATENCY
        return _LATENCY * math.exp(self._dice.gauss(0.0, _SCATTER))


@cache
def document(name: str) -> str:
    """The rules document whose only policy has this name, by which what is served can be told apart."""
    policy = {"name": name, "paths": ["*"], "allow_origins": [f"https://{name}.example"]}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]})


class _Client:
    """What `SsmParameter` uses of boto3's client."""

    def __init__(self, parameter: Sdk, store: ParameterStore, clock: Clock) -> None:
        self._parameter = parameter
        self._store = store
        self._clock = clock

    def get_parameter(self, **_asked: Any) -> dict[str, Any]:
        now = self._clock()
        version = self._store.read(self._clock)
        self._parameter.read_at = now
        return {"Parameter": {"Value": document(f"v{version}"), "Version": version}}


class Sdk(SsmParameter):
    """The engine's own source, over a client that asks the simulated SSM. `read_at`: when SSM last gave a document."""

    def __init__(self, store: ParameterStore, clock: Clock) -> None:
        super().__init__("/tea/cors")
        self.read_at = 0.0
        self._client = _Client(self, store, clock)


class Extension(ExtensionParameter):
    """The engine's own source, over an extension whose cache is the environment's and lasts `ttl` seconds.

    Like the real one it gives an error, and nothing old, where its entry is over and SSM refuses. That it tries
    again by itself is left out.
    """

    def __init__(self, store: ParameterStore, clock: Clock, ttl: float) -> None:
        super().__init__("/tea/cors")
        self.read_at = 0.0
        self._store = store
        self._clock = clock
        self._ttl = ttl
        self._body: bytes | None = None

    def _request(self, name: str) -> tuple[int, bytes]:
        now = self._clock()
        if self._body is None or now - self.read_at >= self._ttl:
            self._body = None
            try:
                version = self._store.read(self._clock)
            except SsmError as error:
                return 500, str(error).encode()
            self._body = _answer(name, version)
            self.read_at = now
        return 200, self._body


@cache
def _answer(name: str, version: int) -> bytes:
    parameter = {"Name": name, "Value": document(f"v{version}"), "Version": version}
    return json.dumps({"Parameter": parameter}).encode()
