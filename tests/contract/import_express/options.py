"""Options of npm's cors, as people write them and worse; requests to tell them apart."""

from __future__ import annotations

import random

ORIGINS = [
    "'*'",
    "true",
    "false",
    "'https://a.example'",
    "'https://a.example/'",
    "'https://A.example:443'",
    "'http://a.example'",
    "'https://*.a.example'",
    "'https://a.example, https://b.example'",
    "'null'",
    "'a.example'",
    "['https://a.example', 'http://localhost:3000']",
    "['https://a.example', ['http://b.example', /\\.a\\.example$/]]",
    "['*']",
    "['https://a.example', true]",
    "['https://a.example', false, '']",
    "[]",
    "function (origin, done) { done(null, true); }",
    r"/(.*\.)?victoria-lo\.github\.io.*/",
    r"/a\.example$/",
    r"/\.a\.example$/",
    r"/^https:\/\/a\.example/",
    r"/^https:\/\/(.*\.)?a\.example$/",
    r"/^https?:\/\/(.+\.)?a\.example(:[0-9]+)?$/",
    r"/https:\/\/a.example$/",
    r"/^http:\/\/localhost:\d+$/",
    r"/^HTTPS:\/\/[A-Z]+\.A\.EXAMPLE$/i",
    r"/^https:\/\/[a-z]+\.a\.example$|^https:\/\/b\.example$/",
    r"/^https:\/\/a\.example$|b\.example/",
    r"/^(?!.*evil)https:\/\/.*\.a\.example$/",
    r"/^(?<scheme>https):\/\/b\.example$/",
    r"/^https:\/\/\a\.example$/",
    r"/^https:\/\/a{,2}\.example$/",
    r"/[^]*a\.example$/",
    r"/^https:\/\/[]a\.example$/",
    r"/^https:\/\/.*\.github\.io$/",
    r"/^https:\/\/a\.example\n?$/",
    r"/^null$/",
    r"new RegExp('^https://(x|y)\\.a\\.example$')",
]
METHODS = [
    "",
    "methods: 'GET,PUT'",
    "methods: ['GET', 'PATCH']",
    "methods: '*'",
    "methods: ['get', 'put']",
    "methods: ['*', 'DELETE']",
    "methods: []",
    "methods: 'GET PUT'",
]
HEADERS = [
    "",
    "allowedHeaders: ['X-Tea', 'Content-Type']",
    "allowedHeaders: 'X-Tea,Authorization'",
    "headers: 'X-Tea'",
    "allowedHeaders: '*'",
    "allowedHeaders: ['*', 'Authorization']",
    "allowedHeaders: []",
    "allowedHeaders: ''",
    "allowedHeaders: 'Origin, X-Tea, Cookie'",
]
EXPOSED = [
    "",
    "exposedHeaders: 'ETag,X-Total'",
    "exposedHeaders: ['*']",
    "exposedHeaders: ['ETag']",
    "exposedHeaders: []",
]
CREDENTIALS = ["", "credentials: true", "credentials: true", "credentials: 'true'", "credentials: false"]
OTHERS = [
    "",
    "",
    "maxAge: 600",
    "maxAge: -1",
    "maxAge: '86401'",
    "optionsSuccessStatus: 200",
    "optionsSuccessStatus: 404",
]

# Origins that browsers send.
ASKED = [
    *("https://a.example", "http://a.example", "https://a.example:8443", "https://b.example", "https://x.a.example"),
    *("http://x.y.a.example", "https://axexample", "https://a.example.evil.test", "https://x.victoria-lo.github.io"),
    *("https://victoria-lo.github.io.aa.com", "http://localhost:3000", "null"),
]
# Method, headers that the page sets, credentials mode.
FETCHES = [
    ("GET", {}, "same-origin"),
    ("GET", {}, "include"),
    ("PUT", {"x-tea": "white"}, "include"),
    ("PATCH", {}, "include"),
    ("POST", {"content-type": "application/json", "authorization": "x"}, "same-origin"),
    ("GET", {"authorization": "x"}, "include"),
    ("GET", {"x-tea": "white"}, "same-origin"),
]


def cases(number: int) -> list[str]:
    """Sources of options objects: each origin and each other option alone, then combinations."""
    chosen = random.Random(20261122)
    found = [f"{{origin: {origin}, credentials: {str(at % 2 == 0).lower()}}}" for at, origin in enumerate(ORIGINS)]
    found += [f"{{{option}}}" for options in (METHODS, HEADERS, EXPOSED, OTHERS) for option in options]
    while len(found) < number:
        origins = chosen.sample(ORIGINS, chosen.randint(1, 3))
        origin = origins[0] if len(origins) == 1 else f"[{', '.join(origins)}]"
        rest = [chosen.choice(options) for options in (METHODS, HEADERS, EXPOSED, CREDENTIALS, OTHERS)]
        found.append(f"{{{', '.join([f'origin: {origin}', *filter(None, rest)])}}}")
    return found
