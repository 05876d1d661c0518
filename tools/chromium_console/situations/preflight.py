"""The CORS-preflight fetch (https://fetch.spec.whatwg.org/#cors-preflight-fetch)."""

from __future__ import annotations

from chromium_console.shapes import Answer, Case, Hop
from chromium_console.situations.common import (
    HASH_ORDER,
    any_origin,
    credentials,
    headers,
    max_age,
    methods,
    ok,
    ok_with_credentials,
    origin,
)

_TEA = (("X-Tea", "1"),)
_TWO = (("X-Tea", "1"), ("X-Cup", "1"))
_JSON = (("Content-Type", "application/json"),)
_AUTHORIZATION = (("Authorization", "Basic YQ=="),)
_DELETE = methods("DELETE")
_REDIRECT = (("Location", "https://api.example/moved"),)

_STATUS = (
    *(
        Case(f"status-{status}", method="DELETE", preflight=ok(_DELETE, status=status), answer=ok())
        for status in (200, 201, 204, 299, 300, 304, 400, 401, 403, 404, 405, 500, 502, 503)
    ),
    *(
        Case(f"status-{status}-no-acao", method="DELETE", preflight=Answer(status), answer=ok())
        for status in (204, 403, 404, 500)
    ),
    Case("status-403-acao-other", method="DELETE", preflight=Answer(403, (origin("https://other.example"),))),
    Case("status-403-include-no-acac", method="DELETE", credentials="include", preflight=ok(status=403)),
    Case("status-403-method-not-listed", method="DELETE", preflight=ok(methods("PUT"), status=403)),
    *(
        Case(
            f"redirect-{status}",
            method="DELETE",
            preflight=ok(_DELETE, *_REDIRECT, status=status),
            hops=(Hop("https://api.example/moved", ok(), ok(_DELETE)),),
        )
        for status in (301, 302, 303, 307, 308)
    ),
    Case("redirect-302-no-acao", method="DELETE", preflight=Answer(302, _REDIRECT)),
    Case("redirect-302-no-location", method="DELETE", preflight=ok(_DELETE, status=302)),
    Case("connection-closed", method="DELETE", preflight=Answer(None)),
)

_METHOD = (
    Case("method-no-acam", method="DELETE", preflight=ok(), answer=ok()),
    Case("method-acam-empty", method="DELETE", preflight=ok(methods("")), answer=ok()),
    Case("method-listed", method="DELETE", preflight=ok(methods("GET, DELETE")), answer=ok()),
    Case("method-listed-without-space", method="DELETE", preflight=ok(methods("GET,DELETE")), answer=ok()),
    Case("method-two-lines", method="DELETE", preflight=ok(methods("GET"), methods("DELETE")), answer=ok()),
    Case("method-not-listed", method="DELETE", preflight=ok(methods("GET, PUT")), answer=ok()),
    Case("method-listed-lower-case", method="DELETE", preflight=ok(methods("delete")), answer=ok()),
    Case("method-star", method="DELETE", preflight=any_origin(methods("*")), answer=any_origin()),
    Case("method-star-in-list", method="DELETE", preflight=ok(methods("GET, *")), answer=ok()),
    Case(
        "method-star-include",
        method="DELETE",
        credentials="include",
        preflight=ok_with_credentials(methods("*")),
        answer=ok_with_credentials(),
    ),
    Case(
        "method-listed-include",
        method="DELETE",
        credentials="include",
        preflight=ok_with_credentials(_DELETE),
        answer=ok_with_credentials(),
    ),
    Case("method-lower-case-patch", method="patch", preflight=ok(methods("PATCH")), answer=ok()),
    Case("method-lower-case-patch-listed", method="patch", preflight=ok(methods("patch")), answer=ok()),
    Case("method-lower-case-patch-no-acam", method="patch", preflight=ok(), answer=ok()),
    Case("method-lower-case-patch-star", method="patch", preflight=ok(methods("*")), answer=ok()),
    Case("method-patch-listed-lower-case", method="PATCH", preflight=ok(methods("patch")), answer=ok()),
    Case("method-lower-case-put", method="put", preflight=ok(methods("PUT")), answer=ok()),
    Case("method-mixed-case-delete", method="DeLeTe", preflight=ok(methods("DELETE")), answer=ok()),
    Case("method-lower-case-get-no-preflight", method="get", answer=ok()),
    Case("method-custom", method="BREW", preflight=ok(methods("BREW")), answer=ok()),
    Case("method-custom-not-listed", method="BREW", preflight=ok(methods("GET")), answer=ok()),
    Case("method-options", method="OPTIONS", preflight=ok(methods("OPTIONS")), answer=ok()),
    Case("method-options-not-listed", method="OPTIONS", preflight=ok(methods("GET")), answer=ok()),
    Case("method-options-no-acao", method="OPTIONS"),
    *(
        Case(
            f"method-safelisted-{method}-not-listed",
            method=method,
            headers=_TEA,
            preflight=preflight,
            answer=ok(),
        )
        for method, preflight in (
            ("GET", ok(headers("X-Tea"))),
            ("HEAD", ok(headers("X-Tea"), methods("DELETE"))),
            ("POST", ok(headers("X-Tea"), methods("DELETE"))),
        )
    ),
    *(
        Case(f"acam-{name}", method="DELETE", preflight=ok(methods(value)), answer=ok())
        for name, value in (
            ("space-list", "GET DELETE"),
            ("semicolon-list", "GET; DELETE"),
            ("empty-element", "GET,,DELETE"),
            ("leading-comma", ", DELETE"),
            ("trailing-comma", "DELETE,"),
            ("only-commas", ",,"),
            ("quoted", '"DELETE"'),
            ("brackets", "[DELETE]"),
            ("tab", "GET,\tDELETE"),
            ("bad-element-before", "a b, DELETE"),
            ("bad-element-after", "DELETE, a b"),
            ("colon", "DELETE:"),
        )
    ),
    Case(
        "acam-malformed-safelisted-method",
        headers=_TEA,
        preflight=ok(methods("G T"), headers("X-Tea")),
        answer=ok(),
    ),
    Case("acam-non-ascii", method="DELETE", preflight=ok(methods("DELETE, caf\xe9")), answer=ok()),
)

