"""What edgecors puts on the wire: settings x requests, each with the whole set of CORS headers that is sent.

`headers` of an outcome has every header of the response that is not the handler's own. `status` is None where the
handler answers (the runner's handler: 200, `X-Handler: yes`, body `hello`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

A = "https://a.example"
SUB = "https://x.y.a.example"
B = "https://b.example"
EVIL = "https://a.example.evil.example"

PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
FORBIDDEN = (
    '{"type": "about:blank", "title": "Forbidden", "status": 403, '
    '"detail": "Pages of this origin may not call this API."}'
)

ACAO = "Access-Control-Allow-Origin"
ACAC = "Access-Control-Allow-Credentials"
ACAM = "Access-Control-Allow-Methods"
ACAH = "Access-Control-Allow-Headers"
ACEH = "Access-Control-Expose-Headers"
ACMA = "Access-Control-Max-Age"
REASON = "X-Edgecors-Reason"


@dataclass(frozen=True)
class Asked:
    """A request. `headers`: pairs of name and value."""

    method: str
    headers: tuple[tuple[str, str], ...] = ()
    path: str = "/tea"


@dataclass(frozen=True)
class Exchange:
    """A request and what becomes of it."""

    name: str
    asked: Asked
    status: int | None
    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Setting:
    """A policy's fields (None: there are no rules), arguments of `cors`, and exchanges."""

    name: str
    policy: dict[str, Any] | None
    exchanges: tuple[Exchange, ...]
    arguments: dict[str, Any] = field(default_factory=dict)
    paths: tuple[str, ...] = ("*",)


def get(*origins: str, method: str = "GET", path: str = "/tea", also: tuple[tuple[str, str], ...] = ()) -> Asked:
    """A request that is no preflight."""
    return Asked(method, (*(("Origin", origin) for origin in origins), *also), path)


def preflight(origin: str, method: str = "PUT", *headers: str, path: str = "/tea") -> Asked:
    """A preflight; `headers` are lines of Access-Control-Request-Headers."""
    lines = (("Access-Control-Request-Headers", line) for line in headers)
    return Asked("OPTIONS", (("Origin", origin), ("Access-Control-Request-Method", method), *lines), path)


def _refusals(name: str, *origins: str) -> tuple[Exchange, ...]:
    """Each origin refused, on a GET and on a preflight."""
    return tuple(
        exchange
        for number, origin in enumerate(origins)
        for exchange in (
            Exchange(f"{name} {number}: GET", get(origin), None, {"Vary": "Origin"}),
            Exchange(f"{name} {number}: preflight", preflight(origin), 403, {"Vary": PREFLIGHT_VARY}),
        )
    )


MALFORMED = (
    "",
    "null",
    "NULL",
    "https://a.example/",
    "https://a.example/path",
    "https://A.example",
    "HTTPS://a.example",
    "https://a.example:443",
    "https://a.example:0443",
    "https://a.example.",
    " https://a.example",
    "https://a.example ",
    "https://a.example\n",
    "https://a.example\0",
    "https://user@a.example",
    "https://a.example?x",
    "https://a.example, https://a.example",
    "https://a.example https://a.example",
    "a.example",
    "//a.example",
    "https:a.example",
    "http://a.example",
    "https://a.example:8443",
    "*",
    "file://",
    "https://" + "a" * 8192 + ".a.example",
)

