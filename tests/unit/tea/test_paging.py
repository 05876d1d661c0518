"""Cursors: what was made is read back by its own list, and by nothing else."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tea_api import names, paging
from tea_api.problems import ApiError
from unit.tea.attempts import ENCODABLE, attempt, steady

TEXT = ENCODABLE.filter(bool)


def anything(key: str) -> bool:
    return bool(key)


@steady
@given(TEXT, TEXT)
def test_a_cursor_is_read_back(scope: str, key: str) -> None:
    cursor = paging.cursor(scope, key)
    assert re.fullmatch(r"[\w-]+", cursor, re.ASCII)
    assert paging.position(scope, cursor, anything) == key


@steady
@given(TEXT, TEXT, TEXT)
def test_a_cursor_is_of_one_list(scope: str, other: str, key: str) -> None:
    if scope != other:
        refused(other, paging.cursor(scope, key))


@steady
@given(TEXT, st.data())
def test_a_cursor_that_was_changed_is_none(key: str, data: st.DataObject) -> None:
    cursor = paging.cursor("teas", key)
    at = data.draw(st.integers(0, len(cursor) - 1))
    character = data.draw(st.characters(codec="ascii"))
    changed = cursor[:at] + character + cursor[at + data.draw(st.integers(0, 1)) :]
    if changed != cursor:
        refused("teas", changed)


@steady
@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_garbage_is_no_cursor(text: str) -> None:
    refused("teas", text)


def test_a_forged_checksum_does_not_make_a_key() -> None:
    """The checksum is no secret: whoever computes it still gets no further than the keys that the list can have."""
    for key in ("a/b", "", "x" * 65, " "):
        with pytest.raises(ApiError):
            paging.position("teas", paging.cursor("teas", key), lambda name: names.problem(name) is None)


def test_no_cursor_is_the_beginning() -> None:
    assert paging.position("teas", None, anything) is None


def test_the_longest_name_fits_into_a_cursor() -> None:
    cursor = paging.cursor("teas", "🍵" * 64)
    assert paging.position("teas", cursor, anything) == "🍵" * 64


def refused(scope: str, text: str) -> None:
    with pytest.raises(ApiError) as raised:
        paging.position(scope, text, anything)
    assert [(error.field, error.code) for error in raised.value.errors] == [("cursor", "cursor")]


@steady
@given(st.text(max_size=6))
def test_a_limit_is_a_number_or_is_refused(text: str) -> None:
    result = attempt(lambda: paging.limit(text))
    if isinstance(result, ApiError):
        assert result.status == 400
    else:
        assert str(result) == text
        assert 1 <= result <= 100


@pytest.mark.parametrize(("text", "limit"), [(None, 100), ("1", 1), ("42", 42), ("100", 100)])
def test_limits(text: str | None, limit: int) -> None:
    assert paging.limit(text) == limit
