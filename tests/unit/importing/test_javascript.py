"""What JavaScript's literals and names stand for, and where that cannot be known."""

from __future__ import annotations

import pytest

from edgecors_cli.importing import js_text
from edgecors_cli.importing.javascript import Source
from edgecors_cli.importing.model import Expression, NotReadableError, Unknown, Value

# Source of an expression -> its value; Unknown for what only running it would tell.
EXPRESSIONS: dict[str, object] = {
    "'a'": "a",
    '"a\\x41\\u0042\\u{43}\\n\\q\\\nb"': "aABC\nqb",
    "`a\\`b`": "a`b",
    "`a${b}`": Unknown,
    "'\\ud83d\\ude00 \\ud800'": "\U0001f600 \ufffd",
    "1": 1,
    "1_000": 1000,
    "1e3": 1000,
    "1.5": 1.5,
    "0x10": None,
    "10n": None,
    "-5": -5,
    "!0": True,
    "!1": False,
    "!x": Unknown,
    "true": True,
    "null": None,
    "undefined": None,
    "('a')": "a",
    "'a' + 'b' + `c`": "abc",
    "'a' + 1": Unknown,
    "24 * 60 * 60": 86400,
    "60 - 1": Unknown,
    "['a', 'b', ...['c'], ...x]": ["a", "b", "c", Unknown],
    "[]": [],
    "{a: 1, 'b': [2], ['c']: 3, d() {}}": {"a": 1, "b": [2], "c": 3, "d": Unknown},
    "{a: 1, ...{a: 2, b: 3}}": {"a": 2, "b": 3},
    "{a: 1, ...x, b: 2}": {"...": Unknown, "b": 2},
    "{a: 1, [x]: 2}": {"...": Unknown},
    "/a\\/b/gi": Expression("a\\/b", "gi"),
    "new RegExp('a\\\\.b', 'i')": Expression("a\\.b", "i"),
    "RegExp('a')": Expression("a"),
    "new RegExp(x)": Unknown,
    "[a, '', 'b'].filter(Boolean)": [Unknown, "b"],
    "['a'].filter(x => x)": Unknown,
    "['a'].concat(['b'], ['c'])": ["a", "b", "c"],
    "['a'].concat(x)": Unknown,
    "'a,b'.split(',')": ["a", "b"],
    "'a b'.split(' ')": Unknown,
    "x => x": Unknown,
    "f()": Unknown,
    "a ? 'b' : 'c'": Unknown,
    "process.env.A": Unknown,
    "[" * 60 + "]" * 60: Unknown,
}

# Statements before `use(x)`, and what x is there.
NAMES: dict[str, object] = {
    "const x = 'a';": "a",
    "var x = ['a'];": ["a"],
    "const y = 'a'; const x = [y, 'b'];": ["a", "b"],
    "const x = ['a']; x.includes('b'); console.log(x); x.length; x[0]; new Set(x); module.exports = x;": ["a"],
    "const x = ['a']; export { x };": ["a"],
    "const x = ['a']; module.exports = { x };": ["a"],
    "let x = 'a'; x = 'b';": Unknown,
    "let x = 1; x++;": Unknown,
    "let x = 1; x += 1;": Unknown,
    "const x = ['a']; x.push('b');": Unknown,
    "const x = ['a']; x[0] = 'b';": Unknown,
    "const x = {a: ['a']}; x.a.push('b');": Unknown,
    "const x = {}; x.a = 'b';": Unknown,
    "const x = {}; delete x.a;": Unknown,
    "const x = ['a']; add(x);": Unknown,
    "const x = ['a']; const y = x; y.push('b');": Unknown,
    "const x = ['a']; let y; y = x;": Unknown,
    "const x = 'a'; function f(x) {}": Unknown,
    "const x = 'a'; { const x = 'b'; }": Unknown,
    "import x from 'y';": Unknown,
    "const x = require('y');": Unknown,
    "const { x } = y;": Unknown,
    "for (const x of y) {}": Unknown,
    "const x = y => y; ": Unknown,
    "const x = x;": Unknown,
    "": Unknown,
}

# Expressions of JavaScript in the engine's syntax; None for those that cannot be written in it.
TRANSLATIONS: dict[tuple[str, str], str | None] = {
    (r"^https:\/\/a\.example$", ""): r"^https://a\.example$",
    (r"^https:\/\/(?<sub>[a-z]+)\.a\.example$", "gm"): r"^https://(?:[a-z]+)\.a\.example$",
    (r"\a\-\_\.\/[\/\]]", ""): r"a\-\_\./[/\]]",
    (r"a{,5}b{2,}", ""): r"a\{,5}b{2,}",
    (r"[{,5}]", ""): r"[{,5}]",
    (r"\d\W\x41\u0041\0", ""): r"\d\W\x41\u0041\0",
    (r"A[A-Z]\W[^B]", "i"): r"a[a-z]\W[^b]",
    (r"[A-z]", "i"): None,
    (r"[!-Z]", "i"): None,
    (r"\x41", "i"): None,
    (r"a", "y"): None,
    (r"a", "v"): None,
    (r"\a", "u"): None,
    (r"\bA", ""): None,
    (r"(a)\1", ""): None,
    (r"\k<a>", ""): None,
    (r"\cA", ""): None,
    (r"\p{L}", ""): None,
    (r"\u{41}", ""): None,
    (r"[]a]", ""): None,
    (r"[^]", ""): None,
    (r"(?#a)", ""): None,
    (r"(?P<a>b)", ""): None,
    ("\\", ""): None,
}


def plain(value: Value) -> object:
    """The value without its places."""
    literal = value.literal
    if isinstance(literal, Unknown):
        return Unknown
    if isinstance(literal, list):
        return [plain(entry) for entry in literal]
    if isinstance(literal, dict):
        return {name: plain(entry) for name, entry in literal.items()}
    return literal


def test_expressions() -> None:
    found = {}
    for text in EXPRESSIONS:
        source = Source(f"const value = {text};")
        node = source.initial("value")
        assert node is not None
        found[text] = plain(source.value(node))
    assert {**found, "[" * 60 + "]" * 60: Unknown} == EXPRESSIONS


def test_names() -> None:
    found = {}
    for text in NAMES:
        source = Source(f"{text} cors(x);")
        found[text] = plain(source.value(source.uses("x")[-1]))
    assert found == NAMES


def test_places_count_characters() -> None:
    source = Source("const a = 'é';\nconst b = ['ü', 'x'];")
    node = source.initial("b")
    assert node is not None
    value = source.value(node)
    assert (value.place, value.text) == ((2, 11), "['ü', 'x']")
    assert isinstance(value.literal, list)
    assert [entry.place for entry in value.literal] == [(2, 12), (2, 17)]


def test_translations() -> None:
    found: dict[tuple[str, str], str | None] = {}
    for expression in TRANSLATIONS:
        try:
            found[expression] = js_text.to_engine(Expression(*expression))
        except js_text.NotTheSameError:
            found[expression] = None
    assert found == TRANSLATIONS


@pytest.mark.parametrize("text", ["const = 1", "a: b: {", "const x: string = 'a'", "\0\1\2", "(" * 5_000])
def test_what_is_no_javascript(text: str) -> None:
    with pytest.raises(NotReadableError, match="This is not JavaScript"):
        Source(text)
