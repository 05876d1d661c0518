"""Requests, and everything that is explained of them (in explanations.txt)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

V = "https://victoria-lo.github.io"

DOCUMENT: dict[str, object] = {
    "schema": "edgecors/1",
    "policies": [
        {
            "name": "tea",
            "paths": ["/tea", "/tea/*"],
            "allow_origins": [V, "https://*.victoria-lo.github.io", "http://localhost:3000"],
            "allow_methods": ["DELETE"],
            "allow_headers": ["Content-Type", "X-Cup"],
            "expose_headers": ["ETag"],
        },
        {
            "name": "me",
            "paths": ["/me"],
            "allow_origins": ["https://app.tea-house.example", {"regex": "https://(\\w+\\.)?shop\\.example"}],
            "allow_methods": ["*"],
            "allow_headers": ["*"],
            "allow_credentials": True,
            "max_age": None,
        },
        {
            "name": "open",
            "paths": ["/open"],
            "allow_origins": ["*"],
            "allow_methods": ["PUT"],
            "allow_headers": ["*"],
            "expose_headers": ["*"],
        },
        {"name": "one", "paths": ["/one"], "allow_origins": ["https://one.example"]},
    ],
}


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A request; `options` are those of `edgecors.explain.explain`. What is explained of it: `EXPLAINED`."""

    name: str
    asked: Asked
    options: Mapping[str, bool] = field(default_factory=dict)


def _ask(path: str, origin: str, method: str, headers: str | None = None) -> Asked:
    asked = {"origin": origin, "access-control-request-method": method}
    return Asked("OPTIONS", path, asked if headers is None else {**asked, "access-control-request-headers": headers})


