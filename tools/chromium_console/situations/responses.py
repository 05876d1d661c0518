"""What the page may read of a response that passes, odd statuses, redirects, and what breaks below HTTP."""

from __future__ import annotations

from chromium_console.shapes import Answer, Case, Hop
from chromium_console.situations.common import (
    PAGE,
    any_origin,
    credentials,
    expose,
    headers,
    methods,
    ok,
    ok_with_credentials,
    origin,
)

_FILLED = (
    ("Cache-Control", "no-store"),
    ("Content-Language", "de"),
    ("Content-Type", "text/plain"),
    ("Expires", "0"),
    ("Last-Modified", "Tue, 15 Nov 1994 08:12:31 GMT"),
    ("Pragma", "no-cache"),
    ("ETag", '"a"'),
    ("Link", "<a>"),
    ("Location", "/a"),
    ("Vary", "Origin"),
    ("Date", "Tue, 15 Nov 1994 08:12:31 GMT"),
    ("Server", "tea"),
    ("X-Tea", "1"),
    ("Set-Cookie", "a=b; Secure; SameSite=None"),
    ("Set-Cookie2", "a=b"),
    ("WWW-Authenticate", "Basic"),
    ("Authorization", "x"),
)

_EXPOSE = (
    Case("expose-none", answer=ok(*_FILLED)),
    Case("expose-named", answer=ok(expose("ETag, x-TEA"), *_FILLED)),
    Case("expose-two-lines", answer=ok(expose("ETag"), expose("X-Tea"), *_FILLED)),
    Case("expose-absent-header", answer=ok(expose("X-Absent"))),
    Case("expose-star", answer=any_origin(expose("*"), *_FILLED)),
    Case("expose-star-in-list", answer=any_origin(expose("ETag, *"), *_FILLED)),
    Case("expose-star-include", credentials="include", answer=ok_with_credentials(expose("*"), *_FILLED)),
    Case("expose-named-include", credentials="include", answer=ok_with_credentials(expose("ETag"), *_FILLED)),
    Case("expose-star-omit", credentials="omit", answer=ok(expose("*"), *_FILLED)),
    Case("expose-set-cookie", answer=ok(expose("Set-Cookie, Set-Cookie2, ETag"), *_FILLED)),
    Case("expose-empty", answer=ok(expose(""), *_FILLED)),
    *(
        Case(f"expose-{name}", answer=ok(expose(value), *_FILLED))
        for name, value in (
            ("space-list", "ETag X-Tea"),
            ("bad-element", "ETag, a b"),
            ("empty-element", "ETag,,X-Tea"),
            ("trailing-comma", "ETag,"),
        )
    ),
    Case(
        "expose-on-preflight-only",
        method="DELETE",
        preflight=ok(methods("DELETE"), expose("ETag")),
        answer=ok(*_FILLED),
    ),
    Case(
        "allow-methods-on-actual-only",
        method="DELETE",
        preflight=ok(),
        answer=ok(methods("DELETE"), headers("X-Tea")),
    ),
    Case("readable-same-origin", url=f"{PAGE}/tea", answer=Answer(200, _FILLED)),
)

_STATUS = (
    *(
        Case(f"actual-{status}", answer=ok(status=status))
        for status in (201, 204, 205, 206, 300, 304, 400, 401, 403, 404, 418, 500, 503, 599)
    ),
    *(Case(f"actual-{status}-without-cors", answer=Answer(status)) for status in (204, 304, 400, 401, 403, 404, 500)),
    Case("actual-401-challenge", answer=ok(("WWW-Authenticate", 'Basic realm="tea"'), status=401)),
    Case(
        "actual-401-challenge-include",
        credentials="include",
        answer=ok_with_credentials(("WWW-Authenticate", 'Basic realm="tea"'), status=401),
    ),
    Case("actual-401-challenge-without-cors", answer=Answer(401, (("WWW-Authenticate", 'Basic realm="tea"'),))),
    Case("actual-500-same-origin", url=f"{PAGE}/tea", answer=Answer(500)),
    Case("actual-head", method="HEAD", answer=ok(("Content-Length", "4"))),
    Case("actual-head-no-acao", method="HEAD"),
    Case("actual-head-404", method="HEAD", answer=ok(status=404)),
    Case("actual-post-404", method="POST", answer=ok(status=404)),
    Case("actual-delete-500", method="DELETE", preflight=ok(methods("DELETE")), answer=ok(status=500)),
    Case("actual-closed", answer=Answer(None)),
    Case("actual-closed-after-preflight", method="DELETE", preflight=ok(methods("DELETE")), answer=Answer(None)),
    Case("actual-closed-same-origin", url=f"{PAGE}/tea", answer=Answer(None)),
)

