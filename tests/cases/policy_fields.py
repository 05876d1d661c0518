"""The fields of a policy but for its origins: what each may hold and becomes, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

A = "https://a.example"

# (code, field, value, hint), in the order in which they are reported.
Fault = tuple[str, str, object, object]


@dataclass(frozen=True)
class Valid:
    """Fields, and those whose value is not what was given."""

    name: str
    given: Mapping[str, Any]
    kept: Mapping[str, Any]


@dataclass(frozen=True)
class Invalid:
    """Fields, and every problem that they have."""

    name: str
    given: Mapping[str, Any]
    faults: tuple[Fault, ...]


def _one(name: str, given: Mapping[str, Any], code: str, field: str, value: object, hint: object = None) -> Invalid:
    return Invalid(name, given, ((code, field, value, hint),))


VALID = (
    Valid("defaults", {}, {}),
    # Methods
    Valid("methods", {"allow_methods": ["PUT", "DELETE"]}, {"allow_methods": ("PUT", "DELETE")}),
    Valid("safelisted methods may be listed", {"allow_methods": ["GET"]}, {"allow_methods": ("GET",)}),
    Valid("any method", {"allow_methods": ["*"]}, {"allow_methods": ("*",)}),
    Valid("any method twice", {"allow_methods": ["*", "*"]}, {"allow_methods": ("*",)}),
    Valid(
        "any method, with credentials",
        {"allow_methods": ["*"], "allow_credentials": True},
        {"allow_methods": ("*",), "allow_credentials": True},
    ),
    Valid("methods twice", {"allow_methods": ["PUT", "A", "PUT", "A"]}, {"allow_methods": ("PUT", "A")}),
    Valid("order of methods", {"allow_methods": ["PUT", "ACL", "DELETE"]}, {"allow_methods": ("PUT", "ACL", "DELETE")}),
    Valid("own methods in any case", {"allow_methods": ["brew", "Brew"]}, {"allow_methods": ("brew", "Brew")}),
    Valid("a registered method in mixed case", {"allow_methods": ["Patch"]}, {"allow_methods": ("Patch",)}),
    Valid("every token is a method", {"allow_methods": ["!#$%&'*+-.^_`|~"]}, {"allow_methods": ("!#$%&'*+-.^_`|~",)}),
    Valid("OPTIONS is a method like others", {"allow_methods": ["OPTIONS"]}, {"allow_methods": ("OPTIONS",)}),
    Valid("a star within a token is a character", {"allow_methods": ["A*", "B"]}, {"allow_methods": ("A*", "B")}),
    # Request headers
    Valid(
        "headers keep their spelling",
        {"allow_headers": ["Content-Type", "x-TEA"]},
        {"allow_headers": ("Content-Type", "x-TEA")},
    ),
    Valid("headers twice, in any case", {"allow_headers": ["X-A", "x-a", "X-A"]}, {"allow_headers": ("X-A",)}),
    Valid("any header", {"allow_headers": ["*"]}, {"allow_headers": ("*",)}),
    Valid(
        "any header and Authorization",
        {"allow_headers": ["*", "Authorization"]},
        {"allow_headers": ("*", "Authorization")},
    ),
    Valid(
        "Authorization and any header",
        {"allow_headers": ["authorization", "*"]},
        {"allow_headers": ("authorization", "*")},
    ),
    Valid(
        "any header with credentials",
        {"allow_headers": ["*"], "allow_credentials": True},
        {"allow_headers": ("*",), "allow_credentials": True},
    ),
    Valid("a safelisted header", {"allow_headers": ["Accept"]}, {"allow_headers": ("Accept",)}),
    Valid(
        "a header like a forbidden one",
        {"allow_headers": ["Security", "Proxy"]},
        {"allow_headers": ("Security", "Proxy")},
    ),
    Valid(
        "a method override",
        {"allow_headers": ["X-HTTP-Method-Override"]},
        {"allow_headers": ("X-HTTP-Method-Override",)},
    ),
    # Response headers
    Valid("exposed headers", {"expose_headers": ["ETag", "Link"]}, {"expose_headers": ("ETag", "Link")}),
    Valid("exposed twice", {"expose_headers": ["ETag", "etag"]}, {"expose_headers": ("ETag",)}),
    Valid("all exposed", {"expose_headers": ["*"]}, {"expose_headers": ("*",)}),
    Valid(
        "CORS headers exposed",
        {"expose_headers": ["Access-Control-Allow-Origin"]},
        {"expose_headers": ("Access-Control-Allow-Origin",)},
    ),
    # The rest
    Valid("max_age 0", {"max_age": 0}, {"max_age": 0}),
    Valid("max_age of a day", {"max_age": 86400}, {"max_age": 86400}),
    Valid("no max_age", {"max_age": None}, {"max_age": None}),
    Valid("credentials", {"allow_credentials": True}, {"allow_credentials": True}),
    Valid("description", {"description": "the \u8336 page"}, {"description": "the \u8336 page"}),
    Valid("empty description", {"description": ""}, {"description": ""}),
)

_METHODS, _HEADERS, _EXPOSE = "allow_methods", "allow_headers", "expose_headers"

INVALID = (
    # Methods
    *(
        _one(f"method {value!a}", {_METHODS: [value]}, code, _METHODS, value, hint)
        for value, code, hint in (
            ("get", "method-lower-case", "GET"),
            ("delete", "method-lower-case", "DELETE"),
            ("patch", "method-lower-case", "PATCH"),
            ("baseline-control", "method-lower-case", "BASELINE-CONTROL"),
            ("query", "method-lower-case", "QUERY"),
            ("TRACE", "method-forbidden", None),
            ("trace", "method-forbidden", None),
            ("Track", "method-forbidden", None),
            ("CONNECT", "method-forbidden", None),
            ("", "method-invalid", None),
            (" ", "method-invalid", None),
            (" PUT ", "method-invalid", "PUT"),
            ("PUT\n", "method-invalid", "PUT"),
            ("PUT, DELETE", "method-invalid", ["PUT", "DELETE"]),
            ("PUT DELETE", "method-invalid", ["PUT", "DELETE"]),
            ("PUT;DELETE", "method-invalid", None),
            ("P\u00dcT", "method-invalid", None),
            ("\u212aELVIN", "method-invalid", None),
            ("PUT\x00", "method-invalid", None),
        )
    ),
    _one("methods as text", {_METHODS: "PUT"}, "list-expected", _METHODS, "PUT", ["PUT"]),
    _one("methods as a line", {_METHODS: "PUT, ACL"}, "list-expected", _METHODS, "PUT, ACL", ["PUT", "ACL"]),
    _one("methods as empty text", {_METHODS: ""}, "list-expected", _METHODS, ""),
    _one("methods as bytes", {_METHODS: b"PUT"}, "list-expected", _METHODS, b"PUT"),
    _one("methods as a byte array", {_METHODS: bytearray(b"PUT")}, "list-expected", _METHODS, bytearray(b"PUT")),
    _one("methods as a dict", {_METHODS: {"PUT": 1}}, "list-expected", _METHODS, {"PUT": 1}),
    _one("methods as a number", {_METHODS: 5}, "list-expected", _METHODS, 5),
    _one("methods as None", {_METHODS: None}, "list-expected", _METHODS, None),
    _one("a method as a number", {_METHODS: ["PUT", 5]}, "wrong-type", _METHODS, 5),
    _one("a method as None", {_METHODS: [None]}, "wrong-type", _METHODS, None),
    _one("any method and another", {_METHODS: ["PUT", "*"]}, "wildcard-not-alone", _METHODS, "*"),
    Invalid(
        "any method, another and a wrong one",
        {_METHODS: ["*", "PUT", "get"]},
        (("method-lower-case", _METHODS, "get", "GET"), ("wildcard-not-alone", _METHODS, "*", None)),
    ),
    # Request headers
    *(
        _one(f"header {value!a}", {_HEADERS: [value]}, code, _HEADERS, value, hint)
        for value, code, hint in (
            ("", "header-invalid", None),
            ("X A", "header-invalid", ["X", "A"]),
            ("X-A:", "header-invalid", None),
            (" X-A", "header-invalid", "X-A"),
            ("X-A, X-B", "header-invalid", ["X-A", "X-B"]),
            ("X-\u00c4", "header-invalid", None),
            ("X-A\r\nX-B", "header-invalid", ["X-A", "X-B"]),
            ("Accept-Charset", "header-forbidden-request", None),
            ("Accept-Encoding", "header-forbidden-request", None),
            ("Access-Control-Request-Headers", "header-forbidden-request", None),
            ("Access-Control-Request-Method", "header-forbidden-request", None),
            ("Connection", "header-forbidden-request", None),
            ("content-length", "header-forbidden-request", None),
            ("COOKIE", "header-forbidden-request", None),
            ("Cookie2", "header-forbidden-request", None),
            ("Date", "header-forbidden-request", None),
            ("DNT", "header-forbidden-request", None),
            ("Expect", "header-forbidden-request", None),
            ("Host", "header-forbidden-request", None),
            ("Keep-Alive", "header-forbidden-request", None),
            ("Origin", "header-forbidden-request", None),
            ("Referer", "header-forbidden-request", None),
            ("Set-Cookie", "header-forbidden-request", None),
            ("TE", "header-forbidden-request", None),
            ("Trailer", "header-forbidden-request", None),
            ("Transfer-Encoding", "header-forbidden-request", None),
            ("Upgrade", "header-forbidden-request", None),
            ("Via", "header-forbidden-request", None),
            ("Proxy-Authorization", "header-forbidden-request", None),
            ("Sec-Fetch-Site", "header-forbidden-request", None),
            ("Access-Control-Allow-Origin", "header-is-response-header", None),
            ("access-control-allow-credentials", "header-is-response-header", None),
            ("Access-Control-Allow-Methods", "header-is-response-header", None),
            ("Access-Control-Allow-Headers", "header-is-response-header", None),
            ("Access-Control-Expose-Headers", "header-is-response-header", None),
            ("Access-Control-Max-Age", "header-is-response-header", None),
            ("Access-Control-Request-Private-Network", "private-network-obsolete", None),
            ("Access-Control-Allow-Private-Network", "private-network-obsolete", None),
        )
    ),
    _one("headers as text", {_HEADERS: "X-A"}, "list-expected", _HEADERS, "X-A", ["X-A"]),
    _one("a header as a list", {_HEADERS: [["X-A"]]}, "wrong-type", _HEADERS, ["X-A"]),
    _one("any header and another", {_HEADERS: ["*", "X-A"]}, "wildcard-not-alone", _HEADERS, "*"),
    _one(
        "any header, Authorization and another",
        {_HEADERS: ["*", "Authorization", "X-A"]},
        "wildcard-not-alone",
        _HEADERS,
        "*",
    ),
    _one(
        "any header and another, with credentials",
        {_HEADERS: ["X-A", "*"], "allow_credentials": True},
        "wildcard-not-alone",
        _HEADERS,
        "*",
    ),
    # Response headers
    *(
        _one(f"exposed {value!a}", {_EXPOSE: [value]}, code, _EXPOSE, value, hint)
        for value, code, hint in (
            ("", "header-invalid", None),
            ("X A", "header-invalid", ["X", "A"]),
            ("Set-Cookie", "header-forbidden-response", None),
            ("set-cookie2", "header-forbidden-response", None),
            ("Origin", "header-is-request-header", None),
            ("access-control-request-method", "header-is-request-header", None),
            ("Access-Control-Request-Headers", "header-is-request-header", None),
        )
    ),
    _one("exposed as text", {_EXPOSE: "*"}, "list-expected", _EXPOSE, "*", ["*"]),
    _one("all exposed and another", {_EXPOSE: ["ETag", "*"]}, "wildcard-not-alone", _EXPOSE, "*"),
    _one("all exposed and Authorization", {_EXPOSE: ["Authorization", "*"]}, "wildcard-not-alone", _EXPOSE, "*"),
    _one(
        "all exposed with credentials",
        {_EXPOSE: ["*"], "allow_credentials": True},
        "expose-wildcard-with-credentials",
        _EXPOSE,
        "*",
    ),
    # max_age
    *(
        _one(f"max_age {value!r}", {"max_age": value}, code, "max_age", value, hint)
        for value, code, hint in (
            (-1, "max-age-range", 0),
            (86401, "max-age-range", 86400),
            (10**30, "max-age-range", 86400),
            (True, "wrong-type", None),
            (False, "wrong-type", None),
            (600.0, "wrong-type", 600),
            (600.5, "wrong-type", None),
            (1e9, "wrong-type", None),
            (float("inf"), "wrong-type", None),
            ("600", "wrong-type", 600),
            ("86400", "wrong-type", 86400),
            ("86401", "wrong-type", None),
            ("10m", "wrong-type", None),
            ("-1", "wrong-type", None),
            ("\u0661\u0662", "wrong-type", None),
            ("", "wrong-type", None),
            ([600], "wrong-type", None),
        )
    ),
    # Flags
    *(
        _one(f"{field} {value!r}", {field: value}, "wrong-type", field, value, hint)
        for field in ("allow_credentials", "dangerously_allow_insecure_origins", "dangerously_allow_public_suffixes")
        for value, hint in (
            ("true", True),
            ("False", False),
            (" TRUE ", True),
            (1, True),
            (0, False),
            (2, None),
            ("yes", None),
            ("", None),
            (None, None),
            ([True], None),
        )
    ),
    # description
    _one("description as a number", {"description": 5}, "wrong-type", "description", 5),
    _one("description as bytes", {"description": b"tea"}, "wrong-type", "description", b"tea"),
    # Everything at once
    Invalid(
        "a problem in every field",
        {
            "allow_origins": [f"{A}/", "*"],
            _METHODS: ["get", 5],
            _HEADERS: ["Cookie", "X A"],
            _EXPOSE: ["*", "Set-Cookie"],
            "allow_credentials": "true",
            "max_age": -1,
            "description": 5,
            "dangerously_allow_insecure_origins": "maybe",
            "dangerously_allow_public_suffixes": 1,
        },
        (
            ("wrong-type", "allow_credentials", "true", True),
            ("wrong-type", "dangerously_allow_insecure_origins", "maybe", None),
            ("wrong-type", "dangerously_allow_public_suffixes", 1, True),
            ("origin-trailing-slash", "allow_origins", f"{A}/", A),
            ("wildcard-not-alone", "allow_origins", "*", None),
            ("wildcard-with-credentials", "allow_origins", "*", None),
            ("method-lower-case", _METHODS, "get", "GET"),
            ("wrong-type", _METHODS, 5, None),
            ("header-forbidden-request", _HEADERS, "Cookie", None),
            ("header-invalid", _HEADERS, "X A", ["X", "A"]),
            ("expose-wildcard-with-credentials", _EXPOSE, "*", None),
            ("header-forbidden-response", _EXPOSE, "Set-Cookie", None),
            ("wildcard-not-alone", _EXPOSE, "*", None),
            ("max-age-range", "max_age", -1, 0),
            ("wrong-type", "description", 5, None),
        ),
    ),
)
