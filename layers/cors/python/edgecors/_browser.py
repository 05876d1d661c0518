"""What a browser concludes from an answer's CORS headers, and what Chromium's console then says.

Steps and names are those of Fetch, sections 4.8 (CORS-preflight fetch) and 4.9 (CORS check); the texts are those
of Chromium 156 (tests/cases/chromium_console.jsonl is what it said), whose order of checks is followed where it
reports one of several. Where the two differ the stricter one counts: docs/deviations.md.

Headers are given under the names of the constants below, values of one name joined by `, `.
"""

from __future__ import annotations

from edgecors._origin import is_localhost, is_scheme, parse
from edgecors._spec import FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_METHODS, is_token
from edgecors.policy import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Fetch, "CORS-safelisted response-header name".
_SAFELISTED_RESPONSE_HEADERS = frozenset(
    (
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    )
)
_PREFLIGHT = "Response to preflight request doesn't pass access control check: "
_VALID_VALUE = "Have the server send the header with a valid value."

# The steps of both kinds of check, in order.
ORIGIN, CREDENTIALS, STATUS, METHOD, HEADERS = "origin", "credentials", "status", "method", "headers"


def actual_checks(headers: Mapping[str, str], origin: str, *, include: bool) -> Iterator[tuple[str, str | None]]:
    """The CORS check of an answer, a step at a time up to the first that fails: its name, and Chromium's reason,
    None where it passed. `include`: whether the credentials mode is include."""
    fault = _origin_fault(headers, origin, include=include)
    yield ORIGIN, fault
    if fault is None and include:
        yield CREDENTIALS, _credentials_fault(headers)


def preflight_checks(
    status: int, headers: Mapping[str, str], origin: str, method: str, asked: Iterable[str], *, include: bool
) -> Iterator[tuple[str, str | None]]:
    """The same for the answer to a preflight that asked for `method` and, in lower case, the headers `asked`."""
    for step, fault in actual_checks(headers, origin, include=include):
        yield step, _PREFLIGHT + fault if fault is not None else None
        if fault is not None:
            return
    if not 200 <= status <= 299:
        yield STATUS, f"{_PREFLIGHT}It does not have HTTP ok status."
        return
    yield STATUS, None
    # Both lists are read before the method is looked at (step 7.3).
    methods, names = elements(headers.get(ALLOW_METHODS, "")), elements(headers.get(ALLOW_HEADERS, ""))
    if methods is None:
        yield METHOD, _unreadable(ALLOW_METHODS)
    elif names is None:
        yield HEADERS, _unreadable(ALLOW_HEADERS)
    elif not (method in SAFELISTED_METHODS or method in methods or ("*" in methods and not include)):
        yield METHOD, f"Method {method} is not allowed by {ALLOW_METHODS} in preflight response."
    else:
        yield METHOD, None
        missing = missing_headers(headers, asked, include=include)
        yield HEADERS, header_reason(missing[0]) if missing else None


def missing_headers(headers: Mapping[str, str], asked: Iterable[str], *, include: bool) -> list[str]:
    """CORS-preflight fetch, steps 7.6 and 7.7: the names asked for that are not allowed.

    Fetch wants Authorization named even under `*`. Of several Chromium names one in an order of its own.
    """
    listed = {name.lower() for name in elements(headers.get(ALLOW_HEADERS, "")) or ()}
    any_header = "*" in listed and not include
    return [name for name in asked if name not in listed and not (any_header and name != "authorization")]


def header_reason(name: str) -> str:
    """Chromium's reason for a header that is not allowed."""
    return f"Request header field {name} is not allowed by {ALLOW_HEADERS} in preflight response."


def _origin_fault(headers: Mapping[str, str], origin: str, *, include: bool) -> str | None:
    """CORS check, steps 1 to 4."""
    allowed = headers.get(ALLOW_ORIGIN)
    if allowed is None:
        return f"No '{ALLOW_ORIGIN}' header is present on the requested resource."
    allowed = allowed.strip(" \t")
    if allowed == "*" and include:
        return (
            f"The value of the '{ALLOW_ORIGIN}' header in the response must not be the wildcard '*' "
            "when the request's credentials mode is 'include'."
        )
    if allowed in ("*", origin):
        return None
    if " " in allowed or "," in allowed:
        return (
            f"The '{ALLOW_ORIGIN}' header contains multiple values '{allowed}', but only one is allowed. {_VALID_VALUE}"
        )
    scheme, colon, _ = allowed.partition(":")
    if allowed != "null" and not (colon and is_scheme(scheme.lower())):
        return f"The '{ALLOW_ORIGIN}' header contains the invalid value '{allowed}'. {_VALID_VALUE}"
    return (
        f"The '{ALLOW_ORIGIN}' header has a value '{allowed}' that is not equal to the supplied origin. {_VALID_VALUE}"
    )


def _credentials_fault(headers: Mapping[str, str]) -> str | None:
    """CORS check, steps 5 to 7."""
    value = headers.get(ALLOW_CREDENTIALS, "")
    if value == "true":
        return None
    return (
        f"The value of the '{ALLOW_CREDENTIALS}' header in the response is '{value}' which must be "
        "'true' when the request's credentials mode is 'include'."
    )


def _unreadable(name: str) -> str:
    return f"Cannot parse {name} response header field in preflight response."


def readable(headers: Mapping[str, str], *, include: bool) -> tuple[str, ...]:
    """Fetch, "CORS filtered response": the names of the headers that the page can read, sorted."""
    exposed = {name.lower() for name in elements(headers.get(EXPOSE_HEADERS, "")) or ()}
    everything = "*" in exposed and not include
    present = {name.lower() for name in headers} - FORBIDDEN_RESPONSE_HEADERS
    return tuple(
        sorted(name for name in present if everything or name in _SAFELISTED_RESPONSE_HEADERS or name in exposed)
    )


def elements(value: str) -> list[str] | None:
    """The elements of a list header (RFC 9110, section 5.6.1), empty ones left out; None where one is no token."""
    tokens = [element.strip(" \t") for element in value.split(",")]
    names = [token for token in tokens if token]
    return names if all(map(is_token, names)) else None


def blocked(url: str, origin: str, reason: str) -> str:
    """The line on Chromium's console."""
    return f"Access to fetch at '{url}' from origin '{origin}' has been blocked by CORS policy: {reason}"


def is_mixed_content(url_scheme: str, url_host: str, origin: str) -> bool:
    """Whether a secure page would call an insecure URL: browsers refuse before CORS (W3C, Mixed Content)."""
    page = parse(origin)
    return page is not None and page[0] == "https" and url_scheme == "http" and not is_localhost(url_host)


def mixed_content(url: str, origin: str) -> str:
    """The line on Chromium's console, for the page at the root of its origin; the URL is there without its fragment."""
    return (
        f"Mixed Content: The page at '{origin}/' was loaded over HTTPS, but requested an insecure resource "
        f"'{url.partition('#')[0]}'. This request has been blocked; the content must be served over HTTPS."
    )
