"""The writers' lock: one holder at a time, abandoned after a minute, never left behind by whoever ends well."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from rules_store import LockedError, StoreError
from rules_store.calls import Ssm
from rules_store.lock import STALE_AFTER, Lock
from unit.rules_store.fake_ssm import FakeSsm, Store, failure
from unit.rules_store.support import NAME
from unit.rules_store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

LOCK = f"{NAME}/.lock"
ABANDONED = STALE_AFTER + 1  # SSM tells the time in whole seconds


def lock(client: Any, doing: str = "push") -> Lock:
    return Lock(Ssm(client), NAME, doing)


def later(store: Store, seconds: float) -> None:
    store.clock.now += timedelta(seconds=seconds)


def test_the_first_creates_it_and_lets_go_of_it(client: Any, store: Store) -> None:
    with lock(client) as held:
        held.check()
        entry = json.loads(store.value(LOCK))
        assert (entry["held"], entry["doing"], entry["after"]) == (True, "push", None)
        assert {"id", "host", "pid", "time"} <= set(entry)
        assert store.parameters[LOCK][1].tier == "Standard"
    assert json.loads(store.value(LOCK))["held"] is False


def test_it_is_created_without_overwriting(client: Any) -> None:
    overwrites: list[bool] = []
    client.before = lambda operation, arguments: (
        overwrites.append(arguments["Overwrite"]) if operation == "PutParameter" else None
    )
    for _ in range(2):
        with lock(client):
            pass
    assert overwrites == [False, True, True, True]


def test_where_ssm_never_answers_its_own_error_is_told(client: Any) -> None:
    def fail(operation: str, arguments: Any) -> None:
        if operation == "PutParameter":
            raise failure("InternalServerError", operation, status=500)

    client.before = fail
    with pytest.raises(StoreError) as caught, lock(client):
        pass
    assert type(caught.value) is StoreError
    assert (caught.value.code, caught.value.uncertain) == ("aws-unavailable", True)


def test_a_held_one_is_refused_with_its_holder(client: Any, store: Store) -> None:
    with lock(client, "rollback"):
        later(store, 20)
        with pytest.raises(LockedError) as caught, lock(client):
            pass
    assert caught.value.code == "locked"
    assert caught.value.holder.startswith("rollback on ")
    assert caught.value.free_in == 40
    assert "since 14:00:00 UTC. Run it again in 40 s: a lock counts as abandoned then." in str(caught.value)


def test_the_one_that_was_refused_harms_nothing(client: Any, store: Store) -> None:
    with lock(client) as held:
        before = store.snapshot()
        with pytest.raises(LockedError), lock(client):
            pass
        assert store.snapshot() == before
        held.check()


def test_an_abandoned_one_is_taken_over_and_its_holder_notices(client: Any, store: Store) -> None:
    first = lock(client)
    first.__enter__()
    later(store, ABANDONED)
    with lock(client) as second:
        with pytest.raises(LockedError):
            first.check()
        first.__exit__(None, None, None)  # must not let go of what is not its own
        second.check()
        with pytest.raises(LockedError), lock(client):
            pass
    with lock(client):
        pass


def test_a_holder_that_took_too_long_stops_before_others_may_begin(client: Any, store: Store) -> None:
    with lock(client) as held:
        later(store, STALE_AFTER - 10)
        with pytest.raises(LockedError, match="took too long"):
            held.check()


def test_deleting_it_by_hand_frees_it_and_stops_the_holder(client: Any) -> None:
    with lock(client) as first:
        client.delete_parameters(Names=[LOCK])
        with pytest.raises(LockedError):
            first.check()
        with lock(client) as second:
            second.check()


def test_a_lock_of_the_same_version_but_another_writer_is_not_taken_over(client: Any, store: Store) -> None:
    """The old lock is read, deleted by hand and made anew by another: SSM counts from 1 again."""
    lock(client).__enter__()
    later(store, ABANDONED)
    other = FakeSsm(store)
    third = lock(other)

    def in_between(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "PutParameter":
            client.before = lambda operation, arguments: None
            other.delete_parameters(Names=[LOCK])
            third.__enter__()

    client.before = in_between
    with pytest.raises(LockedError), lock(client):
        pass
    third.check()


@pytest.mark.parametrize(
    ("value", "holder"),
    [
        ("hands off", "someone"),
        ('{"owner": "x", "host": "ci-7", "pid": 12}', "someone on ci-7, process 12"),
        ("[" * 10_000, "someone"),
        ('"\\u001b[2J"', "someone"),
        ('{"id": 5, "host": "\\u001b[2J"}', "someone on  [2J"),
    ],
)
def test_a_lock_made_by_hand_counts_too(client: Any, store: Store, value: str, holder: str) -> None:
    client.put_parameter(Name=LOCK, Value=value[:4_096], Type="String", Tier="Standard")
    with pytest.raises(LockedError) as caught, lock(client):
        pass
    assert caught.value.holder == holder
    later(store, ABANDONED)
    with lock(client) as held:
        held.check()


def test_an_edit_by_hand_stops_everyone_for_a_minute(client: Any, store: Store) -> None:
    with lock(client) as held:
        client.put_parameter(Name=LOCK, Value="stop", Type="String", Tier="Standard", Overwrite=True)
        with pytest.raises(LockedError):
            held.check()
    with pytest.raises(LockedError), lock(client):
        pass


@pytest.mark.parametrize("done", [False, True])
def test_a_lost_answer_does_not_lock_ourselves_out(client: Any, store: Store, done: bool) -> None:
    """PutParameter's answer is lost, once; the write itself was done, or was not."""

    def fail_once(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "PutParameter":
            client.before = client.after = lambda operation, arguments: None
            raise failure("InternalServerError", operation, status=500)

    setattr(client, "after" if done else "before", fail_once)
    with lock(client) as held:
        held.check()
    assert json.loads(store.value(LOCK))["held"] is False


def test_what_is_not_visible_yet_is_waited_for(client: Any, store: Store) -> None:
    """SSM is eventually consistent: the first three reads behind the write do not see it."""
    with lock(client):
        pass
    hidden = {"left": 0}

    def hide(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "PutParameter":
            hidden["left"] = 3
        elif operation == "GetParameter" and hidden["left"] and arguments["Name"] == f"{LOCK}:2":
            hidden["left"] -= 1
            raise failure("ParameterVersionNotFound", operation)

    client.before = hide
    with lock(client) as held:
        held.check()


def test_what_never_becomes_visible_is_not_ours(client: Any, store: Store) -> None:
    with lock(client):
        pass

    def hide(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "GetParameter" and arguments["Name"] == f"{LOCK}:2":
            raise failure("ParameterVersionNotFound", operation)

    client.before = hide
    with pytest.raises(LockedError), lock(client):
        pass


def test_failing_to_let_go_is_no_failure(client: Any, store: Store) -> None:
    with lock(client):
        client.before = lambda operation, arguments: (_ for _ in ()).throw(failure("ThrottlingException", operation))
    client.before = lambda operation, arguments: None
    with pytest.raises(LockedError), lock(client):
        pass
    later(store, ABANDONED)
    with lock(client):
        pass


def test_errors_while_taking_it_are_told(client: Any) -> None:
    client.before = lambda operation, arguments: (_ for _ in ()).throw(failure("AccessDeniedException", operation))
    with pytest.raises(StoreError, match=r"docs/publishing\.md"), lock(client):
        pass


class TestTwoAtOnce:
    """Two that take it at the same moment, in every order of their calls: never both, and never neither."""

    @pytest.mark.parametrize("state", ["absent", "free", "abandoned", "abandoned by hand"])
    def test_every_order(self, store: Store, state: str) -> None:
        def prepare() -> Store:
            fresh = Store(store.clock)
            client = FakeSsm(fresh)
            if state == "abandoned by hand":
                client.put_parameter(Name=LOCK, Value="x", Type="String", Tier="Standard")
            elif state != "absent":
                held = lock(client)
                held.__enter__()
                if state == "free":
                    held.__exit__(None, None, None)
            later(fresh, ABANDONED)
            return fresh

        orders = wins = 0
        for first, second in _orders(8):
            fresh = prepare()
            clients = [FakeSsm(fresh), FakeSsm(fresh)]
            locks = [lock(client) for client in clients]
            outcomes = Turns(clients, [first, second]).run([_entering(each) for each in locks])
            held = [each for each, outcome in zip(locks, outcomes, strict=True) if outcome == "held"]
            assert len(held) == 1, (first, second, outcomes)
            held[0].check()
            held[0].__exit__(None, None, None)
            with lock(FakeSsm(fresh)):
                pass
            orders += 1
            wins += outcomes[0] == "held"
        assert 0 < wins < orders == 70


def _entering(each: Lock) -> Callable[[], str]:
    def enter() -> str:
        try:
            each.__enter__()
        except LockedError:
            return "locked"
        return "held"

    return enter


def _orders(turns: int) -> list[tuple[frozenset[int], frozenset[int]]]:
    """Every way in which two writers share so many turns evenly; who still needs some takes them in the end."""
    everything = frozenset(range(turns))
    return [(frozenset(chosen), everything - set(chosen)) for chosen in combinations(range(turns), turns // 2)]
