"""Rules documents and all that lint says of them: everything but their origins."""

from __future__ import annotations

from typing import Any

from cases import lint_origins
from cases.documents import policy, rules
from cases.lint_origins import CREDENTIALS, Case, expression


def fields(name: str, expected: str, **changes: Any) -> Case:
    """The case of a document with one policy that is right but for the changes."""
    return Case(name, rules(policy(**changes)), expected)


LISTS: tuple[Case, ...] = (
    fields(
        "methods that need no listing",
        "method-safelisted@allow_methods/0 method-safelisted@allow_methods/1 method-safelisted@allow_methods/2",
        allow_methods=["GET", "HEAD", "POST", "PUT"],
    ),
    fields("OPTIONS", "method-options@allow_methods/0", allow_methods=["OPTIONS"]),
    fields(
        "lower case",
        "method-lower-case@allow_methods/0 method-lower-case@allow_methods/1",
        allow_methods=["patch", "put"],
    ),
    fields("methods in one text", "method-invalid@allow_methods/0", allow_methods=["PUT, DELETE"]),
    fields("methods as a text", "list-expected@allow_methods", allow_methods="PUT, DELETE"),
    fields("methods twice", "entry-repeated@allow_methods/1", allow_methods=["PUT", "PUT", "Put"]),
    fields(
        "forbidden methods",
        "method-forbidden@allow_methods/0 method-forbidden@allow_methods/1",
        allow_methods=["TRACE", "connect"],
    ),
    fields("any method and one", "wildcard-not-alone@allow_methods/0", allow_methods=["*", "PUT"]),
    fields(
        "request headers that need no listing",
        "header-safelisted@allow_headers/0 header-safelisted@allow_headers/1 header-safelisted@allow_headers/2",
        allow_headers=["Accept", "accept-language", "Content-Language", "Content-Type"],
    ),
    fields("headers twice", "entry-repeated@allow_headers/1", allow_headers=["X-Tea", "x-tea"]),
    fields("any header", "authorization-under-wildcard@allow_headers/0", allow_headers=["*"]),
    fields("any header and Authorization", "", allow_headers=["*", "authorization"]),
    fields("any header with credentials", "", allow_headers=["*"], **CREDENTIALS),
    fields(
        "any header and another",
        "wildcard-not-alone@allow_headers/0 authorization-under-wildcard@allow_headers/0",
        allow_headers=["*", "X-Tea"],
    ),
    fields(
        "forbidden request headers",
        " ".join(
            [
                "header-forbidden-request@allow_headers/0",
                "header-forbidden-request@allow_headers/1",
                "header-forbidden-request@allow_headers/2",
                "header-is-response-header@allow_headers/3",
                "private-network-obsolete@allow_headers/4",
            ]
        ),
        allow_headers=[
            "Cookie",
            "Origin",
            "Sec-Fetch-Site",
            "Access-Control-Allow-Origin",
            "Access-Control-Request-Private-Network",
        ],
    ),
    fields("header with a colon", "header-invalid@allow_headers/0", allow_headers=["X-Tea:"]),
    fields(
        "response headers that need no listing",
        "expose-safelisted@expose_headers/0 expose-safelisted@expose_headers/1 expose-safelisted@expose_headers/3",
        expose_headers=["Cache-Control", "content-type", "ETag", "Pragma"],
    ),
    fields(
        "forbidden response headers",
        "header-forbidden-response@expose_headers/0 header-is-request-header@expose_headers/1",
        expose_headers=["Set-Cookie", "Origin"],
    ),
    fields(
        "any response header with credentials",
        "expose-wildcard-with-credentials@expose_headers/0",
        expose_headers=["*"],
        **CREDENTIALS,
    ),
)

