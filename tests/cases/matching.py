"""Policies x Origins: which of them each policy allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cases.origins import HOST, LABEL


@dataclass(frozen=True)
class Matching:
    """Entries of `allow_origins` (an expression as in a document), further fields, and what becomes of Origins."""

    name: str
    allow_origins: tuple[str | dict[str, str], ...]
    allowed: tuple[str, ...]
    refused: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)


A = "https://a.example"

MATCHING: tuple[Matching, ...] = (
    Matching(
        "one exact origin",
        (A,),
        (A,),
        (
            "http://a.example",
            "https://a.example:8443",
            "https://a.example:443",
            "https://a.example.",
            "https://a.example/",
            "https://A.example",
            "https://x.a.example",
            "https://xa.example",
            "https://a.example.evil.example",
            "https://a.exampl",
            "https://a.examplee",
            "https://a.example\n",
            "https://a.example, https://a.example",
            "null",
            "",
        ),
    ),
    Matching(
        "several exact origins",
        (A, "https://b.example:8443", "capacitor://localhost", "http://[::1]:3000", "https://c.example."),
        (A, "https://b.example:8443", "capacitor://localhost", "http://[::1]:3000", "https://c.example."),
        (
            "https://b.example",
            "https://b.example:8444",
            "https://a.example:8443",
            "https://localhost",
            "capacitor://a.example",
            "http://[::1]",
            "http://[0::1]:3000",
            "http://[::2]:3000",
            "https://c.example",
            "https://a.exampleb.example:8443",
        ),
    ),
    Matching(
        "subdomains",
        ("https://*.a.example",),
        (
            "https://x.a.example",
            "https://y.x.a.example",
            "https://a.a.example",
            "https://a.example.a.example",
            "https://_x.a.example",
            "https://-.a.example",
            "https://xn--.a.example",
            "https://127.a.example",
            f"https://{LABEL}.a.example",
        ),
        (
            A,
            "https://.a.example",
            "https://x..a.example",
            "https://xa.example",
            "https://x.a.example.",
            "https://x.a.example:8443",
            "http://x.a.example",
            "https://x.a.example.evil.example",
            "https://X.a.example",
            "https://*.a.example",
            "https://x y.a.example",
            "https://evil.example/x.a.example",
            "https://evil.example?x.a.example",
            "https://evil.example#x.a.example",
            "https://evil.example@x.a.example",
            f"https://{LABEL}x.a.example",
            f"https://{HOST[: 253 - len('.a.example') + 1]}.a.example",
            # Without what lies before the first dot, each of them is the pattern without its `*.`.
            "x.https://a.example",
            "https:x.//a.example",
            "https:/x./a.example",
            "x.",
            ".https://a.example",
        ),
    ),
    Matching(
        "the longest host below a wildcard",
        ("https://*.a.example",),
        (f"https://{HOST[: 253 - len('.a.example')]}.a.example",),
        (),
    ),
    Matching(
        "a label before the longest host that has room for one",
        (f"https://*.{HOST[:251]}",),
        (f"https://x.{HOST[:251]}",),
        (f"https://xx.{HOST[:251]}", f"https://.{HOST[:251]}", f"https://x.{HOST[:250]}"),
    ),
    Matching(
        "subdomains of a host with a trailing dot",
        ("https://*.a.example.",),
        ("https://x.a.example.",),
        ("https://x.a.example", "https://a.example.", "https://x.a.example.."),
    ),
    Matching(
        "subdomains on one port",
        ("https://*.a.example:8443",),
        ("https://x.a.example:8443",),
        ("https://x.a.example", "https://x.a.example:8444", "https://x.a.example:08443", "https://a.example:8443"),
    ),
    Matching(
        "subdomains on any port",
        ("https://*.a.example:*",),
        (
            "https://x.a.example",
            "https://x.a.example:1",
            "https://y.x.a.example:65535",
            "https://x.a.example:80",
        ),
        (
            "https://a.example",
            "https://a.example:8443",
            "https://x.a.example:443",
            "https://x.a.example:0",
            "https://x.a.example:65536",
            "https://x.a.example:",
            "https://x.a.example:*",
            "http://x.a.example",
        ),
    ),
    Matching(
        "any port",
        ("http://localhost:*", "https://[::1]:*", "https://127.0.0.1:*"),
        (
            "http://localhost",
            "http://localhost:1",
            "http://localhost:443",
            "http://localhost:65535",
            "https://[::1]",
            "https://[::1]:80",
            "https://127.0.0.1:3000",
        ),
        (
            "http://localhost:80",
            "http://localhost:",
            "http://localhost:0",
            "http://localhost:08",
            "http://localhost:65536",
            "http://localhost.",
            "http://localhost.evil.example",
            "http://localhost:3000.evil.example",
            "http://x.localhost",
            "https://localhost",
            "https://[::1]:443",
            "https://[::]:80",
            "https://127.0.0.2",
        ),
    ),
    Matching(
        "wildcards within one another",
        ("https://*.a.example", "https://*.b.a.example:8443", "https://*.c.b.a.example:*", "https://*.example"),
        (
            "https://a.example",
            "https://x.example",
            "https://x.a.example",
            "https://b.a.example",
            "https://x.b.a.example:8443",
            "https://x.c.b.a.example:8443",
            "https://x.c.b.a.example:9",
        ),
        (
            "https://example",
            "https://b.a.example:8443",
            "https://x.a.example:8443",
            "https://x.b.a.example:9",
            "https://c.b.a.example:9",
        ),
    ),
    Matching(
        "one host by scheme",
        ("http://a.example:*", "https://*.a.example", "ws://a.example"),
        ("http://a.example", "http://a.example:443", "https://x.a.example", "ws://a.example"),
        ("https://a.example", "http://x.a.example", "ws://a.example:80", "wss://a.example", "ws://x.a.example"),
    ),
    Matching(
        "an expression",
        ({"regex": r"https://(\w+\.)?a\.example"},),
        (A, "https://x.a.example", "https://_x9.a.example"),
        (
            "https://x.y.a.example",
            "https://.a.example",
            "https://x-y.a.example",
            "https://xa.example",
            "https://xaXexample",
            "https://x.a.example.",
            "https://x.a.example\n",
            "https://x.a.example:8443",
            "https://x.a.example.evil.example",
            f"https://{LABEL}x.a.example",
        ),
    ),
    Matching(
        "anchors",
        ({"regex": r"^https://a\.example$|^https://b\.example$|https://c\.example"},),
        (A, "https://b.example", "https://c.example"),
        ("https://a.example.evil.example", "https://b.example.", "https://d.example", "^https://a.example$"),
    ),
    Matching(
        "expressions and patterns",
        (
            A,
            "https://*.b.example",
            {"regex": r"https://pr-\d+\.c\.example(:\d+)?"},
            {"regex": r"https://[a-c]d\.example"},
        ),
        (
            A,
            "https://x.b.example",
            "https://pr-1.c.example",
            "https://pr-22.c.example:8443",
            "https://ad.example",
            "https://cd.example",
        ),
        (
            "https://b.example",
            "https://pr-.c.example",
            "https://pr-1.c.example:443",
            "https://pr-1.c.example:0",
            "https://dd.example",
            "https://pr-1-c.example",
        ),
    ),
    Matching(
        "everyone",
        ("*",),
        (A, "http://a.example", "null", "", "no origin at all", "https://a.example, https://b.example", "\0"),
        (),
    ),
    Matching(
        "with credentials",
        (A, "https://*.a.example", "http://localhost:*", "http://*.localhost:8080", "http://127.0.0.2", "http://[::1]"),
        (A, "https://x.a.example", "http://localhost", "http://x.localhost:8080", "http://127.0.0.2", "http://[::1]"),
        ("http://a.example", "http://127.0.0.1", "null"),
        {"allow_credentials": True},
    ),
)