EXACT = Setting(
    "one exact origin",
    {"allow_origins": [A]},
    (
        Exchange("no Origin", get(), None, {"Vary": "Origin"}),
        Exchange("allowed GET", get(A), None, {ACAO: A, "Vary": "Origin"}),
        Exchange("allowed POST", get(A, method="POST"), None, {ACAO: A, "Vary": "Origin"}),
        Exchange("allowed, with cookies", get(A, also=(("Cookie", "a=b"),)), None, {ACAO: A, "Vary": "Origin"}),
        Exchange("refused GET", get(B), None, {"Vary": "Origin"}),
        # CVE-2024-47084: a Cookie header skipped the check.
        Exchange("refused, with cookies", get(B, also=(("Cookie", "a=b"),)), None, {"Vary": "Origin"}),
        Exchange("allowed preflight", preflight(A), 204, {ACAO: A, ACMA: "600", "Vary": PREFLIGHT_VARY}),
        Exchange(
            "allowed preflight with headers",
            preflight(A, "POST", "authorization,content-type"),
            204,
            {ACAO: A, ACMA: "600", "Vary": PREFLIGHT_VARY},
        ),
        Exchange("refused preflight", preflight(B), 403, {"Vary": PREFLIGHT_VARY}),
        Exchange("OPTIONS, no preflight", get(A, method="OPTIONS"), None, {ACAO: A, "Vary": "Origin"}),
        Exchange("OPTIONS, refused, no preflight", get(B, method="OPTIONS"), None, {"Vary": "Origin"}),
        Exchange(
            "preflight without Origin",
            Asked("OPTIONS", (("Access-Control-Request-Method", "PUT"),)),
            None,
            {"Vary": "Origin"},
        ),
        Exchange(
            "options in lower case is another method",
            Asked("options", (("Origin", A), ("Access-Control-Request-Method", "PUT"))),
            None,
            {ACAO: A, "Vary": "Origin"},
        ),
        Exchange(
            "GET with Access-Control-Request-Method",
            get(A, also=(("Access-Control-Request-Method", "PUT"),)),
            None,
            {ACAO: A, "Vary": "Origin"},
        ),
        # CVE-2024-6221: Private Network Access answered by default.
        Exchange(
            "Private Network Access",
            Asked("OPTIONS", (*preflight(A).headers, ("Access-Control-Request-Private-Network", "true"))),
            204,
            {ACAO: A, ACMA: "600", "Vary": PREFLIGHT_VARY},
        ),
        # GHSA-q7jf-gf43-6x6p: a Vary of the request came back in the response.
        Exchange("Vary in the request", get(A, also=(("Vary", "Evil"),)), None, {ACAO: A, "Vary": "Origin"}),
        *_refusals("malformed", *MALFORMED),
        # The look-alikes of field.md: no pattern is searched for.
        *_refusals(
            "look-alike",
            EVIL,
            "https://evil-a.example",
            "https://evila.example",
            "https://a.example.community",
            "https://a-example",
            "https://aXexample",
            "http://evil.example/a.example",
            SUB,
        ),
    ),
)

WHOLE = Setting(
    "every field",
    {
        "allow_origins": [A, "https://*.a.example"],
        "allow_methods": ["DELETE", "PATCH"],
        "allow_headers": ["Authorization", "X-Tea"],
        "expose_headers": ["ETag", "Link"],
        "allow_credentials": True,
        "max_age": 7200,
    },
    (
        Exchange("no Origin", get(), None, {"Vary": "Origin"}),
        Exchange("GET", get(A), None, {ACAO: A, ACAC: "true", ACEH: "ETag, Link", "Vary": "Origin"}),
        Exchange(
            "GET from a subdomain", get(SUB), None, {ACAO: SUB, ACAC: "true", ACEH: "ETag, Link", "Vary": "Origin"}
        ),
        *(
            # The whole lists, whatever was asked for.
            Exchange(
                f"preflight for {method} and {headers}",
                preflight(SUB, method, *headers),
                204,
                {
                    ACAO: SUB,
                    ACAC: "true",
                    ACAM: "DELETE, PATCH",
                    ACAH: "Authorization, X-Tea",
                    ACMA: "7200",
                    "Vary": PREFLIGHT_VARY,
                },
            )
            for method, headers in (
                ("DELETE", ()),
                ("PUT", ("x-other",)),
                ("patch", ("authorization,x-tea", "x-more")),
                ("bad method", ("bad header,\0",)),
                ("", ("",)),
            )
        ),
        *_refusals(
            "not below",
            B,
            "https://.a.example",
            "https://foo..a.example",
            "https://xa.example",
            "https://evil-a.example",
            "https://x.a.example.evil.example",
            "https://x.a.example:8443",
            "http://x.a.example",
            "https://x.a.example\n",
            "https://x.a.example.",
        ),
    ),
)

STAR = Setting(
    "everyone",
    {"allow_origins": ["*"]},
    (
        Exchange("no Origin", get(), None, {ACAO: "*"}),
        *(
            # Whatever the Origin is, even what no browser sends.
            Exchange(f"GET {number}", get(origin), None, {ACAO: "*"})
            for number, origin in enumerate((A, EVIL, *MALFORMED))
        ),
        *(
            Exchange(
                f"preflight {number}",
                preflight(origin),
                204,
                {ACAO: "*", ACMA: "600", "Vary": PREFLIGHT_VARY},
            )
            for number, origin in enumerate((A, EVIL, *MALFORMED))
        ),
        Exchange("OPTIONS, no preflight", get(A, method="OPTIONS"), None, {ACAO: "*"}),
    ),
)

