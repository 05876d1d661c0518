"""What the rules that ship with the function let in again of what is being removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.plan_lines import everywhere, rules
from edgecors import Regex, Rules
from edgecors_cli.fallback import readmitted
from tables import each

if TYPE_CHECKING:
    import pytest

A, B = "https://a.example", "https://b.example"
WILD, X = "https://*.b.example", "https://x.b.example"
DIGIT = Regex(r"https://x\d\.b\.example")
Z = Regex(r"https://(z|y)\.example")


@each(
    ("removed", "fallback", "again"),
    [
        (A, everywhere(A), [(A, ("*",))]),
        (A, rules(("/tea", {"allow_origins": [A]})), [(A, ("/tea",))]),
        (A, everywhere(B), []),
        (A, everywhere("*"), [(A, ("*",))]),
        (A, rules(), []),
        (X, everywhere(WILD), [(X, ("*",))]),
        (WILD, everywhere(X), [(WILD, ("*",))]),
        (WILD, everywhere(WILD), [(WILD, ("*",))]),
        (WILD, everywhere(DIGIT), [(WILD, ("*",))]),
        (WILD, everywhere("https://*.b.example:8443"), []),
        ("https://b.example:*", everywhere("https://b.example:8443"), [("https://b.example:*", ("*",))]),
        ("*", everywhere("https://z.example"), []),
        ("*", everywhere("https://z.example", A), [("*", ("*",))]),
        (DIGIT, everywhere(Regex(r"https://[a-z]1\.b\.example")), [(DIGIT, ("*",))]),
        (DIGIT, everywhere(Regex(r"https://[a-z]\.b\.example")), []),
        # Removed as text, and still covered: not removed.
        ("https://x.c.example", everywhere("https://x.c.example"), []),
        ("https://*.x.c.example", everywhere("https://*.c.example"), []),
        (Regex(r"https://[xy]\.c\.example"), everywhere("https://*.c.example"), []),
        (Z, everywhere(Z), [(Z, ("*",))]),
    ],
)
def test_what_is_let_in_again(removed: Any, fallback: Rules, again: list[Any]) -> None:
    after = everywhere("https://z.example", "https://*.c.example")
    assert readmitted(everywhere(removed), after, fallback) == again


def test_path_by_path() -> None:
    before = rules(("/a /a/* /b", {"allow_origins": [A, B]}))
    after = rules(("/a /a/* /b", {"allow_origins": [B]}))
    assert readmitted(before, after, rules(("/a/*", {"allow_origins": [A]}))) == [(A, ("/a/*",))]
    assert readmitted(before, rules(), rules(("/a/x", {"allow_origins": ["*"]}))) == [(A, ("/a/x",)), (B, ("/a/x",))]
    assert readmitted(before, after, everywhere("*")) == [(A, ("/a", "/a/*", "/b"))]
    assert readmitted(rules(), after, everywhere("*")) == []


def test_what_cannot_be_told_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which characters were an `a` has to be kept apart: more states than are ever searched."""
    monkeypatch.setattr("edgecors_cli.fallback._ONE_SEARCH", 500)
    many, more = (Regex(rf"https://[ab]*{letter}[ab]{{40}}\.a\.example") for letter in "ab")
    after = everywhere(Regex(r"https://[ab]{1,63}\.a\.example"))
    assert readmitted(everywhere(many), after, everywhere(more)) == [(many, ("*",))]
