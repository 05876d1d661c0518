"""Plans: pairs of documents, and all that they differ in, in the lines that plan_lines describes."""

from __future__ import annotations

from cases.plan_lines import Plan, everywhere, rules
from edgecors import Regex

A, B = "https://a.example", "https://b.example"
WILD, DEEP, X, Y = "https://*.a.example", "https://*.x.a.example", "https://x.a.example", "https://y.a.example"
LOCAL = "http://localhost:*"
_ANY_DEEP = Regex(r"https://([a-z0-9_-]+\.)+a\.example")
_LETTERS = Regex(r"https://[a-z]+\.a\.example")

_NOTHING = (
    ("the same", everywhere(A), everywhere(A)),
    ("a description", everywhere(A), everywhere(A, description="x")),
    ("a flag that changes nothing", everywhere(A), everywhere(A, dangerously_allow_insecure_origins=True)),
    ("another order", everywhere(A, B), everywhere(B, A)),
    ("twice", everywhere(A), everywhere(A, A)),
    ("names in another case", everywhere(A, allow_headers=["X-Tea"]), everywhere(A, allow_headers=["x-tea"])),
    ("what a wildcard covers", everywhere(WILD, X), everywhere(WILD)),
    ("a wildcard that a wildcard covers", everywhere(WILD), everywhere(DEEP, WILD)),
    ("a port that any port covers", everywhere(LOCAL), everywhere("http://localhost:3000", LOCAL)),
    ("an expression for a wildcard", everywhere(WILD), everywhere(_ANY_DEEP)),
    ("any text for a wildcard", everywhere(WILD), everywhere(Regex(r"https://.+\.a\.example"))),
    ("an expression for exact origins", everywhere(A, B), everywhere(Regex(r"https://[ab]\.example"))),
    ("an expression for any port", everywhere(LOCAL), everywhere(Regex(r"http://localhost(:\d+)?"))),
    ("two expressions", everywhere(Regex(r"https://(a|b)\.example")), everywhere(Regex(r"https://[a-b]\.example"))),
    (
        "an anchored expression",
        everywhere(Regex(r"^https://[ab]\.example$")),
        everywhere(Regex(r"https://[ab]\.example")),
    ),
    ("methods that need no listing", everywhere(A), everywhere(A, allow_methods=["GET", "HEAD", "POST"])),
    ("headers that need no exposing", everywhere(A), everywhere(A, expose_headers=["Content-Type", "expires"])),
    ("the age that browsers take anyway", everywhere(A, max_age=None), everywhere(A, max_age=5)),
    (
        "Authorization beside a star with credentials",
        everywhere(A, allow_headers=["*"], allow_credentials=True),
        everywhere(A, allow_headers=["*", "Authorization"], allow_credentials=True),
    ),
    ("a policy in two", everywhere(A), rules(("/a /a/*", {"allow_origins": [A]}), ("*", {"allow_origins": [A]}))),
    ("a path of its own", everywhere(A), rules(("* /a /b/*", {"allow_origins": [A]}))),
    ("every path by its slash", everywhere(A), rules(("/*", {"allow_origins": [A]}))),
    (
        "a policy that no path reaches",
        rules(("/*", {"allow_origins": [A]})),
        rules(("/*", {"allow_origins": [A]}), ("*", {"allow_origins": [B]})),
    ),
    ("nothing and nothing", None, rules()),
)

