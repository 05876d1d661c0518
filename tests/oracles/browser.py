"""A browser's fetch(), the slow way: the algorithm of the Fetch standard over real requests and answers.

Written from the standard (sections 4.8, 4.9 and 2.2.2), and importing nothing of the engine. Header names are in
lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
SAFELISTED = {"GET", "HEAD", "POST"}
READABLE = {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
FORBIDDEN = {
    *("accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method"),
    *("connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin"),
    *("referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via"),
}


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    headers: dict[str, str]


Send = Callable[[str, dict[str, str]], Answer]


@dataclass(frozen=True)
class Outcome:
    """What came of a fetch(): each answer where it was asked for, and what the page can read (None: nothing)."""

    preflight: Answer | None
    actual: Answer | None
    readable: set[str] | None


def fetch(send: Send, origin: str, method: str, headers: dict[str, str], credentials: str) -> Outcome:
    """`send(method, headers)` is the server. `headers` are those that the page sets: no forbidden ones, and no
    client hints, on which browsers differ."""
    include = credentials == "include"
    method = method.upper() if method.upper() in {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} else method
    unsafe = sorted(name for name, value in headers.items() if not _is_safelisted(name, value))
    safe = [name for name in headers if name not in unsafe]
    if sum(len(headers[name]) for name in safe) > 1024:
        unsafe = sorted(headers)
    preflight = None
    if method not in SAFELISTED or unsafe:
        asked = {"origin": origin, "access-control-request-method": method}
        if unsafe:
            asked["access-control-request-headers"] = ",".join(unsafe)
        preflight = send("OPTIONS", asked)
        if not _preflight_passes(preflight, origin, method, unsafe, include):
            return Outcome(preflight, None, None)
    actual = send(method, {**headers, "origin": origin})
    if not _cors_check(actual, origin, include):
        return Outcome(preflight, actual, None)
    exposed = _list(actual.headers.get("access-control-expose-headers", "")) or []
    readable = set()
    for name in actual.headers:
        if name in {"set-cookie", "set-cookie2"}:
            continue
        named = name in [listed.lower() for listed in exposed]
        if name in READABLE or named or ("*" in exposed and not include):
            readable.add(name)
    return Outcome(preflight, actual, readable)


def _cors_check(answer: Answer, origin: str, include: bool) -> bool:
    allowed = answer.headers.get("access-control-allow-origin")
    if allowed is None:
        return False
    if not include and allowed == "*":
        return True
    if allowed != origin:
        return False
    return not include or answer.headers.get("access-control-allow-credentials") == "true"


def _preflight_passes(answer: Answer, origin: str, method: str, unsafe: list[str], include: bool) -> bool:
    if not _cors_check(answer, origin, include) or not 200 <= answer.status <= 299:
        return False
    methods = _list(answer.headers.get("access-control-allow-methods", ""))
    names = _list(answer.headers.get("access-control-allow-headers", ""))
    if methods is None or names is None:
        return False
    if method not in methods and method not in SAFELISTED and (include or "*" not in methods):
        return False
    listed = {name.lower() for name in names}
    if "authorization" in unsafe and "authorization" not in listed:
        return False
    return all(name in listed or ("*" in listed and not include) for name in unsafe)


def _list(value: str) -> list[str] | None:
    elements = [element.strip(" \t") for element in value.split(",")]
    elements = [element for element in elements if element != ""]
    return elements if all(TOKEN.fullmatch(element) for element in elements) else None


def _is_safelisted(name: str, value: str) -> bool:
    if len(value) > 128:
        return False
    unsafe_bytes = re.search(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]', value)
    if name == "accept":
        return unsafe_bytes is None
    if name in {"accept-language", "content-language"}:
        return re.fullmatch(r"[0-9A-Za-z *,\-.;=]*", value) is not None
    if name == "content-type":
        essence = value.partition(";")[0].strip(" \t").lower()
        simple = {"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}
        return unsafe_bytes is None and essence in simple
    if name == "range":
        numbers = re.fullmatch(r"bytes=(\d+)-(\d*)", value)
        return numbers is not None and (numbers[2] == "" or int(numbers[1]) <= int(numbers[2]))
    return False