OTHERS: tuple[Case, ...] = (
    fields("max_age 0", "", max_age=0),
    fields("max_age 5", "", max_age=5),
    fields("max_age 600", "", max_age=600),
    fields("max_age 601", "", max_age=601),
    fields("max_age 7200", "", max_age=7200),
    fields("max_age 7201", "max-age-over-cap@max_age", max_age=7201),
    fields("max_age 86400", "max-age-over-cap@max_age", max_age=86400),
    fields("max_age 86401", "max-age-range@max_age", max_age=86401),
    fields("max_age -1", "max-age-range@max_age", max_age=-1),
    fields("max_age '600'", "wrong-type@max_age", max_age="600"),
    fields("max_age None", "", max_age=None),
    fields("max_age 1.0", "wrong-type@max_age", max_age=1.0),
    fields("max_age True", "wrong-type@max_age", max_age=True),
    fields("credentials in words", "wrong-type@allow_credentials", allow_credentials="true"),
    fields("credentials refused in words", "wrong-type@allow_credentials", allow_credentials="false"),
    fields("an unknown key", "key-unknown@allowMethods", allowMethods=["PUT"]),
    fields("private network", "private-network-obsolete@allow_private_network", allow_private_network=True),
    fields("paths ['/tea', '/tea']", "path-duplicate@paths/1", paths=["/tea", "/tea"]),
    fields("paths ['tea']", "path-no-slash@paths/0", paths=["tea"]),
    fields("paths ['/tea/**']", "path-wildcard-misplaced@paths/0", paths=["/tea/**"]),
    fields("paths ['/tea?x=1']", "path-query@paths/0", paths=["/tea?x=1"]),
    fields("paths ['/white%20tea']", "path-percent@paths/0", paths=["/white%20tea"]),
    fields("paths ['/tea/../x']", "path-unsafe@paths/0", paths=["/tea/../x"]),
    fields("paths []", "paths-empty@paths", paths=[]),
    fields("paths '/tea'", "list-expected@paths", paths="/tea"),
    fields("paths ['*', '/*']", "path-never-used@paths/0", paths=["*", "/*"]),
    fields("paths ['/tea/*', '/tea/green']", "path-covered@paths/1", paths=["/tea/*", "/tea/green"]),
    fields("paths ['/tea/*', '/tea/']", "path-covered@paths/1", paths=["/tea/*", "/tea/"]),
    fields("paths ['/*', '/tea/*']", "path-covered@paths/1", paths=["/*", "/tea/*"]),
    fields("paths ['*', '/tea']", "path-covered@paths/1", paths=["*", "/tea"]),
    fields("paths ['/a/*', '/a/b/c/*']", "path-covered@paths/1", paths=["/a/*", "/a/b/c/*"]),
)

DOCUMENTS: tuple[Case, ...] = (
    Case("never used", rules(policy(name="all", paths=["*"]), policy(paths=["/*"])), "path-never-used@paths/0"),
    Case(
        "covered, but for another policy",
        rules(policy(paths=["/a/*", "/a/b/c/*"]), policy(name="b", paths=["/a/b/*"])),
        "",
    ),
    Case(
        "covered between other policies",
        rules(policy(paths=["*"]), policy(name="b", paths=["/a/*", "/a/b"])),
        "path-covered@/policies/1/paths/1",
    ),
    Case("two policies of a name", rules(policy(), policy(paths=["/cup"])), "name-duplicate@/policies/1/name"),
    Case("a path of two policies", rules(policy(), policy(name="cup")), "path-duplicate@/policies/1/paths/0"),
    Case("no policies", rules(), ""),
    Case("policies as an object", rules(policies=policy()), "list-expected@/policies"),
    Case("another schema", rules(policy(), schema="1"), "schema-unknown@/schema"),
    Case("a newer schema", rules(policy(), schema="edgecors/2"), "schema-unknown@/schema"),
    Case("no schema", rules(policy(), schema=...), "key-missing@/schema"),
    Case("no origins, no paths", rules({"name": "tea"}), "key-missing@paths key-missing@allow_origins"),
    Case(
        "a policy that is none",
        rules("tea", policy(max_age=86400)),
        "wrong-type@/policies/0 max-age-over-cap@/policies/1/max_age",
    ),
    Case("a list", [], "wrong-type@"),
    Case("no JSON", "{", "json-invalid@"),
    Case("not UTF-8", b"\xff", "document-not-utf-8@"),
    Case(
        "twice the same key", '{"schema": "edgecors/1", "policies": [], "policies": []}', "json-duplicate-key@/policies"
    ),
    Case("too deep", "[" * 100_000, "document-too-deep@"),
    Case(
        "origins as a text",
        rules(policy(allow_origins="https://a.example, https://b.example/")),
        "list-expected@allow_origins",
    ),
    Case(
        "origins as an expression",
        rules(policy(allow_origins=expression(r"https://a\.example"))),
        "list-expected@allow_origins",
    ),
    Case(
        "an origin that is none",
        rules(policy(allow_origins=[7, {"regex": 7}, None])),
        "wrong-type@0 wrong-type@1 wrong-type@2",
    ),
    Case(
        "methods that are none",
        rules(policy(allow_methods=[7], allow_headers=[None], paths=[7])),
        "wrong-type@paths/0 wrong-type@allow_methods/0 wrong-type@allow_headers/0",
    ),
)

CASES = (*lint_origins.CASES, *LISTS, *OTHERS, *DOCUMENTS)
