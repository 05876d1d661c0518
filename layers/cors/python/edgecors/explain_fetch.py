"""What a page would see of a fetch(): the preflight, the request, and Chromium's words where it fails."""

from __future__ import annotations

from edgecors import _browser
from edgecors._explain_origin import in_words
from edgecors._origin import parse
from edgecors._path import percent_decode
from edgecors._safelist import normalized_method, settable, unsafe_names
from edgecors._spec import FORBIDDEN_METHODS, FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_METHODS, is_token
from edgecors._url import parse_url
from edgecors._value import Value, assign
from edgecors.explain import Explanation, explain
from edgecors.request import Request
from edgecors.response import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from edgecors.rules import Rules


class FetchExplanation(Value):
    """What a page sees of one fetch().

    - `allowed`: whether it gets the answer; `code`: a stable word, `same-origin` where no CORS is needed.
    - `preflight`: the Explanation of the question that the browser asks first; None where it does not.
    - `actual`: of the request itself; None where it is not sent, or is no CORS request.
    - `readable_headers`: the response headers that the page can read, lower-case names, sorted.
    - `console`: the line that Chromium prints; "" where it prints none.
    - `message`: for a person: why the browser asks first or not, and what to change.
    """

    __slots__ = ("allowed", "code", "preflight", "actual", "readable_headers", "console", "message")  # noqa: RUF023

    allowed: bool
    code: str
    preflight: Explanation | None
    actual: Explanation | None
    readable_headers: tuple[str, ...]
    console: str
    message: str

    def __init__(
        self,
        allowed: bool,
        code: str,
        preflight: Explanation | None,
        actual: Explanation | None,
        readable_headers: tuple[str, ...],
        console: str,
        message: str,
    ) -> None:
        assign(self, "allowed", allowed)
        assign(self, "code", code)
        assign(self, "preflight", preflight)
        assign(self, "actual", actual)
        assign(self, "readable_headers", readable_headers)
        assign(self, "console", console)
        assign(self, "message", message)


def explain_fetch(
    rules: Rules,
    url: str,
    origin: str,
    method: str,
    headers: tuple[tuple[str, str], ...],
    credentials: str,
    *,
    debug: bool,
    enforce: bool,
    response_headers: tuple[tuple[str, str], ...],
) -> FetchExplanation:
    """`Rules.explain_fetch`, which has the documentation."""
    if credentials not in ("omit", "same-origin", "include"):
        raise ValueError(f'credentials is "omit", "same-origin" or "include", not {credentials!a}')
    if origin != "null" and parse(origin) is None:
        raise ValueError(f"{origin!a} is not the origin of a page: https://a.example, say, or null")
    target = parse_url(url)
    method = normalized_method(method)
    if not is_token(method) or method.upper() in FORBIDDEN_METHODS:
        raise ValueError(f"{method!a} is not a method that fetch() sends")
    sent = settable(headers)
    answered = settable(response_headers, forbidden=False)
    include = credentials == "include"
    decoded = percent_decode(target.path)
    # What cannot be decoded has no policy, like a path that is not plain.
    path = "\0" if decoded is None else decoded
    if target.origin == origin:
        # Browsers send the Origin to their own server too, but with GET and HEAD.
        named = {} if method in ("GET", "HEAD") else {"origin": origin}
        own = explain(rules, Request(method, path, {**sent, **named}), debug=debug).headers
        read = set(map(str.lower, _merged(answered, own))) - FORBIDDEN_RESPONSE_HEADERS
        message = "The page and the URL have the same origin, so CORS has no part in it."
        return FetchExplanation(True, "same-origin", None, None, tuple(sorted(read)), "", message)
    if _browser.is_mixed_content(target.scheme, target.host, origin):
        console = _browser.mixed_content(target.text, origin)
        message = "A secure page cannot call an http URL: the browser sends nothing, and CORS has no part in it."
        return FetchExplanation(False, "mixed-content", None, None, (), console, message)
    unsafe = unsafe_names(sent)
    preflight = None
    why = "It is a simple request, so the browser sends it at once."
    if method not in SAFELISTED_METHODS or unsafe:
        why = f"{_why_unsafe(method, unsafe)}, so the browser asks first."
        asked = {"origin": origin, "access-control-request-method": method}
        if unsafe:
            asked["access-control-request-headers"] = ",".join(unsafe)
        preflight = explain(rules, Request("OPTIONS", path, asked), include=include, debug=debug)
        if not preflight.allowed:
            console = _browser.blocked(target.text, origin, preflight.reason)
            message = f"{why} {preflight.message}"
            return FetchExplanation(False, preflight.code, preflight, None, (), console, message)
    request = Request(method, path, {**sent, "origin": origin})
    actual = explain(rules, request, include=include, debug=debug, enforce=enforce)
    message = f"{why} {actual.message}"
    if not actual.allowed:
        console = _browser.blocked(target.text, origin, actual.reason)
        return FetchExplanation(False, actual.code, preflight, actual, (), console, message)
    read_names = _browser.readable(_merged(answered, actual.headers), include=include)
    return FetchExplanation(True, "allowed", preflight, actual, read_names, "", message)


def _merged(answered: dict[str, str], cors: Mapping[str, str]) -> dict[str, str]:
    """The handler's headers with those of the engine."""
    return merge(answered, cors)


def _why_unsafe(method: str, unsafe: list[str]) -> str:
    why = []
    if method not in SAFELISTED_METHODS:
        why.append(f"{method} is not a safelisted method")
    if unsafe:
        kind = "is not a safelisted header" if len(unsafe) == 1 else "are not safelisted headers"
        why.append(f"{in_words(unsafe)} {kind}")
    return ", and ".join(why)
