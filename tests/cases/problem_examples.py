"""A document for each problem that there is: what is in docs/problems.md as the example of its code."""

from __future__ import annotations

import json
from typing import Any

from cases.documents import policy, rules


def _origin(*origins: Any, **changes: Any) -> dict[str, Any]:
    return rules(policy(allow_origins=list(origins), **changes))


def _expression(text: str, **changes: Any) -> dict[str, Any]:
    return _origin({"regex": text}, **changes)


def _path(path: str) -> dict[str, Any]:
    return rules(policy(paths=[path]))


# None: there are no rules at all.
EXAMPLES: dict[str, Any] = {
    "json-invalid": '{"schema": edgecors/1}',
    "json-duplicate-key": json.dumps(rules(policy(max_age=60))).replace('"max_age"', '"max_age": 600, "max_age"'),
    "document-not-utf-8": '{"description": "th\xe9"}'.encode("latin-1"),
    "document-too-deep": "[" * 200_000,
    "wrong-type": rules(policy(max_age="600")),
    "list-expected": rules(policy(allow_methods="PUT, DELETE")),
    "key-missing": rules(policy(paths=...)),
    "key-unknown": rules(policy(allowMethods=["PUT"])),
    "schema-unknown": rules(schema="1"),
    "private-network-obsolete": rules(policy(allow_private_network=True)),
    "rules-missing": None,
    # Names and paths
    "name-invalid": rules(policy(name="the tea API")),
    "name-duplicate": rules(policy(), policy(paths=["/cup"])),
    "paths-empty": rules(policy(paths=[])),
    "path-no-slash": _path("tea/*"),
    "path-wildcard-misplaced": _path("/tea/**"),
    "path-percent": _path("/white%20tea"),
    "path-query": _path("/tea?limit=5"),
    "path-unsafe": _path("/tea/../admin"),
    "path-duplicate": rules(policy(paths=["/tea", "/tea"])),
    # Origins
    "origins-empty": _origin(),
    "origin-empty": _origin(""),
    "origin-null": _origin("null"),
    "origin-list": _origin("https://a.example, https://b.example"),
    "origin-whitespace": _origin(" https://a.example"),
    "origin-no-scheme": _origin("a.example"),
    "origin-scheme-invalid": _origin("1https://a.example"),
    "origin-scheme-too-long": _origin("a" * 65 + "://a.example"),
    "origin-file-scheme": _origin("file:///index.html"),
    "origin-upper-case": _origin("https://A.example"),
    "origin-unicode": _origin("https://b\xfccher.example"),
    "origin-has-userinfo": _origin("https://me@a.example"),
    "origin-has-path": _origin("https://victoria-lo.github.io/Hashtag-TEA/"),
    "origin-trailing-slash": _origin("https://victoria-lo.github.io/"),
    "origin-has-query": _origin("https://a.example?x=1"),
    "origin-has-fragment": _origin("https://a.example#top"),
    "origin-no-host": _origin("https://"),
    "origin-empty-label": _origin("https://a..example"),
    "origin-host-too-long": _origin("https://" + ".".join(["a" * 60] * 5)),
    "origin-label-too-long": _origin("https://" + "a" * 64 + ".example"),
    "origin-unmatchable": _origin("https://*." + ".".join(["a" * 63] * 3 + ["a" * 60])),
    "origin-invalid-character": _origin("https://a!.example"),
    "origin-punycode-invalid": _origin("https://xn--a.example"),
    "origin-ipv4-invalid": _origin("http://10.0.0.256"),
    "origin-ipv4-not-dotted": _origin("http://127.1"),
    "origin-ipv6-invalid": _origin("http://[::1::]"),
    "origin-ipv6-brackets": _origin("http://::1"),
    "origin-ipv6-not-compressed": _origin("http://[0:0:0:0:0:0:0:1]"),
    "origin-port-empty": _origin("https://a.example:"),
    "origin-port-invalid": _origin("https://a.example:https"),
    "origin-port-zero": _origin("https://a.example:0"),
    "origin-port-range": _origin("https://a.example:65536"),
    "origin-port-zero-padded": _origin("http://localhost:03000"),
    "origin-default-port": _origin("https://a.example:443"),
    "origin-wildcard-misplaced": _origin("https://*a.example"),
    "origin-wildcard-ip": _origin("http://*.127.0.0.1"),
    "origin-looks-like-regex": _origin("https://(www\\.)?a\\.example"),
    # Expressions
    "regex-invalid": _expression("https://(a\\.example"),
    "regex-unsupported": _expression("https://(?!evil)\\w+\\.a\\.example"),
    "regex-too-many-states": _expression("https://\\w{3000}\\.a\\.example"),
    "regex-too-many": _origin(*({"regex": f"https://preview-{number}\\.a\\.example"} for number in range(17))),
    "regex-matches-nothing": _expression("https://A\\.example"),
    "regex-open": _expression("https://(.*\\.)?victoria-lo\\.github\\.io.*"),
    # Combinations
    "wildcard-not-alone": _origin("*", "https://a.example"),
    "wildcard-with-credentials": _origin("*", allow_credentials=True),
    "insecure-origin-with-credentials": _origin("http://a.example", allow_credentials=True),
    "public-suffix-with-credentials": _origin("https://*.github.io", allow_credentials=True),
    "expose-wildcard-with-credentials": rules(policy(expose_headers=["*"], allow_credentials=True)),
    # Methods and headers
    "method-invalid": rules(policy(allow_methods=["PUT, DELETE"])),
    "method-forbidden": rules(policy(allow_methods=["TRACE"])),
    "method-lower-case": rules(policy(allow_methods=["patch"])),
    "header-invalid": rules(policy(allow_headers=["X-Tea:"])),
    "header-forbidden-request": rules(policy(allow_headers=["Cookie"])),
    "header-is-response-header": rules(policy(allow_headers=["Access-Control-Allow-Origin"])),
    "header-forbidden-response": rules(policy(expose_headers=["Set-Cookie"])),
    "header-is-request-header": rules(policy(expose_headers=["Origin"])),
    "max-age-range": rules(policy(max_age=-1)),
}