_ORIGINS = (
    ("a first document", None, everywhere(A), f"+ who {A} reads on *"),
    ("no document any more", everywhere(A, B), rules(), f"- who {A} reads on *", f"- who {B} reads on *"),
    ("another origin", everywhere(A), everywhere(B), f"+ who {B} reads on *", f"- who {A} reads on *"),
    (
        "a wildcard for an origin",
        everywhere(X),
        everywhere(WILD),
        f"+ who {WILD} not {X} eg https://a.a.example reads on *",
    ),
    (
        "an origin for a wildcard",
        everywhere(WILD),
        everywhere(X),
        f"- who {WILD} not {X} eg https://a.a.example reads on *",
    ),
    (
        "a wildcard for its first origin",
        everywhere("https://a.a.example"),
        everywhere(WILD),
        f"+ who {WILD} not https://a.a.example eg https://b.a.example reads on *",
    ),
    (
        "a wider wildcard",
        everywhere(DEEP),
        everywhere(WILD),
        f"+ who {WILD} not {DEEP} eg https://a.a.example reads on *",
    ),
    ("everyone", everywhere(A), everywhere("*"), f"+ who * not {A} eg https://a reads on *"),
    ("no more everyone", everywhere("*"), everywhere("https://a"), "- who * not https://a eg https://b reads on *"),
    (
        "any port",
        everywhere("http://localhost", "http://localhost:1"),
        everywhere(LOCAL),
        f"+ who {LOCAL} not http://localhost http://localhost:1 eg http://localhost:2 reads on *",
    ),
    (
        "what the new wildcard covers is said once",
        everywhere(B),
        everywhere(WILD, X, DEEP, B),
        f"+ who {WILD} eg https://a.a.example reads on *",
    ),
    (
        "an expression for a wildcard that is wider",
        everywhere(WILD),
        everywhere(_LETTERS),
        f"- who {WILD} not {_LETTERS.expression} eg https://0.a.example reads on *",
    ),
    (
        "an expression that is wider",
        everywhere(_LETTERS),
        everywhere(_LETTERS, Regex(r"https://(.+\.)?a\.example")),
        rf"+ who https://(.+\.)?a\.example not {_LETTERS.expression} eg https://a.example reads on *",
    ),
    (
        "an expression beside what it does not meet",
        everywhere(B, LOCAL),
        everywhere(B, LOCAL, _LETTERS),
        f"+ who {_LETTERS.expression} eg https://a.a.example reads on *",
    ),
    (
        "an IPv6 port",
        everywhere("http://[::1]:*"),
        everywhere("http://[::1]"),
        "- who http://[::1]:* not http://[::1] eg http://[::1]:1 reads on *",
    ),
    (
        "another scheme",
        everywhere("https://*.a.example"),
        everywhere("http://*.a.example"),
        "+ who http://*.a.example eg http://a.a.example reads on *",
        f"- who {WILD} eg https://a.a.example reads on *",
    ),
    (
        "a trailing dot",
        everywhere(WILD),
        everywhere("https://*.a.example."),
        "+ who https://*.a.example. eg https://a.a.example. reads on *",
        f"- who {WILD} eg https://a.a.example reads on *",
    ),
    (
        "all that a gain brings",
        rules(),
        everywhere(
            A, allow_methods=["PUT", "GET"], allow_headers=["X-Tea"], expose_headers=["ETag"], allow_credentials=True
        ),
        f"! who {A} reads credentials uses PUT sends X-Tea sees ETag on *",
    ),
)

