"""Questions beside the one that was asked: what the API answers to others, without which no answer can be judged.

Pure: requests out, answers in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors._lookalike import registrable
from edgecors._origin import is_ipv4, parse
from edgecors._safelist import settable, unsafe_names
from edgecors._url import parse_url
from edgecors.policy import ALLOW_ORIGIN
from edgecors_cli.probe import requests
from edgecors_cli.probe.fetch_steps import SAFE_METHODS
from edgecors_cli.probe.messages import Answer, Exchange

if TYPE_CHECKING:
    from collections.abc import Generator

    from edgecors._url import Url
    from edgecors_cli.probe.messages import Outcome, Sent
    from edgecors_cli.question import Question


class Control(NamedTuple):
    """Who else asked: `stranger`, `null`, `begins` and `ends` (look-alikes), or `none` (a request without Origin)."""

    kind: str
    origin: str | None
    exchange: Exchange

    @property
    def is_echoed(self) -> bool:
        """Whether the answer is for this origin by name."""
        return self.origin is not None and self.exchange.answer.value(ALLOW_ORIGIN).strip(" \t") == self.origin


def control(question: Question, outcome: Outcome, token: str) -> Generator[Sent, Answer, tuple[Control, ...]]:
    """The same request from others. `token`: letters and digits that nobody has registered.

    Methods that may change something are only asked about, by their preflight.
    """
    asked: list[Control] = []
    if outcome.exchanges:
        url, method, headers = parse_url(question.url), question.method, settable(question.headers)
        for kind, origin in _others(question.origin, token):
            if kind in ("begins", "ends") and any(known.is_echoed for known in asked if known.kind == "stranger"):
                continue  # whoever lets in everybody lets in look-alikes too
            sent = _request(url, origin, method, headers)
            if sent is not None:
                answer = yield sent
                asked.append(Control(kind, origin, Exchange(sent, answer, ())))
    return tuple(asked)


def _request(url: Url, origin: str | None, method: str, headers: dict[str, str]) -> Sent | None:
    page = origin or "null"
    if method in SAFE_METHODS:
        return requests.actual(url, page, origin, method, headers)
    if origin is None:
        return None
    return requests.preflight(url, page, origin, method, unsafe_names(headers))


def _others(origin: str, token: str) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = [("stranger", f"https://{token}.example")]
    parts = parse(origin)
    if parts is not None:
        found.append(("null", "null"))
        scheme, host, port = parts
        if host[0] != "[" and not is_ipv4(host) and not host.endswith("."):
            # Of the domain that was registered: below it any name may well be one of theirs.
            ends = f"{scheme}://{token}{registrable(host)}{':' if port else ''}{port}"
            looks = [("begins", f"{scheme}://{host}.{token}.example"), ("ends", ends)]
            found += [(kind, look) for kind, look in looks if parse(look) is not None]
    return [*found, ("none", None)]
