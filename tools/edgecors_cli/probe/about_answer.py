"""Answers to the request itself, and headers of any answer that are not what they seem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import _browser
from edgecors._explain_origin import shown
from edgecors._spec import CORS_REQUEST_HEADERS, CORS_RESPONSE_HEADERS, PRIVATE_NETWORK_HEADERS
from edgecors.policy import ALLOW_ORIGIN, EXPOSE_HEADERS
from edgecors_cli.probe import redirects
from edgecors_cli.probe.findings import error, warning

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Answer, Exchange

_VARY = "Send Vary: Origin with every answer, refused ones and those without Origin too."


def look(exchange: Exchange, preflight: Exchange | None, fixed: Container[str], *, include: bool) -> Iterator[Finding]:
    """What is wrong with the answer to the request itself; `preflight` is the exchange before it, `fixed` are the
    origins that others are answered with though they are not theirs."""
    sent, answer, _ = exchange
    allowed = answer.value(ALLOW_ORIGIN).strip(" \t")
    if ALLOW_ORIGIN not in answer.joined:
        yield from _missing(exchange, preflight)
    elif sent.method in ("GET", "HEAD") and allowed != "*" and allowed not in fixed and not varies(answer):
        message = f"{ALLOW_ORIGIN} depends on who asks, and Vary does not say so: a cache gives it to others as well."
        yield warning("vary-missing", sent, message, _VARY)
    if _browser.elements(answer.value(EXPOSE_HEADERS)) is None:
        message = f"{EXPOSE_HEADERS} is no list: {shown(answer.value(EXPOSE_HEADERS))}. Nothing of it counts."
        yield warning("expose-unreadable", sent, message, "Write names with commas between them.")
    if include and sent.headers.get("sec-fetch-site") == "cross-site" and _is_lost_cookie(answer):
        message = "A cookie is set without SameSite=None, so that browsers neither keep nor send it for this page."
        yield warning("cookie-same-site", sent, message, "Set it with SameSite=None; Secure.")
    if not answer.whole:
        message = "The connection broke before the body was complete: reading it fails in the page."
        yield warning("body-broken", sent, message, "See what closes the connection: a time limit, a proxy.")


def _missing(exchange: Exchange, preflight: Exchange | None) -> Iterator[Finding]:
    """Where no preflight let the page in, an answer that varies may well be a refusal: the verdict has it."""
    sent, answer, _ = exchange
    if redirects.location(answer) is not None:
        message = f"The redirect ({answer.status}) has no CORS headers, so that the browser does not follow it."
        yield error("redirect-without-cors", sent, message, "Have the page call the final URL, or add the headers.")
    elif answer.status >= 400 and (preflight is not None or not varies(answer)):
        who = _gateway(answer)
        message = f"The error ({answer.status}) has no CORS headers: the page sees a network error instead of it."
        fix = (
            "Add them in the API's GatewayResponses (DEFAULT_4XX, DEFAULT_5XX)."
            if who == "API Gateway"
            else "Have the outermost layer of the application add them, also where a handler fails."
        )
        yield error("error-without-cors", sent, f"{message} It came from {who}." if who else message, fix)
    elif preflight is not None:
        message = "The preflight has CORS headers, the answer has none: only OPTIONS was thought of."
        yield error("only-preflight-has-cors", sent, message, "Add the headers to every answer.")


def _gateway(answer: Answer) -> str:
    """Who made an error's answer, as far as its headers tell: API Gateway names its own errors' types."""
    if answer.lines("x-amzn-errortype"):
        return "API Gateway"
    return "CloudFront" if "error from cloudfront" in answer.value("x-cache").lower() else ""


def varies(answer: Answer) -> bool:
    """Whether caches are told that the answer depends on the Origin."""
    names = [name.strip(" \t").lower() for name in answer.value("vary").split(",")]
    return "origin" in names or "*" in names


def _is_lost_cookie(answer: Answer) -> bool:
    return any("samesite=none" not in line.lower().replace(" ", "") for line in answer.lines("set-cookie"))


def look_at_names(exchange: Exchange) -> Iterator[Finding]:
    """Headers that look like those of CORS and are none."""
    sent, answer, _ = exchange
    for name in sorted({given.lower() for given, _ in answer.headers if given.lower().startswith("access-control-")}):
        if name in CORS_RESPONSE_HEADERS:
            continue
        if name in CORS_REQUEST_HEADERS:
            message, fix = f"{name} is a header of requests: in an answer it says nothing.", "Leave it out."
        elif name in PRIVATE_NETWORK_HEADERS:
            message, fix = f"{name} is of Private Network Access, which browsers have dropped.", "Leave it out."
        else:
            message, fix = f"{shown(name)} is no header of CORS: browsers do not look at it.", "Check its spelling."
        yield warning("header-unknown", sent, message, fix)
