"""Errors as answers: `application/problem+json`, RFC 9457."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTENT_TYPE = "application/problem+json"

# http.HTTPStatus changed the phrase of 413 with Python 3.13; the answers should not depend on the runtime.
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its name, a stable word for programs, a sentence for people."""

    field: str
    code: str
    message: str


class ApiError(Exception):
    """A request that cannot be served, and the answer to it.

    `status` is one of `TITLES`; `detail` is one sentence; `errors` names every field that is wrong; `headers`
    are those that the status asks for (`Allow`, `WWW-Authenticate`).
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def body(self) -> str:
        """The problem document as JSON text."""
        document: dict[str, object] = {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [asdict(error) for error in self.errors]
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        # A field's name is the client's, and half a surrogate pair in it could not be sent.
        return text.encode(errors="replace").decode()


def invalid(*errors: FieldError) -> ApiError:
    """The 400 that names every invalid field at once."""
    if len(errors) == 1:
        return ApiError(400, errors[0].message, errors=errors)
    fields = ", ".join(dict.fromkeys(error.field for error in errors))
    return ApiError(400, f"{len(errors)} things are wrong, with {fields}.", errors=errors)


def no_such_tea(name: str) -> ApiError:
    """The 404 for a tea that is not there."""
    return ApiError(404, f"There is no tea named {name!r}.")
