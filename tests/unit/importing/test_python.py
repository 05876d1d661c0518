"""What Python's literals and names stand for, and where that cannot be known."""

from __future__ import annotations

import ast

import pytest

from edgecors_cli.importing.model import NotReadableError, Unknown
from edgecors_cli.importing.python_values import Source
from unit.importing.test_javascript import plain

# Statements before `use(x)`, and what x is there.
NAMES: dict[str, object] = {
    "x = 'a'": "a",
    "x: str = 'a'": "a",
    "x = ('a' 'b')": "ab",
    "x = 'a' + 'b'": "ab",
    "x = 24 * 60 * 60": 86400,
    "x = -1": -1,
    "x = -'a'": Unknown,
    "x = 2 ** 9": Unknown,
    "x = 10**9 * 10**9": Unknown,
    "x = None": None,
    "x = 1.5": 1.5,
    "x = b'a'": Unknown,
    "x = ['a', *('b',), *y]": ["a", "b", Unknown],
    "y = ['a']\nx = y + ['b']": ["a", "b"],
    "x = {'a'}": ["a"],
    "x = 'a\\ud800'": "a\ufffd",
    "x = f'a{b}'": Unknown,
    "x = f()": Unknown,
    "x = os.environ['A']": Unknown,
    "x = [y for y in z]": Unknown,
    "x = ['a']\nprint(x, len(x))\nx[0]\n'a' in x\nx.copy()": ["a"],
    "x = ['a']\nx.append('b')": Unknown,
    "x = ['a']\nx[0] = 'b'": Unknown,
    "x = ['a']\nx += ['b']": Unknown,
    "x = ['a']\ndel x[0]": Unknown,
    "x = ['a']\nadd(x)": Unknown,
    "x = ['a']\ny = x": Unknown,
    "x = 'a'\nx = 'b'": Unknown,
    "x = 'a'\ndef f(x): pass": Unknown,
    "x = 'a'\nfor x in y: pass": Unknown,
    "import x": Unknown,
    "def x(): pass": Unknown,
    "x, y = 'a', 'b'": Unknown,
    "with y as x: pass": Unknown,
    "x = x": Unknown,
    "pass": Unknown,
}


def test_names() -> None:
    found = {}
    for text in NAMES:
        source = Source(f"{text}\nuse([x])")
        call = source.calls(lambda call: isinstance(call.func, ast.Name) and call.func.id == "use")[0]
        argument = call.args[0]
        assert isinstance(argument, ast.List)
        found[text] = plain(source.value(argument.elts[0]))
    assert found == NAMES


def test_places_count_characters() -> None:
    source = Source("use('é', ['ü',\n  'x'])")
    call = source.calls(lambda call: True)[0]
    first, second = map(source.value, call.args)
    assert (first.place, first.text, second.place, second.text) == ((1, 5), "'é'", (1, 10), "['ü',\n  'x']")


@pytest.mark.parametrize("text", ["x =", "(" * 5_000, "-" * 50_000 + "1", "a\0", "x = " + "9" * 5_000, " x\n  y"])
def test_what_is_no_python(text: str) -> None:
    with pytest.raises(NotReadableError, match="This is not Python"):
        Source(text)
