"""What got past other CORS implementations, by advisory or thread: each row must fail here.

An entry of `allow_origins` that is a dict is an expression, as in a document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Entry = str | dict[str, str]
CREDENTIALS = {"allow_credentials": True}


@dataclass(frozen=True)
class ConfigError:
    """Rules that cannot be made: the codes of their problems."""

    id: str
    allow_origins: tuple[Entry, ...]
    codes: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Denied:
    """Valid rules, and Origins that they do not allow."""

    id: str
    allow_origins: tuple[Entry, ...]
    origins: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Path:
    """Paths by policy, a request's path, and the policy that it has."""

    id: str
    policies: dict[str, tuple[str, ...]]
    path: str
    policy: str | None


@dataclass(frozen=True)
class Answer:
    """A request to a handler under a policy; the status and every header of the answer but the handler's own.

    The handler answers 200; `is_called`: whether it was. `arguments`: of `cors`.
    """

    id: str
    allow_origins: tuple[Entry, ...]
    method: str
    headers: dict[str, str]
    status: int
    answer: dict[str, str]
    is_called: bool
    fields: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)


def _regex(expression: str) -> dict[str, str]:
    return {"regex": expression}


CONFIG_ERRORS: tuple[ConfigError, ...] = (
    ConfigError("CVE-2019-25211", ("https://example.com/*",), ("origin-has-path",)),
    ConfigError("GHSA-869c-j7wc-8jqv", ("http://localhost/*",), ("origin-has-path",)),
    ConfigError("CVE-2018-20744", ("*",), ("wildcard-with-credentials",), CREDENTIALS),
    ConfigError(
        "GHSA-927h-x4qj-r242",
        ("*", "https://a.example"),
        ("wildcard-not-alone", "wildcard-with-credentials"),
        CREDENTIALS,
    ),
    ConfigError("CVE-2024-25124", ("*",), ("wildcard-with-credentials",), CREDENTIALS),
    ConfigError("rs/cors#197", ("h*",), ("origin-no-scheme", "origin-wildcard-misplaced"), CREDENTIALS),
    ConfigError("CVE-2023-49803", (), ("origins-empty",)),
    ConfigError("CVE-2025-34291", ("*",), ("wildcard-with-credentials",), CREDENTIALS),
    ConfigError("CVE-2026-32610", ("*",), ("wildcard-with-credentials",), CREDENTIALS),
    ConfigError("CVE-2026-45021", (_regex(".*"),), ("regex-open",)),
    ConfigError("GHSA-3vcp-chfh-f6r2", (".*",), ("origin-no-scheme", "origin-wildcard-misplaced")),
    ConfigError("CVE-2026-44184", (_regex("^https?://.*$"),), ("regex-open",), CREDENTIALS),
    ConfigError("expressjs/cors#408", (_regex(r"example\.com$"),), ("regex-matches-nothing",)),
    ConfigError("expressjs/cors#412", (_regex(r"https://.*example\.com$"),), ("regex-open",)),
    ConfigError("middy 7.8.0, wildcard without a dot", ("https://*example.com",), ("origin-wildcard-misplaced",)),
    ConfigError(
        "google/clusterfuzz#5303",
        (_regex("https?://(.*-dot-)?test-client-site.appspot.com"),),
        ("regex-open",),
    ),
    ConfigError("openscan-explorer/explorer#364", ("https://*--openscan.netlify.app",), ("origin-wildcard-misplaced",)),
    ConfigError(
        "openscan-explorer/explorer#364, as an expression",
        (_regex(r"https://.*--openscan\.netlify\.app"),),
        ("public-suffix-with-credentials",),
        CREDENTIALS,
    ),
    ConfigError("adamchainz/django-cors-headers#259", ("example.com",), ("origin-no-scheme",)),
    # Verified by running
    ConfigError("flask-cors 6.0.2, credentials without origins", ("*",), ("wildcard-with-credentials",), CREDENTIALS),
    ConfigError("middy 7.8.0, any origin and null", ("*",), ("wildcard-with-credentials",), CREDENTIALS),
    ConfigError("Powertools 3.2, a trailing slash", ("https://wwww.example.com/",), ("origin-trailing-slash",)),
    ConfigError("Powertools 3.2, no scheme", ("example.com",), ("origin-no-scheme",)),
    ConfigError("django-cors-headers 4.9, null", ("null",), ("origin-null",)),
)