STARS = Setting(
    "everyone, any method, any header, every response header",
    {
        "allow_origins": ["*"],
        "allow_methods": ["*"],
        "allow_headers": ["*"],
        "expose_headers": ["*"],
        "max_age": None,
    },
    (
        Exchange("no Origin", get(), None, {ACAO: "*", ACEH: "*"}),
        Exchange("GET", get(A), None, {ACAO: "*", ACEH: "*"}),
        *(
            Exchange(
                f"preflight {number}",
                preflight(A, "TEA", *headers),
                204,
                {ACAO: "*", ACAM: "*", "Vary": PREFLIGHT_VARY} | ({ACAH: sent} if sent else {}),
            )
            for number, (headers, sent) in enumerate(
                (
                    ((), "*"),
                    (("x-tea",), "*"),
                    (("x-tea,x-white",), "*"),
                    (("x-authorization",), "*"),
                    # Browsers exist that take Authorization under a bare `*`: they get the others by name.
                    (("authorization",), ""),
                    (("Authorization",), ""),
                    (("authorization,x-tea",), "x-tea"),
                    (("x-tea, AUTHORIZATION , x-white",), "x-tea, x-white"),
                    (("x-tea,\tauthorization",), "x-tea"),
                )
            )
        ),
    ),
)

STAR_HEADERS = Setting(
    "any header, and Authorization by name",
    {"allow_origins": [A], "allow_headers": ["*", "Authorization"], "max_age": 0},
    (
        Exchange(
            "preflight",
            preflight(A, "PUT", "authorization,x-tea"),
            204,
            {ACAO: A, ACAH: "*, Authorization", ACMA: "0", "Vary": PREFLIGHT_VARY},
        ),
        Exchange("refused", preflight(B, "PUT", "authorization,x-tea"), 403, {"Vary": PREFLIGHT_VARY}),
    ),
)

_MANY = ",".join(f"x-{number:04}" for number in range(1170))  # 8,189 characters
_SHORT = {ACAO: A, ACAC: "true", ACAM: "PUT", ACMA: "600", "Vary": PREFLIGHT_VARY}
ECHO = Setting(
    "any method and header, with credentials",
    {"allow_origins": [A], "allow_methods": ["*"], "allow_headers": ["*"], "allow_credentials": True},
    (
        Exchange("GET", get(A), None, {ACAO: A, ACAC: "true", "Vary": "Origin"}),
        Exchange("nothing asked for", preflight(A), 204, _SHORT),
        Exchange("empty", preflight(A, "PUT", ""), 204, _SHORT),
        *(
            Exchange(f"echo {number}", preflight(A, "PUT", *asked), 204, _SHORT | {ACAH: sent})
            for number, (asked, sent) in enumerate(
                (
                    (("x-tea",), "x-tea"),
                    (("X-Tea",), "X-Tea"),
                    (("authorization,x-tea",), "authorization, x-tea"),
                    (("x-tea ,\tx-white",), "x-tea, x-white"),
                    (("x-tea,,x-white" + "," * 15,), "x-tea, x-white"),
                    ((_MANY,), _MANY.replace(",", ", ")),
                    (("*",), "*"),
                )
            )
        ),
        *(
            Exchange(f"no echo {number}", preflight(A, "PUT", asked), 204, _SHORT)
            for number, asked in enumerate(
                (
                    "x tea",
                    "x-tea;",
                    "x-tea\r\nset-cookie: a=b",
                    "x-tea\0",
                    "x-t\xe9",
                    '"x-tea"',
                    "x-tea,(",
                    "x-tea" + "," * 17,
                    _MANY + "," + "x" * 10,  # 8,200 characters
                    "," * 8192,
                    "," * 100_000,
                )
            )
        ),
        *(
            Exchange(f"method {method!r:.20}", preflight(A, method), 204, {**_SHORT, ACAM: method})
            for method in ("DELETE", "patch", "TEA", "*", "X" * 8192)
        ),
        *(
            Exchange(
                f"no method {method!r:.20}",
                preflight(A, method),
                204,
                {name: value for name, value in _SHORT.items() if name != ACAM},
            )
            for method in ("", "a b", "PUT, DELETE", "PUT\r\nX: y", "X" * 8193, "CONNECT", "trace", "TRACK")
        ),
        Exchange("refused", preflight(B, "PUT", "x-tea"), 403, {"Vary": PREFLIGHT_VARY}),
    ),
)