_HEADER = (
    Case("header-no-acah", headers=_TEA, preflight=ok(), answer=ok()),
    Case("header-acah-empty", headers=_TEA, preflight=ok(headers("")), answer=ok()),
    Case("header-listed", headers=_TEA, preflight=ok(headers("X-Tea")), answer=ok()),
    Case("header-listed-other-case", headers=_TEA, preflight=ok(headers("x-TEA")), answer=ok()),
    Case("header-not-listed", headers=_TEA, preflight=ok(headers("X-Cup")), answer=ok()),
    Case("header-two-lines", headers=_TWO, preflight=ok(headers("X-Tea"), headers("X-Cup")), answer=ok()),
    Case("header-two-none-listed", headers=_TWO, preflight=ok(), answer=ok(), note=HASH_ORDER),
    Case("header-two-first-sorted-listed", headers=_TWO, preflight=ok(headers("X-Cup")), answer=ok()),
    Case("header-two-second-sorted-listed", headers=_TWO, preflight=ok(headers("X-Tea")), answer=ok()),
    Case(
        "header-many-none-listed",
        headers=(("X-Zebra", "1"), *_JSON, ("ETag", "1"), *_AUTHORIZATION, ("b", "1"), ("A", "1")),
        preflight=ok(),
        answer=ok(),
        note=HASH_ORDER,
    ),
    Case(
        "header-spelling-in-message",
        headers=(("x-TEA-cUp", "1"),),
        preflight=ok(headers("X-Other")),
        answer=ok(),
    ),
    Case("header-and-method-not-listed", method="DELETE", headers=_TEA, preflight=ok(), answer=ok()),
    Case("header-and-method-and-acao", method="DELETE", headers=_TEA, preflight=Answer(200), answer=ok()),
    Case(
        "header-twice-in-page",
        headers=(("X-Tea", "1"), ("x-tea", "2")),
        preflight=ok(headers("x-tea")),
        answer=ok(),
    ),
    Case("header-star", headers=_TWO, preflight=any_origin(headers("*")), answer=any_origin()),
    Case("header-star-in-list", headers=_TWO, preflight=any_origin(headers("X-Cup, *")), answer=any_origin()),
    Case(
        "header-star-include",
        headers=_TEA,
        credentials="include",
        preflight=ok_with_credentials(headers("*")),
        answer=ok_with_credentials(),
    ),
    Case(
        "header-listed-include",
        headers=_TEA,
        credentials="include",
        preflight=ok_with_credentials(headers("x-tea")),
        answer=ok_with_credentials(),
    ),
    Case("authorization-star", headers=_AUTHORIZATION, preflight=any_origin(headers("*")), answer=any_origin()),
    Case(
        "authorization-star-and-named",
        headers=_AUTHORIZATION,
        preflight=any_origin(headers("*, Authorization")),
        answer=any_origin(),
    ),
    Case(
        "authorization-star-omit",
        headers=_AUTHORIZATION,
        credentials="omit",
        preflight=any_origin(headers("*")),
        answer=any_origin(),
    ),
    Case(
        "authorization-star-include",
        headers=_AUTHORIZATION,
        credentials="include",
        preflight=ok_with_credentials(headers("*")),
        answer=ok_with_credentials(),
    ),
    Case("authorization-named", headers=_AUTHORIZATION, preflight=ok(headers("authorization")), answer=ok()),
    Case("authorization-not-named", headers=_AUTHORIZATION, preflight=ok(headers("X-Tea")), answer=ok()),
    Case(
        "authorization-and-others-star",
        headers=(*_TWO, *_AUTHORIZATION),
        preflight=any_origin(headers("*")),
        answer=any_origin(),
    ),
    Case("header-literal-star", headers=(("*", "1"),), preflight=ok(headers("X-Tea")), answer=ok()),
    *(
        Case(f"acah-{name}", headers=_TEA, preflight=ok(headers(value)), answer=ok())
        for name, value in (
            ("space-list", "X-Cup X-Tea"),
            ("semicolon-list", "X-Cup; X-Tea"),
            ("empty-element", "X-Cup,,X-Tea"),
            ("leading-comma", ", X-Tea"),
            ("trailing-comma", "X-Tea,"),
            ("quoted", '"X-Tea"'),
            ("tab", "X-Cup,\tX-Tea"),
            ("bad-element-before", "a b, X-Tea"),
            ("bad-element-after", "X-Tea, a b"),
        )
    ),
    Case("acah-malformed-no-header-asked", method="DELETE", preflight=ok(_DELETE, headers("a b")), answer=ok()),
    Case("acam-and-acah-malformed", method="DELETE", headers=_TEA, preflight=ok(methods("a b"), headers("a b"))),
    Case(
        "method-not-listed-acah-malformed",
        method="DELETE",
        headers=_TEA,
        preflight=ok(methods("PUT"), headers("a b")),
    ),
)

