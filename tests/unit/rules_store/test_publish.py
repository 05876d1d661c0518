"""Publishing in one piece: what is written, what is read back, and what others may do in between."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rules_store import ConflictError, LockedError, Publication, StoreError, current, publish
from unit.rules_store.fake_ssm import FakeSsm, Store, failure
from unit.rules_store.support import NAME, document, generations, long_document, read

if TYPE_CHECKING:
    from collections.abc import Callable

A, B, C = (document(f"https://{host}.example") for host in "abc")


def bob(store: Store) -> Any:
    return FakeSsm(store, "arn:aws:sts::123456789012:assumed-role/Deploy/bob")


def put(client: Any, value: str, name: str = NAME) -> None:
    """An edit in the console."""
    client.put_parameter(Name=name, Value=value, Type="String", Tier="Standard", Overwrite=True)


def once(client: Any, operation: str, action: Callable[[], None], *, name: str = NAME, after: bool = False) -> None:
    """Do something before (or after) the client's next such operation on the parameter."""

    def hook(called: str, arguments: dict[str, Any]) -> None:
        if called == operation and arguments.get("Name") == name:
            client.before = client.after = lambda operation, arguments: None
            action()

    setattr(client, "after" if after else "before", hook)


def raising(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_the_first_version(client: Any, store: Store) -> None:
    publication = publish(client, NAME, A, description="why")
    assert publication == Publication(NAME, 1, 0, False, "text", len(A), 0, "Standard")
    assert store.value(NAME) == A
    version = store.parameters[NAME][1]
    assert (version.description, version.type, version.tier) == ("why", "String", "Standard")


def test_the_first_version_never_overwrites(client: Any, store: Store) -> None:
    once(client, "PutParameter", lambda: put(bob(store), B))
    with pytest.raises(ConflictError) as caught:
        publish(client, NAME, A)
    assert (caught.value.planned, caught.value.found, caught.value.written) == (0, 1, False)
    assert str(caught.value) == (
        f"{NAME} is there already, at version 1 (by arn:aws:sts::123456789012:assumed-role/Deploy/bob); none was "
        f"expected. Nothing was written. Look at it (edgecors pull --parameter {NAME}), then run this again."
    )
    assert read(store) == B


def test_the_next_version(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    publication = publish(client, NAME, B, expected=1)
    assert (publication.version, publication.previous) == (2, 1)
    assert read(store) == B


def test_the_same_text_again_writes_nothing(client: Any, store: Store) -> None:
    compacted = document(*(f"https://a{number}.example" for number in range(110)), indent=8)
    for text in (A, compacted, long_document(1)):
        publish(client, NAME, text)
        before = store.snapshot()
        publication = publish(client, NAME, text)
        assert (publication.unchanged, publication.version) == (True, store.version(NAME))
        assert store.snapshot() == before


def test_long_rules_are_chunks_and_a_manifest(client: Any, store: Store) -> None:
    text = long_document(1)
    publication = publish(client, NAME, text)
    manifest = json.loads(store.value(NAME))
    assert (publication.form, publication.chunks, manifest["chunks"]) == ("chunks", 2, 2)
    assert read(store) == text
    chunk = store.parameters[f"{NAME}/{manifest['generation']}/0"][1]
    assert chunk.description == f"edgecors: part 1 of 2 of the rules in {NAME}. Never edit it."


def test_what_is_published_can_be_read(client: Any, store: Store) -> None:
    assert current(client, NAME) is None
    for number, text in enumerate((A, long_document(1), B), 1):
        publish(client, NAME, text)
        found = current(client, NAME)
        assert found is not None
        assert (found.version, found.text, found.unreadable) == (number, text, "")


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_another_version_than_expected(client: Any, store: Store, expected: int) -> None:
    publish(client, NAME, A)
    publish(client, NAME, B)
    before = store.snapshot()
    with pytest.raises(ConflictError) as caught:
        publish(client, NAME, C, expected=expected)
    assert (caught.value.planned, caught.value.found, caught.value.written) == (expected, 2, False)
    assert store.snapshot() == before


def test_an_expected_version_of_nothing(client: Any, store: Store) -> None:
    with pytest.raises(
        ConflictError, match=r"is not there \(any more\); version 4 was expected\. Nothing was written\."
    ):
        publish(client, NAME, A, expected=4)


def test_someone_else_while_chunks_are_written(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    once(client, "GetParameter", lambda: put(bob(store), B), name=f"{NAME}/.lock")
    with pytest.raises(ConflictError) as caught:
        publish(client, NAME, long_document(1))
    assert (caught.value.planned, caught.value.found, caught.value.written) == (1, 2, False)
    assert "is at version 2 (by arn:aws:sts::123456789012:assumed-role/Deploy/bob), not at 1 as expected" in str(
        caught.value
    )
    assert read(store) == B
    assert generations(store) == set()


def test_a_console_edit_in_the_last_moment_names_both_versions(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    once(client, "PutParameter", lambda: put(bob(store), B))
    with pytest.raises(ConflictError) as caught:
        publish(client, NAME, C)
    assert (caught.value.planned, caught.value.found, caught.value.written) == (1, 3, True)
    assert str(caught.value) == (
        f"{NAME}: version 2 was planned and 3 came back: version 2 is someone else's (by "
        "arn:aws:sts::123456789012:assumed-role/Deploy/bob), written at the same moment, and yours, version 3, is the "
        f"published one. To return to theirs: edgecors rollback --parameter {NAME} --to 2. To keep yours, do nothing."
    )
    assert read(store) == C


def test_deleted_in_the_last_moment(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    publish(client, NAME, B)
    once(client, "PutParameter", lambda: bob(store).delete_parameters(Names=[NAME]))
    with pytest.raises(ConflictError, match=r"version 3 was planned and 1 came back: someone deleted the parameter"):
        publish(client, NAME, C)
    assert read(store) == C


def test_deleted_while_it_was_looked_at(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    once(client, "GetParameter", lambda: bob(store).delete_parameters(Names=[NAME]), name=f"{NAME}/.lock")
    with pytest.raises(ConflictError) as caught:
        publish(client, NAME, B)
    assert (caught.value.planned, caught.value.found, caught.value.written) == (1, 0, False)


def test_a_writer_at_work_keeps_others_out(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    outcomes: list[BaseException] = []

    def intrude() -> None:
        with pytest.raises(LockedError) as caught:
            publish(bob(store), NAME, C)
        outcomes.append(caught.value)

    once(client, "PutParameter", intrude)
    assert publish(client, NAME, B).version == 2
    assert len(outcomes) == 1


def test_a_lock_that_is_lost_before_the_write_stops_it(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    looked = 0

    def hold_up(operation: str, arguments: dict[str, Any]) -> None:
        nonlocal looked
        looked += operation == "GetParameter" and arguments["Name"] == NAME
        if looked == 2:  # under the lock, before the write
            looked += 1
            store.clock.sleep(50)

    client.before = hold_up
    with pytest.raises(LockedError, match=r"took too long\. Nothing was published\."):
        publish(client, NAME, B)
    assert (read(store), store.version(NAME)) == (A, 1)


def test_chunks_are_never_written_over(client: Any, store: Store) -> None:
    asked: set[bool] = set()
    client.before = lambda operation, arguments: (
        asked.add(arguments["Overwrite"])
        if operation == "PutParameter" and arguments["Name"].rpartition("/")[2].isdigit()
        else None
    )
    publish(client, NAME, long_document(1))
    assert asked == {False}


class TestLostAnswers:
    """The write was sent, and its answer did not come: what is there decides."""

    def test_it_was_done(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        once(client, "PutParameter", raising(failure("InternalServerError", "PutParameter", status=500)), after=True)
        assert publish(client, NAME, B).version == 2

    def test_it_was_not(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        once(client, "PutParameter", raising(failure("InternalServerError", "PutParameter", status=500)))
        with pytest.raises(StoreError, match=r"in trouble\. Version 1 is still the published one\. Run it again"):
            publish(client, NAME, B)
        assert read(store) == A
        assert publish(client, NAME, B).version == 2

    def test_someone_else_did(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)

        def intrude() -> None:
            put(bob(store), C)
            raise failure("InternalServerError", "PutParameter", status=500)

        once(client, "PutParameter", intrude)
        with pytest.raises(ConflictError) as caught:
            publish(client, NAME, B)
        assert (caught.value.found, caught.value.written) == (2, False)

    def test_nobody_can_tell(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)

        def break_down() -> None:
            client.before = lambda operation, arguments: raising(failure("Throttling", operation))()
            raise failure("InternalServerError", "PutParameter", status=500)

        once(client, "PutParameter", break_down)
        with pytest.raises(StoreError) as caught:
            publish(client, NAME, B)
        assert caught.value.code == "outcome-unknown"

    def test_the_library_sent_it_twice(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        once(client, "PutParameter", lambda: put(client, B))
        publication = publish(client, NAME, B)
        assert (publication.version, publication.previous) == (3, 1)

    def test_the_library_sent_it_twice_with_someone_between(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)

        def twice() -> None:
            put(client, B)
            put(bob(store), C)

        once(client, "PutParameter", twice)
        with pytest.raises(ConflictError) as caught:
            publish(client, NAME, B)
        assert (caught.value.found, caught.value.written) == (4, True)
        assert "version 3 is someone else's" in str(caught.value)

    def test_whose_the_version_between_is_cannot_be_told(self, client: Any, store: Store) -> None:
        """Then it is taken for someone else's."""
        publish(client, NAME, A)

        def twice() -> None:
            put(client, B)
            client.before = lambda operation, arguments: (
                raising(failure("Throttling", operation))() if arguments.get("Name") == f"{NAME}:2" else None
            )

        once(client, "PutParameter", twice)
        with pytest.raises(ConflictError):
            publish(client, NAME, B)

    def test_the_library_created_it_twice(self, client: Any, store: Store) -> None:
        once(client, "PutParameter", lambda: put(client, A))
        assert publish(client, NAME, A).version == 1

    def test_a_chunk_was_written_twice(self, client: Any, store: Store) -> None:
        def copy(operation: str, arguments: dict[str, Any]) -> None:
            if operation == "PutParameter" and arguments["Name"].endswith("/0"):
                FakeSsm(store).put_parameter(**arguments)

        client.before = copy
        assert publish(client, NAME, long_document(1)).version == 1


class TestReadingBack:
    """What does not read back as it was written is told, and is never published if that can be known before."""

    def test_a_chunk_that_is_another(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)

        def spoil(operation: str, arguments: dict[str, Any]) -> None:
            if operation == "PutParameter" and arguments["Name"].endswith("/1"):
                store.parameters[arguments["Name"]][1].value = "AAAA"

        client.after = spoil
        with pytest.raises(StoreError) as caught:
            publish(client, NAME, long_document(1))
        assert caught.value.code == "chunk-not-as-written"
        assert read(store) == A
        assert generations(store) == set()

    def test_a_chunk_that_shows_late(self, client: Any, store: Store) -> None:
        late = {"left": 2}
        real = client._get_parameters

        def hide(Names: list[str], **rest: Any) -> dict[str, Any]:  # noqa: N803
            late["left"] -= 1
            found: dict[str, Any] = real(Names[:1] if late["left"] > 0 else Names)
            return found

        client._get_parameters = hide
        assert publish(client, NAME, long_document(1)).version == 1

    def test_a_version_that_shows_late(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        late = {"left": 3}

        def hide(operation: str, arguments: dict[str, Any]) -> None:
            if operation == "GetParameter" and arguments["Name"] == f"{NAME}:2" and late["left"]:
                late["left"] -= 1
                raise failure("ParameterVersionNotFound", operation)

        client.before = hide
        assert publish(client, NAME, B).version == 2
        assert late["left"] == 0

    def test_a_version_that_is_another(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)

        def spoil(operation: str, arguments: dict[str, Any]) -> None:
            if operation == "PutParameter" and arguments["Name"] == NAME:
                store.parameters[NAME][2].value = "x"

        client.after = spoil
        with pytest.raises(StoreError) as caught:
            publish(client, NAME, B)
        assert (caught.value.code, caught.value.fix) == (
            "not-as-written",
            f"To return to the version before: edgecors rollback --parameter {NAME}",
        )

    def test_chunks_that_someone_deletes_at_once(self, client: Any, store: Store) -> None:
        once(
            client,
            "PutParameter",
            lambda: bob(store).delete_parameters(Names=[f"{NAME}/{next(iter(generations(store)))}/0"]),
        )
        with pytest.raises(StoreError, match="does not read back as it was"):
            publish(client, NAME, long_document(1))

    def test_reading_back_is_not_possible(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)

        def deny(operation: str, arguments: dict[str, Any]) -> None:
            if operation == "GetParameter" and arguments["Name"] == f"{NAME}:2":
                raise failure("AccessDeniedException", operation)

        client.before = deny
        with pytest.raises(StoreError, match=r"Version 2 of .* is published, but could not be read back") as caught:
            publish(client, NAME, B)
        assert caught.value.code == "unverified"


def test_who_wrote_it_is_left_out_where_it_cannot_be_had(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    once(client, "PutParameter", lambda: put(bob(store), B))
    client.after = lambda operation, arguments: None

    def deny(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "PutParameter" and arguments["Name"] == NAME:
            put(bob(store), B)
            client.before = lambda operation, arguments: (
                raising(failure("AccessDeniedException", operation))() if operation == "GetParameterHistory" else None
            )

    client.before = deny
    with pytest.raises(ConflictError, match="version 2 is someone else's, written at the same moment"):
        publish(client, NAME, C)


def test_published_rules_that_are_bad_can_be_published_over(client: Any, store: Store) -> None:
    for value in ("{", '{"schema": "edgecors-manifest/1"}', long_document(1)[:50]):
        put(client, value)
        publish(client, NAME, A)
        assert read(store) == A
        put(client, B)


def test_progress_is_told_step_by_step(client: Any) -> None:
    steps: list[tuple[str, int, int]] = []
    publish(client, NAME, long_document(1), progress=lambda step, done, total: steps.append((step, done, total)))
    assert steps == [
        ("reading what is published", 0, 0),
        ("writing chunks", 0, 2),
        ("writing chunks", 1, 2),
        ("reading chunks back", 0, 2),
        ("publishing", 0, 0),
        ("deleting old generations", 0, 0),
    ]


def test_cleaning_that_fails_is_a_note(client: Any, store: Store) -> None:
    publish(client, NAME, A)
    client.before = lambda operation, arguments: (
        raising(failure("AccessDeniedException", operation))() if operation == "GetParametersByPath" else None
    )
    publication = publish(client, NAME, B)
    assert publication.version == 2
    assert len(publication.notes) == 1
    assert publication.notes[0].startswith(
        "Old generations were not deleted; a later push does it. ssm:GetParametersByPath"
    )