CASES = (
    Case("no origin", Asked("GET", "/tea", {})),
    Case("no origin under a star", Asked("GET", "/open", {})),
    Case("no origin, no policy", Asked("GET", "/nope", {})),
    Case("no origin, yet asked", Asked("OPTIONS", "/tea", {"access-control-request-method": "PUT"})),
    Case("exact origin", Asked("GET", "/tea", {"origin": V})),
    Case("subdomain, lower path", Asked("GET", "/tea/white", {"origin": "https://a.b.victoria-lo.github.io"})),
    Case("expression, second policy", Asked("GET", "/me", {"origin": "https://eu.shop.example"})),
    Case("everyone", Asked("GET", "/open", {"origin": "https://anyone.example"})),
    Case("everyone, even null", Asked("GET", "/open", {"origin": "null"})),
    Case("everyone, even nonsense", Asked("GET", "/open", {"origin": "\x1b[31m"})),
    Case("options without a question", Asked("OPTIONS", "/tea", {"origin": V})),
    Case("stranger begins alike", Asked("GET", "/tea", {"origin": "https://victoria-lo.github.io.evil.example"})),
    Case("stranger ends alike", Asked("GET", "/tea", {"origin": "https://evilvictoria-lo.github.io"})),
    Case("stranger contains", Asked("GET", "/tea", {"origin": "https://a.victoria-lo.github.io.evil.example"})),
    Case("stranger looks alike", Asked("GET", "/tea", {"origin": "https://victoria-1o.github.io"})),
    Case("stranger to an expression", Asked("GET", "/me", {"origin": "https://shop.example.evil.example"})),
    Case("someone else", Asked("GET", "/tea", {"origin": "https://other.example"})),
    Case("other scheme", Asked("GET", "/tea", {"origin": "http://victoria-lo.github.io"})),
    Case("other port", Asked("GET", "/tea", {"origin": "https://a.victoria-lo.github.io:8443"})),
    Case("other scheme and port", Asked("GET", "/tea", {"origin": "https://localhost:5173"})),
    Case("subdomain not listed", Asked("GET", "/one", {"origin": "https://a.one.example"})),
    Case("insecure with credentials", Asked("GET", "/me", {"origin": "http://app.tea-house.example"})),
    Case("null", Asked("GET", "/tea", {"origin": "null"})),
    Case(
        "two origins", Asked("GET", "/tea", {"origin": "https://victoria-lo.github.io, https://victoria-lo.github.io"})
    ),
    Case("trailing slash", Asked("GET", "/tea", {"origin": "https://victoria-lo.github.io/"})),
    Case("upper case", Asked("GET", "/tea", {"origin": "https://Victoria-Lo.github.io"})),
    Case("a pattern", Asked("GET", "/tea", {"origin": "https://*.victoria-lo.github.io"})),
    Case("control characters", Asked("GET", "/tea", {"origin": "https://a.example\x1b[2J\r\nX: y"})),
    Case("empty", Asked("GET", "/tea", {"origin": ""})),
    Case("undecodable A-label", Asked("GET", "/tea", {"origin": "https://xn--a.example"})),
    Case("no policy", Asked("GET", "/nope", {"origin": V})),
    Case("no policy for what lies above", Asked("GET", "/tea/../me", {"origin": V})),
    Case("no policy for an odd path", Asked("GET", "/100%\n", {"origin": V})),
    Case("refused, debug", Asked("GET", "/tea", {"origin": "https://other.example"}), {"debug": True}),
    Case("refused, enforce", Asked("GET", "/tea", {"origin": "https://other.example"}), {"enforce": True}),
    Case("refused, enforce and debug", Asked("GET", "/nope", {"origin": "null"}), {"debug": True, "enforce": True}),
    Case("include, not allowed", Asked("GET", "/tea", {"origin": V}), {"include": True}),
    Case("include, allowed", Asked("GET", "/me", {"origin": "https://app.tea-house.example"}), {"include": True}),
    Case("include, everyone", Asked("GET", "/open", {"origin": "https://anyone.example"}), {"include": True}),
    Case("preflight", _ask("/tea", V, "DELETE", "content-type,x-cup")),
    Case("preflight, safelisted method", _ask("/tea", V, "POST", "content-type")),
    Case("preflight, nothing asked", _ask("/tea", V, "GET")),
    Case("preflight, spaces and empty elements", _ask("/tea", V, "DELETE", " Content-Type ,, X-CUP ")),
    Case(
        "preflight, any method and header",
        _ask("/me", "https://app.tea-house.example", "BREW", "x-anything"),
        {"include": True},
    ),
    Case("preflight under a star", _ask("/open", "https://anyone.example", "PUT", "x-anything")),
    Case("preflight, method not listed", _ask("/tea", V, "PATCH")),
    Case("preflight, method in lower case", _ask("/tea", V, "patch")),
    Case("preflight, listed method in lower case", _ask("/tea", V, "delete")),
    Case("preflight, forbidden method", _ask("/tea", V, "TRACE")),
    Case("preflight, no method", _ask("/tea", V, "P\x1bT")),
    Case("preflight, empty method", _ask("/tea", V, "")),
    Case("preflight, header not listed", _ask("/tea", V, "GET", "x-cup,x-pot")),
    Case("preflight, headers not listed", _ask("/tea", V, "GET", "authorization,x-cup,x-pot")),
    Case("preflight, nothing listed", _ask("/one", "https://one.example", "GET", "x-pot")),
    Case(
        "preflight, authorization under a star", _ask("/open", "https://anyone.example", "PUT", "authorization,x-pot")
    ),
    Case("preflight, response header", _ask("/tea", V, "GET", "access-control-allow-origin")),
    Case("preflight, forbidden header", _ask("/tea", V, "GET", "cookie")),
    Case("preflight, no list", _ask("/tea", V, "GET", "a b\x1b")),
    Case("preflight, too long a list", _ask("/me", "https://app.tea-house.example", "GET", "x-," * 3000)),
    Case("preflight, both wrong", _ask("/tea", V, "PUT", "x-pot")),
    Case("preflight, stranger", _ask("/tea", "https://victoria-lo.github.io.evil.example", "DELETE")),
    Case("preflight, someone else", _ask("/me", "https://other.example", "DELETE")),
    Case("preflight, no policy", _ask("/nope", V, "DELETE")),
    Case("preflight, refused, debug", _ask("/tea", "https://other.example", "DELETE"), {"debug": True}),
    Case("preflight, refused, debug, one origin", _ask("/one", "https://other.example", "DELETE"), {"debug": True}),
    Case("preflight, null, debug, one origin", _ask("/one", "null", "DELETE"), {"debug": True}),
    Case("preflight, include, not allowed", _ask("/tea", V, "DELETE"), {"include": True}),
    Case("preflight, include, everyone", _ask("/open", "https://anyone.example", "PUT"), {"include": True}),
)

_SECTIONS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split("\n=== ")[1:]
# The explanation of each case by its name, as a text: code, status and policy; the steps with `+` for passed, the code
# where one failed, the pointer; the headers; Chromium's reason; the message.
EXPLAINED = {name: text.rstrip("\n") for name, _, text in (section.partition("\n") for section in _SECTIONS)}