PORTS = Setting(
    "any port",
    {"allow_origins": ["http://localhost:*", "https://*.a.example:*"]},
    (
        *(
            Exchange(f"GET {origin}", get(origin), None, {ACAO: origin, "Vary": "Origin"})
            for origin in (
                "http://localhost",
                "http://localhost:3000",
                "http://localhost:65535",
                "https://x.a.example",
                "https://x.a.example:8443",
            )
        ),
        *_refusals(
            "no port",
            "http://localhost:",
            "http://localhost:0",
            "http://localhost:80",
            "http://localhost:080",
            "http://localhost:65536",
            "http://localhost:3000.evil.example",
            "http://localhost:3000@evil.example",
            "http://x.localhost:3000",
            "https://localhost:3000",
            "https://a.example:8443",
        ),
    ),
)

ELSEWHERE = Setting(
    "a policy for other paths",
    {"allow_origins": ["*"], "allow_methods": ["*"]},
    (
        Exchange("GET", get(A), None, {"Vary": "Origin"}),
        Exchange("no Origin", get(), None, {"Vary": "Origin"}),
        Exchange("preflight", preflight(A), 403, {"Vary": PREFLIGHT_VARY}),
        Exchange("GET there", get(A, path="/open/a"), None, {ACAO: "*"}),
        Exchange(
            "preflight there",
            preflight(A, path="/open/a"),
            204,
            {ACAO: "*", ACAM: "*", ACMA: "600", "Vary": PREFLIGHT_VARY},
        ),
        Exchange("dot segments out of it", get(A, path="/open/../tea"), None, {"Vary": "Origin"}),
        Exchange("dot segments into it", get(A, path="/tea/../open/a"), None, {"Vary": "Origin"}),
    ),
    paths=("/open/*",),
)

NONE = Setting(
    "no rules at all",
    None,
    (
        Exchange("no Origin", get(), None, {"Vary": "Origin"}),
        *_refusals("refused", A, "null", "*", ""),
    ),
)

STATUS_200 = Setting(
    "preflights answered by 200",
    {"allow_origins": [A]},
    (
        Exchange("allowed", preflight(A), 200, {ACAO: A, ACMA: "600", "Vary": PREFLIGHT_VARY}),
        Exchange("refused", preflight(B), 403, {"Vary": PREFLIGHT_VARY}),
    ),
    {"preflight_status": 200},
)

CONTINUE = Setting(
    "allowed preflights go on to the handler",
    {"allow_origins": [A], "allow_methods": ["PUT"]},
    (
        Exchange("allowed", preflight(A), None, {ACAO: A, ACAM: "PUT", ACMA: "600", "Vary": PREFLIGHT_VARY}),
        Exchange("refused", preflight(B), 403, {"Vary": PREFLIGHT_VARY}),
        Exchange("GET", get(A), None, {ACAO: A, "Vary": "Origin"}),
    ),
    {"preflight_continue": True},
)


def _told(code: str, origin: str, status: int = 204, **only: str) -> tuple[Exchange, ...]:
    return (
        Exchange(f"{code}: GET {origin:.40}", get(origin), None, {REASON: code, "Vary": "Origin"}),
        Exchange(
            f"{code}: preflight {origin:.40}",
            preflight(origin),
            status,
            {REASON: code, "Vary": PREFLIGHT_VARY} | ({ACAO: only["only"]} if only else {}),
        ),
    )


DEBUG = Setting(
    "debug, one exact origin",
    {"allow_origins": [A], "allow_methods": ["PUT"], "allow_credentials": True},
    (
        Exchange("no Origin", get(), None, {"Vary": "Origin"}),
        Exchange("GET", get(A), None, {ACAO: A, ACAC: "true", "Vary": "Origin"}),
        Exchange(
            "preflight", preflight(A), 204, {ACAO: A, ACAC: "true", ACAM: "PUT", ACMA: "600", "Vary": PREFLIGHT_VARY}
        ),
        *_told("origin-not-allowed", B, only=A),
        *_told("origin-null", "null", only=A),
        *_told("origin-multiple", f"{A}, {A}", only=A),
        *_told("origin-malformed", A + "/", only=A),
        *_told("origin-malformed", "x\r\nX-Evil: y", only=A),
    ),
    {"debug": True},
)
DEBUG_200 = Setting(
    "debug, preflights answered by 200",
    {"allow_origins": [A]},
    _told("origin-not-allowed", B, status=200, only=A),
    {"debug": True, "preflight_status": 200},
)
DEBUG_SEVERAL = Setting(
    "debug, two exact origins", {"allow_origins": [A, B]}, _told("origin-not-allowed", EVIL), {"debug": True}
)
DEBUG_PATTERN = Setting(
    "debug, one pattern", {"allow_origins": ["https://*.a.example"]}, _told("origin-not-allowed", A), {"debug": True}
)
DEBUG_NO_POLICY = Setting("debug, no rules", None, _told("no-policy", A), {"debug": True})
DEBUG_STAR = Setting(
    "debug, everyone",
    {"allow_origins": ["*"]},
    (Exchange("GET", get("null"), None, {ACAO: "*"}),),
    {"debug": True},
)


