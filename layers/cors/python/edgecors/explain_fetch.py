"""What a page would see of a fetch(): the preflight, the request, and Chromium's words where it fails."""

from __future__ import annotations

from edgecors import _browser
from edgecors._origin import parse
from edgecors._path import percent_decode
from edgecors._safelist import normalized_method, settable, unsafe_names
from edgecors._spec import FORBIDDEN_METHODS, FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_METHODS, is_token
from edgecors._value import Value, assign
from edgecors.explain import Explanation, explain
from edgecors.request import Request
from edgecors.response import merge

TYPE_CHECKING = False
if TYPE_CHECKING:
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
        raise ValueError(f'credentials is "omit", "same-origin" or "include", not {credentials!r}')
    if origin != "null" and parse(origin) is None:
        raise ValueError(f"{origin!r} is not the origin of a page: https://a.example or null, say")
    target = _Url(url)
    method = normalized_method(method)
    if not is_token(method) or method.upper() in FORBIDDEN_METHODS:
        raise ValueError(f"{method!r} is not a method that fetch() sends")
    sent = settable(headers)
    include = credentials == "include"
    if target.origin == origin:
        names = {name.lower() for name, _ in response_headers} - FORBIDDEN_RESPONSE_HEADERS
        message = "The page and the URL have the same origin, so that CORS has no part in it."
        return FetchExplanation(True, "same-origin", None, None, tuple(sorted(names)), "", message)
    if _browser.is_mixed_content(target.scheme, target.host, origin):
        console = _browser.mixed_content(target.text, origin)
        message = "A secure page may not call an http URL: the browser sends nothing, and CORS has no part in it."
        return FetchExplanation(False, "mixed-content", None, None, (), console, message)
    unsafe = unsafe_names(sent)
    preflight = None
    why = "It is a simple request, so the browser sends it at once."
    if method not in SAFELISTED_METHODS or unsafe:
        why = f"{_why_unsafe(method, unsafe)}, so the browser asks first."
        asked = {"origin": origin, "access-control-request-method": method}
        if unsafe:
            asked["access-control-request-headers"] = ",".join(unsafe)
        preflight = explain(rules, Request("OPTIONS", target.path, asked), include=include, debug=debug)
        if not preflight.allowed:
            console = _browser.blocked(target.text, origin, preflight.reason)
            message = f"{why} {preflight.message}"
            return FetchExplanation(False, preflight.code, preflight, None, (), console, message)
    request = Request(method, target.path, {**sent, "origin": origin})
    actual = explain(rules, request, include=include, debug=debug, enforce=enforce)
    message = f"{why} {actual.message}"
    if not actual.allowed:
        console = _browser.blocked(target.text, origin, actual.reason)
        return FetchExplanation(False, actual.code, preflight, actual, (), console, message)
    answered = merge(_joined(response_headers), actual.headers, actual.headers.get("Vary"))
    names_read = _browser.readable(answered, include=include)
    return FetchExplanation(True, "allowed", preflight, actual, names_read, "", message)


def _joined(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    joined: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        known = joined.get(name.lower())
        joined[name.lower()] = (known[0], f"{known[1]}, {value}") if known else (name, value)
    return list(joined.values())


def _why_unsafe(method: str, unsafe: list[str]) -> str:
    if method not in SAFELISTED_METHODS:
        return f"{method} is not a safelisted method"
    names = " and ".join(unsafe)
    return f"{names} {'is not a safelisted header' if len(unsafe) == 1 else 'are not safelisted headers'}"


class _Url:
    """An http(s) URL as the URL standard parses it: serialised `text`, `origin`, `scheme`, `host`, decoded `path`.

    Raises ValueError for any other.
    """

    def __init__(self, given: str) -> None:
        from urllib.parse import quote, urlsplit  # noqa: PLC0415

        from edgecors._pattern import corrected  # noqa: PLC0415

        parts = urlsplit(given.strip())
        scheme = parts.scheme.lower()
        if scheme not in ("http", "https") or not parts.netloc or "*" in parts.netloc:
            raise ValueError(f"{given!r} is not the URL of an API: https://api.example/tea, say")
        if "@" in parts.netloc:
            raise ValueError(f"{given!r} has a user name or password, which fetch() refuses")
        origin = corrected(f"{scheme}://{parts.netloc}")
        split = parse(origin) if origin is not None else None
        if origin is None or split is None:
            raise ValueError(f"{given!r} has no valid host and port")
        kept = "%/:@!$&'()*+,;=~-._|[]^"
        path = _without_dots(quote(parts.path or "/", safe=kept))
        query = "?" + quote(parts.query, safe=kept + "?`{}\\").replace("'", "%27") if parts.query else ""
        fragment = "#" + quote(parts.fragment, safe=kept + "?\\{}") if parts.fragment else ""
        self.origin = origin
        self.scheme, self.host, _ = split
        self.text = f"{origin}{path}{query}{fragment}"
        decoded = percent_decode(path)
        # What cannot be decoded has no policy, like a path that is not plain.
        self.path = "\0" if decoded is None else decoded


def _without_dots(path: str) -> str:
    """URL, "path state": dot segments, encoded ones too, are taken out by the browser."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        last = index == len(segments) - 1
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)
