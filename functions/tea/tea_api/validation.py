"""The fields of a new tea and of a comment: every one that is wrong, named at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tea_api import images, names
from tea_api.problems import ApiError, FieldError, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tea_api.bodies import Form

TEXT_LENGTH = 1000
COMMENT_LENGTH = 500
"""Characters."""

TEXTS = ("description", "keywords", "origin")
NUMBERS = {"brew_time": (Decimal(1440), "minutes"), "temperature": (Decimal(100), "degrees Celsius")}
"""Field to the most it can be (the least is 0) and its unit."""

_STEP = Decimal("0.001")
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_LINES = frozenset("\t\n\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTea:
    """A tea that may be made: valid, and without an id yet."""

    name: str
    description: str = ""
    keywords: str = ""
    origin: str = ""
    brew_time: Decimal | None = None
    temperature: Decimal | None = None
    image: images.Image | None = None


def tea_of_json(fields: Mapping[str, object]) -> NewTea:
    """A new tea from a JSON object, numbers as Decimal. Raises ApiError 400."""
    return _tea(fields, None, [])


def tea_of_form(form: Form) -> NewTea:
    """A new tea from a form, the image in its file `image`. A field left empty counts as not given.

    Raises ApiError 400 with every invalid field; 413 or 415 where nothing but the image's size or kind is
    wrong.
    """
    errors = list(form.errors)
    errors += [FieldError(field, "type", "This field is text, not a file.") for field in form.files if field != "image"]
    fields: dict[str, object] = {}
    for field, text in form.texts.items():
        if text and field in NUMBERS:
            fields[field] = Decimal(text) if _NUMBER.fullmatch(text) else text
        elif text:
            fields[field] = text
    return _tea(fields, form.files.get("image"), errors)


def comment_of_json(fields: Mapping[str, object]) -> str:
    """The text of a comment from `{"comment": text}`. Raises ApiError 400."""
    errors = _unknown(fields, {"comment"})
    text = fields.get("comment")
    if text is None or (isinstance(text, str) and not text.strip()):
        errors.append(FieldError("comment", "required", "A comment needs a text."))
    else:
        errors += _text_errors("comment", text, COMMENT_LENGTH)
    if errors or not isinstance(text, str):
        raise invalid(*errors)
    return text


def name_in_path(name: str) -> str:
    """The normal form of a tea's name in a path. Raises ApiError 400 for what can be no tea's name."""
    name = names.normal(name)
    error = names.problem(name)
    if error:
        raise invalid(error)
    return name


def _tea(fields: Mapping[str, object], picture: bytes | None, errors: list[FieldError]) -> NewTea:
    errors += _unknown(fields, {"name", "image", *TEXTS, *NUMBERS})
    if "image" in fields:
        errors.append(FieldError("image", "type", "The image is a file: send it as multipart/form-data."))
    name, name_errors = _name(fields)
    if all(error.field != "name" for error in errors):
        errors += name_errors
    texts: dict[str, str] = {}
    for field in TEXTS:
        value = fields.get(field)
        found = [] if value is None else _text_errors(field, value, TEXT_LENGTH)
        errors += found
        if isinstance(value, str) and not found:
            texts[field] = value
    numbers: dict[str, Decimal] = {}
    for field in NUMBERS:
        value = fields.get(field)
        found = [] if value is None else _number_errors(field, value)
        errors += found
        if isinstance(value, Decimal) and not found:
            # 0 + makes -0 a 0.
            numbers[field] = 0 + value.quantize(_STEP).normalize()
    image, image_error = _image(picture)
    if image_error and not errors:
        status = 413 if image_error.code == "too-large" else 415
        raise ApiError(status, image_error.message, errors=[image_error])
    if image_error:
        errors.append(image_error)
    if errors:
        raise invalid(*errors)
    return NewTea(
        name=name,
        description=texts.get("description", ""),
        keywords=texts.get("keywords", ""),
        origin=texts.get("origin", ""),
        brew_time=numbers.get("brew_time"),
        temperature=numbers.get("temperature"),
        image=image,
    )


def _unknown(fields: Mapping[str, object], known: set[str]) -> list[FieldError]:
    # A misspelt field is an error, since what it held would be lost without a word.
    listed = ", ".join(sorted(known))
    return [
        FieldError(field[: names.LENGTH], "unknown", f"There is no such field; there are {listed}.")
        for field in fields
        if field not in known
    ]


def _name(fields: Mapping[str, object]) -> tuple[str, list[FieldError]]:
    value = fields.get("name")
    if value is not None and not isinstance(value, str):
        return "", [FieldError("name", "type", "name is text.")]
    name = names.normal(value or "")
    error = names.problem(name)
    return name, [error] if error else []


def _text_errors(field: str, value: object, length: int) -> list[FieldError]:
    if not isinstance(value, str):
        return [FieldError(field, "type", f"{field} is text.")]
    if len(value) > length:
        return [FieldError(field, "too-long", f"{field} has at most {length} characters, not {len(value)}.")]
    if any(character not in _LINES and not names.printable(character) for character in value):
        return [FieldError(field, "characters", f"{field} has no control characters but tabs and line ends.")]
    return []


def _number_errors(field: str, value: object) -> list[FieldError]:
    most, unit = NUMBERS[field]
    if not isinstance(value, Decimal):
        return [FieldError(field, "type", f"{field} is a number, in {unit}.")]
    if not 0 <= value <= most:
        return [FieldError(field, "range", f"{field} is from 0 to {most} {unit}.")]
    if value != value.quantize(_STEP):
        return [FieldError(field, "precision", f"{field} has at most 3 decimal places.")]
    return []


def _image(picture: bytes | None) -> tuple[images.Image | None, FieldError | None]:
    if picture is None:
        return None, None
    if len(picture) > images.LIMIT:
        return None, FieldError("image", "too-large", f"An image has at most {images.LIMIT} bytes.")
    image = images.recognise(picture)
    if image is None:
        return None, FieldError("image", "image-type", "The image is no PNG, JPEG, GIF or WebP.")
    return image, None