def _site(site: str) -> tuple[tuple[str, str], ...]:
    return (("Sec-Fetch-Site", site),)


_REFUSED = {"Content-Type": "application/problem+json", "Vary": "Origin"}
_HOST = (("Host", "b.example"),)
ENFORCE = Setting(
    "enforced",
    {"allow_origins": [A]},
    (
        Exchange("no Origin", get(), None, {"Vary": "Origin"}),
        Exchange("no Origin, cross-site", get(also=_site("cross-site")), None, {"Vary": "Origin"}),
        Exchange("allowed", get(A, also=_site("cross-site")), None, {ACAO: A, "Vary": "Origin"}),
        Exchange("preflight", preflight(A), 204, {ACAO: A, ACMA: "600", "Vary": PREFLIGHT_VARY}),
        Exchange("refused preflight", preflight(B), 403, {"Vary": PREFLIGHT_VARY}),
        *(
            # CVE-2022-4147: a simple request from a bad Origin reached the handler.
            Exchange(f"refused: {name}", asked, 403, _REFUSED, FORBIDDEN)
            for name, asked in (
                ("GET", get(B)),
                ("POST", get(B, method="POST")),
                ("null", get("null", method="POST")),
                ("malformed", get("x", method="POST")),
                ("empty", get("", method="POST")),
                ("OPTIONS", get(B, method="OPTIONS")),
                ("cross-site", get(B, also=_site("cross-site"))),
                ("same-site", get(B, also=_site("same-site"))),
                ("none", get(B, also=_site("none"))),
                ("no site at all", get(B, also=_site(""))),
                ("another case", get(B, also=_site("Same-Origin"))),
                ("cross-site beats Host", get(B, also=(*_site("cross-site"), *_HOST))),
                ("another Host", get(B, also=(("Host", "c.example"),))),
                ("another port", get(B, also=(("Host", "b.example:8443"),))),
                ("Host and http", get(B, also=(*_HOST, ("X-Forwarded-Proto", "http")))),
                ("null and Host", get("null", also=(("Host", "null"),))),
                ("nothing and no Host", get("https://", also=(("Host", ""),))),
            )
        ),
        *(
            Exchange(f"same origin: {name}", asked, None, {"Vary": "Origin"})
            for name, asked in (
                ("Sec-Fetch-Site", get(B, also=_site("same-origin"))),
                ("null, Sec-Fetch-Site", get("null", method="POST", also=_site("same-origin"))),
                ("Host", get(B, method="POST", also=_HOST)),
                ("Host, https", get(B, also=(*_HOST, ("X-Forwarded-Proto", "https")))),
                ("Host in upper case", get(B, also=(("HOST", "B.Example"), ("X-Forwarded-Proto", "HTTPS")))),
                (
                    "Host, http",
                    get("http://b.example:3000", also=(("Host", "b.example:3000"), ("X-Forwarded-Proto", "http"))),
                ),
            )
        ),
    ),
    {"enforce": True},
)
ENFORCE_DEBUG = Setting(
    "enforced, debug",
    {"allow_origins": [A]},
    (Exchange("refused", get(B), 403, _REFUSED | {REASON: "origin-not-allowed"}, FORBIDDEN),),
    {"enforce": True, "debug": True},
)
ENFORCE_STAR = Setting(
    "enforced, everyone",
    {"allow_origins": ["*"]},
    (Exchange("null", get("null"), None, {ACAO: "*"}), Exchange("any", get(B), None, {ACAO: "*"})),
    {"enforce": True},
)
ENFORCE_NONE = Setting(
    "enforced, no rules",
    None,
    (Exchange("refused", get(A), 403, _REFUSED, FORBIDDEN), Exchange("no Origin", get(), None, {"Vary": "Origin"})),
    {"enforce": True},
)

SETTINGS: tuple[Setting, ...] = (
    EXACT,
    WHOLE,
    STAR,
    STARS,
    STAR_HEADERS,
    ECHO,
    PORTS,
    ELSEWHERE,
    NONE,
    STATUS_200,
    CONTINUE,
    DEBUG,
    DEBUG_200,
    DEBUG_SEVERAL,
    DEBUG_PATTERN,
    DEBUG_NO_POLICY,
    DEBUG_STAR,
    ENFORCE,
    ENFORCE_DEBUG,
    ENFORCE_STAR,
    ENFORCE_NONE,
)
