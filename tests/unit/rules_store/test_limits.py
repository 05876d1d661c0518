"""Limits are checked before anything is written, and say what to do."""

from __future__ import annotations

from typing import Any

import pytest

from edgecors import RulesError
from rules_store import StoreError, publish
from rules_store.limits import check_name
from unit.rules_store.fake_ssm import Store
from unit.rules_store.support import NAME, document, long_document

_PREFIX = "arn:aws:ssm:eu-central-1:000000000000:parameter"
_EXAMPLE = "A name is written like /edgecors/tea/production."


@pytest.mark.parametrize(
    ("name", "why", "fix"),
    [
        ("", "it is empty.", _EXAMPLE),
        ("rules", "it does not begin with a slash, so nothing could lie below it.", "Write /rules"),
        ("a/b", "it does not begin with a slash, so nothing could lie below it.", "Write /a/b"),
        (f"{_PREFIX}/a/b", "it is an ARN.", "Give the name alone: /a/b"),
        ("arn:aws:s3:::x", "it is an ARN.", _EXAMPLE),
        ("/a/b:3", "the part behind the colon would select a version or a label.", "Give /a/b alone."),
        ("/a b", "it has the character ' '; a name has letters, digits, and _ . - /", _EXAMPLE),
        ("/a/\x1b[2J", r"it has the character '\x1b'; a name has letters, digits, and _ . - /", _EXAMPLE),
        ("/a/té", r"it has the character '\xe9'; a name has letters, digits, and _ . - /", _EXAMPLE),
        ("/a//b/", "it has an empty level (two slashes in a row, or one at the end).", "Write /a/b"),
        ("/AWS/a", "names that begin with aws or ssm belong to AWS.", _EXAMPLE),
        ("/ssm-rules", "names that begin with aws or ssm belong to AWS.", _EXAMPLE),
        ("/a/b/.lock", "that is the lock of another parameter.", "Give /a/b"),
        ("/a" * 14, "it has 14 levels, and SSM allows 15, two of which are for long rules.", "Use at most 13 levels."),
        ("/" + "a" * 935, "it has 936 characters.", "Use at most 935."),
    ],
)
def test_names_that_cannot_be(name: str, why: str, fix: str) -> None:
    with pytest.raises(StoreError) as caught:
        check_name(name, _PREFIX)
    shown = ascii(name) if len(name) < 95 else ascii(name)[:97] + "..."
    assert (caught.value.code, caught.value.kind) == ("name-invalid", "call")
    assert caught.value.message == f"{shown} is no name for a rules parameter: {why}"
    assert caught.value.fix == fix


@pytest.mark.parametrize("name", [NAME, "/a", "/a/.b/_c-D.9", "/a" * 13, "/" + "a" * 934, "/b/aws/ssm"])
def test_names_that_can_be(name: str) -> None:
    check_name(name, _PREFIX)


def test_the_longest_name_leaves_room_for_the_chunks(client: Any, store: Store) -> None:
    """The stand-in counts as AWS does: 1,011 characters, the ARN's included, and 15 levels."""
    for name in ("/" + "a" * 934, "/a" * 13):
        assert publish(client, name, long_document(1)).form == "chunks"


