"""--fix: what is certain is put right, everything else in the text stays as it is, byte for byte."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cases.lint import CASES
from cases.names import plain
from edgecors_cli import json_edits
from edgecors_cli.fixing import fix
from edgecors_cli.json_places import Places
from rules_analysis.findings import examine
from rules_analysis.fixes import Edit, edits_for, is_within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.lint_origins import Case
    from edgecors import Problem

HEAD = '{"schema": "edgecors/1", "policies": [{"name": "tea", "paths": ["/tea"], '

# What stands in a policy, and what stands there afterwards.
FIXED = (
    ('"allow_origins": ["https://a.example/"]}]}', '"allow_origins": ["https://a.example"]}]}'),
    (
        '"allow_origins" :[ "https://\\u0061.example" ,\t"HTTPS://b.example:443/x" ], "max_age":0600e0 }] }',
        None,  # no JSON
    ),
    (
        '"allow_origins" :[ "https://\\u0061.example" ,\t"HTTPS://b.example:443/x" ], "max_age":6e2 }] }\n\n',
        '"allow_origins" :[ "https://\\u0061.example" ,\t"https://b.example" ], "max_age":600 }] }\n\n',
    ),
    (
        '"allow_origins": [\r\n  "https://a.example",\r\n  {"regex": "(.*\\\\.)?b\\\\.example.*"}\r\n ]}]}',
        '"allow_origins": [\r\n  "https://a.example",\r\n  "https://b.example",\r\n  "https://*.b.example"\r\n ]}]}',
    ),
    (
        '"allow_origins": ["https://a.example, https://b.example"], "description": "caf\\u00e9 é"}]}',
        '"allow_origins": ["https://a.example", "https://b.example"], "description": "caf\\u00e9 é"}]}',
    ),
    (
        '"allow_origins": [{ "regex" : "https://app.example\\\\.com" }]}]}',
        '"allow_origins": [{ "regex" : "https://app\\\\.example\\\\.com" }]}]}',
    ),
    (
        # What is covered now is not when the dot is escaped.
        '"allow_origins": [{"regex": "https://app.example\\\\.com"}, "https://appxexample.com"]}]}',
        '"allow_origins": [{"regex": "https://app\\\\.example\\\\.com"}, "https://appxexample.com"]}]}',
    ),
    (
        '"allow_origins": ["https://a.example"], "allow_methods": [\n  "GET",\n  "PUT",\n  "POST",\n  "HEAD"\n]}]}',
        '"allow_origins": ["https://a.example"], "allow_methods": [\n  "PUT"\n]}]}',
    ),
    (
        '"allow_origins": ["https://a.example"], "allow_methods": [ "GET" , "HEAD" ]}]}',
        '"allow_origins": ["https://a.example"], "allow_methods": []}]}',
    ),
    (
        '"dangerously_allow_insecure_origins": true, "allow_origins": ["https://a.example"], "allow_headers": "X-A"}]}',
        '"allow_origins": ["https://a.example"], "allow_headers": ["X-A"]}]}',
    ),
    (
        '"allow_origins": ["https://a.example"], "dangerously_allow_insecure_origins": true}]}',
        '"allow_origins": ["https://a.example"]}]}',
    ),
    (
        '"allow_origins": "https://a.example/, https://a.example"}]}',
        '"allow_origins": ["https://a.example"]}]}',
    ),
    ('"allow_origins": "*"}]}', '"allow_origins": ["*"]}]}'),
    # Not certain, or it would let in more.
    ('"allow_origins": ["https://a.example."]}]}', None),
    ('"allow_origins": ["http://a.example"], "allow_credentials": true}]}', None),
    ('"allow_origins": ["https://a.example"], "allow_credentials": "true"}]}', None),
    ('"allow_origins": ["https://a.example"], "allow_headers": ["*"]}]}', None),
    ('"allow_origins": ["https://*.a.example"], "max_age": 86400}]}', None),
)


@pytest.mark.parametrize(("before", "after"), FIXED, ids=plain)
def test_texts(before: str, after: str | None) -> None:
    assert fix(HEAD + before).text == HEAD + (after if after is not None else before)


def _counted(problems: Iterable[Problem]) -> Counter[tuple[str, str]]:
    return Counter((problem.code, repr(problem.value)) for problem in problems)


@pytest.mark.parametrize("case", [case for case in CASES if case.expected], ids=lambda case: case.name[:60])
def test_what_was_fixed_is_gone_and_nothing_is_left_to_fix(case: Case) -> None:
    if isinstance(case.document, bytes):
        return
    text = case.document if isinstance(case.document, str) else json.dumps(case.document)
    before = examine(text, production=case.production)
    fixed = fix(text, production=case.production)
    left, had = (
        _counted((*fixed.findings.errors, *fixed.findings.warnings)),
        _counted((*before.errors, *before.warnings)),
    )
    assert all(left[key] <= had[key] - count for key, count in _counted(fixed.fixed).items())
    assert (fixed.text == text) == (not fixed.fixed)
    assert fix(fixed.text, production=case.production).text == fixed.text


def test_a_fix_that_brings_another_error_is_left_out() -> None:
    """The other fixes are made all the same."""
    text = json.dumps(
        {
            "schema": "edgecors/1",
            "policies": [
                {"name": "tea", "paths": ["/tea"], "allow_origins": ["https://a.example"]},
                {"name": "cup", "paths": ["tea"], "allow_origins": ["https://b.example/"]},
            ],
        }
    )
    fixed = fix(text)
    assert fixed.text == text.replace("b.example/", "b.example")
    assert [problem.code for problem in fixed.fixed] == ["origin-trailing-slash"]
    assert [problem.code for problem in fixed.findings.errors] == ["path-no-slash"]


def test_several_faults_of_an_origin_share_an_edit() -> None:
    findings = examine(HEAD + '"allow_origins": ["HTTPS://b.example:443/"]}]}')
    edits = edits_for(findings.errors, findings.document)
    assert [problem.code for problem in edits] == ["origin-upper-case", "origin-default-port", "origin-trailing-slash"]
    assert set(edits.values()) == {Edit("/policies/0/allow_origins/0", ("https://b.example",))}


@pytest.mark.parametrize(
    ("patterns", "expression", "expected"),
    [
        (["https://a.example"], r"a\.example", True),
        (["https://*.a.example"], r"^https://a\.example$", False),
        (["https://*.a.example"], r"\.a\.example$", True),
        (["https://*.a.example"], r"https://[a-z]+\.a\.example", False),
        (["https://a.example"], r"https://(", False),
        (["no pattern"], r".*", False),
    ],
    ids=plain,
)
def test_fixes_stay_within_what_was_meant(patterns: list[str], expression: str, expected: bool) -> None:
    assert is_within(tuple(patterns), expression) is expected


TEXT = '{"a": [1, 2 ,3], "b": {"c": "x", "d": true},\n "e": [\n  7,\n  8\n ]}'


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([Edit("/a/0"), Edit("/a/2")], TEXT.replace("[1, 2 ,3]", "[2]")),
        ([Edit("/a/1")], TEXT.replace("[1, 2 ,3]", "[1, 3]")),
        ([Edit("/a/1"), Edit("/a/2")], TEXT.replace("[1, 2 ,3]", "[1]")),
        ([Edit("/a/0"), Edit("/a/1"), Edit("/a/2")], TEXT.replace("[1, 2 ,3]", "[]")),
        ([Edit("/b/c")], TEXT.replace('"c": "x", ', "")),
        ([Edit("/b/d")], TEXT.replace(', "d": true', "")),
        ([Edit("/b/c"), Edit("/b/d")], TEXT.replace('{"c": "x", "d": true}', "{}")),
        ([Edit("/e/0", ("é", [1]))], TEXT.replace("7", '"é",\n  [1]')),
        ([Edit("/a/0", ("x", "y"))], TEXT.replace("[1", '["x", "y"')),
        ([Edit("/b", wrapped=True)], TEXT.replace('{"c": "x", "d": true}', '[{"c": "x", "d": true}]')),
        ([Edit("/b", (1,)), Edit("/b/c", (2,))], TEXT.replace('{"c": "x", "d": true}', "1")),
        ([Edit("/nothing"), Edit("/a/9", (1,))], TEXT),
    ],
    ids=plain,
)
def test_edits(edits: list[Edit], expected: str) -> None:
    assert json_edits.apply(TEXT, json_edits.replacements(TEXT, edits)) == expected


def test_columns_are_of_utf_16() -> None:
    places = Places('["\N{GRINNING FACE}é",\n "x"]')
    span = places.value("/1")
    assert span is not None
    assert [places.utf16(offset) for offset in (0, 4, *span)] == [(1, 1), (1, 6), (2, 2), (2, 5)]
