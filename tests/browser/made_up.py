"""Made-up cases: a rules document, an API's answer, and a page that calls it. A seed always makes the same ones.

The documents are such that about half of the pages may read what they ask for, and that whatever can refuse them does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from edgecors import Rules

Headers = list[tuple[str, str]]

# Origins of pages, each with patterns that allow it beside its own.
ORIGINS: dict[str, tuple[Any, ...]] = {
    "https://victoria-lo.github.io": ("https://*.github.io", {"regex": r"https://(\w+\.)?victoria-lo\.github\.io"}),
    "https://pr-7.victoria-lo.github.io": (
        "https://*.victoria-lo.github.io",
        {"regex": r"https://pr-\d{1,3}\.victoria-lo\.github\.io"},
    ),
    "https://victoria-lo.github.io.evil.example": ("https://*.evil.example",),
    "https://www.google.com": ("https://*.google.com", "https://*.google.com:*"),
    "https://a.example": ("https://a.example:*",),
    "https://a.example:8443": ("https://a.example:*",),
    "https://a.example.": (),
    "https://x.y.a.example": ("https://*.a.example", "https://*.y.a.example"),
    "https://a_b.example": (),
    "https://xn--bcher-kva.example": (),
    "https://10.0.0.1:8443": (),
    "https://[::1]": ("https://[::1]:*",),
    "http://a.example": (),
    "http://localhost": ("http://localhost:*",),
    "http://localhost:3000": ("http://localhost:*",),
    "http://app.localhost:8080": ("http://*.localhost:8080", "http://*.localhost:*"),
    "http://127.0.0.1:8080": ("http://127.0.0.1:*",),
    "null": (),
}
# How a page comes by its origin; `null` has two ways, and all others come by navigation.
VIAS = {"null": ("sandbox", "data")}

METHODS = (
    "GET",
    "GET",
    "POST",
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "get",
    "put",
    "patch",
    "BREW",
    "brew",
)
LISTED_METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "GET", "BREW", "brew")
LISTED_HEADERS = ("Authorization", "Content-Type", "If-None-Match", "X-Tea", "x-cup", "Range", "Accept")
EXPOSED = ("ETag", "Link", "x-tea", "X-Request-Id", "Date")
SENT: dict[str, tuple[str, ...]] = {
    "Content-Type": ("application/json", "text/plain", "Text/Plain; charset=utf-8", "multipart/form-data;boundary=x"),
    "Accept": ("*/*", "application/json", 'text/html;q="1"', "a" * 128, "a" * 129),
    "Accept-Language": ("de, en;q=0.5", "de_DE"),
    "content-language": ("de", "d" * 129),
    "Range": ("bytes=0-", "bytes=0-9", "bytes=5-1", "bytes=-5", f"bytes=0-{2**63 - 1}"),
    "Authorization": ("Basic YWRtaW46dGVh",),
    "If-None-Match": ('"1"',),
    "X-Tea": ("1", "\xe9", ""),
    "x-cup": ("a, b",),
    "x-anything": ("1",),
    "Save-Data": ("on", "off"),
    "DPR": ("2.0", "2x"),
    # Forbidden: the browser drops them without a word.
    "Cookie": ("a=b",),
    "Accept-Encoding": ("br",),
    "Sec-Tea": ("1",),
    "X-HTTP-Method-Override": ("TRACE", "PUT"),
    "User-Agent": ("tea/1",),
}
ANSWERED: dict[str, tuple[str, ...]] = {
    "Content-Type": ("application/json", "text/plain"),
    "ETag": ('"1"',),
    "Link": ('</tea?cursor=a>; rel="next"',),
    "X-Tea": ("1",),
    "x-request-id": ("1",),
    "Cache-Control": ("no-store",),
    "Last-Modified": ("Sun, 22 Nov 2026 00:00:00 GMT",),
    "Content-Language": ("de",),
    "Set-Cookie": ("a=b; Secure; SameSite=None",),
    "Vary": ("Accept",),
    # The handler's own, which the engine drops.
    "access-control-allow-origin": ("*",),
    "Access-Control-Expose-Headers": ("*",),
}
BODY = "tea"


@dataclass(frozen=True)
class Case:
    """One fetch(), and the API that it calls."""

    number: int
    document: dict[str, Any]
    debug: bool
    enforce: bool
    event: str
    """Whose events of payload format 2.0 the API has: `httpapi` (its paths come decoded) or `functionurl`."""
    answer_status: int
    answer_headers: Headers
    """What the handler answers, beside BODY."""
    origin: str
    via: str
    url: str
    method: str
    headers: Headers
    credentials: str

    @property
    def segment(self) -> str:
        """The first segment of the path, which no other case has."""
        return f"/c{self.number}"

    @property
    def rules(self) -> Rules:
        """The document's."""
        return Rules.parse(self.document)

    def whole(self) -> dict[str, Any]:
        """Everything, for a person."""
        return asdict(self)


