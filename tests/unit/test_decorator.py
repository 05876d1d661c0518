"""`cors`: what its arguments are, where rules come from, whom it lets through."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest

import edgecors
from cases.names import plain
from cases.sources import SOURCES, Source
from cases.wire import A, B, get, preflight
from edgecors import Policy, PolicyError, Rules, RulesError, cors
from unit.decorated import (
    ALLOWED,
    ASYNCHRONOUS,
    DOCUMENT,
    GENERATOR,
    POLICY,
    Awaited,
    Spy,
    answers_ok,
    asynchronous,
    event_of,
    generator,
    preflight_of,
)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"on_error": "raise"}, ValueError, 'on_error is "propagate" or "respond", not \'raise\''),
        ({"on_error": None}, ValueError, 'on_error is "propagate" or "respond", not None'),
        ({"preflight_status": 201}, ValueError, "preflight_status is 200 or 204, not 201"),
        ({"preflight_status": "204"}, ValueError, "preflight_status is 200 or 204, not '204'"),
        ({"preflight_status": True}, ValueError, "preflight_status is 200 or 204, not True"),
        ({"origin_check": asynchronous}, TypeError, f"origin_check {ASYNCHRONOUS}"),
        ({"origin_check": Awaited()}, TypeError, f"origin_check {ASYNCHRONOUS}"),
        ({"origin_check": generator}, TypeError, f"origin_check {GENERATOR}"),
        (
            {"origin_check": "x"},
            TypeError,
            "origin_check must be a function (origin, request), or an object with __call__, not a value of type str",
        ),
    ],
    ids=plain,
)
def test_arguments_that_mean_nothing_are_refused_at_once(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        cors(rules=POLICY, **arguments)
    assert str(caught.value) == message


def test_there_are_no_other_arguments() -> None:
    parameters = inspect.signature(cors).parameters
    assert {name: parameter.default for name, parameter in parameters.items()} == {
        "handler": None,
        "rules": None,
        "enforce": False,
        "on_error": "propagate",
        "debug": None,
        "preflight_status": 204,
        "preflight_continue": False,
        "origin_check": None,
        "base_path": None,
    }
    assert [name for name, parameter in parameters.items() if parameter.kind is not parameter.KEYWORD_ONLY] == [
        "handler"
    ]
    with pytest.raises(TypeError):
        cors(POLICY, POLICY)  # type: ignore[call-overload]


# --- rules= --------------------------------------------------------------------------------------------------


class Given:
    """A user's own Source."""

    def fetch(self) -> edgecors.Document:
        return edgecors.Document(json.dumps(DOCUMENT), "1")


