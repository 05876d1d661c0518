"""Requests, answers, and what was made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from edgecors.policy import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS, MAX_AGE

if TYPE_CHECKING:
    from edgecors._url import Url

CORS_HEADERS = (ALLOW_ORIGIN, ALLOW_CREDENTIALS, ALLOW_METHODS, ALLOW_HEADERS, EXPOSE_HEADERS, MAX_AGE)
_NAMES = {name.lower(): name for name in CORS_HEADERS}


class Sent(NamedTuple):
    """A request. Header names are in lower case, each once."""

    method: str
    url: Url
    headers: dict[str, str]

    @property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and "access-control-request-method" in self.headers

    def __str__(self) -> str:
        return f"{self.method} {self.url.path}"


@dataclass(frozen=True)
class Answer:
    """A response. `headers`: a pair for each line, in their order, as they came. `whole`: whether its body came whole,
    or as far as it was read."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    whole: bool = True

    def lines(self, name: str) -> list[str]:
        """The values of a header, one for each line that has it."""
        return [value for given, value in self.headers if given.lower() == name.lower()]

    def value(self, name: str) -> str:
        """The same joined, as a page or a cache reads it; "" where there is none."""
        return ", ".join(self.lines(name))

    @cached_property
    def joined(self) -> dict[str, str]:
        """Every header once, values joined; those of CORS under the names that `edgecors._browser` looks for."""
        headers: dict[str, str] = {}
        for given, value in self.headers:
            name = _NAMES.get(given.lower(), given.lower())
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers


class Step(NamedTuple):
    """One check of a browser; `code` says why it failed."""

    name: str
    passed: bool
    detail: str
    code: str = ""


class Exchange(NamedTuple):
    """A request, its answer and the steps of its judgement."""

    sent: Sent
    answer: Answer
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a page's fetch().

    - `allowed`: whether the page gets the answer; None where it is not known, since not everything was sent.
    - `code`: a stable word: `allowed`, `same-origin`, `not-sent`, or why not.
    - `why`: why the browser asks first or does not.
    - `console`: the line that Chromium prints; "" where it prints none.
    - `readable`: the names of the headers that the page can read, in lower case, sorted.
    - `elsewhere`: where a redirect leads that was not followed; "" where there is none.
    """

    allowed: bool | None
    code: str
    why: str
    exchanges: tuple[Exchange, ...] = ()
    console: str = ""
    readable: tuple[str, ...] = ()
    elsewhere: str = ""

    @property
    def actual(self) -> Exchange | None:
        """The last one, after redirects."""
        return next((exchange for exchange in reversed(self.exchanges) if not exchange.sent.is_preflight), None)