def cases(seed: int, count: int) -> list[Case]:
    """The cases of a seed."""
    random = Random(seed)
    return [_case(random, number) for number in range(count)]


def _case(random: Random, number: int) -> Case:
    origin = random.choice(list(ORIGINS))
    via = random.choice(VIAS.get(origin, ("navigation",)))
    path = _path(random, f"/c{number}")
    encoded_slash = "%2F" in path
    return Case(
        number=number,
        document=_document(random, f"/c{number}", origin),
        debug=random.random() < 0.2,
        enforce=random.random() < 0.3,
        event="functionurl" if encoded_slash else random.choice(["httpapi", "functionurl"]),
        answer_status=random.choice([200, 200, 200, 201, 204, 400, 404, 500]),
        answer_headers=_some(random, ANSWERED, 8),
        origin=origin,
        via=via,
        url=_base(random, origin, via) + path,
        method=random.choice(METHODS),
        headers=_some(random, SENT, 3),
        credentials=random.choice(["omit", "same-origin", "include"]),
    )


def _some(random: Random, values: dict[str, tuple[str, ...]], most: int) -> Headers:
    names = random.sample(list(values), min(random.randint(0, most), random.randint(0, most)))
    return [(name, random.choice(values[name])) for name in names]


def _base(random: Random, origin: str, via: str) -> str:
    chance = random.random()
    if chance < 0.05 and origin != "null":
        return origin  # the page's own server
    if chance < 0.1 and via != "sandbox":
        return "http://api.example"  # which a secure page must not call, nor a frame in one (docs/deviations.md)
    return random.choice(["https://api.example", "https://api.example:8443", "HTTPS://API.Example:443"])


def _path(random: Random, segment: str) -> str:
    if random.random() < 0.7:
        return f"{segment}/tea"
    odd = (
        "",
        "/",
        "/tea?a=b#c",
        "/t%65a",
        "/tea/a%20b",
        "/./tea",
        "/x/../tea",
        "//tea",
        "/TEA",
        "/a%2Fb",
        "/t\xe9",
        "/a%",
    )
    return segment + random.choice(odd)


def _document(random: Random, segment: str, origin: str) -> dict[str, Any]:
    if random.random() < 0.03:
        return {"schema": "edgecors/1", "policies": []}
    policies = [_policy(random, origin) | {"name": "first"}]
    chance = random.random()
    if chance < 0.4:
        policies[0]["paths"] = ["*"]
    elif chance < 0.7:
        policies[0]["paths"] = [segment, f"{segment}/*"]
    else:
        policies[0]["paths"] = [random.choice([f"{segment}/tea", f"{segment}/te/*", f"{segment}/tea/*"])]
        policies.append(_policy(random, origin) | {"name": "second", "paths": [f"{segment}/*"]})
    return {"schema": "edgecors/1", "policies": policies}


def _policy(random: Random, origin: str) -> dict[str, Any]:
    with_credentials = random.random() < 0.5
    if not with_credentials and random.random() < 0.2:
        patterns: list[Any] = ["*"]
    else:
        others = [pattern for each, more in ORIGINS.items() if each != "null" for pattern in (each, *more)]
        patterns = random.sample(others, random.randint(1, 4))
        if origin != "null" and random.random() < 0.7:
            patterns.insert(random.randint(0, len(patterns)), random.choice([origin, *ORIGINS[origin]]))
    return {
        "allow_origins": patterns,
        "allow_methods": random.choice([["*"], _listed(random, LISTED_METHODS), _listed(random, LISTED_METHODS)]),
        "allow_headers": random.choice([["*"], ["*", "Authorization"], *[_listed(random, LISTED_HEADERS)] * 3]),
        "expose_headers": random.choice([[] if with_credentials else ["*"], *[_listed(random, EXPOSED)] * 2]),
        "allow_credentials": with_credentials,
        "max_age": random.choice([None, 0, 600, 86400]),
        # What a person would have to say on purpose; here the origins are the point.
        "dangerously_allow_insecure_origins": True,
        "dangerously_allow_public_suffixes": True,
    }


def _listed(random: Random, names: tuple[str, ...]) -> list[str]:
    return random.sample(names, max(random.randint(0, len(names)), random.randint(0, len(names))))
