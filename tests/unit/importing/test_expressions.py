"""Expressions of other systems: what becomes of them lets in nothing that they did not, by Python's own matching."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from edgecors import Policy, Regex
from edgecors._automaton import compile_expression
from edgecors.decision import allows_origin
from edgecors_cli.importing.expressions import as_full_match, difference, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = {
    "a": ".*a.*",
    "^a": "a.*",
    "a$": ".*a",
    "^a$": "a",
    r"a\$": r".*a\$.*",
    r"a\\$": r".*a\\",
    "^a$|b": "a|.*b.*",
    "^(a|b)$": "(a|b)",
    r"^[|(]\|a$": r"[|(]\|a",
    "": ".*.*",
}

# What is searched for -> the entries of allow_origins, without and with credentials.
MEANINGS: dict[str, tuple[Sequence[object], Sequence[object]]] = {
    r"(.*\.)?victoria-lo\.github\.io.*": (["https://victoria-lo.github.io", "https://*.victoria-lo.github.io"],) * 2,
    r"\.a\.example$": ([{"regex": r".*\.a\.example"}], ["https://*.a.example"]),
    r"a\.example$": (["https://a.example"],) * 2,
    r"^https?://(.+\.)?a\.example$": (
        ["http://a.example", "http://*.a.example", "https://a.example", "https://*.a.example"],
        ["https://a.example", "https://*.a.example"],
    ),
    r"^https://a\.example(:\d+)?$": (["https://a.example:*"],) * 2,
    r"^http://localhost:\d+$": ([{"regex": r"http://localhost:\d+"}],) * 2,
    r"^https://[a-z]+\.a\.example$|^https://b\.example$": (
        [{"regex": r"https://[a-z]+\.a\.example|https://b\.example"}],
    )
    * 2,
    r"^https://www.a.com$": (["https://www.a.com"],) * 2,
    r"^https://.*\.github\.io$": ([{"regex": r"https://.*\.github\.io"}], []),
    r"\.app$": ([], []),
    "app": ([], []),
    ".*": ([], []),
    "": ([], []),
    "(": ([], []),
    r"^(?!b)https://a\.example$": ([], []),
}

ASKED = [
    *(
        "https://a.example",
        "http://a.example",
        "https://a.example:8443",
        "https://x.a.example",
        "https://x.y.a.example",
    ),
    *(
        "https://evil-a.example",
        "https://a.example.evil.test",
        "https://axexample",
        "https://b.example",
        "https://www.a.com",
    ),
    *("https://wwwxaxcom", "https://victoria-lo.github.io", "https://x.victoria-lo.github.io", "https://x.github.io"),
    *("https://victoria-lo.github.io.aa.com", "http://localhost", "http://localhost:3000", "https://x.app", "null"),
]


def test_as_full_match() -> None:
    assert {text: as_full_match(text) for text in FULL} == FULL


def test_meanings() -> None:
    found = {}
    for text in MEANINGS:
        found[text] = tuple(
            list(meaning(text, searched=True, credentials=credentials).entries) for credentials in (False, True)
        )
    assert found == MEANINGS


def test_the_entries_let_in_nothing_that_the_expression_did_not() -> None:
    wrong = []
    for text, entries in MEANINGS.items():
        for let_in in filter(None, entries):
            policy = _policy(let_in)
            wrong += [
                (text, origin) for origin in ASKED if allows_origin(policy, origin) and not re.search(text, origin)
            ]
    for text in (r"https://.*\.a\.example", r"https://.*a\.example", r"a\.example", r"https://.*\.a\.example/?"):
        found = meaning(text, searched=False, credentials=False)
        if found.entries:
            policy = _policy(found.entries)
            wrong += [
                (text, origin) for origin in ASKED if allows_origin(policy, origin) and not re.fullmatch(text, origin)
            ]
    assert wrong == []


def test_strangers_are_named() -> None:
    found = meaning(r"(.*\.)?victoria-lo\.github\.io.*", searched=True, credentials=True)
    assert (found.same, found.stranger) == (False, "https://victoria-lo.github.io.aa.com")
    found = meaning(r"^https://.*\.github\.io$", searched=True, credentials=False)
    assert (found.same, found.stranger) == (True, "https://x.github.io")


def test_difference() -> None:
    found = {}
    for left, right in (
        ("https://a", "https://a|https://b"),
        ("https://a|https://b", "https://a"),
        (r"https://a(:\d+)?", "https://a(:[1-9][0-9]{0,4})?"),
        ("https://a/.*", "https://b"),
        (r"https://[0-9]+\.1", "https://b"),
    ):
        found[left, right] = tuple(difference(compile_expression(left), compile_expression(right)))
    assert found == {
        ("https://a", "https://a|https://b"): (False, None),
        ("https://a|https://b", "https://a"): (True, "https://b"),
        # `:0` and the like are never sent, and are left out before.
        (r"https://a(:\d+)?", "https://a(:[1-9][0-9]{0,4})?"): (False, None),
        ("https://a/.*", "https://b"): (False, None),
        # No such host exists, but that is not known here: no example.
        (r"https://[0-9]+\.1", "https://b"): (True, None),
    }


def _policy(entries: Sequence[object]) -> Policy:
    origins = [Regex(entry["regex"]) if isinstance(entry, dict) else str(entry) for entry in entries]
    return Policy(allow_origins=origins)
