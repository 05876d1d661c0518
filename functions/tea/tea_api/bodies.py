"""Request bodies, as far as their media type goes: JSON objects and multipart forms.

What the fields mean is `validation`'s business.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tea_api import images
from tea_api.problems import ApiError, FieldError

JSON = "application/json"
FORM = "multipart/form-data"

JSON_LIMIT = 64 * 1024
"""Bytes; the longest fields, every character escaped, take 37 KB."""
FORM_LIMIT = images.LIMIT + JSON_LIMIT
"""Bytes."""

_PARTS = 32
_UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form: text and files by field name, and what could not be read."""

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)


def media_type(content_type: str | None, content_encoding: str | None, *accepted: str) -> tuple[str, str]:
    """The request's media type, one of `accepted`, and its boundary ("" where it has none).

    Raises ApiError 415 for any other, for a character encoding that is not UTF-8, and for a compressed body.
    """
    # Only requests with a body pay for it.
    from multipart import parse_options_header  # type: ignore[import-untyped]  # noqa: PLC0415

    essence, options = parse_options_header(content_type or "")
    expected = " or ".join(accepted)
    if essence not in accepted:
        raise _unsupported(f"The body must be {expected}, and Content-Type must say so.", accepted)
    if options.get("charset", "utf-8").lower() not in _UTF_8:
        raise _unsupported("The body must be in UTF-8.", accepted)
    if (content_encoding or "identity").strip().lower() != "identity":
        raise _unsupported("The body must not be compressed.", accepted)
    return essence, options.get("boundary", "")


def content(body: str | None, *, is_base64: bool, limit: int) -> bytes:
    """The body's bytes, from an event's `body` and `isBase64Encoded`. Raises ApiError 413 and 400."""
    text = body or ""
    # Four characters of base64 are three bytes: what is too long is refused before it is decoded.
    if len(text) > (limit * 4 // 3 + 4 if is_base64 else limit):
        raise too_large(limit)
    try:
        data = base64.b64decode(text, validate=True) if is_base64 else text.encode()
    except (binascii.Error, ValueError):
        raise ApiError(400, "The body is not what its encoding says.") from None
    if len(data) > limit:
        raise too_large(limit)
    return data


def too_large(limit: int) -> ApiError:
    """The 413; `limit` in bytes."""
    return ApiError(413, f"The body is over {limit} bytes.")


def json_object(data: bytes) -> dict[str, object]:
    """A JSON object, its numbers as Decimal. Raises ApiError 400.

    Stricter than `json`: NaN and Infinity are no JSON (RFC 8259), and a name given twice means two things.
    """
    try:
        value = json.loads(
            data.decode(),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, ArithmeticError, RecursionError):
        raise ApiError(400, "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise ApiError(400, "The body must be a JSON object.")
    return value


def form(data: bytes, boundary: str) -> Form:
    """A multipart form. Raises ApiError 400 where it is malformed; a bad field is in `Form.errors` instead.

    A file input that was left empty (no name, no bytes) is left out, as browsers mean it.
    """
    from multipart import MultipartError, PushMultipartParser  # noqa: PLC0415

    result = Form()
    seen: set[str] = set()
    part, data_of_part = None, bytearray()
    try:
        parser = PushMultipartParser(boundary, content_length=len(data), max_segment_count=_PARTS, strict=True)
        # The parser's events for each part: the part itself, its bytes in pieces, None.
        for event in [*parser.parse(data), *parser.parse(b"")]:
            if event is None:
                _add(result, part, bytes(data_of_part), seen)
            elif isinstance(event, bytearray | bytes):
                data_of_part += event
            else:
                part, data_of_part = event, bytearray()
    except MultipartError as error:
        raise ApiError(400, f"The body is not a valid multipart form: {error}.") from None
    return result


def _add(result: Form, part: Any, data: bytes, seen: set[str]) -> None:
    if part.name in seen:
        result.errors.append(FieldError(part.name, "duplicate", "This field is given more than once."))
    elif part.filename is None:
        _add_text(result, part.name, data, part.charset)
    elif part.filename or data:
        result.files[part.name] = data
    seen.add(part.name)


def _add_text(result: Form, name: str, data: bytes, charset: str | None) -> None:
    if (charset or "utf-8").lower() in _UTF_8:
        try:
            result.texts[name] = data.decode()
        except UnicodeDecodeError:
            pass
        else:
            return
    result.errors.append(FieldError(name, "encoding", "This field is not in UTF-8."))


def _unsupported(detail: str, accepted: tuple[str, ...]) -> ApiError:
    return ApiError(415, detail, headers={"Accept-Post": ", ".join(accepted)})


def _no_constant(text: str) -> float:
    raise ValueError(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name is given twice")
    return result
