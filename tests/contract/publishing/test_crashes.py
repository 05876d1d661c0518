"""Publishing that ends at any of its calls: readers have the old rules or the new ones, whole, and it can be run
again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError

from contract.publishing.scenarios import KEPT, OTHER, SCENARIOS, SHORT, Died, Fault, Scenario, pushing
from edgecors.manifest import parse_manifest
from effort import STRIDE
from rules_store import LockedError, StoreError, publish
from unit.rules_store.fake_ssm import FakeSsm, Store, failure
from unit.rules_store.support import NAME, document, generations, read

if TYPE_CHECKING:
    from collections.abc import Callable


def _timeout(operation: str) -> BaseException:
    return ReadTimeoutError(endpoint_url="https://ssm.example", error="made up")


def _of_aws(code: str, status: int = 400) -> Callable[[str], BaseException]:
    return lambda operation: failure(code, operation, status=status)


def _later(store: Store, **passed: int) -> None:
    store.clock.now += timedelta(**passed)


def _check_readers(scenario: Scenario, store: Store) -> None:
    assert read(store) in (scenario.old, scenario.new)


def _check_again(scenario: Scenario, store: Store) -> None:
    """The same command once more, and a day later another: nothing is in the way, and nothing is left over."""
    scenario.write(FakeSsm(store))
    assert read(store) == scenario.new
    _later(store, days=1)
    publish(FakeSsm(store), NAME, document("https://next-day.example"))  # type: ignore[arg-type]
    named = {
        manifest.generation
        for version in store.parameters[NAME].values()
        if (manifest := parse_manifest(version.value)) is not None
    }
    assert generations(store) <= named
    assert len(generations(store)) <= KEPT


@pytest.mark.parametrize("afterwards", [False, True], ids=["before a call is done", "after it is done"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_process_dies(scenario: Scenario, afterwards: bool) -> None:
    for number in range(1 + len(scenario.name) % STRIDE, scenario.calls() + 1, STRIDE):
        store = scenario.store()
        client = FakeSsm(store)
        Fault(number, lambda operation: Died(), afterwards, for_good=True).into(client)
        with pytest.raises(Died):
            scenario.write(client)
        _check_readers(scenario, store)
        _later(store, seconds=61)  # its lock counts as abandoned then
        _check_again(scenario, store)


_ERRORS: dict[str, tuple[Callable[[str], BaseException], bool]] = {
    "throttled": (_of_aws("ThrottlingException"), False),
    "server error, not done": (_of_aws("InternalServerError", 500), False),
    "server error, done": (_of_aws("InternalServerError", 500), True),
    "timeout, not done": (_timeout, False),
    "timeout, done": (_timeout, True),
}


@pytest.mark.parametrize("error", _ERRORS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_one_call_fails(scenario: Scenario, error: str) -> None:
    make, afterwards = _ERRORS[error]
    for number in range(1 + len(scenario.name) % STRIDE, scenario.calls() + 1, STRIDE):
        store = scenario.store()
        client = FakeSsm(store)
        Fault(number, make, afterwards).into(client)
        try:
            scenario.write(client)
        except StoreError:
            _check_readers(scenario, store)
        else:
            assert read(store) == scenario.new
        try:
            scenario.write(FakeSsm(store))
        except LockedError as locked:
            # It was letting go of the lock that failed.
            _later(store, seconds=locked.free_in + 1)
            scenario.write(FakeSsm(store))
        assert read(store) == scenario.new


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_call_from_one_on_fails(scenario: Scenario) -> None:
    """As when the network goes away: an error, never anything else, and the old rules or the new ones."""
    for number in range(1 + len(scenario.name) % STRIDE, scenario.calls() + 1, STRIDE):
        store = scenario.store()
        client = FakeSsm(store)
        Fault(number, _timeout, for_good=True).into(client)
        try:
            scenario.write(client)
        except StoreError:
            _check_readers(scenario, store)
        else:
            assert read(store) == scenario.new
        _later(store, seconds=61)
        _check_again(scenario, store)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_readers_at_every_moment(scenario: Scenario) -> None:
    """Whoever reads between any two calls has the old rules until the new ones, and those from then on."""
    store = scenario.store()
    client = FakeSsm(store)
    seen = [scenario.old]

    def look(operation: str, arguments: dict[str, Any]) -> None:
        if (text := read(store)) != seen[-1]:
            seen.append(text)

    client.before = client.after = look
    scenario.write(client)
    assert seen == [scenario.old, scenario.new]


def _the_write(scenario: Scenario) -> int:
    """The number of the call that publishes."""
    client = FakeSsm(scenario.store())
    names: list[str] = []
    client.before = lambda operation, arguments: names.append(f"{operation} {arguments.get('Name')}")
    scenario.write(client)
    return names.index(f"PutParameter {NAME}") + 1


def test_ctrl_c_lets_go_of_the_lock_and_takes_its_chunks_along() -> None:
    """At every call but those that let go and tidy up themselves."""
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == "long after short")
    freed = 0
    for number in range(1, scenario.calls() + 1):
        store = scenario.store()
        client = FakeSsm(store)
        Fault(number, lambda operation: KeyboardInterrupt()).into(client)
        with pytest.raises(KeyboardInterrupt):
            scenario.write(client)
        _check_readers(scenario, store)
        # Unless it was the write itself that was stopped, of which nobody knows whether it will be done.
        if read(store) == OTHER and number != _the_write(scenario):
            assert generations(store) == set()
        try:
            publish(FakeSsm(store), NAME, SHORT)  # type: ignore[arg-type]
            freed += 1
        except LockedError:
            pass
    # All but the calls by which it lets go: to read the lock, the version before, and to write.
    assert scenario.calls() - freed == 3


def test_a_dead_writer_does_not_hold_up_the_next_for_longer_than_a_minute() -> None:
    scenario = Scenario("", [OTHER], pushing(SHORT), SHORT)
    store = scenario.store()
    client = FakeSsm(store)
    # When it has the lock, before it writes the rules.
    Fault(10, lambda operation: Died(), for_good=True).into(client)
    with pytest.raises(Died):
        scenario.write(client)
    with pytest.raises(LockedError) as caught:
        scenario.write(FakeSsm(store))
    assert 50 < caught.value.free_in <= 60
    _later(store, seconds=caught.value.free_in + 1)
    scenario.write(FakeSsm(store))
    assert read(store) == SHORT
