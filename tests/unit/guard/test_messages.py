"""What people read: the place, the value, the reason and the fix of each problem, who and when, and what to do."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from guard import messages
from unit.guard import world as worlds
from unit.guard.world import TEXTS, World
from unit.rules_store.support import NAME


def test_put_back(world: World) -> None:
    world.push("first")
    world.edit("slash", "quick fix\nand more")
    world.run()
    assert world.told == [
        (
            "edgecors: /edgecors/tea/test version 2 is bad, version 1 is back",
            """\
/edgecors/tea/test: version 2 is bad, and version 1 has been put back as version 3.

version 2 was written at 2026-11-22 14:00:00 UTC by arn:aws:iam::123456789012:user/jane
with the reason: quick fix

1 problem
  /policies/0/allow_origins/0 "https://a.example/": An Origin has no slash at the end, so this can never match. \
Fix: "https://a.example" (origin-trailing-slash)

No function takes version 2: each goes on with the rules that it has, or its fallback.

To publish what version 2 was meant to be:
  aws ssm get-parameter --name /edgecors/tea/test:2 --query Parameter.Value --output text > rules.json
  edgecors lint --fix rules.json
  edgecors push rules.json --parameter /edgecors/tea/test
To undo what the guard did, choose another version:
  edgecors history --parameter /edgecors/tea/test
  edgecors rollback --parameter /edgecors/tea/test --to VERSION
The guard lets no bad version stay. To be told only, set the stack's parameter GuardMode to alarm.
""",
        )
    ]


def test_still_there(world: World) -> None:
    world.push("first")
    world.edit("star")
    world.run("alarm")
    ((subject, text),) = world.told
    assert subject == "edgecors: /edgecors/tea/test version 2 is bad and still there"
    assert text.startswith(
        "/edgecors/tea/test: version 2 is bad, and still the published one: GuardMode is alarm.\n\n"
        "version 2 was written at 2026-11-22 14:00:00 UTC by arn:aws:iam::123456789012:user/jane\n\n"
        "1 problem\n"
    )
    assert text.endswith(
        "To return to version 1, the newest that is in order:\n"
        "  edgecors rollback --parameter /edgecors/tea/test --to 1\n"
    )


@pytest.mark.parametrize(
    ("reason", "mode", "deployed_later", "older"),
    [
        ("no older version is in order", "revert", False, False),
        ("it is older than this deployment of the guard", "revert", True, True),
        ("GuardMode is alarm", "alarm", False, True),
    ],
)
def test_it_says_why_a_bad_version_stays(
    world: World, reason: str, mode: str, deployed_later: bool, older: bool
) -> None:
    if older:
        world.push("first")
    world.edit("cut")
    if deployed_later:
        world.deployed = world.store.clock.now + timedelta(seconds=1)
    world.run(mode)  # type: ignore[arg-type]
    ((_, text),) = world.told
    assert f"is bad, and still the published one: {reason}.\n" in text
    assert ("edgecors rollback" in text) is older


def test_a_warning(world: World) -> None:
    world.edit("suffix")
    world.run()
    ((subject, text),) = world.told
    assert subject.endswith(" version 1 has warnings")
    assert text.splitlines()[0] == (
        "/edgecors/tea/test: version 1 is in force, but could not be published today. The guard leaves it as it is."
    )
    assert '1 warning\n  /policies/0/allow_origins/0 "https://*.github.io": Anyone can register' in text
    assert "No function takes" not in text


def test_replaced_already(world: World) -> None:
    world.push("first")
    world.edit("slash")
    world.push("second")
    world.run()
    ((_, text),) = world.told
    assert text.startswith("/edgecors/tea/test: version 2 was bad, and has been replaced already.\n")
    assert (
        "\nThe published version is 3 now, and in order, by arn:aws:sts::123456789012:assumed-role/ci/main.\n" in text
    )


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("suffix", "The published version is 3 now, and in force, with warnings, by"),
        ("cut", "The published version is 3 now, and bad too, by"),
        ("gone", "The published version is 3 now, and unreadable, by"),
    ],
)
def test_replaced_by_what_is_no_better(world: World, last: str, words: str) -> None:
    world.push("first")
    world.edit("slash")
    world.edit(last)
    world.run("alarm")
    assert words in world.told[0][1]


def test_chunks_that_are_not_there(world: World) -> None:
    world.push("first")
    world.edit("gone")
    world.run()
    ((_, text),) = world.told
    assert "1 problem\n  its chunks have been deleted\n" in text
    assert "To publish what version 2 was meant to be, push the file that it came from:\n" in text
    assert "get-parameter" not in text


def test_deleted() -> None:
    subject, text = messages.deleted("/a/b")
    assert subject == "edgecors: /a/b has been deleted"
    assert (
        text
        == """\
/a/b has been deleted, and with it every version that SSM had of it.

Functions keep the rules that they have for EDGECORS_MAX_STALE seconds (a day, unless it is set), then allow
no origin. Those that start now use their fallback (EDGECORS_FALLBACK), or allow no origin.

To publish the rules again, from the file that they came from:
  edgecors push rules.json --parameter /a/b
"""
    )


def test_a_message_fits_sns_whatever_is_in_the_rules(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """256 KB of text; a subject of ASCII, without control characters, of less than 100 characters."""
    red = "\x1b[31m" * 3
    origins = [f"https://{'x' * 20}{number}.example/{red}é" for number in range(40)]
    policies = [
        {"name": f"p{number}", "paths": [f"/{number}"], "allow_origins": origins, "max_age": "x" * 9}
        for number in range(3)
    ]
    many = json.dumps({"schema": "edgecors/1", "policies": policies}, ensure_ascii=False)
    monkeypatch.setitem(TEXTS, "many", many)
    monkeypatch.setitem(worlds._NAMES, many, "many")
    monkeypatch.setattr("unit.rules_store.fake_ssm._LIMITS", {"Standard": 100_000, "Advanced": 100_000})
    world.push("first")
    world.edit("many", "\x1b[2J" + "why" * 300, user="x" * 900)
    world.run()
    ((subject, text),) = world.told
    assert len(subject) < 100
    assert subject.isascii()
    assert subject.isprintable()
    assert len(text.encode()) < 256 * 1024
    assert text.replace("\n", "").isprintable()
    assert "\n123 problems\n" in text
    assert "\n  and 23 more: edgecors lint shows all\n" in text


def test_a_long_name_is_cut_in_the_subject_alone() -> None:
    name = "/edgecors" + "/level" * 12
    subject, text = messages.deleted(name)
    assert len(subject) == 99
    assert subject.startswith("edgecors: ...")
    assert subject.endswith("/level has been deleted")
    assert name in text


def test_names_are_quoted_for_a_shell(world: World) -> None:
    # No name of SSM's needs it today.
    _, text = messages.deleted("/a b")
    assert "--parameter '/a b'\n" in text


def test_the_description_fits_ssm(world: World) -> None:
    world.push("first")
    world.edit("slash", user="arn:aws:sts::123456789012:assumed-role/" + "x" * 1_200)
    world.run()
    assert world.published == "first"
    assert len(world.descriptions[2]) == 1_000
    assert world.descriptions[2].endswith("...")
    assert NAME not in world.descriptions[2]
