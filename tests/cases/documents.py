"""Rules documents that are wrong: each with every problem that it has, exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

A = "https://a.example"

# (code, JSON pointer, value, hint), in the order in which they are reported.
Fault = tuple[str, str, object, object]


@dataclass(frozen=True)
class Wrong:
    """A document and its problems."""

    name: str
    document: Any
    faults: tuple[Fault, ...]


def policy(**changes: Any) -> dict[str, Any]:
    """A policy of a document that is right but for the changes; a key that is given as `...` is left out."""
    fields = {"name": "tea", "paths": ["/tea"], "allow_origins": [A], **changes}
    return {key: value for key, value in fields.items() if value is not ...}


def rules(*policies: Any, **changes: Any) -> dict[str, Any]:
    """A document that is right but for the changes; a key that is given as `...` is left out."""
    fields = {"schema": "edgecors/1", "policies": list(policies), **changes}
    return {key: value for key, value in fields.items() if value is not ...}


def _one(name: str, document: Any, code: str, pointer: str, value: object, hint: object = None) -> Wrong:
    return Wrong(name, document, ((code, pointer, value, hint),))


_RIGHT = json.dumps(rules(policy()))
_SECOND = policy(name="cup", paths=["/cup"])

_TEXTS = (
    _one("empty text", "", "json-invalid", "", ""),
    _one("white space", " \n", "json-invalid", "", " \n"),
    _one("only a byte order mark", b"\xef\xbb\xbf", "json-invalid", "", ""),
    _one("two byte order marks", "\ufeff\ufeff" + _RIGHT, "json-invalid", "", "\ufeff" + _RIGHT[:29]),
    _one("no JSON", "schema: edgecors/1", "json-invalid", "", "schema: edgecors/1"),
    _one("single quotes", "{'schema': 'edgecors/1'}", "json-invalid", "", "{'schema': 'edgecors/1'}"),
    _one("cut off", _RIGHT[:-2], "json-invalid", "", _RIGHT[:-2][-30:]),
    _one("something behind", _RIGHT + "\n}", "json-invalid", "", _RIGHT[-29:] + "\n}"),
    _one("a trailing comma", '{"policies": [],}', "json-invalid", "", '{"policies": [],}'),
    _one("a comment", '// rules\n{"policies": []}', "json-invalid", "", '// rules\n{"policies": []}'),
    _one("a raw control character", '{"schema": "a\nb"}', "json-invalid", "", '{"schema": "a\nb"}'),
    _one("NaN", '{"schema": NaN}', "json-invalid", "", "NaN"),
    _one("Infinity", '{"schema": -Infinity}', "json-invalid", "", "-Infinity"),
    _one("a number of 5,000 digits", '{"schema": ' + "1" * 5000 + "}", "json-invalid", "", "1" * 40 + "..."),
    _one("UTF-16", _RIGHT.encode("utf-16"), "document-not-utf-8", "", None),
    _one(
        "UTF-16 without a mark",
        _RIGHT.encode("utf-16-le"),
        "json-invalid",
        "",
        _RIGHT[:16].encode("utf-16-le")[:31].decode(),
    ),
    _one("Latin-1", '{"schema": "caf\xe9"}'.encode("latin-1"), "document-not-utf-8", "", None),
    _one("half a surrogate pair in bytes", b'{"schema": "\xed\xa0\x80"}', "document-not-utf-8", "", None),
    _one("lists in lists", "[" * 200_000 + "]" * 200_000, "document-too-deep", "", None),
    _one("objects in objects", '{"a":' * 200_000 + "1" + "}" * 200_000, "document-too-deep", "", None),
    _one("lists in lists without an end", "[" * 200_000, "document-too-deep", "", None),
)

_ROOTS = (
    _one("null", "null", "wrong-type", "", None),
    _one("None", None, "wrong-type", "", None),
    _one("true", "true", "wrong-type", "", True),
    _one("a number", "5", "wrong-type", "", 5),
    _one("text", '"edgecors/1"', "wrong-type", "", "edgecors/1"),
    _one("a list", json.dumps([policy()]), "wrong-type", "", [policy()]),
    _one("a Python list", [policy()], "wrong-type", "", [policy()]),
    Wrong("an empty object", "{}", (("key-missing", "/schema", None, None), ("key-missing", "/policies", None, None))),
    _one("no schema", rules(schema=...), "key-missing", "/schema", None),
    _one("no policies", rules(policies=...), "key-missing", "/policies", None),
    *(
        _one(f"schema {schema!r}", rules(schema=schema), "schema-unknown", "/schema", schema, hint)
        for schema, hint in (
            ("edgecors/2", None),
            ("edgecors-manifest/1", None),
            ("Edgecors/1", "edgecors/1"),
            ("1", "edgecors/1"),
            ("", "edgecors/1"),
            (1, "edgecors/1"),
            (None, "edgecors/1"),
            (["edgecors/1"], "edgecors/1"),
        )
    ),
    _one("policies as an object", rules(policies=policy()), "list-expected", "/policies", policy(), [policy()]),
    _one("policies as null", rules(policies=None), "list-expected", "/policies", None),
    _one("policies as text", rules(policies="tea"), "list-expected", "/policies", "tea"),
    _one("a policy as text", rules("tea"), "wrong-type", "/policies/0", "tea"),
    _one("a policy as a list", rules(policy(), [_SECOND]), "wrong-type", "/policies/1", [_SECOND]),
    _one("a policy as null", rules(None), "wrong-type", "/policies/0", None),
    _one("the description as a number", rules(description=5), "wrong-type", "/description", 5),
    _one(
        "a policy's description as a list", rules(policy(description=[])), "wrong-type", "/policies/0/description", []
    ),
)

_KEYS = (
    *(
        _one(f"key {key[:40]!r}", rules(**{key: 1}), "key-unknown", f"/{pointer}", key, hint)
        for key, pointer, hint in (
            ("$schema", "$schema", None),
            ("Schema", "Schema", None),
            ("version", "version", None),
            ("_comment", "_comment", None),
            ("desciption", "desciption", "description"),
            ("a/b~c", "a~1b~0c", None),
            ("", "", None),
            ("x" * 100_000, "x" * 100_000, None),
        )
    ),
    _one(
        "schema in capitals",
        rules(schema=..., Schema="edgecors/1") | {"schema": "edgecors/1"},
        "key-unknown",
        "/Schema",
        "Schema",
    ),
    Wrong(
        "a misspelt required key",
        rules(schema=..., scheme="edgecors/1"),
        (("key-unknown", "/scheme", "scheme", "schema"), ("key-missing", "/schema", None, None)),
    ),
    _one("a key that is no text", rules(policy()) | {5: 1}, "key-unknown", "/5", 5),
    *(
        _one(f"policy key {key!r}", rules(policy(**{key: None})), "key-unknown", f"/policies/0/{key}", key, hint)
        for key, hint in (
            ("allow_method", "allow_methods"),
            ("allowMethods", "allow_methods"),
            ("AllowMethods", "allow_methods"),
            ("AllowedMethods", "allow_methods"),
            ("allow-methods", "allow_methods"),
            ("methods", "allow_methods"),
            ("Access-Control-Allow-Methods", "allow_methods"),
            ("access_control_allow_headers", "allow_headers"),
            ("AllowedHeaders", "allow_headers"),
            ("exposedHeaders", "expose_headers"),
            ("ExposeHeaders", "expose_headers"),
            ("Access-Control-Expose-Headers", "expose_headers"),
            ("credentials", "allow_credentials"),
            ("supports_credentials", "allow_credentials"),
            ("Access-Control-Allow-Credentials", "allow_credentials"),
            ("maxAge", "max_age"),
            ("MaxAge", "max_age"),
            ("MaxAgeSeconds", "max_age"),
            ("Access-Control-Max-Age", "max_age"),
            ("desc", None),
            ("tags", None),
            ("enabled", None),
            # There already: the one cannot become the other.
            ("allowOrigins", None),
            ("path", None),
        )
    ),
    Wrong(
        "other people's names of required keys",
        rules({"Name": "tea", "path": ["/tea"], "AllowedOrigins": [A]}),
        (
            ("key-unknown", "/policies/0/Name", "Name", "name"),
            ("key-unknown", "/policies/0/path", "path", "paths"),
            ("key-unknown", "/policies/0/AllowedOrigins", "AllowedOrigins", "allow_origins"),
            ("key-missing", "/policies/0/name", None, None),
            ("key-missing", "/policies/0/paths", None, None),
            ("key-missing", "/policies/0/allow_origins", None, None),
        ),
    ),
    *(
        _one(f"{key} {value!r}", rules(policy(**{key: value})), "private-network-obsolete", f"/policies/0/{key}", value)
        for key, value in (
            ("allow_private_network", True),
            ("AllowPrivateNetwork", False),
            ("allow-private-network-access", None),
            ("Access-Control-Allow-Private-Network", "true"),
            ("privateNetworkAccess", True),
            ("PrivateNetwork", True),
            ("dangerously_allow_private_network", True),
        )
    ),
    _one(
        "private network for all",
        rules(allow_private_network=True),
        "private-network-obsolete",
        "/allow_private_network",
        True,
    ),
    _one(
        "a key twice in the root",
        '{"schema": "edgecors/1", "policies": [], "schema": "edgecors/1"}',
        "json-duplicate-key",
        "/schema",
        "edgecors/1",
    ),
    _one(
        "a key three times",
        '{"schema": "edgecors/1", "policies": [], "policies": [], "policies": []}',
        "json-duplicate-key",
        "/policies",
        [],
    ),
    _one(
        "a key twice in a policy",
        _RIGHT.replace('"name": "tea"', '"name": "tea", "max_age": 5, "max_age": 6'),
        "json-duplicate-key",
        "/policies/0/max_age",
        6,
    ),
    _one(
        "a key twice in the second policy",
        json.dumps(rules(policy(), _SECOND)).replace('"name": "cup"', '"name": "tea", "name": "cup"'),
        "json-duplicate-key",
        "/policies/1/name",
        "cup",
    ),
    _one(
        "a key twice in an expression",
        _RIGHT.replace(f'"{A}"', '{"regex": "https://evil\\\\.example", "regex": "https://a\\\\.example"}'),
        "json-duplicate-key",
        "/policies/0/allow_origins/0/regex",
        "https://a\\.example",
    ),
    _one(
        "a key twice, once escaped",
        '{"schema": "edgecors/1", "\\u0073chema": "edgecors/1", "policies": []}',
        "json-duplicate-key",
        "/schema",
        "edgecors/1",
    ),
    Wrong(
        "an unknown key twice",
        '{"schema": "edgecors/1", "policies": [], "a/b": {"~": 1, "~": 2}, "a/b": {"~": 3, "~": 4}}',
        (
            ("json-duplicate-key", "/a~1b", {"~": 4}, None),
            ("json-duplicate-key", "/a~1b/~0", 4, None),
            ("key-unknown", "/a~1b", "a/b", None),
        ),
    ),
)

_NAMES = (
    *(
        _one(f"name {name!r:.40}", rules(policy(name=name)), code, "/policies/0/name", name)
        for name, code in (
            ("", "name-invalid"),
            ("x" * 65, "name-invalid"),
            ("a b", "name-invalid"),
            ("a/b", "name-invalid"),
            ("th\u00e9", "name-invalid"),
            ("a\n", "name-invalid"),
            ("\x1b[31m", "name-invalid"),
            (None, "wrong-type"),
            (5, "wrong-type"),
            (["tea"], "wrong-type"),
        )
    ),
    _one(
        "a name twice",
        rules(policy(), policy(paths=["/cup"])),
        "name-duplicate",
        "/policies/1/name",
        "tea",
    ),
    Wrong(
        "a name three times",
        rules(policy(), policy(paths=["/cup"]), policy(paths=["/pot"])),
        (
            ("name-duplicate", "/policies/1/name", "tea", None),
            ("name-duplicate", "/policies/2/name", "tea", None),
        ),
    ),
)

_PATHS = (
    *(
        Wrong(
            f"path {path!a:.40}",
            rules(policy(paths=[path])),
            tuple((code, "/policies/0/paths/0", path, hint) for code in codes),
        )
        for path, codes, hint in (
            ("", ["path-no-slash"], None),
            (" ", ["path-no-slash"], None),
            ("tea", ["path-no-slash"], "/tea"),
            (" /tea", ["path-no-slash"], "/tea"),
            ("tea/*", ["path-no-slash"], "/tea/*"),
            ("https://api.example/tea", ["path-no-slash"], "/tea"),
            ("https://api.example/", ["path-no-slash"], "/"),
            ("https://api.example", ["path-no-slash"], None),
            ("https://api.example/tea/*?x", ["path-no-slash", "path-query"], "/tea/*"),
            ("/tea?x=1", ["path-query"], "/tea"),
            ("/tea#top", ["path-query"], "/tea"),
            ("/tea#top?x", ["path-query"], "/tea"),
            ("/tea?", ["path-query"], "/tea"),
            ("tea?x", ["path-no-slash", "path-query"], "/tea"),
            ("/white%20tea", ["path-percent"], "/white tea"),
            ("/%E8%8C%B6", ["path-percent"], "/\u8336"),
            ("/100%", ["path-percent"], None),
            ("/%zz", ["path-percent"], None),
            ("/%25", ["path-percent"], None),
            ("/a%2Fb", ["path-percent", "path-unsafe"], None),
            ("/%ff", ["path-percent", "path-unsafe"], None),
            ("/a/%2e%2e/b", ["path-percent", "path-unsafe"], None),
            ("/a%5cb", ["path-percent", "path-unsafe"], None),
            ("/%00", ["path-percent", "path-unsafe"], None),
            ("/%2a", ["path-percent"], "/*"),
            ("/tea*", ["path-wildcard-misplaced"], None),
            ("/*/tea", ["path-wildcard-misplaced"], None),
            ("/tea/*/cup", ["path-wildcard-misplaced"], None),
            ("/tea/**", ["path-wildcard-misplaced"], "/tea/*"),
            ("/tea/*/", ["path-wildcard-misplaced"], "/tea/*"),
            ("/tea/*/*", ["path-wildcard-misplaced"], "/tea/*"),
            ("/**", ["path-wildcard-misplaced"], "/*"),
            ("**", ["path-no-slash", "path-wildcard-misplaced"], "/*"),
            ("/.*", ["path-wildcard-misplaced"], None),
            ("/tea.*", ["path-wildcard-misplaced"], None),
            ("*/tea", ["path-no-slash", "path-wildcard-misplaced"], None),
            ("/a/../b", ["path-unsafe"], None),
            ("/a/./b", ["path-unsafe"], None),
            ("/..", ["path-unsafe"], None),
            ("/../*", ["path-unsafe"], None),
            ("..", ["path-no-slash", "path-unsafe"], None),
            ("/a\\b", ["path-unsafe"], None),
            ("/a\x00", ["path-unsafe"], None),
            ("/\ud83c", ["path-unsafe"], None),
            ("/a/../b?x", ["path-query", "path-unsafe"], None),
        )
    ),
    _one("no paths", rules(policy(paths=[])), "paths-empty", "/policies/0/paths", []),
    _one("paths as text", rules(policy(paths="/tea")), "list-expected", "/policies/0/paths", "/tea", ["/tea"]),
    _one("paths as empty text", rules(policy(paths="")), "list-expected", "/policies/0/paths", ""),
    _one("paths as null", rules(policy(paths=None)), "list-expected", "/policies/0/paths", None),
    _one("paths as an object", rules(policy(paths={"/tea": 1})), "list-expected", "/policies/0/paths", {"/tea": 1}),
    _one("a path as a number", rules(policy(paths=["/tea", 5])), "wrong-type", "/policies/0/paths/1", 5),
    _one("only a path as null", rules(policy(paths=[None])), "wrong-type", "/policies/0/paths/0", None),
    _one(
        "a path twice", rules(policy(paths=["/tea", "/cup", "/tea"])), "path-duplicate", "/policies/0/paths/2", "/tea"
    ),
    _one(
        "a path twice in two policies",
        rules(policy(paths=["/tea/*", "*"]), policy(name="cup", paths=["/cup", "*"])),
        "path-duplicate",
        "/policies/1/paths/1",
        "*",
    ),
    Wrong(
        "a wrong path twice",
        rules(policy(paths=["tea", "tea"])),
        (
            ("path-no-slash", "/policies/0/paths/0", "tea", "/tea"),
            ("path-no-slash", "/policies/0/paths/1", "tea", "/tea"),
            ("path-duplicate", "/policies/0/paths/1", "tea", None),
        ),
    ),
)

_FIELDS = (
    _one(
        "a method in the second policy",
        rules(policy(), policy(name="cup", paths=["/cup"], allow_methods=["PUT", "get"])),
        "method-lower-case",
        "/policies/1/allow_methods/1",
        "get",
        "GET",
    ),
    _one(
        "a header",
        rules(policy(allow_headers=["Cookie"])),
        "header-forbidden-request",
        "/policies/0/allow_headers/0",
        "Cookie",
    ),
    _one("max_age", rules(policy(max_age="600")), "wrong-type", "/policies/0/max_age", "600", 600),
    _one(
        "methods as text",
        rules(policy(allow_methods="PUT")),
        "list-expected",
        "/policies/0/allow_methods",
        "PUT",
        ["PUT"],
    ),
    _one("methods as null", rules(policy(allow_methods=None)), "list-expected", "/policies/0/allow_methods", None),
    _one(
        "the star's place",
        rules(policy(allow_methods=["PUT", "PUT", "*"])),
        "wildcard-not-alone",
        "/policies/0/allow_methods/2",
        "*",
    ),
    _one(
        "the exposed star's place",
        rules(policy(expose_headers=["*"], allow_credentials=True)),
        "expose-wildcard-with-credentials",
        "/policies/0/expose_headers/0",
        "*",
    ),
    Wrong(
        "the exposed star's place behind another",
        rules(policy(expose_headers=["ETag", "etag", 5, "*"], allow_credentials=True)),
        (
            ("wrong-type", "/policies/0/expose_headers/2", 5, None),
            ("expose-wildcard-with-credentials", "/policies/0/expose_headers/3", "*", None),
            ("wildcard-not-alone", "/policies/0/expose_headers/3", "*", None),
        ),
    ),
    _one(
        "credentials and everyone",
        rules(policy(allow_origins=["*"], allow_credentials=True)),
        "wildcard-with-credentials",
        "/policies/0/allow_origins/0",
        "*",
    ),
    _one(
        "an origin's place",
        rules(policy(allow_origins=[A, f"{A}/tea"])),
        "origin-has-path",
        "/policies/0/allow_origins/1",
        f"{A}/tea",
        A,
    ),
    _one("no origins", rules(policy(allow_origins=[])), "origins-empty", "/policies/0/allow_origins", []),
    _one("origins as text", rules(policy(allow_origins=A)), "list-expected", "/policies/0/allow_origins", A, [A]),
    _one(
        "origins as a line",
        rules(policy(allow_origins=f"{A}, {A}:8443")),
        "list-expected",
        "/policies/0/allow_origins",
        f"{A}, {A}:8443",
        [A, f"{A}:8443"],
    ),
    _one(
        "an expression outside a list",
        rules(policy(allow_origins={"regex": "https://a\\.example"})),
        "list-expected",
        "/policies/0/allow_origins",
        {"regex": "https://a\\.example"},
        [{"regex": "https://a\\.example"}],
    ),
    _one(
        "an expression with another key",
        rules(policy(allow_origins=[{"regex": "a", "flags": "i"}])),
        "wrong-type",
        "/policies/0/allow_origins/0",
        {"regex": "a", "flags": "i"},
    ),
    Wrong(
        "problems everywhere",
        '{"polices": [], "schema": "edgecors/1", "schema": "edgecors/9", "description": 5, "policies": ['
        '{"name": "a b", "paths": ["tea"], "allow_origins": ["https://A.example"], "allow_methods": ["get"]},'
        ' 5, {"name": "tea", "paths": [], "max_age": -1}]}',
        (
            ("json-duplicate-key", "/schema", "edgecors/9", None),
            ("key-unknown", "/polices", "polices", None),
            ("schema-unknown", "/schema", "edgecors/9", None),
            ("wrong-type", "/description", 5, None),
            ("name-invalid", "/policies/0/name", "a b", None),
            ("path-no-slash", "/policies/0/paths/0", "tea", "/tea"),
            ("origin-upper-case", "/policies/0/allow_origins/0", "https://A.example", A),
            ("method-lower-case", "/policies/0/allow_methods/0", "get", "GET"),
            ("wrong-type", "/policies/1", 5, None),
            ("key-missing", "/policies/2/allow_origins", None, None),
            ("paths-empty", "/policies/2/paths", [], None),
            ("max-age-range", "/policies/2/max_age", -1, 0),
        ),
    ),
)

WRONG = (*_TEXTS, *_ROOTS, *_KEYS, *_NAMES, *_PATHS, *_FIELDS)
