"""Which runs `make fleet` makes: fleets through a day, and settings against each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.fleet.environment import Settings
from benchmarks.fleet.lives import FAILING, STEADY
from benchmarks.fleet.run import Scenario
from benchmarks.fleet.store import HIGH_QUOTA, STANDARD_QUOTA

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (10, 100, 1_000, 10_000)
# How rules are read: the engine's source, and SSM's quota.
READERS = {
    "sdk": (False, STANDARD_QUOTA),
    "sdk, higher throughput": (False, HIGH_QUOTA),
    "extension": (True, STANDARD_QUOTA),
}


class Run(NamedTuple):
    """A scenario of a group: `day`, or the setting that is tried; `label` names it there."""

    group: str
    label: str
    scenario: Scenario


def runs(*, quick: bool) -> Iterator[Run]:
    """All runs; `quick`: fleets of at most 1,000, and no settings."""
    for size in SIZES[:-1] if quick else SIZES:
        for label, (extension, quota) in READERS.items():
            for fallback in (True, False):
                yield Run("day", label, Scenario(size, quota, Settings(extension=extension, fallback=fallback)))
    if quick:
        return
    for size in (1_000, 2_000):
        for ttl in (15.0, 30.0, 60.0, 120.0, 300.0):
            yield Run("ttl", f"{ttl:.0f} s", _steady(size, Settings(ttl=ttl, fallback=True)))
    for ttl in (30.0, 60.0, 120.0, 300.0):
        settings = Settings(extension=True, extension_ttl=ttl, fallback=True)
        yield Run("SSM_PARAMETER_STORE_TTL", f"{ttl:.0f} s", _steady(2_000, settings))
    for jitter in (0.0, 0.1, 0.3, 0.5):
        for size in (1_000, 2_000):
            yield Run("jitter", f"{jitter:.0%}", _steady(size, Settings(fallback=True), _JITTER=jitter))
    for seconds in (0.5, 1.0, 2.0, 5.0, 10.0):
        yield Run("retry", f"{seconds:g} s", _steady(2_000, Settings(fallback=True), _RETRY_WITHOUT_RULES=seconds))
    for size in SIZES[-2:]:
        for part in (0.0, 1 / 20, 1 / 10, 1 / 5, 1 / 2):
            label = f"TTL / {1 / part:.0f}" if part else "1 s"
            yield Run("first pause", label, _failing(size, Settings(fallback=True), part))
        jittered = Settings(fallback=True, pause_jitter=0.5)
        yield Run("first pause", "TTL / 10, each shortened by up to half", _failing(size, jittered, 1 / 10))


def _steady(size: int, settings: Settings, **constants: float) -> Scenario:
    return replace(Scenario(size, STANDARD_QUOTA, settings), day=STEADY, constants=constants)


def _failing(size: int, settings: Settings, part: float) -> Scenario:
    return replace(Scenario(size, STANDARD_QUOTA, settings), day=FAILING, constants={"_FIRST_PAUSE": part})
