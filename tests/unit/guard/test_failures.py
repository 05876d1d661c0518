"""What AWS may answer instead: nothing is told that is not so, nothing is lost, and the next run goes on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from rules_store import LockedError, StoreError
from rules_store.calls import Ssm
from rules_store.lock import Lock
from unit.guard.world import World, brief, lines
from unit.rules_store.fake_ssm import failure
from unit.rules_store.support import NAME

if TYPE_CHECKING:
    from collections.abc import Callable


def refuse(world: World, error: Exception, operation: str, name: str = "") -> None:
    """From now on, until the next `heal`."""

    def before(called: str, arguments: dict[str, Any]) -> None:
        if called == operation and arguments.get("Name", "").startswith(name):
            raise error

    world.client.before = before


def heal(world: World) -> None:
    world.client.before = lambda operation, arguments: None


def bad(world: World) -> None:
    world.push("first")
    world.run()
    world.edit("slash")
    world.told.clear()


ANY_CALL = ["GetParameter", "GetParameterHistory", "PutParameter", "LabelParameterVersion"]


@pytest.mark.parametrize("operation", ANY_CALL)
@pytest.mark.parametrize(
    "error",
    [
        failure("ThrottlingException", "Any", "Rate exceeded"),
        failure("AccessDeniedException", "Any"),
        failure("InternalServerError", "Any", status=500),
        failure("TooManyUpdates", "Any"),
        EndpointConnectionError(endpoint_url="https://ssm.eu-central-1.amazonaws.com"),
    ],
    ids=lambda error: getattr(error, "response", {}).get("Error", {}).get("Code", "unreachable"),
)
def test_what_aws_refuses_is_raised_and_done_the_next_time(world: World, operation: str, error: Exception) -> None:
    bad(world)
    refuse(world, error, operation)
    with suppress(StoreError):
        # Whether a lock was written is not known after an error of SSM's own: that is as if it were taken.
        assert world.run() == "locked"
        assert (operation, error.response["Error"]["Code"]) == ("PutParameter", "InternalServerError")  # type: ignore[attr-defined]
    heal(world)
    world.wait()
    world.run()
    assert world.versions[:2] == ["1 first", "2 slash"]
    assert world.versions[2:] == ["3 first guard-seen last-good"]
    # Only the label is lost in the last case, and with it the memory of the message.
    assert world.subjects == ["version 2 is bad, version 1 is back"] * (2 if operation == ANY_CALL[3] else 1)


def test_a_message_that_cannot_be_sent_is_sent_the_next_time(world: World) -> None:
    bad(world)

    def refuse_it() -> None:
        raise failure("AuthorizationError", "Publish", status=403)

    world.before_notify = refuse_it
    with pytest.raises(ClientError):
        world.run()
    assert world.published == "first"
    assert world.told == []
    world.before_notify = lambda: None
    assert world.run() == "reverted"
    assert world.versions == ["1 first", "2 slash", "3 first guard-seen last-good"]
    assert world.subjects == ["version 2 is bad, version 1 is back"]


def test_what_cannot_be_put_back_is_told_by_the_schedule_once_and_again_when_it_could(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    bad(world)
    refuse(world, failure("AccessDeniedException", "PutParameter", "no"), "PutParameter", NAME)
    # The guard's own lock is below the name: the refusal is of everything.
    with pytest.raises(StoreError):
        world.run()
    refuse(world, failure("ParameterMaxVersionLimitExceeded", "PutParameter"), "PutParameter")
    world.client.before = _only(world, NAME)
    with pytest.raises(StoreError):
        world.run()
    assert world.told == []
    capsys.readouterr()

    assert world.run(last=True) == "refused"
    assert brief(lines(capsys.readouterr().out)) == [
        "ERROR RulesGuardFailed",
        "ERROR RulesGuardRefused 2",
        "INFO RulesGuardChecked 2",
    ]
    assert world.subjects == ["version 2 is bad and still there"]
    assert "it could not be put back, which is tried again with each check (ssm:PutParameter on" in world.told[0][1]
    assert world.versions == ["1 first guard-seen last-good", "2 slash guard-told"]

    assert world.run(last=True) == "refused"
    assert brief(lines(capsys.readouterr().out)) == ["ERROR RulesGuardFailed", "INFO RulesGuardChecked 2"]
    assert len(world.told) == 1

    heal(world)
    assert world.run(last=True) == "reverted"
    assert world.subjects[1:] == ["version 1 is back, in place of version 2"]
    assert world.versions == ["1 first", "2 slash guard-told", "3 first guard-seen last-good"]
    world.run()
    assert len(world.told) == 2


def _only(world: World, name: str) -> Callable[[str, dict[str, Any]], None]:
    def before(called: str, arguments: dict[str, Any]) -> None:
        if called == "PutParameter" and arguments["Name"] == name:
            raise failure("ParameterMaxVersionLimitExceeded", "PutParameter")

    return before


# ------------------------------------------------------------------------------------------------- locks


def test_an_abandoned_lock_is_waited_for(world: World) -> None:
    bad(world)
    Lock(Ssm(world.client), NAME, "push").__enter__()
    before = world.store.clock.now
    assert world.run() == "reverted"
    assert 55 < (world.store.clock.now - before).total_seconds() < 70
    assert world.subjects == ["version 2 is bad, version 1 is back"]


def test_a_lock_that_is_taken_again_and_again_is_left_to_the_next_run(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    bad(world)
    capsys.readouterr()
    others = World(world.store)

    def take_again(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "GetParameter" and arguments["Name"] == f"{NAME}/.lock":
            others.client.put_parameter(
                Name=arguments["Name"], Value="hands off", Type="String", Tier="Standard", Overwrite=True
            )

    world.client.before = take_again
    assert world.run() == "locked"
    assert brief(lines(capsys.readouterr().out)) == ["WARNING RulesGuardLocked"]
    assert world.told == []
    heal(world)
    world.wait()
    assert world.run() == "reverted"


def test_two_runs_at_once_tell_once(world: World) -> None:
    """The guard's own version starts a second run, while the first one still tells."""
    bad(world)
    second = World(world.store, told=world.told)
    outcomes = []

    def start_another() -> None:
        world.before_notify = lambda: None
        with pytest.raises(LockedError):
            Lock(Ssm(second.client), f"{NAME}/.guard", "guard").__enter__()
        # It waits for a minute, the first one goes on: here one after the other.

    world.before_notify = start_another
    outcomes.append(world.run())
    outcomes.append(second.run())
    assert outcomes == ["reverted", "good"]
    assert world.subjects == ["version 2 is bad, version 1 is back"]


