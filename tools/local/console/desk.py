"""The console's questions and answers, as JSON: which there are, and who knows the answer."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from local.aws import REGION
from local.console.problems import WrongCallError
from local.rulebook import policies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.console.feed import Feed
    from local.rulebook import Published, Rulebook

Found = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """Answers questions. `api`: the Tea API's origin; `aws`: the URL of the local AWS."""

    book: Rulebook
    feed: Feed
    api: str
    aws: str

    def answer(self, path: str, body: bytes) -> tuple[HTTPStatus, Found]:
        """The answer to a POST of JSON to one of the console's own addresses."""
        questions = {"/api/try": self._try, "/api/check": self._check, "/api/fix": self._fix}
        if path not in questions:
            return HTTPStatus.NOT_FOUND, {"message": "There is no such question."}
        try:
            asked = json.loads(body)
            return HTTPStatus.OK, questions[path](asked if isinstance(asked, dict) else {})
        except WrongCallError as error:
            return HTTPStatus.UNPROCESSABLE_ENTITY, {"message": str(error), "field": error.field}
        except (ValueError, RecursionError):
            return HTTPStatus.BAD_REQUEST, {"message": "This is not JSON."}

    def rules(self) -> Found:
        """What is published, and how a draft of it is."""
        published = self._published()
        return {
            "parameter": self.book.parameter,
            "version": published.version if published is not None else 0,
            "text": published.text if published is not None else "",
            "file": self.book.file.name,
            "command": self._push(),
            "origins": exact_origins(published),
        }

    def _published(self) -> Published | None:
        versions = self.book.versions()
        return versions[0] if versions else None

    def _push(self) -> str:
        """The command that publishes a draft to the local SSM."""
        settings = {
            "AWS_ENDPOINT_URL": self.aws,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
        }
        first, second, third, fourth = (f"{name}={shlex.quote(value)}" for name, value in settings.items())
        push = shlex.join(["edgecors", "push", "rules.json", "--parameter", self.book.parameter])
        return f"{first} {second} \\\n{third} {fourth} \\\n{push}"

    def _try(self, asked: Mapping[str, Any]) -> Found:
        # Loaded when it is first asked for: make serve is up sooner.
        from local.console import trying  # noqa: PLC0415

        published = self._published()
        if published is None:
            raise WrongCallError("There are no rules to go by.")
        number = asked.get("answered")
        answer = self.feed.answer_headers(number) if isinstance(number, int) else None
        found: Found = trying.explained(asked, self.api, published, answer)
        return found

    def _check(self, asked: Mapping[str, Any]) -> Found:
        from local.console import drafting  # noqa: PLC0415

        return drafting.checked(text_of(asked), self._published())

    def _fix(self, asked: Mapping[str, Any]) -> Found:
        from local.console import drafting  # noqa: PLC0415

        code, pointer = asked.get("code", ""), asked.get("pointer", "")
        if not (isinstance(code, str) and isinstance(pointer, str)):
            raise WrongCallError("A problem has a code and a pointer.")
        return {"text": drafting.fixed(text_of(asked), code, pointer)}


def text_of(asked: Mapping[str, Any]) -> str:
    """The draft. Raises WrongCallError."""
    text = asked.get("text")
    if not isinstance(text, str):
        raise WrongCallError("A draft is a text.")
    return text


def exact_origins(published: Published | None) -> list[str]:
    """The origins that the rules name in full, in their order."""
    named = policies(published.rules).values() if published is not None else ()
    listed = (pattern for policy in named for pattern in policy["allow_origins"])
    return list(dict.fromkeys(pattern for pattern in listed if isinstance(pattern, str) and "*" not in pattern))
