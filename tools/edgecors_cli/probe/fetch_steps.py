"""A browser's fetch() of an API, without the network: its requests, one after the other, and what it concludes.

The Fetch standard's sections 4.4 (HTTP-redirect fetch), 4.8 (CORS-preflight fetch) and 4.9 (CORS check), as Chromium
follows them. The checks themselves are the engine's (`edgecors._browser`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import Rules, _browser
from edgecors._safelist import settable, unsafe_names
from edgecors._spec import SAFELISTED_METHODS
from edgecors._url import parse_url
from edgecors_cli.probe import judgement, redirects, requests
from edgecors_cli.probe.messages import Exchange, Outcome
from edgecors_cli.question import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from edgecors._url import Url
    from edgecors_cli.probe.messages import Answer, Sent
    from edgecors_cli.question import Question

    # Requests out, answers in, what came of it in the end.
    Conversation = Generator[Sent, Answer, Outcome]

_MOST_REDIRECTS = 20  # Fetch, HTTP-redirect fetch, step 7
_TOO_MANY = "Failed to load resource: net::ERR_TOO_MANY_REDIRECTS"
_UNSAFE = "Failed to load resource: net::ERR_UNSAFE_REDIRECT"
# They change nothing (RFC 9110, section 9.2.1), so that they can be sent without asking anybody.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def fetch(question: Question, *, send_unsafe: bool, may_follow: Callable[[Url], bool]) -> Conversation:
    """The requests of one fetch(). Raises ValueError for what no page can ask, before the first of them.

    `send_unsafe`: whether methods are sent that may change something; their preflights always are. `may_follow`:
    whether a redirect's URL is one to send a request to.
    """
    # The engine says what there is to say before anything is sent; it knows no rules here.
    beforehand = question.explain(Rules([]))
    if beforehand.code in ("same-origin", "mixed-content"):
        return Outcome(beforehand.allowed, beforehand.code, beforehand.message, console=beforehand.console)
    return (yield from _Fetch(question, reason(beforehand), send_unsafe, may_follow).run())


class _Fetch:
    """One fetch() under way."""

    def __init__(self, question: Question, why: str, send_unsafe: bool, may_follow: Callable[[Url], bool]) -> None:
        self._why = why
        self._send_unsafe = send_unsafe
        self._may_follow = may_follow
        self._page = question.origin  # which stays what it is
        self._origin = question.origin  # what is sent for it, which redirects may take away
        self._first = self._url = parse_url(question.url)
        self._method = question.method
        self._headers = settable(question.headers)
        self._include = question.credentials == "include"
        self._exchanges: list[Exchange] = []

    def run(self) -> Conversation:
        for _ in range(_MOST_REDIRECTS + 1):
            if _browser.is_mixed_content(self._url.scheme, self._url.host, self._page):
                return self._refused("mixed-content", _browser.mixed_content(self._url.text, self._page))
            unsafe = unsafe_names(self._headers)
            if self._method not in SAFELISTED_METHODS or unsafe:
                sent = requests.preflight(self._url, self._page, self._origin, self._method, unsafe)
                answer = yield sent
                found = judgement.of_preflight(sent, answer, include=self._include)
                if not self._passes(sent, answer, found):
                    return self._refused(found.steps[-1].code, self._blocked(found.fault))
            if self._method not in SAFE_METHODS and not self._send_unsafe:
                return Outcome(None, "not-sent", self._why, tuple(self._exchanges))
            sent = requests.actual(self._url, self._page, self._origin, self._method, self._headers)
            answer = yield sent
            outcome = self._conclude(sent, answer)
            if outcome is not None:
                return outcome
        return self._refused("redirects-too-many", _TOO_MANY)

    def _conclude(self, sent: Sent, answer: Answer) -> Outcome | None:
        """What the answer to the request itself comes to; None where it is a redirect to follow."""
        found = judgement.of_actual(sent, answer, include=self._include)
        location = redirects.location(answer)
        if found.fault is not None or location is None:
            if not self._passes(sent, answer, found):
                return self._refused(found.steps[-1].code, self._blocked(found.fault))
            readable = _browser.readable(answer.joined, include=self._include)
            return Outcome(True, "allowed", self._why, tuple(self._exchanges), readable=readable)
        target = redirects.resolve(self._url, location)
        step = redirects.step(answer, location, target)
        self._exchanges.append(Exchange(sent, answer, (*found.steps, step)))
        if isinstance(target, redirects.Nowhere):
            console = self._blocked(target.reason, target.url) if target.reason else _UNSAFE
            return self._refused(step.code, console)
        if not self._may_follow(target) and not _browser.is_mixed_content(target.scheme, target.host, self._page):
            return Outcome(None, "redirected-elsewhere", self._why, tuple(self._exchanges), elsewhere=target.text)
        self._go_on_to(target, answer.status)
        return None

    def _go_on_to(self, target: Url, status: int) -> None:
        """HTTP-redirect fetch, steps 10 to 15."""
        if target.origin != self._url.origin:
            # The page's own origin would tell the next server who asks; nobody vouches for it any more.
            if self._url.origin != self._page:
                self._origin = "null"
            self._headers.pop("authorization", None)
        if (status in (301, 302) and self._method == "POST") or (status == 303 and self._method not in ("GET", "HEAD")):
            self._method = "GET"
            for name in ("content-encoding", "content-language", "content-location", "content-type"):
                self._headers.pop(name, None)
        self._url = target

    def _passes(self, sent: Sent, answer: Answer, found: judgement.Judgement) -> bool:
        """Note the exchange; whether all its steps passed."""
        self._exchanges.append(Exchange(sent, answer, found.steps))
        return found.fault is None

    def _blocked(self, fault: str | None, url: str = "") -> str:
        """Chromium's line, which names the first URL too."""
        line = _browser.blocked(url or self._url.text, self._page, fault or "")
        if (url or self._url.text) == self._first.text:
            return line
        return line.replace("' from origin '", f"' (redirected from '{self._first.text}') from origin '", 1)

    def _refused(self, code: str, console: str) -> Outcome:
        return Outcome(False, code, self._why, tuple(self._exchanges), console)
