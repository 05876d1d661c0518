"""What a browser concludes from an answer's CORS headers, and what Chromium's console then says.

Steps and names are those of Fetch, sections 4.8 (CORS-preflight fetch) and 4.9 (CORS check); the texts are those
of Chromium 156, whose order of checks is followed where it reports one of several.
"""

from __future__ import annotations

from edgecors._origin import is_localhost, parse
from edgecors._spec import FORBIDDEN_RESPONSE_HEADERS, SAFELISTED_METHODS
from edgecors.policy import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def origin_fault(headers: Mapping[str, str], origin: str, *, include: bool) -> str | None:
    """CORS check, steps 1 to 4: Chromium's reason where the answer is not for this origin."""
    allowed = headers.get(ALLOW_ORIGIN)
    if allowed is None:
        return "No 'Access-Control-Allow-Origin' header is present on the requested resource."
    if allowed == "*" and include:
        return (
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' "
            "when the request's credentials mode is 'include'."
        )
    if allowed not in ("*", origin):
        return (
            f"The 'Access-Control-Allow-Origin' header has a value '{allowed}' that is not equal to the supplied "
            "origin. Have the server send the header with a valid value."
        )
    return None


def credentials_fault(headers: Mapping[str, str], *, include: bool) -> str | None:
    """CORS check, steps 5 to 7: Chromium's reason where credentials were sent and are not allowed."""
    value = headers.get(ALLOW_CREDENTIALS, "")
    if not include or value == "true":
        return None
    return (
        f"The value of the 'Access-Control-Allow-Credentials' header in the response is '{value}' which must be "
        "'true' when the request's credentials mode is 'include'."
    )


def preflight_reason(reason: str) -> str:
    """The reason of a CORS check that failed on a preflight's answer."""
    return _PREFLIGHT + reason


def status_fault(status: int) -> str | None:
    """CORS-preflight fetch, step 7: an ok status is 200 to 299."""
    return None if 200 <= status <= 299 else _PREFLIGHT + "It does not have HTTP ok status."


def method_fault(headers: Mapping[str, str], method: str, *, include: bool) -> str | None:
    """CORS-preflight fetch, step 7.5: the method is listed, safelisted, or under `*`, which is a name with
    credentials."""
    listed = elements(headers.get(ALLOW_METHODS, ""))
    if method in SAFELISTED_METHODS or method in listed or ("*" in listed and not include):
        return None
    return f"Method {method} is not allowed by Access-Control-Allow-Methods in preflight response."


def missing_headers(headers: Mapping[str, str], asked: Iterable[str], *, include: bool) -> list[str]:
    """CORS-preflight fetch, steps 7.6 and 7.7: the names asked for that are not allowed.

    Fetch wants Authorization named even under `*`; Chromium 156 takes it, but Safari does as Fetch says.
    """
    listed = [name.lower() for name in elements(headers.get(ALLOW_HEADERS, ""))]
    any_header = "*" in listed and not include
    return [name for name in asked if name not in listed and not (any_header and name.lower() != "authorization")]


def header_reason(name: str) -> str:
    """Chromium's reason for a header that the preflight does not allow."""
    return f"Request header field {name} is not allowed by Access-Control-Allow-Headers in preflight response."


def readable(headers: Mapping[str, str], *, include: bool) -> tuple[str, ...]:
    """Fetch, "CORS filtered response": the names of the headers that the page can read, sorted."""
    exposed = [name.lower() for name in elements(headers.get(EXPOSE_HEADERS, ""))]
    everything = "*" in exposed and not include
    present = {name.lower() for name in headers} - FORBIDDEN_RESPONSE_HEADERS
    return tuple(
        sorted(name for name in present if everything or name in _SAFELISTED_RESPONSE_HEADERS or name in exposed)
    )


def elements(value: str) -> list[str]:
    """The elements of a list header of ours."""
    return [element.strip() for element in value.split(",") if element.strip()]


def blocked(url: str, origin: str, reason: str) -> str:
    """The line on Chromium's console."""
    return f"Access to fetch at '{url}' from origin '{origin}' has been blocked by CORS policy: {reason}"


def is_mixed_content(url_scheme: str, url_host: str, origin: str) -> bool:
    """Whether a secure page would call an insecure URL: browsers refuse before CORS (W3C, Mixed Content)."""
    page = parse(origin)
    return page is not None and page[0] == "https" and url_scheme == "http" and not is_localhost(url_host)


def mixed_content(url: str, origin: str) -> str:
    """The line on Chromium's console."""
    return (
        f"Mixed Content: The page at '{origin}/' was loaded over HTTPS, but requested an insecure resource '{url}'. "
        "This request has been blocked; the content must be served over HTTPS."
    )
