"""The guard of the rules as `sam build` made it, in Lambda's runtime: every sample event, and what it does."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from cases.names import plain
from cases.sources import sample, samples
from runtime.account import Guarded
from runtime.builds import built
from runtime.pythons import ROOT
from tables import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from runtime.account import Account
    from runtime.builds import Start
    from runtime.emulator import Function

GOOD = (ROOT / "functions/tea/rules.json").read_text("utf-8")
BAD = GOOD.replace("https://victoria-lo.github.io", "https://victoria-lo.github.io/Hashtag-TEA/")
MARKS = ["guard-seen", "last-good"]


_numbers = itertools.count()


@pytest.fixture
def guarded(account: Account) -> Iterator[Guarded]:
    """Good rules, and what else the guard finds when it is deployed: for each test anew."""
    guarded = Guarded(account, f"guard-{next(_numbers)}", GOOD)
    yield guarded
    guarded.delete()


@pytest.fixture
def guard(start: Start, build: Path, account: Account, guarded: Guarded) -> Iterator[Function]:
    with start(built(build, "RulesGuardFunction", guarded.variables, account)) as function:
        yield function


def outcome(guarded: Guarded, version: int, word: str) -> dict[str, Any]:
    return {"parameter": guarded.name, "version": version, "outcome": word}


@each("file", samples("guard"), ids=plain)
def test_whatever_the_event_good_rules_are_good(guard: Function, guarded: Guarded, file: str) -> None:
    """The event only says why now: what is true is in SSM."""
    assert guard.answer(sample(file)) == outcome(guarded, 1, "good")
    assert (guarded.versions(), guarded.received()) == ([(1, GOOD, MARKS)], [])


def test_a_bad_edit_is_put_back_and_told(guard: Function, guarded: Guarded) -> None:
    guard.answer(sample("guard/create.json"))
    guarded.put(BAD)
    assert guard.answer(sample("guard/update.json")) == outcome(guarded, 3, "reverted")
    assert guarded.versions() == [(1, GOOD, []), (2, BAD, []), (3, GOOD, MARKS)]
    assert guarded.received() == [f"edgecors: {guarded.name} version 2 is bad, version 1 is back"]
    told = guard.told("RulesGuardReverted")
    assert (told["version"], told["restored"], told["function"]) == (
        2,
        3,
        guarded.variables["AWS_LAMBDA_FUNCTION_NAME"],
    )

    # Its own writes are events too.
    for event in ("update", "label", "schedule"):
        assert guard.answer(sample(f"guard/{event}.json")) == outcome(guarded, 3, "good")
    assert (len(guarded.versions()), guarded.received(), guard.starts) == (3, [], 1)


def test_a_deletion_is_told(guard: Function, guarded: Guarded) -> None:
    guard.answer(sample("guard/create.json"))
    guarded.delete()
    for event in ("delete", "schedule"):
        assert guard.answer(sample(f"guard/{event}.json")) == outcome(guarded, 0, "missing")
    assert guarded.received() == [f"edgecors: {guarded.name} has been deleted"]