_LISTS = (
    ("a method", everywhere(A), everywhere(A, allow_methods=["PUT"]), f"+ who {A} uses PUT on *"),
    ("no method", everywhere(A, allow_methods=["PUT"]), everywhere(A), f"- who {A} uses PUT on *"),
    (
        "every method",
        everywhere(A, allow_methods=["PUT"]),
        everywhere(A, allow_methods=["*"]),
        f"+ who {A} uses all-but GET HEAD POST PUT on *",
    ),
    (
        "no more every method",
        everywhere(A, allow_methods=["*"]),
        everywhere(A, allow_methods=["PUT"]),
        f"- who {A} uses all-but GET HEAD POST PUT on *",
    ),
    (
        "methods in their own case",
        everywhere(A, allow_methods=["Brew"]),
        everywhere(A, allow_methods=["BREW"]),
        f"+ who {A} uses BREW on *",
        f"- who {A} uses Brew on *",
    ),
    (
        "headers",
        everywhere(A, allow_headers=["X-A", "X-B"]),
        everywhere(A, allow_headers=["x-b", "X-C"]),
        f"+ who {A} sends X-C on *",
        f"- who {A} sends X-A on *",
    ),
    (
        "every header is not Authorization",
        everywhere(A, allow_headers=["Authorization"]),
        everywhere(A, allow_headers=["*"]),
        f"+ who {A} sends all-but Authorization on *",
        f"- who {A} sends Authorization on *",
    ),
    (
        "every header and Authorization",
        everywhere(A, allow_headers=["*"]),
        everywhere(A, allow_headers=["*", "Authorization"]),
        f"+ who {A} sends Authorization on *",
    ),
    (
        "every header with credentials",
        everywhere(A, allow_headers=["*"]),
        everywhere(A, allow_headers=["*"], allow_credentials=True),
        f"! who {A} credentials sends Authorization on *",
    ),
    (
        "a response header",
        everywhere(A),
        everywhere(A, expose_headers=["ETag", "Content-Type"]),
        f"+ who {A} sees ETag on *",
    ),
    (
        "every response header",
        everywhere(A, expose_headers=["ETag"]),
        everywhere(A, expose_headers=["*"]),
        (
            f"+ who {A} sees all-but cache-control content-language content-length "
            "content-type expires last-modified pragma ETag on *"
        ),
    ),
    ("credentials", everywhere(A), everywhere(A, allow_credentials=True), f"! who {A} credentials on *"),
    ("no credentials", everywhere(A, allow_credentials=True), everywhere(A), f"- who {A} credentials on *"),
    (
        "credentials, and a method less",
        everywhere(A, allow_methods=["PUT"]),
        everywhere(A, allow_credentials=True),
        f"! who {A} credentials on *",
        f"- who {A} uses PUT on *",
    ),
    (
        "a method with credentials",
        everywhere(A, allow_credentials=True),
        everywhere(A, B, allow_credentials=True, allow_methods=["PUT"]),
        f"! who {B} reads credentials uses PUT on *",
        f"! who {A} uses PUT on *",
    ),
    (
        "a method, and a wildcard beside an origin that it covers",
        everywhere(X),
        everywhere(X, WILD, allow_methods=["PUT"]),
        f"+ who {WILD} not {X} eg https://a.a.example reads uses PUT on *",
        f"+ who {X} uses PUT on *",
    ),
    (
        "no method, and no wildcard beside an origin that it covers",
        everywhere(X, WILD, allow_methods=["PUT"]),
        everywhere(X),
        f"- who {WILD} not {X} eg https://a.a.example reads uses PUT on *",
        f"- who {X} uses PUT on *",
    ),
    ("an age", everywhere(A), everywhere(A, max_age=60), "~ max_age 600 to 60 on *"),
    ("no age", everywhere(A), everywhere(A, max_age=None), "~ max_age 600 to 5 on *"),
    (
        "an age that nobody saw",
        everywhere(A),
        everywhere(B, max_age=60),
        f"+ who {B} reads on *",
        f"- who {A} reads on *",
    ),
    (
        "a method for those who stay",
        everywhere(X, Y, WILD, B),
        everywhere(WILD, A, allow_methods=["PUT"]),
        f"+ who {A} reads uses PUT on *",
        f"+ who {WILD} eg https://a.a.example uses PUT on *",
        f"- who {B} reads on *",
    ),
    (
        "a method for a part of a wildcard",
        everywhere(WILD),
        everywhere(DEEP, Y, allow_methods=["PUT"]),
        f"+ who {Y} uses PUT on *",
        f"+ who {DEEP} eg https://a.x.a.example uses PUT on *",
        f"- who {WILD} not {DEEP} {Y} eg https://a.a.example reads on *",
    ),
    (
        "a method for where two patterns cross",
        everywhere("https://x.a.example:*"),
        everywhere(WILD, allow_methods=["PUT"]),
        f"+ who {WILD} not https://x.a.example:* eg https://a.a.example reads uses PUT on *",
        f"+ who {WILD} in https://x.a.example:* eg {X} uses PUT on *",
        f"- who https://x.a.example:* not {WILD} eg https://x.a.example:1 reads on *",
    ),
    (
        "a method for where an expression crosses",
        everywhere(Regex(r"https://[ax]+\.(a|b)\.example")),
        everywhere(DEEP, X, _LETTERS, allow_methods=["PUT"]),
        rf"+ who {DEEP} eg https://a.x.a.example reads uses PUT on *",
        rf"+ who {_LETTERS.expression} not https://[ax]+\.(a|b)\.example eg https://b.a.example reads uses PUT on *",
        rf"+ who {_LETTERS.expression} in https://[ax]+\.(a|b)\.example eg https://a.a.example uses PUT on *",
        rf"- who https://[ax]+\.(a|b)\.example not {X} {_LETTERS.expression} eg https://a.b.example reads on *",
    ),
    (
        "a method for everyone who is listed",
        everywhere("*"),
        everywhere(A, allow_methods=["PUT"]),
        f"+ who {A} uses PUT on *",
        f"- who * not {A} eg https://a reads on *",
    ),
)

