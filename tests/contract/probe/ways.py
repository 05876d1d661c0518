"""Ways in which an API goes wrong, and what a probe makes of each."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.probe.server import Heard, reply

if TYPE_CHECKING:
    from contract.probe.server import Way

PAGE = "https://page.example"
VARY = ("Vary", "Origin")
PREFLIGHT_VARY = ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
MAX_AGE = ("Access-Control-Max-Age", "600")
TRUE = ("Access-Control-Allow-Credentials", "true")
Header = tuple[str, str]


def acao(value: str) -> Header:
    return "Access-Control-Allow-Origin", value


def methods(value: str) -> Header:
    return "Access-Control-Allow-Methods", value


def allowed(value: str) -> Header:
    return "Access-Control-Allow-Headers", value


def right(heard: Heard, *more: Header, status: int = 200, preflight: tuple[Header, ...] | None = None) -> bytes:
    """As it ought to be. `more`: headers of the answer itself; `preflight`: of the preflight's."""
    known = [acao(heard.origin)] if heard.origin == PAGE else []
    if heard.is_preflight:
        lists = (methods("DELETE"), allowed("Authorization, X-Tea"), MAX_AGE) if preflight is None else preflight
        return reply(204 if known else 403, *known, *(lists if known else ()), PREFLIGHT_VARY)
    return reply(status, *known, VARY, *more)


def says(*headers: Header, status: int = 200) -> Way:
    """The same whoever asks."""
    return lambda heard: reply(status, *headers)


def asked(preflight: bytes) -> Way:
    """This to preflights; the rest is right."""
    return lambda heard: preflight if heard.is_preflight else right(heard)


def lists(*headers: Header) -> Way:
    """The right origin, and these on preflights."""
    return lambda heard: right(heard, preflight=headers)


def to_page(*headers: Header, status: int = 200) -> Way:
    """These for the page, nothing for others, and no error in Vary."""
    return lambda heard: reply(status, *(headers if heard.origin == PAGE else ()), VARY)


def lets_in(test: object, *more: Header) -> Way:
    """Whoever the test is true of, by name."""

    def answer(heard: Heard) -> bytes:
        known = [acao(heard.origin), *more] if callable(test) and heard.origin and test(heard.origin) else []
        return reply(200, *known, VARY)

    return answer


def actual(answer: bytes) -> Way:
    """Preflights are right; the answer is this."""
    return lambda heard: right(heard) if heard.is_preflight else answer


def hop(heard: Heard) -> bytes:
    return reply(307, acao(PAGE), VARY, ("Location", "/no-cors"))


def silence(heard: Heard) -> None:
    time.sleep(1)


def hang_up(heard: Heard) -> None:
    heard.connection.close()


def noise(heard: Heard) -> bytes:
    return b"\x00\xff\x1b[2J" * 50 + b"\r\n\r\n"


def drip(heard: Heard) -> None:
    """A byte now and then, so that no single wait is long."""
    with contextlib.suppress(OSError):
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 50:
            heard.connection.sendall(bytes([byte]))
            time.sleep(0.03)


def dripping_body(heard: Heard) -> None:
    with contextlib.suppress(OSError):
        heard.connection.sendall(reply(200, acao(PAGE), VARY, length=1_000))
        for _ in range(100):
            heard.connection.sendall(b"x")
            time.sleep(0.03)


def endless_body(heard: Heard) -> None:
    with contextlib.suppress(OSError):
        heard.connection.sendall(reply(200, acao(PAGE) if heard.origin == PAGE else VARY, VARY, length=10**12))
        while True:
            heard.connection.sendall(b"x" * 65_536)


def endless_headers(heard: Heard) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: x\r\n" % number for number in range(5_000)) + b"\r\n"


def long_line(heard: Heard) -> bytes:
    return b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"


def continued(heard: Heard) -> bytes:
    return b"HTTP/1.1 100 Continue\r\n\r\n" + right(heard)


