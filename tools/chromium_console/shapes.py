"""What a case of the console table is: a fetch() and the server's answers, and what Chromium made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; the server adds Content-Length (and, but for HEAD, 204 and 304, the body `body`)."""

    status: int | None = 200
    """None: the server closes the connection without a word."""
    headers: Headers = ()
    """In this order and spelling; a name given twice is two header lines."""


@dataclass(frozen=True, slots=True)
class Hop:
    """What the server answers at a URL that a redirect leads to."""

    url: str
    answer: Answer = Answer()
    preflight: Answer | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as the server got it."""

    method: str
    url: str
    headers: Headers
    """Origin, Authorization, Content-Type, Cookie, Access-Control-Request-* and what the page set, sorted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the console. `kind` is DevTools' level: error, warning, info."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What Chromium did."""

    requests: tuple[Sent, ...]
    console: tuple[Line, ...]
    error: str | None = None
    """What fetch() threw, `Name: message`; None where it gave a response."""
    status: int | None = None
    type: str | None = None
    """The response's type: basic, cors, opaque, opaqueredirect."""
    readable: tuple[str, ...] | None = None
    """The names of the response headers that the page could read, sorted."""
    deprecations: tuple[str, ...] = ()
    """What the Issues panel warns of as deprecated; the console does not."""

    @property
    def preflight(self) -> Sent | None:
        """The first preflight sent."""
        return next((sent for sent in self.requests if is_preflight(sent)), None)

    @property
    def cors_message(self) -> str | None:
        """The console's line about CORS."""
        return next((line.text for line in self.console if "blocked by CORS policy" in line.text), None)


@dataclass(frozen=True, slots=True)
class Case:
    """A page's fetch(), the server's answers, and what came of it."""

    name: str
    url: str = "https://api.example/tea"
    page: str = "https://page.example"
    """The page's origin; `null` by `via`."""
    via: str = "navigation"
    """How the page comes by its origin: navigation; for `null` a sandboxed frame (`sandbox`), a `data:` or a
    `file:` page."""
    method: str = "GET"
    headers: Headers = ()
    credentials: str = "same-origin"
    body: str | None = None
    init: Headers = ()
    """Other members of RequestInit: mode, redirect, keepalive."""
    preflight: Answer | None = None
    """The answer to OPTIONS with Access-Control-Request-Method."""
    answer: Answer = Answer()
    hops: tuple[Hop, ...] = ()
    """What other URLs answer, or this one as Chromium spells it."""
    times: int = 1
    """How often the page calls fetch(), one after the other; what it gets is noted of the last."""
    pause: int = 0
    """Seconds between the calls."""
    note: str = ""
    """What to know before one relies on what was seen."""
    seen: Seen = field(default=Seen((), ()))


def is_preflight(sent: Sent) -> bool:
    """Whether a request is a CORS-preflight request."""
    return sent.method == "OPTIONS" and any(name == "access-control-request-method" for name, _ in sent.headers)