def test_bytes_are_counted_not_characters(client: Any, store: Store) -> None:
    def described(text: str) -> str:
        return document("https://a.example").replace('"policies"', f'"description": "{text}", "policies"')

    space = 4_096 - len(described("").encode())
    assert publish(client, "/a/fits", described("é" * (space // 2))).form == "text"
    assert publish(client, "/a/does-not", described("é" * (space // 2 + 1))).form == "compact"
    assert max(len(value.encode()) for _, value in store.snapshot().values()) <= 4_096


def test_what_fits_without_white_space_stays_one_parameter(client: Any, store: Store) -> None:
    text = document(*(f"https://a{number}.example" for number in range(110)), indent=8)
    assert len(text) > 4_096
    publication = publish(client, NAME, text)
    assert (publication.form, publication.chunks) == ("compact", 0)
    assert "\n" not in store.value(NAME)


def test_half_a_surrogate_pair_survives(client: Any, store: Store) -> None:
    text = document("https://a.example", indent=8).replace('"policies"', '"description": "\\ud800", "policies"')
    publish(client, NAME, text.replace("\n", "\n" + " " * 600))
    assert r"\ud800" in store.value(NAME)


def test_two_braces_are_refused_with_their_line(client: Any, store: Store) -> None:
    text = document("https://a.example").replace('"policies"', '"description": "{{x}}",\n"policies"')
    with pytest.raises(StoreError) as caught:
        publish(client, NAME, text)
    assert (caught.value.code, caught.value.kind) == ("double-brace", "refused")
    assert str(caught.value) == (
        "Line 3 has {{, by which SSM would refer to another parameter: it takes no value with that. "
        r"Write the second brace as \u007b, which means the same in JSON."
    )
    assert store.parameters == {}
    assert publish(client, NAME, text.replace("{{x", r"{\u007bx")).version == 1


def test_long_descriptions_are_refused(client: Any, store: Store) -> None:
    with pytest.raises(StoreError, match=r"The reason has 1,025 characters; SSM keeps 1,024\."):
        publish(client, NAME, document("https://a.example"), description="x" * 1_025)
    assert client.calls == []
    publish(client, NAME, document("https://a.example"), description="x" * 1_024)


def test_wrong_rules_are_refused_before_any_call(client: Any) -> None:
    with pytest.raises(RulesError) as caught:
        publish(client, NAME, document("https://a.example/"))
    assert [problem.code for problem in caught.value.problems] == ["origin-trailing-slash"]
    assert client.calls == []


def test_rules_beyond_64_chunks_are_refused(client: Any, store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        publish(client, NAME, long_document(1, 400_000))
    assert caught.value.code == "rules-too-large"
    assert "at most 64 can be published" in str(caught.value)
    assert store.parameters == {}


def test_a_labelled_oldest_version_is_noticed_first(client: Any, store: Store) -> None:
    for number in range(100):
        client.put_parameter(
            Name=NAME, Value=document(f"https://a{number}.example"), Type="String", Tier="Standard", Overwrite=True
        )
    client.label_parameter_version(Name=NAME, ParameterVersion=1, Labels=["last-good"])
    before = store.snapshot()
    with pytest.raises(StoreError) as caught:
        publish(client, NAME, document("https://b.example"))
    assert caught.value.code == "version-limit"
    assert "the oldest, 1, carries a label (last-good)" in str(caught.value)
    assert f"--name {NAME} --labels last-good" in str(caught.value)
    assert store.snapshot() == before


@pytest.mark.parametrize("kind", ["SecureString", "StringList"])
def test_a_parameter_of_another_type_is_left_alone(client: Any, store: Store, kind: str) -> None:
    client.put_parameter(Name=NAME, Value=document("https://a.example"), Type=kind, Tier="Standard")
    before = store.snapshot()
    with pytest.raises(StoreError, match=f"is a {kind}, and a parameter keeps its type"):
        publish(client, NAME, document("https://b.example"))
    assert store.snapshot() == before


class TestTiers:
    """Standard is always asked for; advanced only on request, and for good."""

    def test_standard_is_asked_for(self, client: Any, store: Store) -> None:
        tiers: list[Any] = []
        client.before = lambda operation, arguments: (
            tiers.append(arguments.get("Tier")) if "Tier" in arguments else None
        )
        publish(client, NAME, long_document(1))
        assert len(tiers) > 3
        assert set(tiers) == {"Standard"}

    def test_advanced_takes_twice_as_much_as_it_is_written(self, client: Any, store: Store) -> None:
        text = long_document(1, 6_000)
        assert publish(client, NAME, text, tier="Advanced").form == "text"
        assert store.parameters[NAME][1].tier == "Advanced"

    def test_advanced_stays_advanced(self, client: Any, store: Store) -> None:
        publish(client, NAME, long_document(1, 6_000), tier="Advanced")
        publication = publish(client, NAME, long_document(2, 6_000))
        assert (publication.form, publication.tier) == ("text", "Advanced")

    def test_the_same_rules_make_a_standard_parameter_advanced(self, client: Any, store: Store) -> None:
        text = document("https://a.example")
        publish(client, NAME, text)
        publication = publish(client, NAME, text, tier="Advanced")
        assert (publication.version, publication.unchanged) == (2, False)
        assert publish(client, NAME, text, tier="Advanced").unchanged
