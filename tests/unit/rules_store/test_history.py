"""What the history says of each version, which generations are kept, and where a rollback goes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from edgecors import RulesError
from rules_store import StoreError, history, publish, rollback, target
from unit.rules_store.fake_ssm import Store
from unit.rules_store.support import NAME, document, generations, long_document, read

A, B, C = (document(f"https://{host}.example") for host in "abc")


def put(client: Any, value: str) -> None:
    client.put_parameter(Name=NAME, Value=value, Type="String", Tier="Standard", Overwrite=True, Description="by hand")


def verdicts(client: Any) -> dict[int, str]:
    return {entry.version: entry.verdict for entry in history(client, NAME)}


def test_no_parameter_no_history(client: Any) -> None:
    assert history(client, NAME) == ()


def test_who_when_why(client: Any, store: Store) -> None:
    publish(client, NAME, A, description="the first")
    publish(client, NAME, B, description="the second")
    client.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["last-good", "x"])
    newest, oldest = history(client, NAME)
    assert (newest.version, newest.description, newest.labels) == (2, "the second", ())
    assert (oldest.version, oldest.description, oldest.labels) == (1, "the first", ("last-good", "x"))
    assert oldest.user == "arn:aws:iam::123456789012:user/alice"
    assert oldest.date < newest.date < store.clock.now
    assert (newest.size, newest.chunks, newest.verdict, newest.text) == (len(B), 0, "good", B)
    assert newest.clean


def test_every_page_is_read(client: Any) -> None:
    for number in range(73):
        put(client, document(f"https://a{number}.example"))
    assert [entry.version for entry in history(client, NAME)] == list(range(73, 0, -1))


def test_bad_versions_and_why(client: Any) -> None:
    put(client, document("https://a.example/", "null"))
    put(client, "not JSON")
    put(client, '{"schema": "edgecors-manifest/1", "generation": "UP"}')
    put(client, '{"schema": "edgecors-manifest/9"}')
    put(client, A)
    entries = {entry.version: entry for entry in history(client, NAME)}
    assert [problem.code for problem in entries[1].problems] == ["origin-trailing-slash", "origin-null"]
    assert [problem.code for problem in entries[2].problems] == ["json-invalid"]
    assert entries[3].reason == "the manifest's generation is not 1 to 64 characters of a-z, 0-9 and -"
    assert entries[4].reason == "the manifest's schema is 'edgecors-manifest/9'; this release reads edgecors-manifest/1"
    assert verdicts(client) == {1: "bad", 2: "bad", 3: "bad", 4: "bad", 5: "good"}


def test_what_only_warns_is_good_but_not_clean(client: Any) -> None:
    put(client, document("https://*.github.io", credentials=True))
    (entry,) = history(client, NAME)
    assert (entry.verdict, entry.clean) == ("good", False)
    assert [problem.code for problem in entry.warnings] == ["public-suffix-with-credentials"]


def test_the_same_text_is_judged_once_and_dated_each_time(client: Any) -> None:
    for text in (A, B, A):
        put(client, text)
    newest, _, oldest = history(client, NAME)
    assert (newest.version, oldest.version, newest.text, oldest.text) == (3, 1, A, A)
    assert newest.date > oldest.date


class TestGenerations:
    """Long rules: the ten latest good generations stay; the rest goes, and only what is ours."""

    def test_ten_stay_of_many(self, client: Any, store: Store) -> None:
        removed: list[str] = []
        for seed in range(13):
            removed += publish(client, NAME, long_document(seed)).removed
        assert len(generations(store)) == 10
        assert len(removed) == 3
        assert verdicts(client) == dict.fromkeys((1, 2, 3), "gone") | dict.fromkeys(range(4, 14), "good")
        entries = {entry.version: entry for entry in history(client, NAME)}
        assert (entries[3].reason, entries[3].text) == ("its chunks have been deleted", "")
        assert (entries[4].text, entries[4].chunks) == (long_document(3), 2)
        assert entries[3].size == len(long_document(2))

    def test_short_rules_in_between_do_not_count(self, client: Any, store: Store) -> None:
        for seed in range(11):
            publish(client, NAME, long_document(seed))
            publish(client, NAME, document(f"https://a{seed}.example"))
        assert len(generations(store)) == 10

    def test_a_generation_that_is_named_twice_counts_once(self, client: Any, store: Store) -> None:
        publish(client, NAME, long_document(0))
        manifest = store.value(NAME)
        for _ in range(12):
            put(client, A)
            put(client, manifest)
        publish(client, NAME, B)
        assert read(store) == B
        assert len(generations(store)) == 1

    def test_bad_ones_do_not_count(self, client: Any, store: Store) -> None:
        for seed in range(10):
            publish(client, NAME, long_document(seed))
        spoilt = json.loads(store.value(NAME))["generation"]
        store.parameters[f"{NAME}/{spoilt}/1"][1].value = "AAAA"
        publish(client, NAME, long_document(10))
        assert len(generations(store)) == 11
        publish(client, NAME, long_document(11))
        assert len(generations(store)) == 11
        assert verdicts(client)[1] == "gone"
        assert verdicts(client)[2] == "good"
        assert verdicts(client)[10] == "gone"

    def test_manifests_that_are_none_are_passed_over(self, client: Any, store: Store) -> None:
        for seed in range(11):
            publish(client, NAME, long_document(seed))
            put(client, '{"schema": "edgecors-manifest/1"}')
        publish(client, NAME, A)
        assert len(generations(store)) == 10

    def test_what_is_published_stays_however_it_looks(self, client: Any, store: Store) -> None:
        for seed in range(11):
            publish(client, NAME, long_document(seed))
        generation = json.loads(store.value(NAME))["generation"]
        old = store.parameters[NAME][5].value

        def bring_back(operation: str, arguments: dict[str, Any]) -> None:
            if operation == "GetParametersByPath":
                client.before = lambda operation, arguments: None
                put(client, old)

        client.before = bring_back
        publish(client, NAME, long_document(11))
        assert json.loads(old)["generation"] in generations(store)
        assert generation in generations(store)

    def test_orphans_go_after_an_hour(self, client: Any, store: Store) -> None:
        orphan = f"{NAME}/20250101t000000z-0123abcd"
        client.put_parameter(Name=f"{orphan}/0", Value="x", Type="String", Tier="Standard")
        store.clock.now += timedelta(minutes=50)
        client.put_parameter(Name=f"{orphan}/1", Value="x", Type="String", Tier="Standard")
        store.clock.now += timedelta(minutes=50)
        publish(client, NAME, A)
        assert generations(store) == {"20250101t000000z-0123abcd"}
        store.clock.now += timedelta(minutes=20)
        assert publish(client, NAME, B).removed == ("20250101t000000z-0123abcd",)
        assert generations(store) == set()

    @pytest.mark.parametrize(
        "name",
        [
            "/20250101t000000z-0123abcd",  # a parameter, not a chunk
            "/production/0",  # another API's, below this name
            "/production/20250101t000000z-0123abcd/0",
            "/20250101t000000z-0123abcd/x",
            "/20250101t000000z-0123abcd/007",
            "/20250101t000000z-0123ABCD/0",
        ],
    )
    def test_nothing_of_others_is_deleted(self, client: Any, store: Store, name: str) -> None:
        client.put_parameter(Name=NAME + name, Value="x", Type="String", Tier="Standard")
        store.clock.now += timedelta(days=400)
        publish(client, NAME, A)
        assert store.value(NAME + name) == "x"

    def test_a_corrupt_chunk_makes_a_version_not_restorable(self, client: Any, store: Store) -> None:
        publish(client, NAME, long_document(1))
        generation = json.loads(store.value(NAME))["generation"]
        publish(client, NAME, A)
        del store.parameters[f"{NAME}/{generation}/1"]
        entry = history(client, NAME)[1]
        assert (entry.verdict, entry.reason) == ("gone", "1 chunks of 2 are there")


class TestRollback:
    """The text of an older version, published again on top."""

    def test_to_the_newest_older_one_that_differs(self, client: Any, store: Store) -> None:
        for text in (A, B, C):
            publish(client, NAME, text)
        publication = rollback(client, NAME)
        assert (publication.version, publication.previous) == (4, 3)
        assert read(store) == B
        assert store.parameters[NAME][4].description == "Rollback to version 2"

    def test_it_passes_over_what_is_bad_the_same_or_only_written_otherwise(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        put(client, document("https://*.github.io", credentials=True))
        put(client, "bad")
        put(client, document("https://b.example", indent=4))
        put(client, B)
        rollback(client, NAME)
        assert read(store) == A

    def test_from_a_bad_one_to_whatever_was_good(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        put(client, "bad")
        rollback(client, NAME)
        assert read(store) == A

    def test_to_long_rules(self, client: Any, store: Store) -> None:
        publish(client, NAME, long_document(1))
        publish(client, NAME, A)
        publication = rollback(client, NAME)
        assert (publication.form, read(store)) == ("chunks", long_document(1))

    def test_to_a_version(self, client: Any, store: Store) -> None:
        for text in (A, B, C):
            publish(client, NAME, text)
        rollback(client, NAME, to=1, description="because")
        assert read(store) == A
        assert store.parameters[NAME][4].description == "because"

    def test_to_the_current_version_writes_nothing(self, client: Any, store: Store) -> None:
        publish(client, NAME, A)
        assert rollback(client, NAME, to=1).unchanged
        assert store.version(NAME) == 1

    def test_to_a_version_that_only_warns(self, client: Any, store: Store) -> None:
        text = document("https://*.github.io", credentials=True)
        put(client, text)
        publish(client, NAME, A)
        rollback(client, NAME, to=1)
        assert read(store) == text

    def test_nothing_to_return_to(self, client: Any) -> None:
        publish(client, NAME, A)
        with pytest.raises(StoreError) as caught:
            rollback(client, NAME)
        assert (caught.value.code, caught.value.kind) == ("nothing-to-return-to", "refused")
        assert "no older version that is in order and differs from version 1" in str(caught.value)

    def test_no_parameter(self, client: Any) -> None:
        with pytest.raises(StoreError, match="there is no such parameter"):
            rollback(client, NAME)

    def test_no_such_version(self, client: Any) -> None:
        publish(client, NAME, A)
        with pytest.raises(StoreError, match=f"{NAME} has no version 9; SSM has 1 to 1") as caught:
            target(NAME, history(client, NAME), 9)
        assert caught.value.kind == "call"

    def test_to_a_bad_version(self, client: Any, store: Store) -> None:
        put(client, document("https://a.example/"))
        publish(client, NAME, A)
        with pytest.raises(RulesError):
            rollback(client, NAME, to=1)
        assert read(store) == A

    def test_to_a_version_that_is_gone(self, client: Any, store: Store) -> None:
        for seed in range(11):
            publish(client, NAME, long_document(seed))
        with pytest.raises(StoreError) as caught:
            rollback(client, NAME, to=1)
        assert (caught.value.code, caught.value.kind) == ("not-restorable", "refused")
        assert str(caught.value) == (
            f"{NAME}: version 1 cannot be published again: its chunks have been deleted. edgecors history lists those "
            "that can."
        )