def test_whoever_writes_over_and_over_wins(world: World) -> None:
    bad(world)

    def write_again(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "GetParameter" and arguments["Name"] == f"{NAME}/.lock":
            world.edit("cut")

    world.client.before = write_again
    with pytest.raises(StoreError, match="written over and over"):
        world.run()
    heal(world)
    world.wait()
    assert world.run() == "reverted"
    assert world.published == "first"


# ------------------------------------------------------------------------------------------------- the history


def test_a_history_that_lags_is_waited_for_and_then_left_to_the_next_run(world: World) -> None:
    world.push("first")
    whole = world.client._get_parameter_history

    def lagging(**arguments: Any) -> Any:
        answer = whole(**arguments)
        return answer | {"Parameters": [shown for shown in answer["Parameters"] if shown["Version"] == 1]}

    world.run()
    world.edit("slash")
    world.client._get_parameter_history = lagging
    before = world.store.clock.now
    with pytest.raises(StoreError, match="does not show the published version yet"):
        world.run()
    assert 2.9 < (world.store.clock.now - before).total_seconds() < 3.5
    world.client._get_parameter_history = whole
    assert world.run() == "reverted"


def test_chunks_that_lag_are_no_reason_to_put_anything_back(world: World) -> None:
    world.push("first")
    world.push("long")
    hidden = {name: world.store.parameters.pop(name) for name in list(world.store.parameters) if name.endswith("/0")}
    looks = 0

    def show_later(operation: str, arguments: dict[str, Any]) -> None:
        nonlocal looks
        looks += operation == "GetParameterHistory"
        if looks == 3:
            world.store.parameters.update(hidden)

    world.client.before = show_later
    assert world.run() == "good"
    assert world.versions == ["1 first", "2 long guard-seen last-good"]


@pytest.mark.parametrize(("code", "told"), [("ParameterVersionNotFound", 1), ("ParameterNotFound", 1)])
def test_a_parameter_deleted_in_the_middle_is_the_next_run_s_business(world: World, code: str, told: int) -> None:
    bad(world)
    refuse(world, failure(code, "LabelParameterVersion"), "LabelParameterVersion")
    assert world.run() == "reverted"
    assert len(world.told) == told
