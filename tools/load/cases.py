"""The mix of requests, each with the answer that it must get.

Verdicts and CORS headers are written down here, by hand: the engine is what is tried, so it is not asked. The rest
of an answer, what the Tea API itself says, is learned before the pressure begins, from requests without an Origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from load.answers import NUMBER, Answer, raw
from load.rules import EXPOSED, HEADERS, KNOWN, MAX_AGE, METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Who gets Access-Control-Allow-Origin: always, never, or only while the version of that name is in force.
Verdict = Literal["always", "never", "even", "odd"]
Kind = Literal["preflight", "request"]

HOST = "victoria-lo.github.io"
ALLOWED = (
    KNOWN,
    f"https://s{NUMBER}.{HOST}",
    f"https://a.b{NUMBER}.{HOST}",
    "http://localhost",
    "http://localhost:5173",
    "https://[::1]:8443",
    f"https://shop-{NUMBER}.tea.example",
)
CHANGING: dict[str, Verdict] = {
    "https://even.example": "even",
    f"https://{NUMBER}.even.example": "even",
    "https://odd.example": "odd",
    f"https://{NUMBER}.odd.example": "odd",
}
# Control characters are missing: the server refuses them before anybody is asked.
HOSTILE = (
    "null",
    "*",
    f"https://{NUMBER}.example",
    f"https://{HOST}.evil{NUMBER}.example",
    f"https://evil{HOST}",
    f"https://evil-{HOST}",
    f"https://{HOST}.",
    f"https://.{HOST}",
    f"https://a..{HOST}",
    f"https://*.{HOST}",
    f"https://{HOST}/",
    f"https://{HOST}/Hashtag-TEA/",
    f"https://{HOST}?{NUMBER}",
    f"https://{HOST}#{HOST}",
    f"https://{HOST}:443",
    f"https://{HOST}:8443",
    f"https://{HOST}:0",
    f"https://{HOST}:65536",
    f"https://{HOST}:0443",
    f"https://{HOST}:",
    f"http://{HOST}",
    f"HTTPS://{HOST}",
    f"https://{HOST.upper()}",
    "https://Victoria-Lo.github.io",
    f"https://user:{NUMBER}@{HOST}",
    f"https://{HOST}@evil.example",
    f"https://{HOST}%00.evil.example",
    f"https://{HOST}%2eevil.example",
    f"https://evil.example\\.{HOST}",
    f"https://evil.example {KNOWN}",
    f"{KNOWN}, https://evil.example",
    f"{KNOWN} {KNOWN}",
    f"//{HOST}",
    HOST,
    "file://",
    "https://[::1]:8444",
    "https://[0:0:0:0:0:0:0:1]:8443",
    "https://[::ffff:127.0.0.1]:8443",
    "https://[::1%25lo]:8443",
    "https://127.1",
    "https://0x7f000001",
    f"http://localhost.evil{NUMBER}.example:5173",
    "http://localhost:99999",
    "https://localhost:5173",
    f"https://shop-{NUMBER}.tea.example.evil.example",
    f"https://shop-{NUMBER}xtea.example",
    "https://shop-.tea.example",
    f"https://v\xedctoria-lo.github.io{NUMBER}",
    f"https://xn--{NUMBER}.{HOST}.evil.example",
    f"https://{'a' * 64}.{HOST}",
    "https://" + "a." * 126 + f"a.{HOST}",  # a host of over 253 characters
    f"https://{HOST}" + "a" * 8_000,
    "https://" + "a." * 4_000 + "example",
    "https://[" + ":" * 4_000 + "]",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    '{"regex": ".*"}',
)


@dataclass(frozen=True)
class Route:
    """A request of the Tea API that changes nothing, and the status of its answer."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: str = ""

    def request(self, headers: Mapping[str, str] | None = None) -> bytes:
        """With more headers."""
        return raw(self.method, self.path, {**self.headers, **(headers or {})}, self.body)


ROUTES = {
    "index": Route("GET", "/", 200, {"Accept": "application/json"}),
    "not modified": Route("GET", "/", 304, {"If-None-Match": "*"}),
    "tea": Route("GET", "/tea/white", 200, {}),
    "list": Route("GET", "/tea?limit=2", 200, {}),
    "no such tea": Route("GET", f"/tea/none-{NUMBER}", 404, {}),
    "bad comment": Route("POST", "/tea/white", 400, {"Content-Type": "application/json"}, '{"comment": '),
    "no such method": Route("PUT", "/tea/white", 405, {}),
    "no such path": Route("GET", "/nothing", 404, {}),  # the one without a policy
}
NEEDS_TABLE = {"tea": 1, "list": 1, "no such tea": 2}  # with these weights: the stand-in for AWS is what is slow

PREFLIGHT_VARY = ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
VARY = ("Vary", "Origin")
JSON_TYPE = ("Content-Type", "application/json")  # the gateway's, where the function names none
FORBIDDEN = Answer(
    403,
    (("Content-Type", "application/problem+json"), VARY),
    '{"type": "about:blank", "title": "Forbidden", "status": 403, '
    '"detail": "Pages of this origin may not call this API."}',
)
PREFLIGHT_REFUSED = Answer(403, (JSON_TYPE, PREFLIGHT_VARY), "")