_MOVED = "https://api.example/moved"
_AWAY = "https://third.example/tea"
_HOME = "https://page.example/tea"


def _to(url: str, *given: tuple[str, str], status: int = 302) -> Answer:
    return Answer(status, (("Location", url), *given))


_TO_MOVED = _to(_MOVED, origin(PAGE))
_TO_AWAY = _to(_AWAY, origin(PAGE))
_TO_HOME = _to(_HOME, origin(PAGE))
_DELETE = ok(methods("DELETE"), headers("Authorization, X-Tea"))

_REDIRECT = (
    Case("redirect-same-origin-hop", answer=_TO_MOVED, hops=(Hop(_MOVED, ok()),)),
    Case("redirect-first-no-acao", answer=_to(_MOVED), hops=(Hop(_MOVED, ok()),)),
    Case("redirect-second-no-acao", answer=_TO_MOVED, hops=(Hop(_MOVED),)),
    Case("redirect-away-page", answer=_TO_AWAY, hops=(Hop(_AWAY, ok()),)),
    Case("redirect-away-null", answer=_TO_AWAY, hops=(Hop(_AWAY, Answer(200, (origin("null"),))),)),
    Case("redirect-away-star", answer=_TO_AWAY, hops=(Hop(_AWAY, any_origin()),)),
    Case("redirect-away-no-acao", answer=_TO_AWAY, hops=(Hop(_AWAY),)),
    Case("redirect-home", answer=_TO_HOME, hops=(Hop(_HOME, Answer(200, (origin("null"),))),)),
    Case("redirect-home-no-acao", answer=_TO_HOME, hops=(Hop(_HOME),)),
    Case("redirect-from-home", url=_HOME, answer=_to(_AWAY), hops=(Hop(_AWAY, ok()),)),
    Case("redirect-from-home-no-acao", url=_HOME, answer=_to(_AWAY), hops=(Hop(_AWAY),)),
    Case(
        "redirect-include-away",
        credentials="include",
        answer=_to(_AWAY, origin(PAGE), credentials()),
        hops=(Hop(_AWAY, Answer(200, (origin("null"), credentials()))),),
    ),
    Case(
        "redirect-preflighted-307",
        method="DELETE",
        preflight=_DELETE,
        answer=_to(_MOVED, origin(PAGE), status=307),
        hops=(Hop(_MOVED, ok(), _DELETE),),
    ),
    Case(
        "redirect-preflighted-second-preflight-fails",
        method="DELETE",
        preflight=_DELETE,
        answer=_to(_MOVED, origin(PAGE), status=307),
        hops=(Hop(_MOVED, ok(), Answer(204)),),
    ),
    Case(
        "redirect-preflighted-away",
        method="DELETE",
        preflight=_DELETE,
        answer=_to(_AWAY, origin(PAGE), status=307),
        hops=(Hop(_AWAY, any_origin(), any_origin(methods("DELETE"))),),
    ),
    Case(
        "redirect-authorization-away",
        headers=(("Authorization", "x"), ("X-Tea", "1")),
        preflight=_DELETE,
        answer=_TO_AWAY,
        hops=(Hop(_AWAY, any_origin(), any_origin(headers("X-Tea"))),),
    ),
    Case(
        "redirect-user-info",
        answer=_to("https://user:secret@api.example/moved", origin(PAGE)),
        hops=(Hop(_MOVED, ok()),),
    ),
    Case("redirect-http", answer=_to("http://api.example/moved", origin(PAGE))),
    Case("redirect-bad-scheme", answer=_to("ftp://api.example/moved", origin(PAGE))),
    Case("redirect-data", answer=_to("data:text/plain,x", origin(PAGE))),
    Case("redirect-mode-error", init=(("redirect", "error"),), answer=_TO_MOVED),
    Case("redirect-mode-error-no-acao", init=(("redirect", "error"),), answer=_to(_MOVED)),
    Case("redirect-mode-manual", init=(("redirect", "manual"),), answer=_TO_MOVED),
    Case("redirect-mode-manual-no-acao", init=(("redirect", "manual"),), answer=_to(_MOVED)),
    Case("redirect-loop", answer=_to("https://api.example/tea", origin(PAGE))),
    Case("redirect-no-location", answer=ok(status=302)),
    Case(
        "redirect-post-303",
        method="POST",
        body="x",
        answer=_to(_MOVED, origin(PAGE), status=303),
        hops=(Hop(_MOVED, ok()),),
    ),
)

CASES = (*_EXPOSE, *_STATUS, *_REDIRECT)
