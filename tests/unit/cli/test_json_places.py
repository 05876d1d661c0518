"""Every value of a JSON text is found where it stands, and whatever is no JSON does no harm."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecors_cli.json_places import Places, Span
from effort import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def _values(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    yield pointer, value
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _values(below, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _values(below, f"{pointer}/{index}")


@settings(derandomize=True, deadline=None, max_examples=examples(16))
@given(document=_JSON, indent=st.sampled_from([None, 1, 4]), ascii_only=st.booleans())
def test_every_value_is_where_its_pointer_says(document: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    places = Places(text)
    for pointer, value in _values(document):
        span = places.value(pointer)
        assert span is not None
        assert json.loads(text[span.start : span.end]) == value
        if pointer:
            key = places.key(pointer)
            if key is not None:
                assert (
                    json.loads(text[key.start : key.end]).replace("~", "~0").replace("/", "~1")
                    == pointer.rpartition("/")[2]
                )


@settings(derandomize=True, deadline=None, max_examples=examples(16))
@given(document=_JSON, ascii_only=st.booleans(), data=st.data())
def test_what_is_cut_off_is_found_as_far_as_it_goes(document: Any, ascii_only: bool, data: st.DataObject) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only)
    cut = text[: data.draw(st.integers(0, len(text)))]
    places = Places(cut)
    for pointer, _ in _values(document):
        span, whole = places.value(pointer), Places(text).value(pointer)
        assert span is None or (whole is not None and span.start == whole.start and span.end <= len(cut))


@settings(derandomize=True, deadline=None, max_examples=examples(16))
@given(st.text())
def test_any_text_will_do(text: str) -> None:
    places = Places(text)
    assert places.nearest("/policies/0/paths") in (None, places.value(""))


@settings(derandomize=True, deadline=None, max_examples=examples(16))
@given(content=st.text(), ascii_only=st.booleans(), data=st.data())
def test_characters_of_a_text_are_found_behind_their_escapes(
    content: str, ascii_only: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    text = json.dumps(content, ensure_ascii=ascii_only)
    span = Places(text).within(Span(0, len(text)), start, end)
    assert json.loads(f'"{text[span.start : span.end]}"') == content[start:end]


def test_a_key_that_stands_twice() -> None:
    text = '{"a": 1, "a": [2]}'
    places = Places(text)
    assert places.value("/a") == (14, 17)
    assert places.key("/a") == (9, 12)
    assert places.value("/a/0") == (15, 16)


@pytest.mark.parametrize("pointer", ["/a/b", "/a/0/x", "/x", ""])
def test_the_nearest_of_what_is_missing(pointer: str) -> None:
    assert Places('{"a": [[]]}').nearest(pointer) == {"/a/b": (6, 10), "/a/0/x": (7, 9)}.get(pointer, (0, 11))


@pytest.mark.parametrize(
    ("text", "span", "place"),
    [
        ("abc", (1, 2), (1, "abc", 1, 2)),
        ("a\nbcd\ne", (3, 5), (2, "bcd", 1, 3)),
        ("a\r\nbcd\r\n", (4, 20), (2, "bcd", 1, 3)),
        ("ab\n", (3, 4), (2, "", 0, 1)),
        ("", (0, 1), (1, "", 0, 1)),
    ],
)
def test_lines_and_columns(text: str, span: tuple[int, int], place: tuple[int, str, int, int]) -> None:
    assert Places(text).place(Span(*span)) == place


def test_depth_has_an_end() -> None:
    places = Places("[" * 100_000)
    assert places.value("") == (0, 1)
    assert places.value("/0" * 70) is None
