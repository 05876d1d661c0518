"""Whatever people write by hand or push, whichever events arrive, how often, and wherever runs break off: after one
run of the schedule what is published is in order, if anything older ever was."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from effort import examples
from rules_store import StoreError
from unit.guard.test_interruptions import Died, Steps
from unit.guard.world import BAD, GUARD, SLEEPS, TEXTS, World
from unit.rules_store.support import NAME

GOOD = ("first", "second", "third", "long")
SHORT = ("first", "second", "third")

writes = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from((*SHORT, *BAD, "suffix"))),
    st.tuples(st.just("push"), st.sampled_from(GOOD)),
    st.tuples(st.just("delete")),
)
runs = st.one_of(
    st.tuples(st.just("event")),  # none: the event is lost; several: it came twice, or late
    st.tuples(st.just("schedule")),
    st.tuples(st.just("breaks off"), st.integers(0, 60), st.sampled_from(["before", "after", "throttled"])),
)
waits = st.tuples(st.just("wait"), st.sampled_from([1, 30, 61, 900]))


def perform(world: World, step: tuple[Any, ...]) -> int:
    """Do it; how many runs may have broken off."""
    match step:
        case ("edit", name):
            world.edit(name)
        case ("push", name):
            # The lock may be that of a run that broke off.
            with suppress(StoreError):
                world.push(name)
        case ("delete",):
            world.delete()
        case ("event",):
            world.run(deleted=NAME not in world.store.parameters)
        case ("schedule",):
            world.run(last=True)
        case ("wait", seconds):
            world.wait(seconds)
        case ("breaks off", at, how):
            steps = Steps(world, at, how)
            try:
                world.run()
            except (Died, StoreError, Exception):
                return 1
            finally:
                steps.off()
    return 0


@settings(max_examples=examples(16), deadline=None)
@given(st.lists(st.one_of(writes, runs, waits), max_size=14))
def test_after_one_run_of_the_schedule_the_rules_are_in_order(steps: list[tuple[Any, ...]]) -> None:
    world = World()
    with ExitStack() as patches:
        for name in SLEEPS:
            patches.enter_context(patch(name, world.store.clock.sleep))
        broken = sum(perform(world, step) for step in steps)
        world.wait(61)
        before = world.versions
        world.run(last=True)
        if not before:
            assert world.versions == []
            return
        names = [version.split()[1] for version in before]
        published = world.versions[-1].split()[1]
        if names[-1] in BAD and set(names) & set(GOOD):
            assert published == next(name for name in reversed(names) if name in GOOD)
        else:
            assert world.versions[-1].split()[:2] == before[-1].split()[:2]

        own = [(number, version) for number, version in world.store.parameters[NAME].items() if version.user == GUARD]
        for number, version in own:
            # It writes only in place of what is bad, and only what was there before.
            texts = {older.value for at, older in world.store.parameters[NAME].items() if at < number}
            assert world.store.parameters[NAME][number - 1].value in {TEXTS[name] for name in BAD}
            assert version.value in texts or "edgecors-manifest" in version.value
        deletions = sum(step == ("delete",) for step in steps)
        if not broken and not deletions:
            named = [subject.split()[1] for subject in world.subjects if subject != "has been deleted"]
            # Chunks that are not there are told of only while it matters: those of old versions are deleted in time.
            wrong = [v.split()[0] for v in world.versions if v.split()[1] in BAD and v.split()[1] != "gone"]
            # Each bad version once, and nothing else but what warns.
            assert sorted(named, key=int) == sorted({*named, *wrong}, key=int)
            told = {world.versions[int(number) - 1].split()[1] for number in named}
            assert told <= {*BAD, "suffix"}
        told_before, versions = list(world.told), world.versions
        world.run(last=True)
        assert (world.told, world.versions) == (told_before, versions)
