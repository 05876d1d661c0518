"""Facts of the standards that the engine rests on, each with its source.

Fetch is https://fetch.spec.whatwg.org/, URL is https://url.spec.whatwg.org/.
"""

from __future__ import annotations

# --- Methods -----------------------------------------------------------------------------------------------

# Fetch, "CORS-safelisted method": they need no listing in Access-Control-Allow-Methods.
SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})

# Fetch, "forbidden method": fetch() throws a TypeError, in any case of letters.
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})

# Fetch, "normalize a method": only these six are upper-cased; `patch` stays `patch`.
NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})

# IANA, Hypertext Transfer Protocol (HTTP) Method Registry (RFC 9110, section 16.1).
REGISTERED_METHODS = frozenset(
    [
        "ACL",
        "BASELINE-CONTROL",
        "BIND",
        "CHECKIN",
        "CHECKOUT",
        "CONNECT",
        "COPY",
        "DELETE",
        "GET",
        "HEAD",
        "LABEL",
        "LINK",
        "LOCK",
        "MERGE",
        "MKACTIVITY",
        "MKCALENDAR",
        "MKCOL",
        "MKREDIRECTREF",
        "MKWORKSPACE",
        "MOVE",
        "OPTIONS",
        "ORDERPATCH",
        "PATCH",
        "POST",
        "PRI",
        "PROPFIND",
        "PROPPATCH",
        "PUT",
        "QUERY",
        "REBIND",
        "REPORT",
        "SEARCH",
        "TRACE",
        "UNBIND",
        "UNCHECKOUT",
        "UNLINK",
        "UNLOCK",
        "UPDATE",
        "UPDATEREDIRECTREF",
        "VERSION-CONTROL",
    ]
)

# --- Header names, in lower case ---------------------------------------------------------------------------

# Fetch, "forbidden request-header"; the prefixes `proxy-` and `sec-` are in is_forbidden_request_header.
_FORBIDDEN_REQUEST_HEADERS = frozenset(
    [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ]
)

# Fetch, "forbidden response-header name".
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})

# Fetch, "CORS protocol": the headers of requests, and those of responses.
CORS_REQUEST_HEADERS = frozenset({"origin", "access-control-request-method", "access-control-request-headers"})
CORS_RESPONSE_HEADER_PREFIX = "access-control-"
CORS_RESPONSE_HEADERS = frozenset(
    [
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-max-age",
        "access-control-expose-headers",
    ]
)
# Private Network Access, which browsers have dropped.
PRIVATE_NETWORK_HEADERS = frozenset({"access-control-request-private-network", "access-control-allow-private-network"})

# --- Tokens ------------------------------------------------------------------------------------------------

DIGITS = "0123456789"
LOWER = "abcdefghijklmnopqrstuvwxyz"
# RFC 9110, section 5.6.2: the characters of a token, which methods and header names are made of.
TOKEN_CHARACTERS = "!#$%&'*+-.^_`|~" + DIGITS + LOWER + LOWER.upper()

# RFC 9110, section 15: reason phrases of the statuses that the engine answers itself (`http` costs 1 ms to import).
PHRASES = {200: "OK", 204: "No Content", 403: "Forbidden", 500: "Internal Server Error"}

# --- Origins -----------------------------------------------------------------------------------------------

# URL, "special scheme": the ports that its serialiser leaves out.
DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}

# RFC 3986, section 3.1, in the lower case that the URL serialiser writes.
SCHEME_CHARACTERS = LOWER + DIGITS + "+.-"
LABEL_CHARACTERS = LOWER + DIGITS + "-_"
HOST_CHARACTERS = LABEL_CHARACTERS + "."
HEX_DIGITS = DIGITS + "abcdef"
# What a well-formed origin can be made of, an IPv6 literal's brackets and the separators included.
ORIGIN_CHARACTERS = LOWER + DIGITS + "+.-_:/[]"

MAX_SCHEME = 64
MAX_LABEL = 63  # RFC 1035, section 2.3.4
MAX_HOST = 253  # the same, in text; a trailing dot is not counted
MAX_PORT = 65535
# scheme, "://", host with a trailing dot, ":" and port: nothing longer is looked at.
MAX_ORIGIN = MAX_SCHEME + len("://") + MAX_HOST + 1 + len(":65535")

# --- Preflights --------------------------------------------------------------------------------------------

MAX_AGE_LIMIT = 86_400  # seconds; no browser keeps a preflight for longer (Firefox's cap)
# The echo of Access-Control-Request-Headers is bounded: CVE-2025-47908 was a list of commas without one.
MAX_REQUESTED_HEADERS = 8_192
MAX_EMPTY_ELEMENTS = 16


def is_token(text: str) -> bool:
    """Whether `text` is a token of RFC 9110, section 5.6.2."""
    return bool(text) and not text.strip(TOKEN_CHARACTERS)


def is_forbidden_request_header(name: str) -> bool:
    """Whether a page can never set the header `name` (in lower case): Fetch, "forbidden request-header"."""
    return name in _FORBIDDEN_REQUEST_HEADERS or name.startswith(("proxy-", "sec-"))
