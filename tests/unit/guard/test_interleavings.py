"""Someone else writes between any two calls of the guard, or the guard runs between any two calls of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from effort import STRIDE
from guard import guard
from rules_store import ConflictError, LockedError, StoreError
from unit.guard.world import CI, GuardSsm, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def bad_world(worlds: list[World]) -> World:
    world = World()
    worlds.append(world)
    world.push("first")
    world.run()
    world.edit("slash")
    return world


def at_call(client: Any, number: int, action: Callable[[], object]) -> None:
    """Do it before the client's call of that number."""
    calls = 0

    def before(operation: str, arguments: dict[str, Any]) -> None:
        nonlocal calls
        calls += 1
        if calls == number + 1:
            action()

    client.before = before


def every_call(
    worlds: list[World], action: Callable[[World], object], run: Callable[[World], object]
) -> Iterator[World]:
    """A world for each call of a guard's run before which the action was done."""
    at = 0
    while True:
        world = bad_world(worlds)
        acted: list[object] = []
        at_call(world.client, at, lambda world=world, acted=acted: acted.append(action(world)))  # type: ignore[misc]
        run(world)
        world.client.before = lambda operation, arguments: None
        if not acted:
            assert at > 15
            return
        yield world
        at += STRIDE


def test_a_push_at_any_call_wins_or_is_told_why_not(worlds: list[World]) -> None:
    outcomes = []

    def push(world: World) -> None:
        try:
            world.push("second")
            outcomes.append("published")
        except (ConflictError, LockedError) as error:
            outcomes.append(f"{type(error).__name__}{' written' * getattr(error, 'written', False)}")

    for world in every_call(worlds, push, World.run):
        world.wait(0)
        if outcomes[-1] != "published":
            assert world.published == "first"
            world.push("second")  # they were told to run it again
        # The events of all these writes, and a late one.
        for _ in range(3):
            world.run()
        assert world.published == "second"
        assert world.versions[-1].endswith(" second guard-seen last-good")
        assert len(world.subjects) == 1
        assert world.subjects[0].startswith(("version 2 was bad", "version 2 is bad, version 1 is back"))
    assert {"published", "LockedError"} <= set(outcomes) <= {"published", "LockedError", "ConflictError"}


def test_a_good_edit_at_any_call_is_published_or_named(worlds: list[World]) -> None:
    hidden = 0
    for world in every_call(worlds, lambda world: world.edit("second", "by hand"), World.run):
        for _ in range(2):
            world.run()
        if world.published == "second":
            continue
        # Written within the one moment that the lock cannot cover.
        hidden += 1
        assert world.versions == ["1 first", "2 slash", "3 second", "4 first guard-seen last-good"]
        (text,) = [text for _, text in world.told]
        assert "Version 3 by arn:aws:iam::123456789012:user/jane came in between, and version 4 hides it." in text
        assert "edgecors rollback --parameter /edgecors/tea/test --to 3\n" in text
    assert hidden >= 1


def test_a_bad_edit_at_any_call_is_put_back_too(worlds: list[World]) -> None:
    for world in every_call(worlds, lambda world: world.edit("cut"), World.run):
        for _ in range(2):
            world.run()
        assert world.published == "first"
        # Each of the two is named in one message, and no other version in any.
        named = [subject.split()[1] for subject in world.subjects]
        bad = [version.split()[0] for version in world.versions if version.split()[1] in ("slash", "cut")]
        assert sorted(named) == sorted(bad)
        assert not [version for version in world.versions if "first" not in version and "guard-seen" in version]


def test_a_deletion_at_any_call(worlds: list[World]) -> None:
    def run(world: World) -> None:
        try:
            world.run()
        except StoreError as error:
            assert error.code in ("conflict", "not-found", "not-as-written", "unverified")  # noqa: PT017

    for world in every_call(worlds, World.delete, run):
        world.wait()
        outcome = world.run(deleted=True)
        # What the guard put back after the deletion is a new first version.
        assert (outcome, world.versions) in (
            ("missing", []),
            ("good", ["1 first guard-seen last-good"]),
        )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that finds a lock taken gives up. Here whoever is interrupted stands still meanwhile, so that a minute
    of waiting would be one of standing still, after which a lock is lost."""
    monkeypatch.setattr(guard, "_PAUSES", ())


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("name", ["second", "long"])
def test_a_run_between_any_two_calls_of_a_push(worlds: list[World], name: str) -> None:
    """Bad rules are published, somebody pushes good ones, and in the middle of it the event comes."""
    at = 0
    while True:
        world = bad_world(worlds)
        ci = GuardSsm(world.store, CI)
        acted: list[object] = []
        at_call(ci, at, lambda world=world, acted=acted: acted.append(world.run()))  # type: ignore[misc]
        try:
            world.push(name, ci)
        except (ConflictError, LockedError):
            ci.before = lambda operation, arguments: None
            assert world.published == "first"
            world.push(name, ci)
        if not acted:
            break
        for _ in range(2):
            world.run()
        assert world.published == name
        assert world.versions[-1].endswith(" guard-seen last-good")
        assert len(world.subjects) == 1
        at += STRIDE
    assert at > 10


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("mode", ["revert", "alarm"])
def test_a_second_guard_at_any_call_tells_nothing_twice_and_writes_nothing_twice(
    worlds: list[World], mode: Any
) -> None:
    at = 0
    while True:
        world = bad_world(worlds)
        second = World(world.store, told=world.told)
        acted: list[object] = []
        at_call(world.client, at, lambda second=second, acted=acted: acted.append(second.run(mode)))  # type: ignore[misc]
        world.run(mode)
        world.client.before = lambda operation, arguments: None
        if not acted:
            break
        world.run(mode)
        if mode == "revert":
            assert world.versions == ["1 first", "2 slash", "3 first guard-seen last-good"]
        else:
            assert world.versions == ["1 first guard-seen last-good", "2 slash guard-told"]
        assert len(world.subjects) == 1
        at += STRIDE
    assert at > 10


def test_a_run_that_stands_still_for_a_minute_does_no_harm(worlds: list[World]) -> None:
    """It has lost its locks, and another one has done its work: at worst people are told twice, and the same text is
    written twice."""
    at = 0
    while True:
        world = bad_world(worlds)
        second = World(world.store, told=world.told)
        acted: list[object] = []
        at_call(world.client, at, lambda second=second, acted=acted: acted.append(second.run()))  # type: ignore[misc]
        world.run()
        world.client.before = lambda operation, arguments: None
        if not acted:
            break
        world.run()
        assert world.published == "first"
        assert world.versions[-1].endswith(" first guard-seen last-good")
        assert len(world.versions) <= 4
        assert 1 <= len(world.subjects) <= 2
        at += STRIDE
