"""Expressions for origins: those that are taken, and those that are not, with every code and the hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.origins import LABEL, SCHEME

CREDENTIALS = {"allow_credentials": True}


@dataclass(frozen=True)
class Accepted:
    """An expression, and Origins that are and are not in it. `fields`: further ones of the policy."""

    expression: str
    matched: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    fields: dict[str, Any] | None = None


@dataclass(frozen=True)
class Refused:
    """An expression and the code of its only problem. `named`: what the message must hold."""

    expression: str
    code: str
    hint: list[str] | None = None
    named: str = ""
    fields: dict[str, Any] | None = None


A = "https://a.example"

# The start and 1,999 characters are 2,000 states.
MOST_STATES = r"https://(?:" + "z" * (1999 - len("https://a.example")) + r")?a\.example"

ACCEPTED: tuple[Accepted, ...] = (
    Accepted(r"https://a\.example", (A,), ("https://axexample", "https://a.example:8443")),
    Accepted(r"^https://a\.example$", (A,)),
    Accepted(r"https://a.example", (A, "https://axexample"), ("https://a.examplee",)),
    Accepted(r"https://(?:www\.)?a\.example", (A, "https://www.a.example"), ("https://www.www.a.example",)),
    Accepted(r"https://(?P<tenant>[a-z]+)\.a\.example", ("https://x.a.example",)),
    Accepted(r"https://(?#any one)\w+\.a\.example", ("https://x.a.example",)),
    Accepted(r"https://x(?#one or more)+\.a\.example", ("https://xx.a.example",)),
    Accepted(r"https?://a\.example", (A, "http://a.example")),
    Accepted(r"https://.*\.a\.example", ("https://x.y.a.example",), (A, "https://.a.example", "https://x..a.example")),
    Accepted(r"https://[^.]+\.a\.example", ("https://x.a.example",), ("https://x.y.a.example",)),
    Accepted(
        r"https://x{2,3}\.a\.example", ("https://xx.a.example", "https://xxx.a.example"), ("https://x.a.example",)
    ),
    Accepted(r"https://x{,2}\.a\.example", ("https://x.a.example",), ("https://.a.example", "https://xxx.a.example")),
    Accepted(r"https://x+?y*?z??\.a\.example", ("https://xyz.a.example", "https://x.a.example")),
    Accepted(r"https://\x61\.\u0065\U00000078\141mple", (A,)),
    Accepted(r"https://[\w.-]+\.a\.example\.", ("https://x.a.example.",), ("https://x.a.example",)),
    Accepted(
        r"https://a\.example(:\d+)?", (A, "https://a.example:8443"), ("https://a.example:443", "https://a.example:0")
    ),
    Accepted(r"https://a\.example(:443)?", (A,), ("https://a.example:443",)),
    Accepted(r".*://a\.example", (A, "capacitor://a.example", f"{SCHEME}://a.example"), ("file://a.example",)),
    Accepted(r"f[a-z]{3}://a\.example", ("fake://a.example",), ("file://a.example",)),
    Accepted(r"https://[a-j][0-9]\.example", ("https://a0.example",)),  # 100 endings
    Accepted(r"https://.*\.[a-j][0-9]\.example", ("https://x.a0.example",)),
    Accepted(r"https://[a-j][0-9]", ("https://a0",)),
    Accepted(r"http://10\.0\.0\.[0-9]{1,2}", ("http://10.0.0.99",), ("http://10.0.0.09",)),
    Accepted(r"http://10\.\d+\.0\.1", ("http://10.255.0.1",), ("http://10.256.0.1",)),
    Accepted(r"http://10\.0\.0\.2[0-5]\d*", ("http://10.0.0.25", "http://10.0.0.255"), ("http://10.0.0.256",)),
    Accepted(r"http://\[::[0-9a-f]\](:\d+)?", ("http://[::1]", "http://[::f]:3000"), ("http://[::0]",)),
    Accepted(rf"https://{LABEL}\.a\.example", (f"https://{LABEL}.a.example",)),
    Accepted(r"https://x{63}\.y{61}[a-j]{2}\.?(:\d+)?", (f"https://{LABEL}.{'y' * 61}aj.:1",)),
    Accepted(r"https://xé?\.a\.example", ("https://x.a.example",), ("https://xé.a.example",)),
    Accepted(r"https://[a-z]+\.github\.io", ("https://a.github.io",)),
    Accepted(MOST_STATES, (A,)),
    # With credentials
    Accepted(r"https://\w+\.a\.example(:\d+)?", ("https://x.a.example",), (), CREDENTIALS),
    Accepted(r"http://localhost:\d+", ("http://localhost:3000",), (), CREDENTIALS),
    Accepted(r"http://app\.localhost\.?", ("http://app.localhost.",), (), CREDENTIALS),
    Accepted(r"http://(127\.\d+\.0\.1|\[::1\])", ("http://127.3.0.1", "http://[::1]"), (), CREDENTIALS),
    Accepted(r"http://127\.\d{1,3}\.[0-9]{1,2}\.1", ("http://127.3.99.1",), (), CREDENTIALS),
    Accepted(r"https?://(localhost|127\.0\.0\.1)(:\d+)?", ("http://localhost",), (), CREDENTIALS),
    Accepted(r"https://a\.example|http://localhost", (A, "http://localhost"), ("http://a.example",), CREDENTIALS),
    Accepted(r"https?://a\.1|https://a\.example", (A,), (), CREDENTIALS),
    Accepted(
        r"http://a\.example",
        ("http://a.example",),
        (),
        {**CREDENTIALS, "dangerously_allow_insecure_origins": True},
    ),
    Accepted(r"https://(tea|app)\.github\.io", ("https://tea.github.io",), (), CREDENTIALS),
    Accepted(r"https://[a-j][0-9]\.github\.io", ("https://a0.github.io",), (), CREDENTIALS),  # 100 names
    Accepted(r"https://(.*\.)?victoria-lo\.github\.io", ("https://victoria-lo.github.io",), (), CREDENTIALS),
    Accepted(r"https://[a-z]+\.city\.kawasaki\.jp", ("https://a.city.kawasaki.jp",), (), CREDENTIALS),
    Accepted(r"https://[a-z]+\.www\.ck", ("https://a.www.ck",), (), CREDENTIALS),
    Accepted(r"https://[a-z]+\.a\.no-such-suffix", ("https://b.a.no-such-suffix",), (), CREDENTIALS),
    Accepted(
        r"https://[a-z]+\.github\.io",
        ("https://a.github.io",),
        (),
        {**CREDENTIALS, "dangerously_allow_public_suffixes": True},
    ),
)

STRANGER = "https://victoria-lo.github.io.evil.example"
TEA = ["https://victoria-lo.github.io", "https://*.victoria-lo.github.io"]
OPEN = "regex-open"
NOTHING = "regex-matches-nothing"
UNSUPPORTED = "regex-unsupported"
INVALID = "regex-invalid"
STATES = "regex-too-many-states"
INSECURE = "insecure-origin-with-credentials"
SUFFIX = "public-suffix-with-credentials"

REFUSED: tuple[Refused, ...] = (
    # Open
    Refused(r"https://(.*\.)?victoria-lo\.github\.io.*", OPEN, TEA, STRANGER),
    Refused(r"(.*\.)?victoria-lo\.github\.io.*", OPEN, TEA, "https://a.victoria-lo.github.io.evil.example"),
    Refused(r"https://victoria-lo\.github\.io.*", OPEN, TEA[:1], STRANGER),
    Refused(".*", OPEN, None, "https://evil.example"),
    Refused("https?://.*", OPEN, None, "https://evil.example"),
    Refused(r".*:\d443", OPEN, None, "https://a.evil.example:1443,"),
    Refused(r".*\.:443\d", OPEN, None, "https://a.evil.example.:4430,"),
    Refused(r"https://.*\.", OPEN, None, "https://a.evil.example.,"),
    Refused("http://.*", OPEN, None, "http://evil.example"),
    Refused("https://[^/]+", OPEN, None, "https://evil.example"),
    Refused(r"https://.*a\.example", OPEN, [A, "https://*.a.example"], "example for one"),
    Refused(r"https://[a-z]+\.(com|net)", OPEN, None, "more than 100 different ways"),
    Refused(r"https://a.example.com", OPEN, ["https://a.example.com"], "more than 100 different ways"),
    Refused(r"https://[a-j][0-9a]\.example", OPEN, None, "more than 100 different ways"),  # 110 endings
    Refused(r"https://[a-j][0-9a]", OPEN, None, "more than 100 different ways"),
    Refused(r"https://([a-j][0-9]\.example|b)", OPEN, None, "more than 100 different ways"),  # 101
    Refused(r"http://10\.0\.0\.\d+", OPEN, None, "more than 100 different ways"),
    Refused(r"http://\[::[0-9a-f]{1,2}\]", OPEN, None, "more than 100 different ways"),
    Refused(r"http://\[[0-9a-f:]+\]", OPEN, None, "more than 100 different ways"),
    Refused(r"http://a\.0x[0-9a-f]+", OPEN, None, "more ways than can be followed"),
    Refused(r"capacitor://.*", OPEN, None, "more than 100 different ways"),
    Refused(r".*", OPEN, None, "https://evil.example", CREDENTIALS),
    # Nothing
    Refused("", NOTHING),
    Refused("a", NOTHING),
    Refused(r"https://a\.example/", NOTHING, [A]),
    Refused(r"https://A\.example", NOTHING),
    Refused(r"a\.example", NOTHING, [A]),
    Refused(r"/(.*\.)?victoria-lo\.github\.io.*/", NOTHING, TEA),
    Refused(r"file://a\.example", NOTHING),
    Refused(r"https://a\.example:443", NOTHING),
    Refused(r"http://a\.example:80", NOTHING),
    Refused(r"https://a\.example:0\d*", NOTHING),
    Refused(r"https://a\.example:(65536|99999|\d{6})", NOTHING),
    Refused(r"https://x{64}\.a\.example", NOTHING),
    Refused(r"https://(x{63}\.){4}x", NOTHING),
    Refused(r"https://a\.\.example", NOTHING),
    Refused(r"https://\.a\.example", NOTHING),
    Refused(r"https://\d\.\d", NOTHING),
    Refused(r"https://a\.\d+", NOTHING),
    Refused(r"https://1\.2\.3\.4\.", NOTHING),
    Refused(r"https://1\.2\.3\.0[1-9]", NOTHING),
    Refused(r"https://\[::1\]\.", NOTHING),
    Refused(r"https://\[0{1,4}(:0{1,4}){6}:1\]", NOTHING),
    Refused(r"https://\[::1", NOTHING),
    Refused("é", NOTHING),
    Refused(r"s{65}://a\.example", NOTHING),
    # Unsupported
    Refused(r"https://(a)\1", UNSUPPORTED, None, "back-reference"),
    Refused(r"https://(?P<x>a)(?P=x)", UNSUPPORTED, None, "back-reference"),
    Refused(r"https://\9", UNSUPPORTED, None, "back-reference"),
    Refused(r"https://(?=a)a", UNSUPPORTED, None, "look-ahead"),
    Refused(r"https://(?!a)b", UNSUPPORTED, None, "look-ahead"),
    Refused(r"https://(?<=/)a", UNSUPPORTED, None, "look-behind"),
    Refused(r"https://(?<!a)a", UNSUPPORTED, None, "look-behind"),
    Refused(r"https://(?>a+)", UNSUPPORTED, None, "atomic"),
    Refused(r"https://a++", UNSUPPORTED, None, "possessive"),
    Refused(r"https://a*+", UNSUPPORTED, None, "possessive"),
    Refused(r"https://a?+", UNSUPPORTED, None, "possessive"),
    Refused(r"https://a{1,2}+", UNSUPPORTED, None, "possessive"),
    Refused(r"(https)?://(?(1)a|b)", UNSUPPORTED, None, "conditional"),
    Refused(r"(?i)https://a\.example", UNSUPPORTED, None, "flag"),
    Refused(r"(?-i:https)://a\.example", UNSUPPORTED, None, "flag"),
    Refused(r"(?x: https )://a\.example", UNSUPPORTED, None, "flag"),
    Refused(r"\Ahttps://a\.example", UNSUPPORTED, None, "zero-width"),
    Refused(r"https://a\.example\Z", UNSUPPORTED, None, "zero-width"),
    Refused(r"https://\ba\.example", UNSUPPORTED, None, "zero-width"),
    Refused(r"https://\Ba\.example", UNSUPPORTED, None, "zero-width"),
    Refused(r"(^https://a\.example)", UNSUPPORTED, None, "anchor"),
    Refused(r"(https://a\.example$)", UNSUPPORTED, None, "anchor"),
    Refused(r"https://^a\.example", UNSUPPORTED, None, "anchor"),
    Refused(r"https://a$\.example", UNSUPPORTED, None, "anchor"),
    Refused(r"^^https://a\.example", UNSUPPORTED, None, "anchor"),
    Refused(r"https://a\.example$$", UNSUPPORTED, None, "anchor"),
    # Invalid
    Refused("(", INVALID, None, "missing )"),
    Refused("(?", INVALID),
    Refused("(?:a", INVALID, None, "missing )"),
    Refused(")", INVALID, None, "unbalanced"),
    Refused("a)b", INVALID, None, "unbalanced"),
    Refused("(?#", INVALID, None, "comment"),
    Refused("[", INVALID, None, "set"),
    Refused("[a", INVALID, None, "set"),
    Refused("[a-", INVALID, None, "set"),
    Refused("[]", INVALID, None, "set"),
    Refused("[^]", INVALID, None, "set"),
    Refused("[z-a]", INVALID, None, "range"),
    Refused(r"[\d-z]", INVALID, None, "range"),
    Refused(r"[a-\d]", INVALID, None, "range"),
    Refused("*a", INVALID, None, "nothing to repeat"),
    Refused("a|*", INVALID, None, "nothing to repeat"),
    Refused("(+)", INVALID, None, "nothing to repeat"),
    Refused("{1}", INVALID, None, "nothing to repeat"),
    Refused("^*", INVALID, None, "nothing to repeat"),
    Refused("(?#x)*", INVALID, None, "nothing to repeat"),
    Refused("a**", INVALID, None, "multiple repeat"),
    Refused("a+?*", INVALID, None, "multiple repeat"),
    Refused("a{1}{2}", INVALID, None, "multiple repeat"),
    Refused("a*(?#x)*", INVALID, None, "multiple repeat"),
    Refused("a{2,1}", INVALID, None, "min repeat"),
    Refused("a\\", INVALID, None, "escape"),
    Refused("[\\", INVALID, None, "escape"),
    Refused(r"\q", INVALID, None, "escape"),
    Refused(r"[\q]", INVALID, None, "escape"),
    Refused(r"[\A]", INVALID, None, "escape"),
    Refused(r"[\8]", INVALID, None, "escape"),
    Refused(r"\N{DIGIT ONE}", INVALID, None, "escape"),
    Refused(r"\x4", INVALID, None, "escape"),
    Refused(r"\u004", INVALID, None, "escape"),
    Refused(r"\U00110000", INVALID, None, "escape"),
    Refused(r"\777", INVALID, None, "octal"),
    Refused(r"[\777]", INVALID, None, "octal"),
    Refused("(?P<1>a)", INVALID, None, "group name"),
    Refused("(?P<a", INVALID, None, "group name"),
    Refused("(?P<a>b)(?P<a>c)", INVALID, None, "group name"),
    Refused("(?P>a)", INVALID, None, "group"),
    Refused("(?<name>a)", INVALID, None, "group"),
    Refused("(?&a)", INVALID, None, "group"),
    # States
    Refused(MOST_STATES.replace("zz", "zzz", 1), STATES),
    Refused(r"https://(?:(?:a{20}){10}){10}\.example", STATES),
    Refused(r"https://(?:a{999999999}){999999999}\.example", STATES),
    Refused(r"https://a{9999999999}\.example", STATES),
    Refused("(" * 101 + "a" + ")" * 101, STATES),
    Refused("a" * 10_001, STATES),
    # With credentials
    Refused(r"http://a\.example", INSECURE, None, "http://a.example)", CREDENTIALS),
    Refused(r"https?://(\w+\.)*a\.example", INSECURE, None, "http://a.example)", CREDENTIALS),
    Refused(r"https?://(\w+\.)+a\.example", INSECURE, None, "http://a.a.example)", CREDENTIALS),
    Refused(r"[a-z]+://a\.example", INSECURE, None, "http://a.example)", CREDENTIALS),
    Refused(r"http://(localhost|a)", INSECURE, None, "http://a)", CREDENTIALS),
    Refused(r"http://a\.(b|c\.)x{63}\.y", INSECURE, None, f"http://a.c.{LABEL}.y)", CREDENTIALS),
    Refused(r"http://x\.(.*\.)?a\.example", INSECURE, None, "http://x.a.example)", CREDENTIALS),
    Refused(r"http://a\.example:\d+", INSECURE, None, "http://a.example:1)", CREDENTIALS),
    Refused(r"http://a\.example\.", INSECURE, None, "http://a.example.)", CREDENTIALS),
    Refused(r"http://12[78]\.0\.0\.1", INSECURE, None, "http://128.0.0.1)", CREDENTIALS),
    Refused(r"http://\[::[1-2]\]", INSECURE, None, "http://[::2])", CREDENTIALS),
    Refused(
        r"http://a\.example",
        INSECURE,
        None,
        "",
        {**CREDENTIALS, "dangerously_allow_public_suffixes": True},
    ),
    # A hundred ranges of this machine's own, each to be followed to its end: too long, so not taken.
    Refused(
        "http://(" + "|".join(rf"127\.\d+\.{octet}" for octet in range(100)) + r")\.1",
        INSECURE,
        None,
        "act as the visitor.",
        CREDENTIALS,
    ),
    Refused(r"https://[a-z]+\.github\.io", SUFFIX, None, "github.io", CREDENTIALS),
    Refused(r"https://(.*\.)?[a-z]+\.github\.io", SUFFIX, None, "github.io", CREDENTIALS),
    Refused(r"https://[a-j][0-9a]\.github\.io", SUFFIX, None, "github.io", CREDENTIALS),
    Refused(r"https://.*--tea\.netlify\.app", SUFFIX, None, "netlify.app", CREDENTIALS),
    Refused(r"https://[a-z]+\.github\.io\.?(:\d+)?", SUFFIX, None, "github.io", CREDENTIALS),
    Refused(r"https://[a-z]+\.s3\.amazonaws\.com", SUFFIX, None, "s3.amazonaws.com", CREDENTIALS),
    Refused(r"https://[a-z]+\.foo\.kawasaki\.jp", SUFFIX, None, "kawasaki.jp", CREDENTIALS),
    Refused(r"https://a\.[a-z]+\.kawasaki\.jp", SUFFIX, None, "kawasaki.jp", CREDENTIALS),
    Refused(r"https://[a-z]+\.foo\.ck", SUFFIX, None, "ck", CREDENTIALS),
    Refused(
        r"https://[a-z]+\.github\.io",
        SUFFIX,
        None,
        "github.io",
        {**CREDENTIALS, "dangerously_allow_insecure_origins": True},
    ),
)
