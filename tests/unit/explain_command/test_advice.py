"""What is advised makes the request allowed, and what ought not to be let in is never advised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.explanations import DOCUMENT, V
from edgecors import Rules
from edgecors_cli.advice import Advice, advise
from edgecors_cli.question import Question
from effort import examples
from strategies import rules as generated

RULES = Rules.parse(DOCUMENT)
API = "https://api.example"


def edited(document: Any, advice: Advice) -> Any:
    """The document with the advice followed, as a person would, by the JSON pointers."""
    for edit in advice.edits:
        *way, key = edit.pointer.split("/")[1:]
        place = document
        for part in way:
            place = place[int(part) if part.isdigit() else part]
        if edit.entries:
            place.setdefault(key, []).extend(edit.entries)
        else:
            place[key] = True
    return document


@given(
    generated.rules(),
    st.sampled_from(["https://a.example", "https://new.example", "http://new.example", "null", "http://localhost:1"]),
    st.sampled_from(["/tea", "/a", "/nope"]),
    st.sampled_from(["GET", "PUT", "delete", "BREW", "patch"]),
    st.lists(st.sampled_from(["Authorization", "X-Tea", "Content-Language"]), unique=True),
    st.sampled_from(["same-origin", "include"]),
)
@settings(derandomize=True, max_examples=examples(10), deadline=None)
def test_advice_that_is_followed_helps(
    rules: Rules, origin: str, path: str, method: str, headers: list[str], credentials: str
) -> None:
    question = Question(f"{API}{path}", origin, method, tuple((name, "1") for name in headers), credentials)
    before = question.explain(rules)
    advice = advise(rules, question)
    after = question.explain(Rules.parse(edited(rules.document(), advice)))
    complete = bool(advice.edits) and (not advice.sentence or advice.sentence.startswith("Anyone on the way"))
    assert after.allowed == (before.allowed or complete)
    if before.allowed:
        assert advice == Advice((), "")
    else:
        assert advice.edits or advice.sentence


@pytest.mark.parametrize(
    "origin",
    [
        "https://victoria-lo.github.io.evil.example",
        "https://evilvictoria-lo.github.io",
        "https://a.victoria-lo.github.io.evil.example",
        "https://victoria-1o.github.io",
        "https://vvictoria-lo.github.io",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_no_look_alike_is_let_in(origin: str, method: str) -> None:
    advice = advise(RULES, Question(f"{API}/tea", origin, method, (), "same-origin"))
    assert advice == Advice((), "It is not one of yours, so there is nothing to add.")


@pytest.mark.parametrize("path", ["/tea", "/me", "/one"])
def test_null_is_never_let_in(path: str) -> None:
    advice = advise(RULES, Question(f"{API}{path}", "null", "PATCH", (), "same-origin"))
    assert advice.edits == ()
    assert advice.sentence.startswith("No rule lets null in: ")


def test_the_spelling_of_an_entry_that_is_there_stays() -> None:
    advice = advise(RULES, Question(f"{API}/tea", V, "put", (("X-CUP", "1"), ("X-Pot", "1")), "omit"))
    assert [str(edit) for edit in advice.edits] == [
        'add "PUT" to /policies/0/allow_methods',
        'add "x-pot" to /policies/0/allow_headers',
    ]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "/prod/tea",
            "If /prod is the API's stage or base path, leave it out of the URL: paths in rules do not have it.",
        ),
        ("/a/b/tea", 'To allow it, give a policy the path "/a/b/tea".'),
        ("/nope", 'To allow it, give a policy the path "/nope".'),
        ("/prod/", 'To allow it, give a policy the path "/prod/".'),
        ("/prod/%ff", "No policy can have such a path. Have the page call it without what is odd in it."),
    ],
)
def test_a_stage_is_no_part_of_a_path(path: str, sentence: str) -> None:
    advice = advise(RULES, Question(f"{API}{path}", V, "GET", (), "same-origin"))
    assert advice == Advice((), sentence)
