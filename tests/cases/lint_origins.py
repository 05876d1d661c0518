"""Rules documents and all that lint says of them: their origins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.documents import policy, rules

CREDENTIALS = {"allow_credentials": True}


@dataclass(frozen=True)
class Case:
    """A document, and `code@place` of each problem and then of each warning, in the order in which they are reported.

    A place is a JSON pointer; without the slash in front it is of the first policy, and only a number of its origins.
    """

    name: str
    document: Any
    expected: str
    production: bool = False


def origins(name: str, entries: list[Any], expected: str, *, production: bool = False, **fields: Any) -> Case:
    """The case of a document with one policy that has these origins."""
    return Case(name, rules(policy(allow_origins=entries, **fields)), expected, production)


def one(entry: Any, expected: str, *, production: bool = False, **fields: Any) -> Case:
    """The case of a document with one origin."""
    return origins(str(entry), [entry], expected, production=production, **fields)


def expression(text: str) -> dict[str, str]:
    """An expression."""
    return {"regex": text}


# What the author of the Tea API tried, one after the other.
TEA: tuple[Case, ...] = (
    origins("the address of the page", ["https://victoria-lo.github.io/Hashtag-TEA/"], "origin-has-path@0"),
    origins("a slash at the end", ["https://victoria-lo.github.io/"], "origin-trailing-slash@0"),
    origins("everyone", ["*"], ""),
    origins(
        "everyone, who may delete", ["*"], "any-origin@0", allow_methods=["DELETE"], allow_headers=["Authorization"]
    ),
    origins("everyone with credentials", ["*"], "wildcard-with-credentials@0", **CREDENTIALS),
    origins("the host alone", ["victoria-lo.github.io"], "origin-no-scheme@0"),
    origins("the tutorial's expression", [expression(r"(.*\.)?victoria-lo\.github\.io.*")], "regex-open@0"),
    origins(
        "the tutorial's expression as JavaScript",
        [expression(r"/(.*\.)?victoria-lo\.github\.io.*/")],
        "regex-matches-nothing@0",
    ),
    origins("the tutorial's expression as text", [r"(.*\.)?victoria-lo\.github\.io.*"], "origin-looks-like-regex@0"),
    origins(
        "the tutorial's expression with a scheme",
        [expression(r"https://(.*\.)?victoria-lo\.github\.io.*")],
        "regex-open@0",
    ),
    origins(
        "the same with credentials",
        [expression(r"https://(.*\.)?victoria-lo\.github\.io.*")],
        "regex-open@0",
        **CREDENTIALS,
    ),
    origins(
        "what it should have been",
        ["https://victoria-lo.github.io", "https://*.victoria-lo.github.io"],
        "",
        allow_methods=["DELETE"],
        allow_headers=["Authorization", "Content-Type"],
    ),
)

# What got past other implementations, by advisory or thread, as far as it is a configuration.
BYPASSES: tuple[Case, ...] = (
    origins("CVE-2026-37737", [expression(r"https://trusted\.com")], ""),
    origins("CVE-2026-37737 as text", [r"https://trusted\.com"], "origin-looks-like-regex@0"),
    origins("flask-cors#400", [expression(r"https://.*\.example\.com")], "", **CREDENTIALS),
    origins("flask-cors#400 as text", [r"https://.*\.example\.com"], "origin-looks-like-regex@0", **CREDENTIALS),
    origins("Kludex/starlette#800", [expression(r"https://.*\.example\.org")], ""),
    origins("CVE-2019-25211", ["https://example.com/*", "http://localhost/*"], "origin-has-path@0 origin-has-path@1"),
    origins("GHSA-vhxv-fg4m-p2w8", ["https://foo.com", "https://bar.com"], ""),
    origins("CVE-2018-20744", ["*"], "wildcard-with-credentials@0", **CREDENTIALS),
    origins("CVE-2025-34291", ["*"], "wildcard-with-credentials@0", allow_methods=["*"], **CREDENTIALS),
    origins("CVE-2026-32610", ["*"], "wildcard-with-credentials@0", allow_headers=["*"], **CREDENTIALS),
    origins(
        "CVE-2021-39185",
        ["*"],
        "any-origin@0 authorization-under-wildcard@allow_headers/0",
        allow_headers=["*"],
        allow_methods=["*"],
    ),
    origins("CVE-2020-25032", ["https://a.example"], "", paths=["/api/*"]),
    origins("CVE-2024-6839", ["https://a.example"], "path-covered@paths/1", paths=["/*", "/api/user/*"]),
    origins("CVE-2024-6844", ["https://a.example"], "", paths=["/a+b", "/a b"]),
    origins("CVE-2024-6866", ["https://a.example"], "", paths=["/admin", "/ADMIN"]),
    origins(
        "CVE-2024-6221",
        ["https://a.example"],
        "private-network-obsolete@allow_private_network",
        allow_private_network=True,
    ),
    origins(
        "CVE-2024-25124", ["*", "https://a.example"], "wildcard-not-alone@0 wildcard-with-credentials@0", **CREDENTIALS
    ),
    origins("rs/cors#197", ["h*"], "origin-no-scheme@0 origin-wildcard-misplaced@0", **CREDENTIALS),
    origins("CVE-2023-49803", [], "origins-empty@allow_origins"),
    origins("CVE-2024-47165", ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*", "null"], "origin-null@3"),
    origins("CVE-2026-45021", [expression(".*")], "regex-open@0"),
    origins("CVE-2026-45021 as text", [".*"], "origin-no-scheme@0 origin-wildcard-misplaced@0"),
    origins("CVE-2026-44184", [expression("^https?://.*$")], "regex-open@0", **CREDENTIALS),
    origins("CVE-2022-3457", ["https://host"], ""),
    origins("expressjs/cors#408", [expression(r"example\.com$")], "regex-matches-nothing@0"),
    origins("expressjs/cors#412", [expression(r"https://.*example\.com$")], "regex-open@0"),
    origins("gofiber/fiber#4437", ["https://*.example.com"], ""),
    origins("middy, *example.com", ["https://*example.com"], "origin-wildcard-misplaced@0"),
    origins("google/clusterfuzz#5303", [expression("https?://(.*-dot-)?test-client-site.appspot.com")], "regex-open@0"),
    origins(
        "google/clusterfuzz#5303, escaped",
        [expression(r"https?://(.*-dot-)?test-client-site\.appspot\.com")],
        "insecure-origin@0 public-suffix@0",
    ),
    origins("openscan-explorer/explorer#364", ["https://*--openscan.netlify.app"], "origin-wildcard-misplaced@0"),
    origins("openscan as an expression", [expression(r"https://.*--openscan\.netlify\.app")], "public-suffix@0"),
    origins(
        "openscan with credentials",
        [expression(r"https://.*--openscan\.netlify\.app")],
        "public-suffix-with-credentials@0",
        **CREDENTIALS,
    ),
    origins("django-cors-headers#259", ["example.com"], "origin-no-scheme@0"),
    origins("Zipstack/unstract#1938", [expression(r"^https://.*\.example\.com$")], ""),
    origins(
        "monsur/enable-cors.org#75",
        [expression(r"https?://(.*\.)?mckinsey\.com"), "https://mckinsey.com"],
        "insecure-origin@0 origin-covered@1",
    ),
    origins("Python, alternatives", [expression(r"^https://a\.com|https://b\.com$")], ""),
    origins("Powertools, a slash", ["https://wwww.example.com/"], "origin-trailing-slash@0"),
)

PATTERNS: tuple[Case, ...] = (
    one("a.example", "origin-no-scheme@0"),
    one("HTTPS://a.example", "origin-upper-case@0"),
    one("https://a.example:443", "origin-default-port@0"),
    one("https://a.example:8443/", "origin-trailing-slash@0"),
    one("http://a.example:80", "origin-default-port@0"),
    one("https://me@a.example", "origin-has-userinfo@0"),
    one("https://a.example?x", "origin-has-query@0"),
    one("https://a.example#x", "origin-has-fragment@0"),
    one(" https://a.example", "origin-whitespace@0"),
    one("https://A.example", "origin-upper-case@0"),
    one("https://bücher.example", "origin-unicode@0"),
    one("https://xn--é.example", "origin-unicode@0"),
    one("http://::1", "origin-ipv6-brackets@0"),
    one("http://127.1", "origin-ipv4-not-dotted@0"),
    one("http://[0:0:0:0:0:0:0:1]", "origin-ipv6-not-compressed@0"),
    one("https://a..example", "origin-empty-label@0"),
    one("https://a.example:0", "origin-port-zero@0"),
    one("https://a.example:65536", "origin-port-range@0"),
    one("https://a.example:", "origin-port-empty@0"),
    one("file:///x.html", "origin-file-scheme@0 origin-has-path@0 origin-no-host@0"),
    one("null", "origin-null@0"),
    one("", "origin-empty@0"),
    one("https://*.*.a.example", "origin-wildcard-misplaced@0"),
    one("https://a.*.example", "origin-wildcard-misplaced@0"),
    one("https://*", "origin-wildcard-misplaced@0"),
    one("*.a.example", "origin-no-scheme@0"),
    one("https://a.example, https://b.example", "origin-list@0"),
    one("https://*.1.2.3.4", "origin-wildcard-ip@0"),
    one("https://xn--a.example", "origin-punycode-invalid@0"),
    one("https:a.example", "origin-no-scheme@0"),
    one("//a.example", "origin-no-scheme@0"),
    one("http://a.example", "insecure-origin@0"),
    one("http://a.example", "insecure-origin@0", production=True),
    one("http://*.a.example", "insecure-origin@0"),
    one("http://*.a.example", "insecure-origin@0", production=True),
    one("http://a.example:*", "insecure-origin@0"),
    one("http://a.example:*", "insecure-origin@0", production=True),
    one("http://10.0.0.1", "insecure-origin@0"),
    one("http://10.0.0.1", "insecure-origin@0", production=True),
    one("http://localhost:3000", ""),
    one("http://localhost:3000", "localhost-in-production@0", production=True),
    one("http://app.localhost", ""),
    one("http://app.localhost", "localhost-in-production@0", production=True),
    one("https://localhost", ""),
    one("https://localhost", "localhost-in-production@0", production=True),
    one("capacitor://localhost", ""),
    one("capacitor://localhost", "", production=True),
    one("https://a.example.", "origin-trailing-dot@0"),
    one("https://a.example.", "origin-trailing-dot@0", production=True),
    one("https://*.a.example:*", ""),
    one("https://*.a.example:*", "", production=True),
    one("https://*.vercel.app", "public-suffix@0"),
    one("https://*.vercel.app", "public-suffix-with-credentials@0", **CREDENTIALS),
    one("https://*.github.io", "public-suffix@0"),
    one("https://*.github.io", "public-suffix-with-credentials@0", **CREDENTIALS),
    one("https://*.amazonaws.com", "public-suffix@0"),
    one("https://*.amazonaws.com", "public-suffix-with-credentials@0", **CREDENTIALS),
    one("https://*.com", "public-suffix@0"),
    one("https://*.com", "public-suffix-with-credentials@0", **CREDENTIALS),
    one("https://*.co.uk", "public-suffix@0"),
    one("https://*.co.uk", "public-suffix-with-credentials@0", **CREDENTIALS),
    one("https://*.kawasaki.jp", "public-suffix@0"),
    one("https://*.kawasaki.jp", "public-suffix-with-credentials@0", **CREDENTIALS),
    one("https://*.city.kawasaki.jp", ""),
    one("https://*.city.kawasaki.jp", "", **CREDENTIALS),
    one("https://*.victoria-lo.github.io", ""),
    one("https://*.victoria-lo.github.io", "", **CREDENTIALS),
    one("https://*.no-such-suffix", ""),
    one("https://*.no-such-suffix", "", **CREDENTIALS),
    one("https://*.netlify.app", "public-suffix@0"),
    one("https://*.netlify.app", "public-suffix-with-credentials@0", **CREDENTIALS),
    origins("a suffix that is allowed", ["https://*.vercel.app"], "", dangerously_allow_public_suffixes=True),
    origins(
        "a suffix that is allowed with credentials",
        ["https://*.vercel.app"],
        "",
        dangerously_allow_public_suffixes=True,
        **CREDENTIALS,
    ),
    origins(
        "http that is allowed with credentials",
        ["http://a.example"],
        "",
        dangerously_allow_insecure_origins=True,
        **CREDENTIALS,
    ),
    origins("http with credentials", ["http://a.example"], "insecure-origin-with-credentials@0", **CREDENTIALS),
    origins(
        "flags for nothing",
        ["https://a.example"],
        "flag-unused@dangerously_allow_insecure_origins flag-unused@dangerously_allow_public_suffixes",
        dangerously_allow_public_suffixes=True,
        dangerously_allow_insecure_origins=True,
    ),
)

EXPRESSIONS: tuple[Case, ...] = (
    one(expression(r"https://a\.example"), ""),
    one(expression(r"https://app.example\.com"), "regex-unescaped-dot@0"),
    one(expression("https://app.example.com"), "regex-open@0"),
    one(expression(r"https://sub.a\.example\.com"), ""),
    one(expression(r"https://[a-z]+\.github\.io"), "public-suffix@0"),
    one(expression(r"https://[a-z]+\.vercel\.app"), "public-suffix@0"),
    one(expression(r"https?://a\.example\.com"), "insecure-origin@0"),
    one(expression(r"http://localhost:\d+"), ""),
    one(expression(r"https://x.\.a\.example"), ""),
    one(expression(r"https://.*-preview\.example\.com"), ""),
    one(expression(r"https://preview-\d\.com"), "regex-lets-in-others@0"),
    one(expression(r"https://(?!evil)a\.example"), "regex-unsupported@0"),
    one(expression("https://(a"), "regex-invalid@0"),
    one(expression(r"https://a\.example/"), "regex-matches-nothing@0"),
    one(expression(r"https://A\.example"), "regex-matches-nothing@0"),
    one(expression(r"\w+://a\.example\.com"), "insecure-origin@0"),
    one(expression(r"https://[a-j][0-9]\.example"), ""),
    one(expression(r"https://(www|app)\.example\.com(:\d+)?"), ""),
    origins(
        "an expression of this machine, in production",
        [expression(r"https?://(localhost|a\.example\.com)(:\d+)?")],
        "insecure-origin@0 localhost-in-production@0",
        production=True,
    ),
    origins(
        "17 expressions",
        [
            expression(r"https://p0\.a\.example"),
            expression(r"https://p1\.a\.example"),
            expression(r"https://p2\.a\.example"),
            expression(r"https://p3\.a\.example"),
            expression(r"https://p4\.a\.example"),
            expression(r"https://p5\.a\.example"),
            expression(r"https://p6\.a\.example"),
            expression(r"https://p7\.a\.example"),
            expression(r"https://p8\.a\.example"),
            expression(r"https://p9\.a\.example"),
            expression(r"https://p10\.a\.example"),
            expression(r"https://p11\.a\.example"),
            expression(r"https://p12\.a\.example"),
            expression(r"https://p13\.a\.example"),
            expression(r"https://p14\.a\.example"),
            expression(r"https://p15\.a\.example"),
            expression(r"https://p16\.a\.example"),
        ],
        "regex-too-many@16",
    ),
)

COVERED: tuple[Case, ...] = (
    origins(
        "covered by a wildcard",
        ["https://*.a.example", "https://x.a.example", "https://*.b.a.example"],
        "origin-covered@1 origin-covered@2",
    ),
    origins(
        "covered by any port",
        ["https://a.example:*", "https://a.example", "https://a.example:8443"],
        "origin-covered@1 origin-covered@2",
    ),
    origins(
        "covered by an expression",
        [expression(r"https://(x|y)\.a\.example"), "https://x.a.example", "https://z.a.example"],
        "origin-covered@1",
    ),
    origins(
        "covered by two",
        [
            expression(r"https://[a-f]\.a\.example"),
            expression(r"https://[d-z]\.a\.example"),
            expression(r"https://[b-y]\.a\.example"),
        ],
        "origin-covered@2",
    ),
    origins(
        "the same expression in other words",
        [expression(r"https://(x|y)\.a\.example"), expression(r"https://[xy]\.a\.example")],
        "origin-covered@1",
    ),
    origins(
        "not covered",
        ["https://*.a.example", "https://a.example", "http://x.a.example", "https://x.a.example:8443"],
        "insecure-origin@2",
    ),
    origins(
        "twice",
        [
            "https://a.example",
            "https://a.example",
            expression(r"https://b\.example"),
            expression(r"https://b\.example"),
        ],
        "entry-repeated@1 entry-repeated@3",
    ),
    origins(
        "a wrong one twice", ["https://a.example/", "https://a.example/"], "origin-trailing-slash@0 entry-repeated@1"
    ),
    origins("a corrected one that is there", ["https://a.example/", "https://a.example"], "origin-trailing-slash@0"),
)

CASES = (*TEA, *BYPASSES, *PATTERNS, *EXPRESSIONS, *COVERED)
