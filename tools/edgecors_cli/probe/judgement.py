"""One answer, judged as a browser does: the engine's checks, with words for each step.

Whether a step passes is said by `edgecors._browser` alone; here is what to tell of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors import _browser
from edgecors._explain_origin import in_words, shown
from edgecors._origin import parse
from edgecors._spec import SAFELISTED_METHODS
from edgecors.policy import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN
from edgecors_cli.probe import redirects
from edgecors_cli.probe.messages import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors_cli.probe.messages import Answer, Sent

_REDIRECT = (
    "Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request."
)


class Judgement(NamedTuple):
    """The steps up to the first that failed, and Chromium's reason for that one; None where all passed."""

    steps: tuple[Step, ...]
    fault: str | None


def of_actual(sent: Sent, answer: Answer, *, include: bool) -> Judgement:
    """Of the answer to the request itself."""
    checks = _browser.actual_checks(answer.joined, sent.headers["origin"], include=include)
    return _judged(sent, answer, checks, include=include)


def of_preflight(sent: Sent, answer: Answer, *, include: bool) -> Judgement:
    """Of the answer to a preflight."""
    location = redirects.location(answer)
    if location is not None:
        detail = f"{answer.status} to {redirects.told(location)}: a preflight is never redirected"
        return Judgement((Step(_browser.STATUS, False, detail, "preflight-redirected"),), _REDIRECT)
    checks = _browser.preflight_checks(
        answer.status, answer.joined, sent.headers["origin"], _method(sent), asked(sent), include=include
    )
    return _judged(sent, answer, checks, include=include)


def asked(sent: Sent) -> list[str]:
    """The header names that a preflight asks for."""
    return _browser.elements(sent.headers.get("access-control-request-headers", "")) or []


def _method(sent: Sent) -> str:
    return sent.headers["access-control-request-method"]


def _judged(sent: Sent, answer: Answer, checks: Iterable[tuple[str, str | None]], *, include: bool) -> Judgement:
    steps = []
    fault = None
    for name, fault in checks:
        passed = fault is None
        detail, code = {
            _browser.ORIGIN: _origin,
            _browser.CREDENTIALS: _credentials,
            _browser.STATUS: _status,
            _browser.METHOD: _methods,
            _browser.HEADERS: _headers,
        }[name](sent, answer, passed, include)
        steps.append(Step(name, passed, detail, "" if passed else code))
    return Judgement(tuple(steps), fault)


# --- Steps: the detail, and the code where it failed -----------------------------------------------------------


def _origin(sent: Sent, answer: Answer, passed: bool, include: bool) -> tuple[str, str]:
    found = answer.lines(ALLOW_ORIGIN)
    if not found:
        return f"there is no {ALLOW_ORIGIN}", "origin-missing"
    value = answer.value(ALLOW_ORIGIN).strip(" \t")
    if passed:
        return value, ""
    if value == "*" and include:
        return "`*` is not for requests with credentials", "wildcard-with-credentials"
    if len(found) > 1 or "," in value or " " in value:
        return f"{shown(value)} is more than one value", "origin-several"
    if value != "null" and parse(value) is None:
        return f"{shown(value) or 'an empty value'} is no origin", "origin-invalid"
    return f"{shown(value)} is another origin than {sent.headers['origin']}", "origin-differs"


def _credentials(_sent: Sent, answer: Answer, passed: bool, _include: bool) -> tuple[str, str]:
    value = answer.value(ALLOW_CREDENTIALS)
    if passed or not answer.lines(ALLOW_CREDENTIALS):
        return f"{ALLOW_CREDENTIALS} is true" if passed else f"there is no {ALLOW_CREDENTIALS}", "credentials-missing"
    return f"{ALLOW_CREDENTIALS} is {shown(value) or 'empty'}, not true", "credentials-not-true"


def _status(_sent: Sent, answer: Answer, passed: bool, _include: bool) -> tuple[str, str]:
    return f"{answer.status}{'' if passed else ' is not from 200 to 299'}", "preflight-status"


def _methods(sent: Sent, answer: Answer, passed: bool, _include: bool) -> tuple[str, str]:
    method, value = _method(sent), answer.value(ALLOW_METHODS)
    listed = _browser.elements(value)
    if listed is None:
        return f"{shown(value)} is no list of methods", "methods-unreadable"
    if passed:
        how = "listed" if method in listed else "any method" if method not in SAFELISTED_METHODS else "needs no listing"
        return f"{method}: {how}", ""
    known = ", ".join(dict.fromkeys([*sorted(SAFELISTED_METHODS), *listed]))
    return f"{method} is not in {shown(known)}", "method-not-allowed"


def _headers(sent: Sent, answer: Answer, passed: bool, include: bool) -> tuple[str, str]:
    names, value = asked(sent), answer.value(ALLOW_HEADERS)
    if passed:
        return ", ".join(names) or "none asked for", ""
    listed = _browser.elements(value)
    if listed is None:
        return f"{shown(value)} is no list of headers", "headers-unreadable"
    missing = _browser.missing_headers(answer.joined, names, include=include)
    verb = "is" if len(missing) == 1 else "are"
    if "*" in listed:
        return f"`*` does not stand for {in_words(missing)}", "header-not-allowed"
    there = shown(", ".join(listed)) or "the list, which is empty"
    return f"{in_words(missing)} {verb} not in {there}", "header-not-allowed"
