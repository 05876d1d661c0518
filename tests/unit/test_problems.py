"""The catalogue of problems: complete, documented, and printable whatever someone wrote."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.documents import WRONG
from cases.policy_fields import INVALID
from cases.problem_examples import EXAMPLES
from docs import problems as docs
from edgecors import Policy, PolicyError, Problem, Rules, RulesError
from edgecors.problems import MESSAGES
from effort import examples
from rules_analysis.risk_catalogue import RISKS
from tables import each

EXAMPLE = {code: docs.example(code) for code in MESSAGES}
PAGE = Path(__file__).parents[2] / "docs/problems.md"


def test_every_code_has_an_example_and_no_other_has() -> None:
    assert list(EXAMPLES) == list(MESSAGES)
    assert [problem.code for problem in EXAMPLE.values()] == list(MESSAGES)


def test_an_example_without_its_problem_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXAMPLES, "max-age-range", EXAMPLES["method-invalid"])
    with pytest.raises(ValueError, match="the example of max-age-range has no such problem"):
        docs.example("max-age-range")


def test_tables_know_no_other_codes() -> None:
    codes = {
        code for faults in [case.faults for case in WRONG] + [case.faults for case in INVALID] for code, *_ in faults
    }
    assert codes <= MESSAGES.keys()


@each("code", MESSAGES)
def test_codes_are_kebab_case(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)


@each("code", MESSAGES)
def test_messages_are_sentences(code: str) -> None:
    message = EXAMPLE[code].message
    assert re.fullmatch(r"[A-Z`][^\n]*\.", message), message
    assert message.isprintable()
    # Nothing is left to fill in.
    fields = [name for _, name, _, _ in Formatter().parse(MESSAGES[code]) if name is not None]
    assert not any(f"{{{name}}}" in message for name in fields)
    assert fields or message == MESSAGES[code].format()


@each("code", MESSAGES)
def test_the_text_is_place_value_reason_fix_code(code: str) -> None:
    problem = EXAMPLE[code]
    text = str(problem)
    assert text.isascii()
    assert text.isprintable()
    assert text.endswith(f" ({code})")
    parts = [problem.field, problem.message.encode("ascii", "backslashreplace").decode()]
    if problem.hint is not None:
        parts.append("Fix: ")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@each(
    "code",
    [code for code in MESSAGES if EXAMPLE[code].hint is not None],
)
def test_a_hint_ends_its_problem(code: str) -> None:
    document = copy.deepcopy(EXAMPLES[code])
    if isinstance(document, str):
        pytest.fail("no text has a hint")
    problem = EXAMPLE[code]
    *parents, last = problem.field.split("/")[1:]
    target = document
    for parent in parents:
        target = target[int(parent)] if isinstance(target, list) else target[parent]
    if code == "key-unknown":
        target[problem.hint] = target.pop(last)
    elif isinstance(target, list):
        hints = problem.hint if isinstance(problem.hint, list) else [problem.hint]
        target[int(last) : int(last) + 1] = hints
    else:
        target[last] = problem.hint
    Rules.parse(document)


def test_the_page_is_of_the_catalogue() -> None:
    """If not: PYTHONPATH=layers/cors/python:functions/rules_guard:tools:tests python -m docs.problems"""
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    assert rows == [*MESSAGES, *RISKS]
    assert page == docs.page()
    assert docs.README.read_text(encoding="utf-8") == docs.readme()


# --- Texts ---------------------------------------------------------------------------------------------------


def text_of(value: Any, field: str = "/policies/0/name") -> str:
    return str(Problem("name-invalid", field, value, "Why.", None))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("tea", '"tea"'),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ([1, "a"], '[1, "a"]'),
        ({"regex": "\\."}, '{"regex": "\\\\."}'),
        ("\x1b[2J\r\n\0\x7f", '"\\u001b[2J\\r\\n\\u0000\\u007f"'),
        ("\u202eevil\u8336", '"\\u202eevil\\u8336"'),
        ("x" * 300, '"' + "x" * 196 + "..."),
        (b"\x1b", "b'\\x1b'"),
        ({1}, "{1}"),
    ],
)
def test_a_value_of_a_document_is_shown_as_json(value: Any, expected: str) -> None:
    assert text_of(value) == f"/policies/0/name {expected}: Why. (name-invalid)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("tea", "'tea'"),
        (None, "None"),
        (True, "True"),
        ("\x1b[2J\n", "'\\x1b[2J\\n'"),
        ("\u8336", "'\\u8336'"),
    ],
)
def test_a_value_of_an_argument_is_shown_as_python(value: Any, expected: str) -> None:
    assert text_of(value, "description") == f"description {expected}: Why. (name-invalid)"


def test_values_within_values_without_an_end_are_shown() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    endless: list[Any] = []
    endless.append(endless)
    assert text_of(deep) == "/policies/0/name a value of type list: Why. (name-invalid)"
    assert text_of(endless) == "/policies/0/name [[...]]: Why. (name-invalid)"
    while deep:  # freed a list at a time: not every Python frees them without recursion
        deep = deep[0]


def test_what_is_no_document_at_all_is_refused() -> None:
    """Values that cannot even be written."""
    for value in (10**5000, {"schema": 10**5000, "policies": [10**5000]}):
        with pytest.raises(RulesError) as caught:
            Rules.parse(value)  # type: ignore[arg-type]
        assert "a value of type int" in str(caught.value)
    with pytest.raises(PolicyError, match="a value of type int"):
        Policy(allow_origins=["https://a.example"], max_age=10**5000)


def test_keys_never_reach_a_terminal_raw() -> None:
    with pytest.raises(RulesError) as caught:
        Rules.parse({"schema": "edgecors/1", "policies": [], "\x1b[2J\n\u202e": 1})
    assert str(caught.value).splitlines() == [
        "1 problem in the rules",
        "  /\\x1b[2J\\n\\u202e: There is no such key. (key-unknown)",
    ]
    assert caught.value.problems[0].field == "/\x1b[2J\n\u202e"


def test_rules_that_are_nowhere_need_no_place() -> None:
    assert str(EXAMPLE["rules-missing"]) == f"{MESSAGES['rules-missing']} (rules-missing)"


@given(st.text(), st.text(), st.text())
@settings(derandomize=True, max_examples=examples(20), deadline=None)
def test_details_are_plain(field: str, value: str, detail: str) -> None:
    problem = Problem.of("regex-open", f"/{field}", value, detail=detail)
    assert problem.message.isascii()
    assert problem.message.isprintable()
    assert str(problem).isascii()
    assert str(problem).isprintable()


def test_a_problem_is_a_value() -> None:
    problem = Problem.of("max-age-range", "max_age", -1, 0)
    assert problem == Problem("max-age-range", "max_age", -1, MESSAGES["max-age-range"], 0)
    assert problem != Problem.of("max-age-range", "/max_age", -1, 0)
    assert hash(problem) == hash(copy.deepcopy(problem)) == hash(pickle.loads(pickle.dumps(problem)))
    # What cannot be hashed may stand in a document.
    assert len({Problem.of("wrong-type", "", {"a": []}, expected="text")}) == 1
    assert eval(repr(problem), {"Problem": Problem}) == problem
    with pytest.raises(AttributeError, match="immutable"):
        problem.code = "x"


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Problem.of("no-such-code", "", None)
