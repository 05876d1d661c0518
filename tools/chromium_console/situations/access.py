"""The CORS check (https://fetch.spec.whatwg.org/#cors-check), on actual and on preflight responses."""

from __future__ import annotations

import dataclasses

from chromium_console.shapes import Answer, Case
from chromium_console.situations.common import PAGE, credentials, methods, ok, origin

OTHER = "https://other.example"

_ACTUAL = (
    Case("no-acao"),
    Case("acao-equal", answer=ok()),
    Case("acao-star", answer=Answer(200, (origin("*"),))),
    Case("acao-other", answer=Answer(200, (origin(OTHER),))),
    Case("acao-trailing-slash", answer=Answer(200, (origin(f"{PAGE}/"),))),
    Case("acao-path", answer=Answer(200, (origin(f"{PAGE}/tea"),))),
    Case("acao-upper-case-host", answer=Answer(200, (origin("https://PAGE.example"),))),
    Case("acao-upper-case-scheme", answer=Answer(200, (origin("HTTPS://page.example"),))),
    Case("acao-default-port", answer=Answer(200, (origin(f"{PAGE}:443"),))),
    Case("acao-other-port", answer=Answer(200, (origin(f"{PAGE}:8443"),))),
    Case("acao-other-scheme", answer=Answer(200, (origin("http://page.example"),))),
    Case("acao-no-scheme", answer=Answer(200, (origin("page.example"),))),
    Case("acao-wildcard-subdomain", answer=Answer(200, (origin("https://*.example"),))),
    Case("acao-spaces-around", answer=Answer(200, (origin(f"  {PAGE}  "),))),
    Case("acao-empty", answer=Answer(200, (origin(""),))),
    Case("acao-null-for-page", answer=Answer(200, (origin("null"),))),
    Case("acao-word", answer=Answer(200, (origin("true"),))),
    Case("acao-quoted", answer=Answer(200, (origin(f'"{PAGE}"'),))),
    Case("acao-comma-list", answer=Answer(200, (origin(f"{PAGE}, {OTHER}"),))),
    Case("acao-space-list", answer=Answer(200, (origin(f"{PAGE} {OTHER}"),))),
    Case("acao-trailing-comma", answer=Answer(200, (origin(f"{PAGE},"),))),
    Case("acao-twice-different", answer=Answer(200, (origin(PAGE), origin("*")))),
    Case("acao-twice-the-same", answer=Answer(200, (origin(PAGE), origin(PAGE)))),
    Case("acao-twice-star", answer=Answer(200, (origin("*"), origin("*")))),
    Case("acao-star-and-acac", answer=Answer(200, (origin("*"), credentials()))),
    Case("include-star", credentials="include", answer=Answer(200, (origin("*"),))),
    Case("include-star-acac", credentials="include", answer=Answer(200, (origin("*"), credentials()))),
    Case("include-no-acao", credentials="include", answer=Answer(200, (credentials(),))),
    Case("include-other-no-acac", credentials="include", answer=Answer(200, (origin(OTHER),))),
    Case("include-no-acac", credentials="include", answer=ok()),
    Case("include-acac", credentials="include", answer=ok(credentials())),
    Case("include-acac-capital", credentials="include", answer=ok(credentials("True"))),
    Case("include-acac-false", credentials="include", answer=ok(credentials("false"))),
    Case("include-acac-empty", credentials="include", answer=ok(credentials(""))),
    Case("include-acac-twice", credentials="include", answer=ok(credentials(), credentials())),
    Case("omit-star", credentials="omit", answer=Answer(200, (origin("*"),))),
    Case("omit-acac-capital", credentials="omit", answer=ok(credentials("True"))),
    Case("same-origin-no-acac", answer=ok(credentials("false"))),
)

_PREFLIGHTED = tuple(
    dataclasses.replace(
        case,
        name=f"preflight-{case.name}",
        method="DELETE",
        preflight=Answer(204, (*case.answer.headers, methods("DELETE"))),
        answer=ok(credentials()),
    )
    for case in _ACTUAL
)

_NULL = tuple(
    Case(
        f"{via}-{name}",
        page="null",
        via=via,
        credentials=mode,
        method=method,
        preflight=answer,
        answer=answer,
    )
    for via in ("sandbox", "data", "file")
    for name, mode, method, answer in (
        ("no-acao", "same-origin", "GET", Answer()),
        ("null", "same-origin", "GET", Answer(200, (origin("null"),))),
        ("star", "same-origin", "GET", Answer(200, (origin("*"),))),
        ("page", "same-origin", "GET", ok()),
        ("include-null", "include", "GET", Answer(200, (origin("null"), credentials()))),
        ("preflight-no-acao", "same-origin", "DELETE", Answer()),
    )
)

_AFTER_PREFLIGHT = (
    Case("actual-no-acao", method="DELETE", preflight=ok(methods("DELETE"))),
    Case(
        "actual-acao-other",
        method="DELETE",
        preflight=ok(methods("DELETE")),
        answer=Answer(200, (origin(OTHER),)),
    ),
    Case(
        "actual-include-no-acac",
        method="DELETE",
        credentials="include",
        preflight=ok(credentials(), methods("DELETE")),
        answer=ok(),
    ),
    Case(
        "actual-403-no-acao",
        method="DELETE",
        preflight=ok(methods("DELETE")),
        answer=Answer(403),
    ),
)

CASES = (*_ACTUAL, *_PREFLIGHTED, *_NULL, *_AFTER_PREFLIGHT)
