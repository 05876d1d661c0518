"""Access-Control-Allow-Origin and -Credentials as they came: what is wrong with their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors._diagnosis import corrected
from edgecors._explain_origin import shown
from edgecors._origin import parse
from edgecors._pattern import compile_pattern
from edgecors.policy import ALLOW_CREDENTIALS, ALLOW_ORIGIN
from edgecors_cli.probe.findings import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Exchange

_ONE_ORIGIN = "Answer with the one origin that asked, if it is one of yours."
_ONE_AUTHOR = (
    "Two parts of the system set it: switch CORS off in all but one (the function's code, the function URL, the API, "
    "CloudFront's response headers policy)."
)


def look(exchange: Exchange, *, include: bool) -> Iterator[Finding]:
    """What is wrong. `include`: whether the page asks with credentials."""
    sent, answer, _ = exchange
    values = answer.lines(ALLOW_ORIGIN)
    value = answer.value(ALLOW_ORIGIN).strip(" \t")
    if len(values) > 1:
        yield error("origin-doubled", sent, f"{ALLOW_ORIGIN} came {len(values)} times: {shown(value)}.", _ONE_AUTHOR)
    elif values:
        yield from _value(exchange, value)
    yield from _credentials(exchange, value, include=include)


def _value(exchange: Exchange, value: str) -> Iterator[Finding]:
    sent, answer, _ = exchange
    origin = sent.headers["origin"]
    # With debug the engine names the policy's only origin, for the message on the console.
    if value in ("*", origin) or answer.lines("x-edgecors-reason"):
        return
    told = shown(value) or "empty"
    if "," in value or " " in value:
        message = f"{ALLOW_ORIGIN} is a list: {told}. Browsers take one origin only."
        yield error("origin-list", sent, message, _ONE_ORIGIN)
    elif value == "null":
        yield error("origin-null", sent, f"{ALLOW_ORIGIN} is null, which no page of yours is.", _ONE_ORIGIN)
    elif value == f"{origin}/":
        message = f"{ALLOW_ORIGIN} is {told}: an origin has no slash at the end."
        yield error("origin-trailing-slash", sent, message, f"Send {origin}.")
    elif "*" in value and compile_pattern(value) is not None:
        message = f"{ALLOW_ORIGIN} is {told}: browsers know no patterns, only `*` by itself."
        yield error("origin-pattern", sent, message, _ONE_ORIGIN)
    elif corrected(value) == origin:
        message = f"{ALLOW_ORIGIN} is {told}, which browsers compare with {origin} letter by letter."
        yield error("origin-not-as-sent", sent, message, f"Send {origin}.")
    elif parse(value) is None:
        yield error("origin-invalid", sent, f"{ALLOW_ORIGIN} is {told}, which is no origin.", _ONE_ORIGIN)
    elif _is_from_a_cache(exchange):
        message = f"A cache answered, and with what it keeps for another origin: {told}."
        fix = "Send Vary: Origin, and put Origin into the cache key (in CloudFront: into the cache policy)."
        yield error("origin-from-cache", sent, message, fix)
    else:
        message = f"{ALLOW_ORIGIN} is {told}, and not {origin}: it is fixed, or somebody mixed up who asks."
        yield warning("origin-fixed", sent, message, _ONE_ORIGIN)


def _is_from_a_cache(exchange: Exchange) -> bool:
    """RFC 9111, section 5.1 (Age), and CloudFront's own header."""
    answer = exchange.answer
    age = answer.value("age")
    return (age.isdigit() and int(age) > 0) or answer.value("x-cache").lower().startswith("hit")


def _credentials(exchange: Exchange, origin: str, *, include: bool) -> Iterator[Finding]:
    sent, answer, _ = exchange
    values = answer.lines(ALLOW_CREDENTIALS)
    value = answer.value(ALLOW_CREDENTIALS)
    matters = error if include else warning
    if len(values) > 1:
        message = f"{ALLOW_CREDENTIALS} came {len(values)} times, so that it is {shown(value)} and counts for nothing."
        yield matters("credentials-doubled", sent, message, _ONE_AUTHOR)
    elif values and value != "true":
        message = f"{ALLOW_CREDENTIALS} is {shown(value) or 'empty'}: all but true, in lower case, counts for nothing."
        yield matters("credentials-not-true", sent, message, "Send true, or leave the header out.")
    elif values and origin == "*":
        message = f"{ALLOW_CREDENTIALS} is true beside the origin `*`: browsers refuse that with credentials."
        yield matters("wildcard-with-credentials", sent, message, "Answer with the origin that asked, or without it.")
