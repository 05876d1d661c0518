"""Rules on their way from the file to the parameter, and what a request's line says about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local.errors import StartError
from local.exchange import Exchange
from local.pool import Answer, Failure
from local.rulebook import Change, Rulebook, Unusable
from local.verdict import Verdict, judge
from rules_store import publish
from unit.rules_store.fake_ssm import FakeSsm, Store

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "http://app.localhost:8080"
TRAILING_SLASH = (
    'rules.json: /policies/0/allow_origins/0 "https://a.example/": An Origin has no slash at the end, '
    'so this can never match. Fix: "https://a.example" (origin-trailing-slash)'
)
OLD, NEW = "https://old.example", "https://new.example"


def document(*origins: Any, **more: Any) -> str:
    policy = {"name": "tea", "paths": ["*"], "allow_origins": list(origins), **more}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "rules.json"
    file.write_text(document(OLD))
    return file


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def book(file: Path, store: Store) -> Rulebook:
    book = Rulebook(FakeSsm(store), "/p", file, (PAGE,))
    book.open("rules.json")
    return book


def put(book: Rulebook, text: str) -> Change | Unusable | None:
    book.file.write_text(text)
    assert book.publish()
    return book.refresh()


def test_the_pages_origin_is_added_to_what_the_file_has(book: Rulebook) -> None:
    policies = json.loads(book.versions()[0].text)["policies"]
    assert [policy["allow_origins"] for policy in policies] == [[OLD, PAGE]]
    assert book.refresh() is None


def test_a_policy_for_everyone_stays_as_it_is(book: Rulebook) -> None:
    put(book, document("*"))
    assert json.loads(book.versions()[0].text)["policies"][0]["allow_origins"] == ["*"]


def test_a_change_says_who_gains_and_who_loses(book: Rulebook) -> None:
    assert put(book, document({"regex": "https://a\\.example"}, NEW)) == Change(
        version=2, gained=("regex https://a\\.example", NEW), lost=(OLD,), policies=()
    )
    assert put(book, document(NEW, max_age=5)) == Change(3, (), ("regex https://a\\.example",), ("tea",))
    assert [version.version for version in book.versions()] == [3, 2]


def test_the_same_rules_are_not_put_again(book: Rulebook) -> None:
    book.file.write_text(document(OLD) + "\n")
    assert not book.publish()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (document("https://a.example/"), TRAILING_SLASH),
        ("{", "(json-invalid)"),
        (document("https://a.example/", "https://b.example/"), f"{TRAILING_SLASH}, and 1 more"),
    ],
)
def test_rules_that_are_wrong_from_the_start(file: Path, text: str, sentence: str) -> None:
    file.write_text(text)
    with pytest.raises(StartError) as raised:
        Rulebook(FakeSsm(Store()), "/p", file, (PAGE,)).open("rules.json")
    assert str(raised.value).endswith(sentence)


def test_rules_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"^rules\.json cannot be read: No such file or directory\.$"):
        Rulebook(FakeSsm(Store()), "/p", tmp_path / "none", (PAGE,)).open("rules.json")


def overwrite(store: Store, text: str) -> None:
    """As a person does it in the console."""
    FakeSsm(store).put_parameter(Name="/p", Value=text, Type="String", Tier="Standard", Overwrite=True)


def test_rules_too_long_for_one_parameter_are_read_and_put(book: Rulebook, store: Store) -> None:
    many = [f"https://a{number}.example" for number in range(300)]
    assert put(book, document(*many)) == Change(2, tuple(many), (OLD,), ())
    publish(FakeSsm(store), "/p", document(*many, NEW), expected=2)  # type: ignore[arg-type]
    assert book.refresh() == Change(3, (NEW,), (PAGE,), ())


def test_what_nobody_can_use_is_said_once_and_the_version_before_counts(book: Rulebook, store: Store) -> None:
    overwrite(store, document("https://a.example/"))
    assert book.refresh() == Unusable(2, TRAILING_SLASH.removeprefix("rules.json: "))
    assert book.refresh() is None
    overwrite(store, "{")
    refused = book.refresh()
    assert isinstance(refused, Unusable)
    assert (refused.version, refused.why[-14:]) == (3, "(json-invalid)")
    assert [version.version for version in book.versions()] == [1]
    assert put(book, document(NEW)) == Change(4, (NEW,), (OLD,), ())


def test_a_parameter_that_is_gone_is_said_once(book: Rulebook, store: Store) -> None:
    FakeSsm(store).delete_parameters(Names=["/p"])
    assert book.refresh() == Unusable(0, "deleted")
    assert book.refresh() is None
    overwrite(store, document(NEW))
    assert book.refresh() == Change(1, (NEW,), (OLD, PAGE), ())


def exchange(origin: str | None, allowed: str | None, **more: Any) -> Exchange:
    given: dict[str, Any] = {
        "method": "GET",
        "path": "/tea",
        "headers": {"origin": origin} if origin else {},
        "status": 200,
        "answer_headers": {"access-control-allow-origin": allowed} if allowed else {},
        "milliseconds": 1.0,
        "invocation": Answer("{}"),
    }
    return Exchange(**given | more)


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (exchange(NEW, NEW), Verdict(True, "allowed", "tea")),
        (exchange(OLD, None), Verdict(False, "refused", "origin-not-allowed")),
        # The function may still have the version before.
        (exchange(OLD, OLD), Verdict(True, "allowed", "tea")),
        (exchange(NEW, None), Verdict(False, "refused", "origin-not-allowed")),
        (exchange("https://c.example", "https://c.example"), Verdict(True, "allowed", "not-by-these-rules")),
        (exchange(PAGE, None), Verdict(False, "refused", "not-by-these-rules")),
        (exchange(None, None), Verdict(None, "no origin", "")),
        (exchange(OLD, None, invocation=None), Verdict(None, "gateway", "")),
        (exchange(OLD, None, invocation=Answer(None, Failure("m", "KeyError"))), Verdict(None, "failed", "KeyError")),
        (
            exchange(
                NEW,
                NEW,
                method="OPTIONS",
                headers={"origin": NEW, "access-control-request-method": "PUT"},
            ),
            Verdict(False, "refused", "method-not-allowed"),
        ),
        (
            exchange(
                NEW,
                NEW,
                method="OPTIONS",
                headers={"origin": NEW, "access-control-request-method": "POST"},
            ),
            Verdict(True, "preflight", "tea"),
        ),
    ],
)
def test_a_verdict_is_that_of_the_rules_that_explain_the_answer(
    book: Rulebook, seen: Exchange, verdict: Verdict
) -> None:
    put(book, document(NEW))
    assert judge(seen, book.versions()) == verdict
