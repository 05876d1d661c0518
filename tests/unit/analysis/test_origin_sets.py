"""The shortest origin that tells two lists of patterns apart; and that looking for it never takes long."""

from __future__ import annotations

import pytest

from edgecors import Regex
from edgecors._spec import MAX_LABEL
from rules_analysis import Budget, OriginSet, TooHardError
from tables import each

WILD, DEEP = "https://*.a.example", "https://*.x.a.example"
LOCAL = "http://localhost:*"
LABELS = "abcdefghijklmnopqrstuvwxyz0123456789-_"
# The first of those with 31 characters in front of `.a.example`.
LONG = f"https://{'a' * 31}.a.example"
LABEL = f"{'a' * MAX_LABEL}."
Patterns = tuple[str | Regex, ...]


def regex(text: str) -> Patterns:
    return (Regex(text),)


@each(
    ("first", "second", "example"),
    [
        ((), (), None),
        (("https://a.example",), (), "https://a.example"),
        (("https://a.example",), (WILD,), "https://a.example"),
        (("https://x.a.example",), (WILD,), None),
        (("https://bb.a.example", "https://b.a.example", "https://a.a.example"), (), "https://a.a.example"),
        (("https://1.a.example", "https://-.a.example", "https://z.a.example"), (), "https://z.a.example"),
        ((WILD,), (), "https://a.a.example"),
        ((WILD,), ("https://a.a.example", DEEP), "https://b.a.example"),
        ((WILD,), tuple(f"https://{label}.a.example" for label in LABELS[:-1]), "https://_.a.example"),
        ((WILD,), tuple(f"https://{label}.a.example" for label in LABELS), "https://aa.a.example"),
        ((WILD,), regex(r"https://[^.]+\.a\.example"), "https://a.a.a.example"),
        ((WILD,), regex(r"https://.*\.a\.example"), None),
        ((WILD,), regex(r"https://.{0,30}\.a\.example"), LONG),
        ((DEEP,), (WILD,), None),
        ((WILD,), ("https://*.a.example:*",), None),
        (("https://*.a.example:*",), (WILD,), "https://a.a.example:1"),
        ((LOCAL,), ("http://localhost",), "http://localhost:1"),
        ((LOCAL,), regex(r"http://localhost(:\d+)?"), None),
        ((LOCAL,), regex(r"http://localhost(:\d{1,4})?"), "http://localhost:10000"),
        ((LOCAL,), regex(r"http://localhost(:[1-5]\d*|:[6-9]\d{0,3}|:6[0-4]\d+)?"), "http://localhost:65000"),
        (("https://a:*",), regex(r"https://a(:([1-35-9]\d*|4|44|4[0-35-9]\d*|44[0-24-9]\d*|443\d+))?"), None),
        (regex(r"http://\d+\.1\.1\.1"), regex(r"http://1?\d?\d\.1\.1\.1"), "http://200.1.1.1"),
        (regex(r"http://[0-9x]+\.a"), regex(r"http://\d+\.a"), "http://x.a"),
        (regex(r"http://a\.[0-9]\w{0,2}"), (), "http://a.0a"),
        (regex(r"http://0x[0-9a-f]*"), (), None),
        (regex(r"http://\[::[0-9a-f]\]"), ("http://[::a]", "http://[::b]"), "http://[::c]"),
        (regex(r"http://\[[01:]{5}\]"), (), "http://[0:1::]"),
        (regex(r"[a-z]+://a"), regex(r"[a-z]{1,63}://a"), f"{'a' * 64}://a"),
        (regex(r"\w{4}://a"), regex(r"[a-eg-z]\w{3}://a|f[a-hj-z]\w\w://a"), "fiaa://a"),
        (regex(r"file://a"), (), None),
        (regex(rf"https://a{{{MAX_LABEL + 1}}}"), (), None),
        (regex(r"https://[ab]{60}(\.[ab]{60}){3}\.[ab]{10}|https://b"), (), "https://b"),
        (regex(r"https://a{63}(\.a{63}){3}\.?"), (), None),
        (regex(r"https://a{63}(\.a{63}){2}\.a{61}\.:1"), (), f"https://{LABEL * 3}{'a' * 61}.:1"),
        (("*",), ("*",), None),
        (("*",), (), "a://a"),
        (("*",), regex(r"[a-z]://[a-z]"), "a://-"),
        (("https://*.a.example.",), (WILD,), "https://a.a.example."),
        (regex(rf"https://a{{{MAX_LABEL + 1}}}|https://a{{{MAX_LABEL}}}"), (), f"https://{'a' * MAX_LABEL}"),
    ],
)  # fmt: skip
def test_what_is_in_one_and_not_in_the_other(first: Patterns, second: Patterns, example: str | None) -> None:
    origins = OriginSet.of(first)
    assert origins.minus(OriginSet.of(second)).example() == example
    assert origins.is_subset(OriginSet.of(second)) is (example is None)


