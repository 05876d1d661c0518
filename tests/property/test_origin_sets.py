"""Sets of origins against the engine: what is in them, what is missing, which origin is the shortest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.origins import MALFORMED, VALID
from edgecors import Policy, Regex
from edgecors._origin import parse
from edgecors.decision import allows_origin
from rules_analysis import OriginSet, well_formed
from rules_analysis.search import order

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = settings(derandomize=True, deadline=None, max_examples=12)

POOL = (
    *("https://a.example", "https://b.a.example", "https://c.b.a.example", "https://a", "http://localhost:3000"),
    *("https://*.a.example", "https://*.b.a.example", "https://*.example", "https://*.a.example:8443"),
    *("http://localhost:*", "https://*.a.example:*", "http://127.0.0.1:*", "http://[::1]:*", "s://*.a.example"),
    *map(Regex, (r"https://[a-c]+\.a\.example", r"https://(\w+\.)*a\.example", r"http://localhost(:\d+)?")),
    *map(Regex, (r"https://.*\.a\.example(:8443)?", r"http://127\.0\.0\.\d:[1-9]\d*", r"http://\[::[12]\](:1)?")),
    *map(Regex, (r"https?://[ab]{1,2}\.example", r"[a-z]://a\.a\.example", r"http://\d\.0\.0\.\d:21|https://b")),
)
UNIVERSE = tuple(
    f"{scheme}://{host}{port}"
    for scheme in ("https", "http", "s")
    for host in (
        *("a", "b", "localhost", "127.0.0.1", "127.0.0.9", "[::1]", "[::2]", "a.example", "d.example", "a.a.example"),
        *("b.a.example", "d.a.example", "-.a.example", "a.b.a.example", "c.b.a.example", "a.a.a.example"),
        "a.a.example.",
    )
    for port in ("", ":1", ":21", ":3000", ":8443")
)
TEXTS = (*VALID, *(text for text, _ in MALFORMED))
LISTS = st.lists(st.sampled_from(POOL), min_size=1, max_size=4, unique=True) | st.just(["*"])


def allowed_by(patterns: list[str | Regex]) -> Callable[[str], bool]:
    return partial(allows_origin, Policy(allow_origins=patterns))


@SETTINGS
@given(patterns=LISTS)
def test_what_a_policy_allows_is_in_the_set(patterns: list[str | Regex]) -> None:
    origins, allowed = OriginSet.of(patterns), allowed_by(patterns)
    texts = (*UNIVERSE, *TEXTS)
    assert [text in origins for text in texts] == [allowed(text) for text in texts]


@SETTINGS
@given(first=LISTS, second=LISTS, third=LISTS)
def test_differences_and_overlaps(
    first: list[str | Regex], second: list[str | Regex], third: list[str | Regex]
) -> None:
    one, two, three = (OriginSet.of(patterns) for patterns in (first, second, third))
    ones, twos, threes = (allowed_by(patterns) for patterns in (first, second, third))
    cases: list[tuple[OriginSet, Callable[[str], bool]]] = [
        (one, ones),
        (one.minus(two), lambda origin: ones(origin) and not twos(origin)),
        (one.overlap(two), lambda origin: ones(origin) and twos(origin)),
        (one.overlap(two).minus(three), lambda origin: ones(origin) and twos(origin) and not threes(origin)),
        (one.minus(two.minus(three)), lambda origin: ones(origin) and not (twos(origin) and not threes(origin))),
    ]
    for found, allowed in cases:
        example = found.example()
        inside = [origin for origin in UNIVERSE if parse(origin) is not None and allowed(origin)]
        assert [origin for origin in UNIVERSE if origin in found] == inside
        assert found.is_empty() is (example is None)
        if example is None:
            assert inside == []
        else:
            assert allowed(example)
            assert parse(example) is not None
            assert [origin for origin in inside if order(origin) < order(example)] == []
    assert one.is_subset(two) is one.minus(two).is_empty()


def reads(text: str) -> bool:
    state, lengths = well_formed.START, well_formed.NOTHING_READ
    for character in text:
        following = dict(well_formed.steps(state)).get(character)
        further = None if following is None else well_formed.lengths_after(following, lengths, character)
        if following is None or further is None:
            return False
        state, lengths = following, further
    return well_formed.accepts(state)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """A text with a character or two put in, taken out or exchanged."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from("a0159x-.:[]/f")) + text[at + draw(st.integers(0, 2)) :]
    return text


def test_the_automaton_of_origins_is_the_parser() -> None:
    assert [text for text in TEXTS if reads(text) is not (parse(text) is not None)] == []


@settings(derandomize=True, deadline=None, max_examples=100)
@given(text=spoiled())
def test_the_automaton_of_origins_is_the_parser_for_others(text: str) -> None:
    assert reads(text) is (parse(text) is not None)


_PIECES = st.lists(st.sampled_from(("0", "1", "a0", "0000", "00a", "")), min_size=1, max_size=9)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(pieces=_PIECES)
def test_the_automaton_knows_compressed_addresses(pieces: list[str]) -> None:
    text = f"https://[{':'.join(pieces)}]"
    assert reads(text) is (parse(text) is not None)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(port=st.integers(0, 99_999), scheme=st.sampled_from(("http", "https", "ftp", "s")))
def test_the_automaton_knows_ports(port: int, scheme: str) -> None:
    for text in (f"{scheme}://a:{port}", f"{scheme}://a:{port % 100}", f"{scheme}://a:6553{port % 10}"):
        assert reads(text) is (parse(text) is not None)
