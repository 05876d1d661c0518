"""What a release makes of a document, as a record of the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from edgecors import Request, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATHS = ("/tea", "/tea/white", "/tea/white/cup", "/", "/\xfc/x")


class Record(TypedDict):
    """`document`: its text; `canonical`: what `Rules.document` gives; `origins`: those that were asked about;
    `answers`: the CORS headers for each request of `asked`, the same ones once."""

    name: str
    document: str
    canonical: dict[str, object]
    origins: list[str]
    answers: list[dict[str, str]]
    asked: list[int]


def record_of(name: str, text: str, origins: list[str]) -> Record:
    """The record. Raises RulesError."""
    rules = Rules.parse(text, strict=False)
    answers: list[dict[str, str]] = []
    asked = []
    for request in requests(rules, origins):
        answer = rules.explain(request).headers
        if answer not in answers:
            answers.append(answer)
        asked.append(answers.index(answer))
    return Record(name=name, document=text, canonical=rules.document(), origins=origins, answers=answers, asked=asked)


def requests(rules: Rules, origins: Iterable[str]) -> Iterator[Request]:
    """A GET and a preflight for each path and origin, and what has no Origin."""
    paths = PATHS if any(paths != ("*",) for _, paths, _ in rules.policies) else PATHS[:1]
    for path in paths:
        yield Request("GET", path, {})
        for origin in origins:
            yield Request("GET", path, {"origin": origin})
            preflight = {"access-control-request-method": "PUT", "access-control-request-headers": "authorization,x-a"}
            yield Request("OPTIONS", path, {"origin": origin, **preflight})