DENIED: tuple[Denied, ...] = (
    Denied(
        "CVE-2026-37737",
        (_regex(r"https://trusted\.com"),),
        ("https://trusted.com.attacker.io", "https://trusted.com:8080"),
    ),
    Denied(
        "flask-cors#400, GoogleChrome/chromium-dashboard#6590",
        (_regex(r"https://.*\.example\.com"),),
        ("https://a.example.com.evil.io",),
        CREDENTIALS,
    ),
    Denied("Kludex/starlette#800", (_regex(r"https://.*\.example\.org"),), ("https://www.example.org.hacker.com",)),
    Denied(
        "CVE-2019-25211, without the path",
        ("https://example.com", "http://localhost"),
        ("https://example.community", "http://localhost.example.com"),
    ),
    Denied("GHSA-vhxv-fg4m-p2w8, GHSA-v84h-653v-4pq9", ("https://foo.com", "https://bar.com"), ("https://barfoo.com",)),
    Denied("CVE-2021-39185", ("https://a.example",), ("https://adversary.example.net", "null")),
    Denied("CVE-2024-47165", ("http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"), ("null",)),
    Denied("CVE-2022-3457", ("https://host",), ("https://host.evil.com",)),
    Denied(
        "expressjs/cors#408, #412",
        (_regex(r"https://(.*\.)?example\.com$"),),
        ("https://evil-example.com", "https://notexample.com"),
    ),
    Denied(
        "gofiber/fiber#4437, #3690", ("https://*.example.com",), ("https://foo..example.com", "https://example.com")
    ),
    Denied(
        "middy 7.8.0, an empty label", ("https://*.example.com",), ("https://.example.com", "https://evil-example.com")
    ),
    Denied(
        "google/clusterfuzz#5303, with escaped dots",
        (_regex(r"https?://(.*-dot-)?test-client-site\.appspot\.com"),),
        ("https://test-client-siteXappspot.com", "https://test-client-site.appspot.com.evil.com"),
    ),
    Denied("adamchainz/django-cors-headers#259, with a scheme", ("https://example.com",), ("http://example.com",)),
    Denied("Zipstack/unstract#1938", (_regex(r"^https://.*\.example\.com$"),), ("https://x.example.com\n",)),
    Denied(
        "monsur/enable-cors.org#75",
        (_regex(r"https?://(.*\.)?mckinsey\.com"), "https://mckinsey.com"),
        ("http://adversary.com/mckinsey.com", "https://adversary.com/mckinsey.com"),
    ),
    # Verified by running
    Denied(
        "flask-cors 6.0.2, an expression",
        (_regex(r"https://.*\.example\.com"),),
        ("https://a.example.com.evil.io",),
        CREDENTIALS,
    ),
    Denied("middy 7.8.0, null", ("https://*.example.com",), ("null", "https://evil.io"), CREDENTIALS),
    Denied("django-cors-headers 4.9", ("https://example.com",), ("https://example.com/evil", "foo")),
    Denied("Python, $ before a newline", (_regex(r"^https://a\.com$"),), ("https://a.com\n",)),
    Denied(
        "Python, anchors of alternatives",
        (_regex(r"^https://a\.com|https://b\.com$"),),
        ("https://a.com.evil", "https://evil/https://b.com", "https://evil.https://b.com"),
    ),
)

PATHS: tuple[Path, ...] = (
    Path("CVE-2020-25032", {"api": ("/api/*",)}, "/api/../foo.txt", None),
    Path("CVE-2024-6839, the longer", {"all": ("/*",), "user": ("/api/user/*",)}, "/api/user/1", "user"),
    Path("CVE-2024-6839, the exact", {"long": ("/api/user/*",), "exact": ("/api/user/1",)}, "/api/user/1", "exact"),
    Path("CVE-2024-6844, a plus is a plus", {"plus": ("/a+b",), "space": ("/a b",)}, "/a+b", "plus"),
    Path("CVE-2024-6866", {"admin": ("/admin",)}, "/ADMIN", None),
)

_PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
_EVIL = "https://evil.example"
_TWO = ("https://a.example", "https://b.example")

ANSWERS: tuple[Answer, ...] = (
    Answer(
        "CVE-2022-4147, a simple request",
        ("https://a.example",),
        "POST",
        {"origin": _EVIL},
        403,
        {"Vary": "Origin", "Content-Type": "application/problem+json"},
        False,
        arguments={"enforce": True},
    ),
    Answer("CVE-2024-47084, without a cookie", _TWO, "GET", {"origin": _EVIL}, 200, {"Vary": "Origin"}, True),
    Answer(
        "CVE-2024-47084, with a cookie", _TWO, "GET", {"origin": _EVIL, "cookie": "a=b"}, 200, {"Vary": "Origin"}, True
    ),
    Answer(
        "CVE-2024-6221",
        ("https://a.example",),
        "OPTIONS",
        {
            "origin": "https://a.example",
            "access-control-request-method": "GET",
            "access-control-request-private-network": "true",
        },
        204,
        {"Access-Control-Allow-Origin": "https://a.example", "Access-Control-Max-Age": "600", "Vary": _PREFLIGHT_VARY},
        False,
    ),
    Answer(
        "CVE-2025-47908",
        ("https://a.example",),
        "OPTIONS",
        {
            "origin": "https://a.example",
            "access-control-request-method": "GET",
            "access-control-request-headers": "," * 100_000,
        },
        204,
        {
            "Access-Control-Allow-Origin": "https://a.example",
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Max-Age": "600",
            "Vary": _PREFLIGHT_VARY,
        },
        False,
        {"allow_headers": ["*"], "allow_credentials": True},
    ),
    Answer(
        "GHSA-q7jf-gf43-6x6p",
        ("https://a.example",),
        "GET",
        {"origin": "https://a.example", "vary": "X-Evil"},
        200,
        {"Access-Control-Allow-Origin": "https://a.example", "Vary": "Origin"},
        True,
    ),
    # Verified by running
    Answer("flask-cors 6.0.2, no Origin", _TWO, "GET", {}, 200, {"Vary": "Origin"}, True),
    Answer("middy 7.8.0, one origin, denied", _TWO[:1], "GET", {"origin": _EVIL}, 200, {"Vary": "Origin"}, True),
    Answer("middy 7.8.0, one origin, no Origin", _TWO[:1], "GET", {}, 200, {"Vary": "Origin"}, True),
)

# CVE-2024-1681: what a request says never forges a line. (Origin, path)
FORGED_LINES: tuple[tuple[str, str], ...] = (
    ("https://evil.example\r\nINFO allowed", "/tea"),
    ("https://evil.example", "/tea\r\nINFO allowed"),
    ("https://evil.example\N{LINE SEPARATOR}INFO", "/tea\N{NEXT LINE}\x1b[2J"),
)