_AGE = tuple(
    Case(
        f"max-age-{name}-again-after-{pause}",
        method="DELETE",
        preflight=ok(_DELETE, *(max_age(value) for value in values)),
        answer=ok(),
        times=2,
        pause=pause,
    )
    for name, values, pause in (
        ("absent", (), 0),
        ("absent", (), 6),
        ("600", ("600",), 6),
        ("0", ("0",), 0),
        ("negative", ("-1",), 0),
        ("negative", ("-1",), 6),
        ("word", ("forever",), 0),
        ("word", ("forever",), 6),
        ("fraction", ("600.5",), 6),
        ("plus", ("+600",), 6),
        ("zeros", ("000600",), 6),
        ("unit", ("600s",), 6),
        ("spaces", ("  600  ",), 6),
        ("huge", ("99999999999999999999",), 6),
        ("empty", ("",), 0),
        ("empty", ("",), 6),
        ("twice", ("600", "600"), 0),
        ("twice", ("600", "600"), 6),
        ("list", ("600, 600",), 6),
    )
)

_CREDENTIALS = (
    Case("preflight-acac-missing-actual-has-it", method="DELETE", credentials="include", preflight=ok(_DELETE)),
    Case(
        "preflight-acac-capital",
        method="DELETE",
        credentials="include",
        preflight=ok(credentials("True"), _DELETE),
    ),
)

_AGAIN = (
    Case("again-listed", method="DELETE", preflight=ok(_DELETE, max_age("600")), answer=ok(), times=2),
    Case("again-refused", method="DELETE", preflight=ok(max_age("600")), times=2),
    Case("again-simple", answer=ok(), times=2),
)

CASES = (*_STATUS, *_METHOD, *_HEADER, *_AGE, *_AGAIN, *_CREDENTIALS)