def folded(heard: Heard) -> bytes:
    """A header over two lines, as was once allowed, with what a terminal would act upon."""
    return b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://page\r\n .example\x1b[2J\r\n\r\n"


DELETE = "--method DELETE"
INCLUDE = "--credentials include"


@dataclass(frozen=True)
class Case:
    """`arguments` of the command; what it exits with; the verdict's code; the codes of the findings, as they are
    listed. Where nothing was answered, `code` is the error's."""

    name: str
    way: Way
    arguments: str
    status: int
    code: str
    findings: tuple[str, ...] = ()


CASES = (
    Case("fine", right, "", 0, "allowed"),
    Case("fine-preflight", right, DELETE, 0, "not-sent"),
    Case("fine-sent", right, f"{DELETE} --send", 0, "allowed"),
    Case("fine-star", says(acao("*")), "", 0, "allowed"),
    Case("no-cors", says(), "", 1, "origin-missing"),
    Case("no-cors-preflight", says(status=204), DELETE, 1, "origin-missing"),
    Case("twice", to_page(acao(PAGE), acao(PAGE)), "", 1, "origin-several", ("origin-doubled",)),
    Case("star-twice", says(acao("*"), acao("*")), "", 1, "origin-several", ("origin-doubled",)),
    Case("list", says(acao(f"{PAGE}, https://b.example"), VARY), "", 1, "origin-several", ("origin-list",)),
    Case("space-list", says(acao(f"{PAGE} https://b.example"), VARY), "", 1, "origin-several", ("origin-list",)),
    Case("trailing-slash", says(acao(f"{PAGE}/"), VARY), "", 1, "origin-invalid", ("origin-trailing-slash",)),
    Case("path", says(acao(f"{PAGE}/tea"), VARY), "", 1, "origin-invalid", ("origin-not-as-sent",)),
    Case("upper-case", says(acao("https://Page.example"), VARY), "", 1, "origin-invalid", ("origin-not-as-sent",)),
    Case("default-port", says(acao(f"{PAGE}:443"), VARY), "", 1, "origin-invalid", ("origin-not-as-sent",)),
    Case("no-scheme", says(acao("page.example"), VARY), "", 1, "origin-invalid", ("origin-not-as-sent",)),
    Case("word", says(acao("yes \x1b[2J"), VARY), "", 1, "origin-several", ("origin-list",)),
    Case("empty", says(acao(""), VARY), "", 1, "origin-invalid", ("origin-invalid",)),
    Case("pattern", says(acao("https://*.example"), VARY), "", 1, "origin-invalid", ("origin-pattern",)),
    Case("fixed", says(acao("https://b.example"), VARY), "", 1, "origin-differs", ("origin-fixed",)),
    Case(
        "cached", says(acao("https://b.example"), VARY, ("Age", "7")), "", 1, "origin-differs", ("origin-from-cache",)
    ),
    Case("null-for-all", says(acao("null"), VARY), "", 1, "origin-differs", ("origin-null", "null-allowed")),
    Case(
        "reflects",
        lets_in(lambda origin: True, TRUE),
        INCLUDE,
        1,
        "allowed",
        ("origin-reflected", "null-allowed"),
    ),
    Case("reflects-without", lets_in(lambda origin: True), "", 0, "allowed", ("origin-reflected", "null-allowed")),
    Case("null", lets_in(lambda origin: origin in (PAGE, "null"), TRUE), "", 1, "allowed", ("null-allowed",)),
    Case("begins", lets_in(lambda origin: origin.startswith(PAGE)), "", 1, "allowed", ("look-alike-allowed",)),
    Case("ends", lets_in(lambda origin: origin.endswith("page.example")), "", 1, "allowed", ("look-alike-allowed",)),
    Case("no-vary", lambda heard: reply(200, acao(PAGE)) if heard.origin == PAGE else reply(200, VARY), "", 0,
         "allowed", ("vary-missing",)),
    Case("no-vary-elsewhere", lambda heard: right(heard) if heard.origin == PAGE else reply(200), "", 0, "allowed",
         ("vary-missing-elsewhere",)),
    Case("always-the-same", says(acao(PAGE)), "", 0, "allowed"),
    Case("no-vary-deleted", lambda heard: reply(200, acao(PAGE), methods("DELETE"), MAX_AGE), f"{DELETE} --send", 0,
         "allowed"),
    Case("star-with-credentials", says(acao("*"), TRUE), INCLUDE, 1, "wildcard-with-credentials",
         ("wildcard-with-credentials",)),
    Case("star-with-credentials-omitted", says(acao("*"), TRUE), "", 0, "allowed", ("wildcard-with-credentials",)),
    Case("true-in-capitals", to_page(acao(PAGE), ("Access-Control-Allow-Credentials", "True")), INCLUDE, 1,
         "credentials-not-true", ("credentials-not-true",)),
    Case("credentials-twice", to_page(acao(PAGE), TRUE, TRUE), INCLUDE, 1, "credentials-not-true",
         ("credentials-doubled",)),
    Case("no-credentials", to_page(acao(PAGE)), INCLUDE, 1, "credentials-missing"),
    Case("preflight-redirect", asked(reply(301, acao(PAGE), ("Location", "/tea/"))), DELETE, 1, "preflight-redirected",
         ("preflight-redirected",)),
    Case("preflight-401", asked(reply(401)), DELETE, 1, "origin-missing", ("preflight-unauthorized",)),
    Case("preflight-403-key", asked(reply(403, ("x-amzn-ErrorType", "ForbiddenException"))), DELETE, 1,
         "origin-missing", ("preflight-unauthorized",)),
    Case("preflight-404", asked(reply(404, acao("*"), MAX_AGE)), DELETE, 1, "preflight-status",
         ("preflight-unrouted",)),
    Case("preflight-500", asked(reply(500)), DELETE, 1, "origin-missing", ("preflight-failed",)),
    Case("preflight-304", asked(reply(304, acao("*"), MAX_AGE)), DELETE, 1, "preflight-status", ("preflight-status",)),
    Case("method-not-listed", lists(methods("PUT"), MAX_AGE), DELETE, 1, "method-not-allowed"),
    Case("method-in-lower-case", lists(methods("delete"), MAX_AGE), DELETE, 1, "method-not-allowed", ("method-case",)),
    Case("methods-no-list", lists(methods("GET; DELETE"), MAX_AGE), DELETE, 1, "methods-unreadable",
         ("methods-unreadable",)),
    Case("headers-no-list", lists(methods("DELETE"), allowed("[X-Tea]"), MAX_AGE), DELETE, 1, "headers-unreadable",
         ("headers-unreadable",)),
    Case("header-not-listed", right, "-H 'X-Cup: 1' -H 'X-Pot: 1'", 1, "header-not-allowed"),
    Case("star-methods-with-credentials", lists(methods("*"), allowed("*"), TRUE, MAX_AGE), f"{DELETE} {INCLUDE}", 1,
         "method-not-allowed", ("methods-wildcard-with-credentials", "headers-wildcard-with-credentials")),
    Case("authorization-under-star", lists(allowed("*"), MAX_AGE), "-H 'Authorization: secret'", 1,
         "header-not-allowed", ("authorization-under-wildcard",)),
    Case("max-age-long", lists(methods("DELETE"), ("Access-Control-Max-Age", "86400")), DELETE, 0, "not-sent",
         ("max-age-over-cap",)),
    Case("max-age-words", lists(methods("DELETE"), ("Access-Control-Max-Age", "1 day")), DELETE, 0, "not-sent",
         ("max-age-invalid",)),
    Case("max-age-none", lists(methods("DELETE")), DELETE, 0, "not-sent", ("max-age-missing",)),
    Case("only-preflight", actual(reply(200)), f"{DELETE} --send", 1, "origin-missing", ("only-preflight-has-cors",)),
    Case("http-api", says(("apigw-requestid", "x="), status=204), DELETE, 1, "origin-missing"),
    Case("error", actual(reply(500)), "", 1, "origin-missing", ("error-without-cors",)),
    Case("gateway-error", actual(reply(429, ("x-amzn-ErrorType", "TooManyRequestsException"))), "", 1,
         "origin-missing", ("error-without-cors",)),
    Case("cloudfront-error", actual(reply(502, ("X-Cache", "Error from cloudfront"))), "", 1, "origin-missing",
         ("error-without-cors",)),
    Case("error-after-preflight", actual(reply(500, VARY)), f"{DELETE} --send", 1, "origin-missing",
         ("error-without-cors",)),
    Case("error-with-cors", lambda heard: right(heard, status=404), "", 0, "allowed"),
    Case("redirect-without-cors", says(VARY, ("Location", "/fine"), status=302), "", 1, "origin-missing",
         ("redirect-without-cors",)),
    Case("redirect", to_page(acao(PAGE), ("Location", "/fine"), status=302), "", 0, "allowed"),
    Case("redirect-then-nothing", hop, "", 1, "origin-missing"),
    Case("redirect-loop", to_page(acao(PAGE), ("Location", "/redirect-loop"), status=301), "", 1,
         "redirects-too-many"),
    Case("redirect-away", to_page(acao(PAGE), ("Location", "https://third.example/tea"), status=302), "", 1,
         "redirected-elsewhere"),
    Case("redirect-port", to_page(acao(PAGE), ("Location", "http://127.0.0.1:1/"), status=302), "", 1,
         "redirected-elsewhere"),
    Case("redirect-insecure", to_page(acao(PAGE), ("Location", "http://third.example/"), status=302), "", 1,
         "mixed-content"),
    Case("redirect-password", to_page(acao(PAGE), ("Location", "http://me:secret@127.0.0.1/"), status=302), "", 1,
         "redirect-user-info"),
    Case("redirect-data", to_page(acao(PAGE), ("Location", "data:text/plain,x"), status=302), "", 1,
         "redirect-invalid"),
    Case("redirect-ftp", to_page(acao(PAGE), ("Location", "ftp://127.0.0.1/"), status=302), "", 1, "redirect-invalid"),
    Case("misspelled", to_page(acao(PAGE), ("Access-Control-Allow-Header", "X-Tea")), "", 0, "allowed",
         ("header-unknown",)),
    Case("of-requests", to_page(acao(PAGE), ("Access-Control-Request-Headers", "X-Tea")), "", 0, "allowed",
         ("header-unknown",)),
    Case("private-network", to_page(acao(PAGE), ("Access-Control-Allow-Private-Network", "true")), "", 0, "allowed",
         ("header-unknown",)),
    Case("expose-no-list", to_page(acao(PAGE), ("Access-Control-Expose-Headers", "ETag; Link")), "", 0, "allowed",
         ("expose-unreadable",)),
    Case("cookie", to_page(acao(PAGE), TRUE, ("Set-Cookie", "secret=1; SameSite=Lax")), INCLUDE, 0, "allowed",
         ("cookie-same-site",)),
    Case("half-a-body", lambda heard: right(heard)[:-21] + b"Content-Length: 9\r\n\r\nhalf", "", 0, "allowed",
         ("body-broken",)),
    Case("endless-body", endless_body, "", 0, "allowed"),
    Case("continue", continued, "", 0, "allowed"),
    Case("folded", folded, "", 1, "origin-several", ("origin-list",)),
    Case("silence", silence, "--timeout 0.3", 3, "timeout"),
    Case("drip", drip, "--timeout 0.3", 3, "timeout"),
    Case("dripping-body", dripping_body, "--timeout 1.2", 0, "allowed"),
    Case("hang-up", hang_up, "", 3, "hung-up"),
    Case("noise", noise, "", 3, "answer-invalid"),
    Case("endless-headers", endless_headers, "", 3, "answer-invalid"),
    Case("long-line", long_line, "", 3, "answer-invalid"),
)  # fmt: skip
