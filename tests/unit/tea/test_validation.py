"""What a tea and a comment may be: whatever comes in, valid or refused with a problem, never anything else."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tea_api import bodies, names, validation
from tea_api.images import Image
from tea_api.problems import ApiError
from unit.tea.attempts import attempt, steady

ANY_TEXT = st.text(st.characters(), max_size=80)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
KNOWN = st.sampled_from(["name", "description", "keywords", "origin", "brew_time", "temperature", "image", "comment"])
OBJECTS = st.dictionaries(KNOWN | ANY_TEXT, JSON_VALUES | st.sampled_from(["white", 3, 2.5, 100]), max_size=8)


def read(document: dict[str, Any]) -> dict[str, object]:
    return bodies.json_object(json.dumps(document).encode())


def check(new: validation.NewTea) -> None:
    """What holds for every tea that was let in."""
    assert names.problem(new.name) is None
    assert unicodedata.is_normalized("NFC", new.name)
    for text in (new.name, new.description, new.keywords, new.origin):
        assert len(text) <= 1000
        assert not any(unicodedata.category(character) in {"Cs", "Zl", "Zp"} for character in text)
        assert "\0" not in text
    for number, most in ((new.brew_time, 1440), (new.temperature, 100)):
        if number is not None:
            assert 0 <= number <= most
            assert -number.as_tuple().exponent <= 3  # type: ignore[operator]
            # DynamoDB's numbers have 38 digits.
            assert len(f"{number:f}") <= 8


def refusal(error: ApiError, *statuses: int) -> None:
    """A refusal says what is wrong."""
    assert error.status in statuses
    document = json.loads(error.body())
    assert document["status"] == error.status
    assert document["detail"]


@steady
@given(OBJECTS)
def test_any_json_is_a_tea_or_is_refused(document: dict[str, Any]) -> None:
    result = attempt(lambda: validation.tea_of_json(read(document)))
    if isinstance(result, ApiError):
        refusal(result, 400)
    else:
        check(result)


@steady
@given(OBJECTS)
def test_any_json_is_a_comment_or_is_refused(document: dict[str, Any]) -> None:
    result = attempt(lambda: validation.comment_of_json(read(document)))
    if isinstance(result, ApiError):
        refusal(result, 400)
    else:
        assert document == {"comment": result}
        assert 0 < len(result.strip()) <= len(result) <= 500


@steady
@given(
    st.dictionaries(KNOWN | ANY_TEXT, ANY_TEXT | st.sampled_from(["3", "2.5", "1e5", "-1", "Infinity"]), max_size=8),
    st.dictionaries(st.just("image") | ANY_TEXT, st.binary(max_size=40), max_size=2),
)
def test_any_form_is_a_tea_or_is_refused(texts: dict[str, str], files: dict[str, bytes]) -> None:
    result = attempt(lambda: validation.tea_of_form(bodies.Form(texts, files)))
    if isinstance(result, ApiError):
        refusal(result, 400, 415)
    else:
        check(result)


@steady
@given(st.binary(max_size=200) | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_json_or_are_refused(data: bytes) -> None:
    result = attempt(lambda: bodies.json_object(data))
    assert isinstance(result, dict) or result.status == 400


@steady
@given(st.decimals(min_value=0, max_value=1440, places=3))
def test_a_number_is_kept_as_it_is(number: Decimal) -> None:
    assert validation.tea_of_json({"name": "white", "brew_time": number}).brew_time == number


@steady
@given(ANY_TEXT)
def test_the_name_in_a_path_is_the_name_in_a_body(name: str) -> None:
    in_path = attempt(lambda: validation.name_in_path(name))
    in_body = attempt(lambda: validation.tea_of_json({"name": name}))
    if isinstance(in_path, ApiError) or isinstance(in_body, ApiError):
        assert isinstance(in_path, ApiError)
        assert isinstance(in_body, ApiError)
        assert in_path.errors == in_body.errors
    else:
        assert in_path == in_body.name == names.normal(in_path)


def test_a_form_is_the_same_tea_as_json() -> None:
    texts = {"name": "earl grey", "origin": "England", "brew_time": "2.50", "temperature": "96"}
    json_fields: dict[str, object] = {**texts, "brew_time": Decimal("2.5"), "temperature": Decimal(96)}
    png = b"\x89PNG\r\n\x1a\n"
    of_form = validation.tea_of_form(bodies.Form(texts, {"image": png}))
    assert of_form == validation.NewTea(
        name="earl grey",
        origin="England",
        brew_time=Decimal("2.5"),
        temperature=Decimal(96),
        image=Image(png, "png"),
    )
    of_json = validation.tea_of_json(json_fields)
    assert of_json == dataclasses.replace(of_form, image=None)