@each(
    ("first", "second", "example"),
    [
        (("https://a.example",), (WILD,), None),
        ((WILD,), (DEEP,), "https://a.x.a.example"),
        ((WILD,), ("https://*.b.example",), None),
        ((WILD,), ("https://x.a.example:*",), "https://x.a.example"),
        (("https://*.a.example:8443",), ("https://x.a.example:*",), "https://x.a.example:8443"),
        ((LOCAL,), ("https://localhost:*", "http://127.0.0.1:*"), None),
        (("*",), (WILD,), "https://a.a.example"),
        (("*",), ("*",), "a://a"),
        (regex(r"https://[xy]+\.example"), regex(r"https://[yz]+\.example"), "https://y.example"),
        (regex(r"https://[xy]\.example"), ("https://*.example", "https://y.example"), "https://x.example"),
    ],
)
def test_what_is_in_both(first: Patterns, second: Patterns, example: str | None) -> None:
    one, two = OriginSet.of(first), OriginSet.of(second)
    assert one.overlap(two).example() == two.overlap(one).example() == example


def test_an_example_can_be_asked_to_begin_so() -> None:
    every = OriginSet.of(["*"]).minus(OriginSet.of(["https://a"]))
    assert every.example(starting="https://") == "https://b"
    assert every.example(starting="https://a") == "https://aa"
    assert every.example(starting="HTTPS://") is None


@each("pattern", ["https://a.example/", "a.example", "", Regex("("), Regex("a" * 3_000)])
def test_what_is_no_pattern(pattern: str | Regex) -> None:
    with pytest.raises(ValueError, match=r"is no (pattern|expression)"):
        OriginSet.of([pattern])


# Which of a hundred characters was an `a` has to be kept apart: 2 ** 100 states.
MANY_STATES = Regex(r"https://[ab]*a[ab]{40}\.example")
MORE_STATES = Regex(r"https://[ab]*b[ab]{40}\.example")


class TestTooHard:
    """What would take too long is said to."""

    def test_nothing_is_claimed(self) -> None:
        both = OriginSet.of([MANY_STATES]).overlap(OriginSet.of([MORE_STATES]))
        with pytest.raises(TooHardError):
            both.minus(OriginSet.of([Regex(r"https://[ab]{1,63}\.example")])).is_empty(budget=Budget(1_000))

    def test_other_parts_give_an_example(self) -> None:
        budget = Budget(50)
        origins = OriginSet.of([MANY_STATES, "https://long-enough.example"])
        assert origins.example(budget=budget) == "https://long-enough.example"
        assert not origins.is_empty(budget=budget)
        with pytest.raises(TooHardError):
            OriginSet.of([MANY_STATES]).example(budget=budget)

    def test_a_part_of_a_budget_is_taken_from_it(self) -> None:
        whole = Budget(100)
        with pytest.raises(TooHardError):
            OriginSet.of([MANY_STATES]).example(budget=Budget(30, whole))
        assert whole.left == 69


def test_many_exact_origins() -> None:
    names = [f"https://x{number}.a.example" for number in range(10_000)]
    one, other = OriginSet.of(names), OriginSet.of([*reversed(names[1:]), "https://b.example"])
    assert one.minus(other).example() == "https://x0.a.example"
    assert other.minus(one).example() == "https://b.example"
    assert OriginSet.of([WILD]).minus(one).example() == "https://a.a.example"
    assert one.is_subset(OriginSet.of([WILD]))
    assert OriginSet.of(regex(r"https://x\d\.a\.example")).is_subset(one)


def test_many_patterns() -> None:
    names = [f"https://*.x{number}.example" for number in range(2_000)]
    one, other = OriginSet.of(names), OriginSet.of(names[1:])
    assert one.minus(other).example() == "https://a.x0.example"
    assert other.is_subset(one)
    assert one.overlap(other).example() == "https://a.x1.example"
    assert OriginSet.of(["https://*.example"]).minus(one).example() == "https://a.example"
    assert OriginSet.of(regex(r"https://a\.x\d\.example")).is_subset(one)
