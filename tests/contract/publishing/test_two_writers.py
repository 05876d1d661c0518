"""Two that publish at once, call by call: one wins, or both do, one after the other; who loses is told."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from contract.publishing.scenarios import LONG, OTHER, SHORT, Died, Fault, Scenario, pushing, returning
from edgecors.manifest import parse_manifest
from effort import THOROUGH, examples
from rules_store import ConflictError, LockedError, Publication
from unit.rules_store.fake_ssm import FakeSsm, Store
from unit.rules_store.support import NAME, document, generations, long_document, read
from unit.rules_store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Writer = Callable[[Any], Any]

BASE = document("https://base.example")
_PAIRS: dict[str, tuple[Sequence[str], Writer, Writer, set[str]]] = {
    "both are the first": ([], pushing(SHORT), pushing(OTHER), {SHORT, OTHER}),
    "short and short": ([BASE], pushing(SHORT), pushing(OTHER), {SHORT, OTHER}),
    "long and short": ([BASE], pushing(LONG), pushing(SHORT), {LONG, SHORT}),
    "long and long": ([long_document(1)], pushing(LONG), pushing(long_document(2)), {LONG, long_document(2)}),
    "push and rollback": ([SHORT, BASE], pushing(OTHER), returning(1), {OTHER, SHORT}),
}


def _shares(first: int, second: int) -> Iterator[tuple[list[int], list[int]]]:
    """Turns: the first makes some calls, then the second some, then the first ends, then the second: every eighth such
    split, or all. And some orders by chance."""
    total = range(first + second)
    step = 1 if THOROUGH else 8
    for lead in range(first + 1):
        for cut in range(lead % step, second + 1, step):
            own = [*range(lead), *range(lead + cut, first + cut)]
            yield own, [number for number in total if number not in own]
    by_chance = random.Random(2026)
    for _ in range(examples(4)):
        own = by_chance.sample(total, first)
        yield own, [number for number in total if number not in own]


def _check(store: Store, outcomes: list[Any], texts: set[str], version_before: int) -> int:
    """How many won."""
    won = [outcome for outcome in outcomes if isinstance(outcome, Publication)]
    lost = [outcome for outcome in outcomes if not isinstance(outcome, Publication)]
    assert all(isinstance(outcome, ConflictError | LockedError) for outcome in lost), outcomes
    assert won, outcomes
    # Every version is the next after the one that its writer planned on: nothing was written over unseen.
    assert sorted(outcome.previous for outcome in won) == list(range(version_before, version_before + len(won)))
    assert all(outcome.version == outcome.previous + 1 for outcome in won)
    assert store.version(NAME) == version_before + len(won)
    assert read(store) in texts
    named = {
        manifest.generation
        for version in store.parameters[NAME].values()
        if (manifest := parse_manifest(version.value)) is not None
    }
    assert generations(store) == named
    return len(won)


@pytest.mark.parametrize("pair", _PAIRS)
def test_splits(pair: str) -> None:
    before, first, second, texts = _PAIRS[pair]
    scenario = Scenario(pair, before, first, "")
    prepared = scenario.store()
    counts = [Scenario(pair, before, writer, "").calls() for writer in (first, second)]
    wins = {1: 0, 2: 0}
    for shares in _shares(counts[0], counts[1]):
        store = prepared.copy()
        clients = [FakeSsm(store), FakeSsm(store)]
        outcomes = Turns(clients, shares).run([lambda: first(clients[0]), lambda: second(clients[1])])  # noqa: B023
        wins[_check(store, outcomes, texts, len(before))] += 1
    assert min(wins.values()) > 0


def test_splits_with_an_abandoned_lock() -> None:
    """A third one died with the lock in its hands, and both find it a minute later."""
    prepared = Scenario("", [BASE], pushing(SHORT), SHORT).store()
    dying = FakeSsm(prepared)
    Fault(10, lambda operation: Died(), for_good=True).into(dying)
    with pytest.raises(Died):
        pushing(SHORT)(dying)
    with pytest.raises(LockedError):
        pushing(SHORT)(FakeSsm(prepared))
    prepared.clock.now += timedelta(seconds=61)
    alone = FakeSsm(prepared.copy())
    pushing(SHORT)(alone)
    wins = {1: 0, 2: 0}
    for shares in _shares(len(alone.calls), len(alone.calls)):
        store = prepared.copy()
        clients = [FakeSsm(store), FakeSsm(store)]
        outcomes = Turns(clients, shares).run(
            [lambda: pushing(SHORT)(clients[0]), lambda: pushing(OTHER)(clients[1])]  # noqa: B023
        )
        wins[_check(store, outcomes, {SHORT, OTHER}, 1)] += 1
    assert min(wins.values()) > 0


@pytest.mark.parametrize("text", [SHORT, LONG], ids=["short", "long"])
def test_an_edit_in_the_console_at_every_call(text: str) -> None:
    """It takes no lock. It is never written over unseen: publishing fails, and says which versions there are."""
    scenario = Scenario("", [BASE], pushing(text), text)
    edited = document("https://edited.example")
    conflicts = 0
    for number in range(1, scenario.calls() + 1):
        store = scenario.store()
        client = FakeSsm(store)
        _at_call(client, number, lambda: _edit(store, edited))  # noqa: B023
        outcome = _outcome(scenario, client)
        if isinstance(outcome, ConflictError):
            conflicts += 1
            theirs = next(n for n, version in store.parameters[NAME].items() if version.value == edited)
            assert (read(store) == text) is outcome.written
            assert (f"--to {theirs}" if outcome.written else f"at version {theirs}") in str(outcome)
        else:
            assert outcome.version == outcome.previous + 1
            assert store.parameters[NAME][outcome.previous].value in (BASE, edited)
            assert store.parameters[NAME][outcome.version].value != edited
    assert conflicts > 8


def test_a_writer_that_was_held_up_for_minutes_stops() -> None:
    """Its lock has been taken over meanwhile: it notices before it writes, or SSM's version tells."""
    for text in (SHORT, LONG):
        scenario = Scenario("", [BASE], pushing(text), text)
        noticed = 0
        for number in range(1, scenario.calls() + 1):
            store = scenario.store()
            client = FakeSsm(store)

            def others() -> None:
                store.clock.now += timedelta(minutes=5)  # noqa: B023
                pushing(OTHER)(FakeSsm(store))  # noqa: B023

            _at_call(client, number, others)
            outcome = _outcome(scenario, client)
            if isinstance(outcome, Publication):
                assert outcome.version == outcome.previous + 1
            else:
                noticed += 1
                assert read(store) in (text, OTHER)
        assert noticed > 5


def _outcome(scenario: Scenario, client: FakeSsm) -> Any:
    """What the writer returned, or how it was told that it is not alone."""
    try:
        return scenario.write(client)
    except (ConflictError, LockedError) as error:
        return error


def _at_call(client: FakeSsm, number: int, action: Callable[[], Any]) -> None:
    count = 0

    def before(operation: str, arguments: dict[str, Any]) -> None:
        nonlocal count
        count += 1
        if count == number:
            action()

    client.before = before


def _edit(store: Store, text: str) -> None:
    FakeSsm(store).put_parameter(Name=NAME, Value=text, Type="String", Tier="Standard", Overwrite=True)