@pytest.mark.parametrize(
    "rules",
    [POLICY, Rules.parse(DOCUMENT), DOCUMENT, json.dumps(DOCUMENT), json.dumps(DOCUMENT).encode(), Given()],
    ids=lambda rules: type(rules).__name__,
)
def test_rules_come_in_every_form(rules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # The argument counts before the environment.
    monkeypatch.setenv("EDGECORS_RULES", json.dumps(DOCUMENT).replace(A, B))
    wrapped = cors(answers_ok, rules=rules)
    assert wrapped(event_of(A), None)["headers"] == ALLOWED
    assert wrapped(event_of(B), None)["headers"] == {"Vary": "Origin"}


@pytest.mark.parametrize(
    ("rules", "codes"),
    [
        ({"schema": "edgecors/2", "policies": []}, ["schema-unknown"]),
        ("{", ["json-invalid"]),
        (b"\xff", ["document-not-utf-8"]),
        (
            {"schema": "edgecors/1", "policies": [DOCUMENT["policies"][0] | {"allow_origins": [A + "/"]}]},  # type: ignore[operator]
            ["origin-trailing-slash"],
        ),
    ],
    ids=plain,
)
def test_rules_that_do_not_parse_raise_at_decoration(rules: Any, codes: list[str]) -> None:
    with pytest.raises(RulesError) as caught:
        cors(answers_ok, rules=rules)
    assert [problem.code for problem in caught.value.problems] == codes


def test_rules_in_code_are_held_to_the_public_suffix_list() -> None:
    policy = {"name": "x", "paths": ["*"], "allow_origins": ["https://*.github.io"], "allow_credentials": True}
    with pytest.raises(RulesError) as caught:
        cors(answers_ok, rules={"schema": "edgecors/1", "policies": [policy]})
    assert [problem.code for problem in caught.value.problems] == ["public-suffix-with-credentials"]
    with pytest.raises(PolicyError):
        Policy(allow_origins=["https://*.github.io"], allow_credentials=True)


@pytest.mark.parametrize("rules", [7, [], (), object(), Given, Policy], ids=plain)
def test_rules_of_another_kind_are_a_type_error(rules: Any) -> None:
    with pytest.raises(TypeError, match="rules= takes a Policy, Rules, a document"):
        cors(answers_ok, rules=rules)


# --- enforce, preflights -------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_who_is_refused_never_reaches_the_handler(source: Source) -> None:
    spy = Spy(source.answer(200, {}, "hello"))
    wrapped = cors(spy, rules=POLICY, enforce=True)
    for origin in (B, "null", "x"):
        wrapped(source.event("POST", "/tea", get(origin).headers), None)
        wrapped(source.event("OPTIONS", "/tea", preflight(origin).headers), None)
    assert len(spy.calls) == (6 if source.is_response else 0)
    spy.calls.clear()
    wrapped(source.event("POST", "/tea", ()), None)
    wrapped(source.event("POST", "/tea", get(A).headers), None)
    assert len(spy.calls) == 2


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_preflights_never_reach_the_handler(source: Source) -> None:
    spy = Spy(source.answer(200, {}, "hello"))
    for arguments in ({}, {"debug": True}, {"enforce": True}, {"preflight_status": 200}):
        wrapped = cors(spy, rules=POLICY, **arguments)
        for origin in (A, B, "null"):
            wrapped(source.event("OPTIONS", "/tea", preflight(origin).headers), None)
    assert len(spy.calls) == (12 if source.is_response else 0)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_allowed_preflights_go_on_if_asked_to(source: Source) -> None:
    spy = Spy(source.answer(200, {}, "hello"))
    wrapped = cors(spy, rules=POLICY, preflight_continue=True)
    wrapped(source.event("OPTIONS", "/tea", preflight(A).headers), None)
    assert len(spy.calls) == 1
    wrapped(source.event("OPTIONS", "/tea", preflight(B).headers), None)
    assert len(spy.calls) == (2 if source.is_response else 1)


def test_a_refused_preflight_with_debug_does_not_go_on() -> None:
    spy = Spy()
    answer = cors(spy, rules=POLICY, preflight_continue=True, debug=True, preflight_status=200)(preflight_of(B), None)
    assert spy.calls == []
    assert answer["statusCode"] == 200
    assert answer["headers"]["X-Edgecors-Reason"] == "origin-not-allowed"


# --- debug ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "argument", "expected"),
    [
        (None, None, False),
        ("1", None, True),
        ("", None, False),
        ("0", None, False),
        ("true", None, False),
        ("yes", None, False),
        (" 1", None, False),
        ("1", False, False),
        (None, True, True),
        ("0", True, True),
    ],
)
def test_debug_is_on_for_1_or_by_the_argument(
    monkeypatch: pytest.MonkeyPatch, variable: str | None, argument: bool | None, expected: bool
) -> None:
    monkeypatch.delenv("EDGECORS_DEBUG", raising=False)
    if variable is not None:
        monkeypatch.setenv("EDGECORS_DEBUG", variable)
    wrapped = cors(answers_ok, rules=POLICY, debug=argument)
    monkeypatch.setenv("EDGECORS_DEBUG", "0" if variable == "1" else "1")  # read at decoration alone
    assert ("X-Edgecors-Reason" in wrapped(event_of(B), None)["headers"]) is expected


# --- The module ----------------------------------------------------------------------------------------------


def test_the_public_names_are_those_of_the_contract() -> None:
    assert sorted(edgecors.__all__) == [
        "Document",
        "Explanation",
        "FetchExplanation",
        "Policy",
        "PolicyError",
        "Problem",
        "Regex",
        "Request",
        "Rules",
        "RulesError",
        "Source",
        "Step",
        "cors",
    ]
    for name in edgecors.__all__:
        assert getattr(edgecors, name).__name__ == name
        assert name in dir(edgecors)
    with pytest.raises(AttributeError, match="module 'edgecors' has no attribute 'nothing'"):
        edgecors.nothing  # noqa: B018
    assert "wrap" not in edgecors.__all__
