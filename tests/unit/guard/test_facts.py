"""Which versions the guard takes for its own, and what it makes of chunks that are not ours."""

from __future__ import annotations

import json

from edgecors.manifest import split
from guard.facts import look
from guard.notices import due
from unit.guard.world import GUARD, JANE, TEXTS, GuardSsm, World
from unit.rules_store.support import NAME


def put(world: World, value: str, description: str = "", name: str = NAME, user: str = JANE) -> None:
    GuardSsm(world.store, user).put_parameter(
        Name=name, Value=value, Type="String", Tier="Standard", Overwrite=True, Description=description
    )


def test_who_edits_its_version_in_the_console_takes_the_description_along(world: World) -> None:
    world.push("first")
    world.edit("slash")
    world.run()
    taken_along = world.descriptions[2]
    put(world, TEXTS["second"], taken_along)
    put(world, TEXTS["cut"], taken_along)
    facts = look(world.client, NAME)
    assert facts is not None
    assert [restoration.entry.version for restoration in facts.restorations.values()] == [3]
    assert world.run() == "reverted"
    assert world.published == "second"


def test_descriptions_alone_make_no_version_its_own(world: World) -> None:
    world.push("first")
    world.push("second")
    for description in (
        "edgecors guard: version 1 put back in place of version 9",  # of a version that is not older
        "edgecors guard: version 2 put back in place of version 2",  # not the text of that version
        "edgecors guard: version 0 put back in place of version 2",  # of none
        "edgecors guard: version one put back in place of version 2",
        "Not the edgecors guard: version 1 put back in place of version 2",
    ):
        put(world, TEXTS["first"], description)
    facts = look(world.client, NAME)
    assert facts is not None
    assert facts.restorations == {}


def test_a_write_that_the_aws_library_sent_twice_is_one(world: World) -> None:
    world.push("first")
    world.run()
    world.edit("slash", "quick fix")
    description = "edgecors guard: version 1 put back in place of version 2 by jane: origin-trailing-slash"
    put(world, TEXTS["first"], description, user=GUARD)
    put(world, TEXTS["first"], description, user=GUARD)
    assert world.run() == "reverted"
    assert world.subjects == ["version 2 is bad, version 1 is back"]
    assert "came in between" not in world.told[0][1]


def test_a_mark_never_goes_over_what_is_still_to_be_told(world: World) -> None:
    """Version 3 came in between. Version 4 is marked last: told the other way round, 3 would be lost to a crash."""
    world.push("first")
    world.run()
    world.edit("slash")
    world.edit("cut")
    put(world, TEXTS["first"], "edgecors guard: version 1 put back in place of version 2 by jane: x", user=GUARD)
    facts = look(world.client, NAME)
    assert facts is not None
    assert [notice.mark for notice in due(facts, lambda: world.deployed)] == [(3, "guard-told"), (4, "guard-seen")]
    assert world.run() == "reverted"
    assert world.subjects == ["version 3 was bad", "version 2 is bad, version 1 is back"]


def test_chunks_of_another_name_are_read_as_readers_do(world: World) -> None:
    """The history knows only generations that push made; readers take any."""
    for text, outcome in ((TEXTS["second"], "good"), (TEXTS["suffix"], "warned"), (TEXTS["slash"], "reverted")):
        world.push("first")
        manifest, parts = split(text, "by-hand")
        for number, part in enumerate(parts):
            put(world, part, name=f"{NAME}/by-hand/{number}")
        put(world, manifest.text())
        assert world.run() == outcome
    assert world.published == "first"
    assert world.descriptions[-1].endswith(": origin-trailing-slash")


def test_a_manifest_of_another_release_is_bad_and_not_for_us_to_put_together(world: World) -> None:
    world.push("first")
    put(world, json.dumps({"schema": "edgecors-manifest/2", "generation": "x"}))
    assert world.run() == "reverted"
    assert "the manifest's schema is 'edgecors-manifest/2'; this release reads edgecors-manifest/1" in world.told[0][1]
