"""Multipart forms: what a browser sends is read back, and anything else is refused with a problem."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tea_api import bodies
from tea_api.problems import ApiError
from unit.tea.attempts import ENCODABLE, attempt, steady

NAMES = st.text(st.characters(exclude_characters='"%\\', exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
BOUNDARY = "----WebKitFormBoundaryAbC123"


def encoded(texts: dict[str, str], files: dict[str, bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in texts.items()
    ]
    parts += [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in files.items()
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


@steady
@given(
    st.dictionaries(NAMES, ENCODABLE, min_size=1, max_size=5),
    st.dictionaries(NAMES, st.binary(max_size=200), max_size=2),
)
def test_a_form_is_read_back(texts: dict[str, str], files: dict[str, bytes]) -> None:
    files = {name: data for name, data in files.items() if name not in texts}
    assert bodies.form(encoded(texts, files), BOUNDARY) == bodies.Form(texts, files)


@steady
@given(st.data())
def test_a_form_that_was_tampered_with_is_a_form_or_is_refused(data: st.DataObject) -> None:
    whole = bytearray(encoded({"name": "white", "origin": "China"}, {"image": b"\x89PNG\r\n\x1a\n\r\n--"}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole)))
        length = data.draw(st.integers(0, 6))
        whole[at : at + length] = data.draw(st.binary(max_size=6) | st.sampled_from([b"\r\n", b"--", b"\r\n--", b'"']))
    result = attempt(lambda: bodies.form(bytes(whole), BOUNDARY))
    assert isinstance(result, bodies.Form) or result.status == 400


@steady
@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_with_any_boundary(data: bytes, boundary: str) -> None:
    result = attempt(lambda: bodies.form(data, boundary))
    assert isinstance(result, bodies.Form) or result.status == 400


@pytest.mark.parametrize(
    "data",
    [
        b"--x\r\n" * 100_000,
        b"\r\n" * 400_000,
        b"--x" * 300_000,
        b"\r\n--" * 250_000,
        b"--x\r\nContent-Disposition: form-data; name=" + b'"' * 800_000,
        b"--x\r\nContent-Disposition: form-data; " + b"a=b; " * 200 + b"\r\n\r\n\r\n--x--\r\n",
        b"--x\r\nContent-Disposition: form-data; name=a; " + b'x="\\' * 900 + b"\r\n\r\n\r\n--x--\r\n",
    ],
    ids=["boundaries", "line ends", "half boundaries", "dashes", "quotes", "parameters", "escapes"],
)
def test_a_large_form_of_nothing_comes_to_nothing(data: bytes) -> None:
    result = attempt(lambda: bodies.form(data, "x"))
    assert result.status == 400 if isinstance(result, ApiError) else set(result.texts.values()) <= {""}


@steady
@given(st.none() | st.text(max_size=60))
def test_any_content_type_is_known_or_refused(content_type: str | None) -> None:
    result = attempt(lambda: bodies.media_type(content_type, None, bodies.JSON, bodies.FORM))
    assert result.status == 415 if isinstance(result, ApiError) else result[0] in {bodies.JSON, bodies.FORM}


@steady
@given(st.binary(max_size=40), st.integers(0, 40))
def test_the_limit_is_one_of_bytes_in_base64_too(data: bytes, limit: int) -> None:
    body = base64.b64encode(data).decode()
    if len(data) <= limit:
        assert bodies.content(body, is_base64=True, limit=limit) == data
    else:
        with pytest.raises(ApiError) as raised:
            bodies.content(body, is_base64=True, limit=limit)
        assert raised.value.status == 413


def test_no_body_is_an_empty_one() -> None:
    assert bodies.content(None, is_base64=False, limit=10) == b""


def test_a_part_of_another_encoding() -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=latin-1\r\n\r\n'
    form = bodies.form(head + b"a\r\n--x--\r\n", "x")
    assert [(error.field, error.code) for error in form.errors] == [("name", "encoding")]