@dataclass(frozen=True)
class Case:
    """One kind of request, sent `weight` times as often as one of weight 1; `allowed` and `refused` as texts."""

    name: str
    kind: Kind
    weight: int
    request: bytes
    verdict: Verdict
    allowed: str | None
    refused: str | None

    @property
    def statuses(self) -> tuple[int | None, int | None]:
        """Of the refused answer and of the allowed one."""
        refused, allowed = (int(text.split("\n", 1)[0]) if text else None for text in (self.refused, self.allowed))
        return refused, allowed


def mix(learned: Mapping[str, Answer]) -> list[Case]:
    """All cases; `learned` has the answers of `ROUTES` to requests without an Origin."""
    return [*_preflights(), *_requests(learned), *_special(learned)]


def _case(
    name: str, kind: Kind, weight: int, request: bytes, verdict: Verdict, allowed: Answer, refused: Answer
) -> Case:
    return Case(
        name,
        kind,
        weight,
        request,
        verdict,
        None if verdict == "never" else allowed.text(),
        None if verdict == "always" else refused.text(),
    )


def _origins() -> Iterator[tuple[str, Verdict, int]]:
    """Origins with their verdicts and weights: hostile ones are about half."""
    for origin in ALLOWED:
        yield origin, "always", 4
    for origin, verdict in CHANGING.items():
        yield origin, verdict, 6
    for origin in HOSTILE:
        yield origin, "never", 1


def _preflights() -> Iterator[Case]:
    asked = {"Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "authorization,content-type"}
    for origin, verdict, weight in _origins():
        request = raw("OPTIONS", f"/tea/t{NUMBER}", {"Origin": origin, **asked})
        yield _case(
            f"preflight from {origin}", "preflight", weight, request, verdict, _granted(origin), PREFLIGHT_REFUSED
        )
    many = {**asked, "Access-Control-Request-Headers": ",".join(f"x-{number:04}" for number in range(1_000))}
    for origin, verdict in ((KNOWN, "always"), ("https://evil.example", "never")):
        request = raw("OPTIONS", "/tea", {"Origin": origin, **many})
        verdict_: Verdict = "always" if verdict == "always" else "never"
        name = f"preflight for 1,000 headers from {origin}"
        yield _case(name, "preflight", 1, request, verdict_, _granted(origin), PREFLIGHT_REFUSED)


def _granted(origin: str) -> Answer:
    return Answer(
        204,
        (
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Methods", METHODS),
            ("Access-Control-Allow-Headers", HEADERS),
            ("Access-Control-Max-Age", MAX_AGE),
            JSON_TYPE,
            PREFLIGHT_VARY,
        ),
        "",
    )


def _readable(answer: Answer, origin: str) -> Answer:
    return answer.plus(("Access-Control-Allow-Origin", origin), ("Access-Control-Expose-Headers", EXPOSED))


def _requests(learned: Mapping[str, Answer]) -> Iterator[Case]:
    cheap = [name for name in ROUTES if name not in NEEDS_TABLE and name != "no such path"]
    for number, (origin, verdict, weight) in enumerate(_origins()):
        name = cheap[number % len(cheap)]
        request = ROUTES[name].request({"Origin": origin})
        allowed = _readable(learned[name], origin)
        yield _case(f"{name} from {origin}", "request", weight, request, verdict, allowed, FORBIDDEN)


def _special(learned: Mapping[str, Answer]) -> Iterator[Case]:
    for name, weight in NEEDS_TABLE.items():
        request = ROUTES[name].request({"Origin": KNOWN})
        yield _case(
            f"{name} from {KNOWN}", "request", weight, request, "always", _readable(learned[name], KNOWN), FORBIDDEN
        )
    for name, route in ROUTES.items():
        if name not in NEEDS_TABLE:
            yield _case(f"{name} without Origin", "request", 1, route.request(), "never", learned[name], learned[name])
    index = ROUTES["index"]
    own_page = {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}
    yield _case(
        "index from its own page", "request", 2, index.request(own_page), "never", learned["index"], learned["index"]
    )
    twice = index.request({"Origin": KNOWN}).replace(b"\r\n\r\n", b"\r\nOrigin: https://evil.example\r\n\r\n")
    yield _case("index with two Origins", "request", 2, twice, "never", FORBIDDEN, FORBIDDEN)
    for path in ("/nothing", "/tea/../tea", "/tea/%2e%2e/tea", "/tea/a%5cb", "/TEA"):
        request = raw("GET", path, {"Origin": KNOWN})
        yield _case(f"GET {path}, which has no policy", "request", 2, request, "never", FORBIDDEN, FORBIDDEN)
    form = raw("POST", "/tea", {"Origin": "https://evil.example", "Content-Type": "text/plain"}, "name=x")
    yield _case("a form of evil.example", "request", 2, form, "never", FORBIDDEN, FORBIDDEN)
    ordinary = raw("OPTIONS", "/tea", {"Origin": "https://evil.example"})
    yield _case("OPTIONS that is no preflight", "request", 2, ordinary, "never", FORBIDDEN, FORBIDDEN)
