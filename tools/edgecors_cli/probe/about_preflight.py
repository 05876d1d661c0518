"""Answers to preflights: who gave them, their lists, for how long they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import _browser
from edgecors._explain_origin import shown
from edgecors._spec import MAX_AGE_LIMIT
from edgecors.policy import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, MAX_AGE
from edgecors_cli.probe import judgement, redirects
from edgecors_cli.probe.findings import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_cli.probe.findings import Code, Finding
    from edgecors_cli.probe.messages import Exchange

_KINDS = {ALLOW_METHODS: "method", ALLOW_HEADERS: "header"}
_UNREADABLE: dict[str, Code] = {"method": "methods-unreadable", "header": "headers-unreadable"}
_WILDCARD: dict[str, Code] = {
    "method": "methods-wildcard-with-credentials",
    "header": "headers-wildcard-with-credentials",
}
_CHROMIUM_CAP = 7_200  # seconds; Chromium's, which is the one that most people meet


def look(exchange: Exchange, *, include: bool) -> Iterator[Finding]:
    """What is wrong. `include`: whether the page asks with credentials."""
    yield from _status(exchange)
    if ALLOW_ORIGIN in exchange.answer.joined and redirects.location(exchange.answer) is None:
        yield from _lists(exchange, include=include)
        yield from _max_age(exchange)


def _status(exchange: Exchange) -> Iterator[Finding]:
    sent, answer, _ = exchange
    status = answer.status
    location = redirects.location(answer)
    if location is not None:
        message = f"The preflight is redirected ({status} to {redirects.told(location)}), which browsers refuse."
        yield error("preflight-redirected", sent, message, "Have the page call that URL, or answer OPTIONS here.")
    elif _is_refusal(exchange):
        return  # the API's answer to an origin that it does not know: the verdict has it
    elif status in (401, 403, 407):
        message = f"The preflight was answered {status}: it carries no credentials, and never will."
        fix = "Take the authorizer, the API key or the firewall rule off OPTIONS."
        yield error("preflight-unauthorized", sent, message, fix)
    elif status in (404, 405, 501):
        message = f"The preflight was answered {status}: nothing there is made for OPTIONS."
        fix = "Add a route for OPTIONS, without an authorizer (HTTP API: OPTIONS /{proxy+})."
        yield error("preflight-unrouted", sent, message, fix)
    elif status >= 500:
        message = f"The preflight was answered {status}: it got as far as code that fails on it."
        yield error("preflight-failed", sent, message, "Answer it before the application; its log says why it failed.")
    elif not 200 <= status <= 299:
        message = f"The preflight was answered {status}: browsers want one from 200 to 299."
        yield error("preflight-status", sent, message, "Answer 204.")


def _is_refusal(exchange: Exchange) -> bool:
    """Whether a 403 is how CORS refuses an origin, as edgecors does it: the answer says that it depends on that."""
    varied = exchange.answer.value("vary").lower()
    return exchange.answer.status == 403 and "access-control-request-method" in varied


def _lists(exchange: Exchange, *, include: bool) -> Iterator[Finding]:
    sent, answer, _ = exchange
    asked = {ALLOW_METHODS: sent.headers["access-control-request-method"], ALLOW_HEADERS: "authorization"}
    for name, kind in _KINDS.items():
        value = answer.value(name)
        listed = _browser.elements(value)
        if listed is None:
            message = f"{name} is no list: {shown(value)}. It is read before anything is looked for in it."
            yield error(_UNREADABLE[kind], sent, message, "Write names with commas between them.")
        elif "*" in listed and include:
            message = f"`*` in {name} is only a {kind} of that name where credentials are sent."
            yield error(_WILDCARD[kind], sent, message, f"List the {kind}s.")
    methods = _browser.elements(answer.value(ALLOW_METHODS)) or []
    method = asked[ALLOW_METHODS]
    if method not in methods and method.lower() in map(str.lower, methods):
        message = f"{ALLOW_METHODS} has {method} in other letters; methods are compared by case."
        yield error("method-case", sent, message, f"List {method}.")
    names = [name.lower() for name in _browser.elements(answer.value(ALLOW_HEADERS)) or []]
    wanted = asked[ALLOW_HEADERS]
    if wanted in judgement.asked(sent) and wanted not in names and "*" in names and not include:
        message = "`*` does not stand for Authorization: Safari refuses it today, others say they will."
        yield error("authorization-under-wildcard", sent, message, "List Authorization beside `*`.")


def _max_age(exchange: Exchange) -> Iterator[Finding]:
    sent, answer, _ = exchange
    values = answer.lines(MAX_AGE)
    value = answer.value(MAX_AGE).strip(" \t")
    if not values:
        message = f"There is no {MAX_AGE}, so that browsers ask again after 5 s."
        yield warning("max-age-missing", sent, message, f"Send {MAX_AGE}: 600, say.")
    elif not value.isascii() or not value.isdigit():
        message = f"{MAX_AGE} is {shown(value) or 'empty'}, which is no number of seconds: browsers take 5."
        yield warning("max-age-invalid", sent, message, f"Send {MAX_AGE}: 600, say.")
    elif len(value) > 9 or int(value) > _CHROMIUM_CAP:
        message = (
            f"{MAX_AGE} is {shown(value)}: Chromium keeps a preflight for {_CHROMIUM_CAP} s at most, Firefox for "
            f"{MAX_AGE_LIMIT}, Safari for 600."
        )
        yield warning("max-age-over-cap", sent, message, f"Send {_CHROMIUM_CAP} or less.")