_PATHS = (
    (
        "a path more",
        rules(("/a", {"allow_origins": [A]})),
        rules(("/a /b", {"allow_origins": [A]})),
        f"+ who {A} reads on /b",
    ),
    (
        "a prefix does not cover itself",
        rules(("/a/*", {"allow_origins": [A]})),
        rules(("/a /a/*", {"allow_origins": [A]})),
        f"+ who {A} reads on /a",
    ),
    (
        "a narrower path takes over",
        everywhere(A),
        rules(("*", {"allow_origins": [A]}), ("/b /b/*", {"allow_origins": [A, B]})),
        f"+ who {B} reads on /b /b/*",
    ),
    (
        "a narrower path goes",
        rules(("/a/*", {"allow_origins": [A], "allow_credentials": True}), ("/a/b", {"allow_origins": [A]})),
        rules(("/a/*", {"allow_origins": [A], "allow_credentials": True})),
        f"! who {A} credentials on /a/b",
    ),
    (
        "a narrower path takes away",
        everywhere(A),
        rules(("*", {"allow_origins": [A]}), ("/b/*", {"allow_origins": [B]})),
        f"+ who {B} reads on /b/*",
        f"- who {A} reads on /b/*",
    ),
    (
        "all but a narrower path",
        rules(("*", {"allow_origins": [A]}), ("/b/*", {"allow_origins": [B]})),
        rules(("*", {"allow_origins": [A], "allow_methods": ["PUT"]}), ("/b/*", {"allow_origins": [B]})),
        f"+ who {A} uses PUT on * but /b/*",
    ),
    (
        "the same on several paths",
        rules(("/a", {"allow_origins": [A]}), ("/b", {"allow_origins": [A], "description": "x"})),
        rules(("/a", {"allow_origins": [A, B]}), ("/b", {"allow_origins": [B, A]})),
        f"+ who {B} reads on /a /b",
    ),
    (
        "less of a prefix",
        rules(("/a/b/*", {"allow_origins": [A]})),
        rules(("/a/b/c", {"allow_origins": [A]})),
        f"- who {A} reads on /a/b/* but /a/b/c",
    ),
    (
        "a hole in a hole",
        everywhere(A),
        rules(("* /a/b", {"allow_origins": [A], "allow_methods": ["PUT"]}), ("/a/*", {"allow_origins": [A]})),
        f"+ who {A} uses PUT on * /a/b but /a/*",
    ),
    (
        "exchanged",
        rules(("/a", {"allow_origins": [A]}), ("/b", {"allow_origins": [B]})),
        rules(("/a", {"allow_origins": [B]}), ("/b", {"allow_origins": [A]})),
        f"+ who {B} reads on /a",
        f"+ who {A} reads on /b",
        f"- who {A} reads on /a",
        f"- who {B} reads on /b",
    ),
    (
        "a path with the name that samples have",
        rules(("/sample", {"allow_origins": [A]}), ("*", {"allow_origins": [A]})),
        rules(("/sample", {"allow_origins": [A]}), ("*", {"allow_origins": [B]})),
        f"+ who {B} reads on * but /sample",
        f"- who {A} reads on * but /sample",
    ),
)

PLANS = (
    *(Plan(name, before, after, ()) for name, before, after in _NOTHING),
    *(Plan(name, before, after, tuple(lines)) for name, before, after, *lines in (*_ORIGINS, *_LISTS, *_PATHS)),
)
