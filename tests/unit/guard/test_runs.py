"""What one run does, by what it finds: versions, labels, messages, log lines and metrics, each case whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from unit.guard.world import BAD, World, brief, lines
from unit.rules_store.fake_ssm import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from guard.choice import Mode


@dataclass(frozen=True)
class Case:
    """`steps` happen first; then the guard runs. `logged`: level, event, version of each line."""

    name: str
    steps: tuple[Callable[[World], object], ...]
    outcome: str
    versions: tuple[str, ...]
    told: tuple[str, ...] = ()
    logged: tuple[str, ...] = ()
    mode: Mode = "revert"
    deleted: bool = False


def edit(name: str, why: str = "") -> Callable[[World], object]:
    return lambda world: world.edit(name, why)


def push(name: str) -> Callable[[World], object]:
    return lambda world: world.push(name)


def label(version: int, *labels: str) -> Callable[[World], object]:
    return lambda world: world.label(version, *labels)


def run(mode: Mode = "revert") -> Callable[[World], object]:
    return lambda world: world.run(mode)


def deploy(world: World) -> None:
    world.wait(1)
    world.deployed = world.store.clock.now
    world.wait(1)


def delete(world: World) -> None:
    world.delete()


def hide_chunks(world: World) -> None:
    for name in [name for name in world.store.parameters if name.endswith(("/0", "/1", "/2"))]:
        del world.store.parameters[name]


CASES = [
    Case(
        "a first version in order is marked",
        (push("first"),),
        "good",
        ("1 first guard-seen last-good",),
        logged=("INFO RulesGuardChecked 1",),
    ),
    Case(
        "the marks go with each version in order",
        (push("first"), run(), push("second")),
        "good",
        ("1 first", "2 second guard-seen last-good"),
        logged=("INFO RulesGuardChecked 2",),
    ),
    Case(
        "rules in chunks are taken together",
        (push("first"), push("long")),
        "good",
        ("1 first", "2 long guard-seen last-good"),
        logged=("INFO RulesGuardChecked 2",),
    ),
    Case(
        "a bad version is put back",
        (push("first"), run(), edit("slash", "quick fix")),
        "reverted",
        ("1 first", "2 slash", "3 first guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "to the newest that is in order, past bad ones and ones that warn",
        (push("first"), push("second"), edit("suffix"), edit("cut"), run("off"), edit("star")),
        "reverted",
        ("1 first", "2 second", "3 suffix", "4 cut guard-told", "5 star", "6 second guard-seen last-good"),
        ("version 4 was bad", "version 5 is bad, version 2 is back"),
        ("ERROR RulesGuardRefused 4", "ERROR RulesGuardReverted 5", "INFO RulesGuardChecked 6"),
    ),
    Case(
        "to rules in chunks",
        (push("long"), run(), edit("cut")),
        "reverted",
        ("1 long", "2 cut", "3 long guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "from a manifest whose chunks are not there",
        (push("first"), run(), edit("gone")),
        "reverted",
        ("1 first", "2 gone", "3 first guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "from rules whose chunks were deleted",
        (push("first"), push("long"), run(), hide_chunks),
        "reverted",
        ("1 first", "2 long", "3 first guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "its own version is checked and nothing more",
        (push("first"), run(), edit("slash"), run()),
        "good",
        ("1 first", "2 slash", "3 first guard-seen last-good"),
        logged=("INFO RulesGuardChecked 3",),
    ),
    Case(
        "the same mistake again is put back again",
        (push("first"), run(), edit("slash"), run(), edit("slash")),
        "reverted",
        ("1 first", "2 slash", "3 first", "4 slash", "5 first guard-seen last-good"),
        ("version 4 is bad, version 3 is back",),
        ("ERROR RulesGuardReverted 4", "INFO RulesGuardChecked 5"),
    ),
    Case(
        "its own version is left alone when its chunks are deleted",
        (push("first"), push("long"), run(), edit("cut"), run(), hide_chunks),
        "refused",
        ("1 first", "2 long", "3 cut", "4 long guard-seen guard-told last-good"),
        ("version 4 is bad and still there",),
        ("ERROR RulesGuardRefused 4", "INFO RulesGuardChecked 4"),
    ),
    Case(
        "a bad version that was replaced before is told all the same",
        (push("first"), run(), edit("slash"), push("second")),
        "good",
        ("1 first", "2 slash guard-told", "3 second guard-seen last-good"),
        ("version 2 was bad",),
        ("ERROR RulesGuardRefused 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "nothing to return to",
        (edit("slash"),),
        "refused",
        ("1 slash guard-told",),
        ("version 1 is bad and still there",),
        ("ERROR RulesGuardRefused 1", "INFO RulesGuardChecked 1"),
    ),
    Case(
        "nothing to return to is told once",
        (edit("slash"), run()),
        "refused",
        ("1 slash guard-told",),
        logged=("INFO RulesGuardChecked 1",),
    ),
    Case(
        "versions that warn are not returned to",
        (edit("suffix"), edit("slash")),
        "refused",
        ("1 suffix", "2 slash guard-told"),
        ("version 2 is bad and still there",),
        ("ERROR RulesGuardRefused 2", "INFO RulesGuardChecked 2"),
    ),
    Case(
        "alarm only tells",
        (push("first"), run(), edit("slash")),
        "refused",
        ("1 first guard-seen last-good", "2 slash guard-told"),
        ("version 2 is bad and still there",),
        ("ERROR RulesGuardRefused 2", "INFO RulesGuardChecked 2"),
        mode="alarm",
    ),
    Case(
        "alarm tells once",
        (push("first"), edit("slash"), run("alarm")),
        "refused",
        ("1 first", "2 slash guard-told"),
        logged=("INFO RulesGuardChecked 2",),
        mode="alarm",
    ),
    Case(
        "alarm, then revert, which is a deployment",
        (push("first"), edit("slash"), run("alarm"), deploy),
        "refused",
        ("1 first", "2 slash guard-told"),
        logged=("INFO RulesGuardChecked 2",),
    ),
    Case("off does nothing", (push("first"), edit("slash")), "off", ("1 first", "2 slash"), mode="off"),
    Case(
        "what is older than the deployment is told and left",
        (push("first"), edit("slash"), deploy),
        "refused",
        ("1 first", "2 slash guard-told"),
        ("version 2 is bad and still there",),
        ("ERROR RulesGuardRefused 2", "INFO RulesGuardChecked 2"),
    ),
    Case(
        "a new guard says nothing of the history before it",
        (edit("slash"), edit("cut"), push("first"), deploy),
        "good",
        ("1 slash", "2 cut", "3 first guard-seen last-good"),
        logged=("INFO RulesGuardChecked 3",),
    ),
    Case(
        "what is newer than the deployment is put back to what is older",
        (push("first"), deploy, edit("slash")),
        "reverted",
        ("1 first", "2 slash", "3 first guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "what only warns is told and left",
        (push("first"), run(), edit("suffix")),
        "warned",
        ("1 first guard-seen last-good", "2 suffix guard-told"),
        ("version 2 has warnings",),
        ("WARNING RulesGuardWarned 2", "INFO RulesGuardChecked 2"),
    ),
    Case(
        "what only warns is told once",
        (push("first"), edit("suffix"), run()),
        "warned",
        ("1 first", "2 suffix guard-told"),
        logged=("INFO RulesGuardChecked 2",),
    ),
    Case(
        "last-good is for people: by hand on a bad version, it changes nothing",
        (push("first"), edit("slash"), label(2, "last-good")),
        "reverted",
        ("1 first", "2 slash", "3 first guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "labels of others stay",
        (push("first"), label(1, "production", "jane"), edit("cut"), label(2, "mine")),
        "reverted",
        ("1 first jane production", "2 cut mine", "3 first guard-seen last-good"),
        ("version 2 is bad, version 1 is back",),
        ("ERROR RulesGuardReverted 2", "INFO RulesGuardChecked 3"),
    ),
    Case(
        "labels that someone took are put back",
        (push("first"), run(), push("second"), run(), label(1, "last-good")),
        "good",
        ("1 first", "2 second guard-seen last-good"),
        logged=("INFO RulesGuardChecked 2",),
    ),
    Case(
        "no room for labels",
        (push("first"), label(1, *(f"l{number}" for number in range(9)))),
        "good",
        ("1 first l0 l1 l2 l3 l4 l5 l6 l7 l8",),
        logged=("WARNING RulesGuardUnmarked 1", "INFO RulesGuardChecked 1"),
    ),
    Case(
        "no parameter yet",
        (),
        "missing",
        (),
        logged=("WARNING RulesGuardMissing",),
    ),
    Case(
        "deleted",
        (push("first"), run(), delete),
        "missing",
        (),
        ("has been deleted",),
        ("ERROR RulesGuardMissing",),
        deleted=True,
    ),
    Case(
        "deleted and made again before the event came",
        (push("first"), run(), delete, push("second")),
        "good",
        ("1 second guard-seen last-good",),
        logged=("INFO RulesGuardChecked 1",),
        deleted=True,
    ),
    Case(
        "deleted and made again, badly",
        (push("first"), run(), delete, edit("slash")),
        "refused",
        ("1 slash guard-told",),
        ("version 1 is bad and still there",),
        ("ERROR RulesGuardRefused 1", "INFO RulesGuardChecked 1"),
        deleted=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_run(case: Case, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for step in case.steps:
        step(world)
    world.told.clear()
    capsys.readouterr()
    assert world.run(case.mode, deleted=case.deleted) == case.outcome
    assert world.versions == list(case.versions)
    assert world.subjects == list(case.told)
    assert brief(lines(capsys.readouterr().out)) == list(case.logged)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_run_finds_nothing_to_do(case: Case, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    for step in case.steps:
        step(world)
    world.run(case.mode, deleted=case.deleted)
    before, told = world.versions, list(world.told)
    calls = len(world.client.calls)
    capsys.readouterr()
    world.run(case.mode)
    assert world.versions == before
    assert world.told == told
    assert not [line for line in brief(lines(capsys.readouterr().out)) if line.startswith("ERROR")]
    if case.name != "no room for labels":
        assert not set(world.client.calls[calls:]) & {"PutParameter", "LabelParameterVersion", "DeleteParameters"}


@pytest.mark.parametrize("bad", BAD)
def test_every_kind_of_bad_version_is_put_back(world: World, bad: str) -> None:
    world.push("first")
    world.edit(bad)
    assert world.run() == "reverted"
    assert world.published == "first"


def test_the_description_says_which_in_place_of_which_why_and_whose(world: World) -> None:
    world.push("first")
    world.edit("slash", "quick fix")
    world.run()
    first, second, third = world.descriptions
    assert (first, second) == ("push first", "quick fix")
    assert third == (
        "edgecors guard: version 1 put back in place of version 2 by arn:aws:iam::123456789012:user/jane: "
        "origin-trailing-slash"
    )


def test_the_line_has_everything(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.push("first")
    world.edit("star", "quick fix")
    capsys.readouterr()
    world.run()
    line = lines(capsys.readouterr().out)[0]
    for key in ("_aws", "RulesGuardReverted", "function", "logger", "date"):
        assert line.pop(key)
    assert line == {
        "level": "ERROR",
        "message": "RulesGuardReverted",
        "parameter": "/edgecors/tea/test",
        "version": 2,
        "user": "arn:aws:iam::123456789012:user/jane",
        "description": "quick fix",
        "published": 3,
        "source": 1,
        "restored": 3,
        "reason": "",
        "error": "",
        "problems": [
            {
                "code": "wildcard-with-credentials",
                "field": "/policies/0/allow_origins/0",
                "message": "Every site could act as the visitor: browsers refuse `*` with credentials.",
                "hint": None,
            }
        ],
        "problem_count": 1,
    }


def test_a_mark_that_lags_is_taken_off_before_it_keeps_anyone_from_publishing(world: World) -> None:
    world.push("first")
    world.run("alarm")
    for number in range(120):
        world.edit("cut" if number % 2 else "slash")
        world.run("alarm")
    assert world.versions[-1] == "121 cut guard-told"
    assert not [version for version in world.versions[:-1] if len(version.split()) > 2]
    assert world.push("second") == 122


def test_so_does_the_mark_of_what_was_told(world: World) -> None:
    world.edit("slash")
    world.run()
    for number in range(60):
        world.push("first" if number % 2 else "second")
    assert world.versions[0] == "1 slash guard-told"
    world.run()
    assert [version for version in world.versions if len(version.split()) > 2] == ["61 first guard-seen last-good"]


def test_and_those_that_the_guard_left_when_it_was_off(world: World) -> None:
    world.push("first")
    world.run("alarm")
    for _ in range(60):
        world.edit("suffix")
    world.deployed = START + timedelta(days=1)
    world.run("alarm")
    assert [version for version in world.versions if len(version.split()) > 2] == ["61 suffix guard-told"]
