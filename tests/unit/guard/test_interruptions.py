"""A run that breaks off at any call is finished by its repetition, a minute later: the rules are put back once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from effort import STRIDE
from unit.guard.world import World
from unit.rules_store.fake_ssm import failure

if TYPE_CHECKING:
    from collections.abc import Callable


class Died(BaseException):
    """The process is gone: nothing after it is done, not even what `finally` says."""


class Steps:
    """Counts the calls to SSM and SNS, and ends the run at one of them: before it is done, or after."""

    def __init__(self, world: World, at: int, how: str) -> None:
        self.count = 0
        self._world, self._at, self._how = world, at, how
        self._dead = False
        world.client.before = lambda operation, arguments: self._before(operation)
        world.client.after = lambda operation, arguments: self._after()
        world.before_notify = lambda: self._before("Publish")
        world.after_notify = self._after

    def _before(self, operation: str) -> None:
        if self._dead:
            raise Died
        if self.count == self._at and self._how == "throttled":
            self.count += 1
            raise failure("ThrottlingException", operation, "Rate exceeded")
        if self.count == self._at and self._how == "before":
            self._dead = True
            raise Died
        self.count += 1

    def _after(self) -> None:
        if self.count == self._at + 1 and self._how == "after":
            self._dead = True
            raise Died

    def off(self) -> None:
        nothing: Callable[..., None] = lambda *arguments: None  # noqa: E731
        self._world.client.before = self._world.client.after = nothing
        self._world.before_notify = self._world.after_notify = nothing


def slash(world: World) -> None:
    world.push("first")
    world.run()
    world.edit("slash")


def two(world: World) -> None:
    slash(world)
    world.edit("cut")


def long(world: World) -> None:
    world.push("long")
    world.run()
    world.edit("slash")


def good(world: World) -> None:
    slash(world)
    world.push("second")


SITUATIONS: dict[str, tuple[Callable[[World], None], list[str], list[str]]] = {
    "one bad": (slash, ["1 first", "2 slash", "3 first"], ["version 2 is bad, version 1 is back"]),
    "two bad": (
        two,
        ["1 first", "2 slash", "3 cut", "4 first"],
        ["version 2 was bad", "version 3 is bad, version 1 is back"],
    ),
    "in chunks": (long, ["1 long", "2 slash", "3 long"], ["version 2 is bad, version 1 is back"]),
    "replaced": (good, ["1 first", "2 slash", "3 second"], ["version 2 was bad"]),
}


@pytest.mark.parametrize("how", ["before", "after", "throttled"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_it_may_break_off_at_every_step(worlds: list[World], situation: str, how: str) -> None:
    prepare, versions, told = SITUATIONS[situation]
    at = (len(situation) + len(how)) % STRIDE
    while True:
        world = World()
        worlds.append(world)
        prepare(world)
        steps = Steps(world, at, how)
        ended = ""
        try:
            world.run()
        except Died:
            ended = "died"
        except Exception as error:
            ended = type(error).__name__
        steps.off()
        if not ended and steps.count <= at:
            break
        # Lambda repeats it after a minute. Until then nothing is worse than it was.
        assert world.published_or_bad in ("bad", versions[-1].split()[1])
        world.wait()
        world.run()
        assert [" ".join(version.split()[:2]) for version in world.versions] == versions, at
        assert world.versions[-1].endswith(" guard-seen last-good"), at
        # At least once; one of them twice if the run ended between the message and its mark.
        assert list(dict.fromkeys(world.subjects)) == told, at
        assert len(world.subjects) <= len(told) + 1, at
        before: tuple[Any, ...] = (world.versions, list(world.told))
        world.run(last=True)
        assert (world.versions, world.told) == before, at
        at += STRIDE
    assert at >= 15
