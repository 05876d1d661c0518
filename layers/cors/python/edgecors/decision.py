"""The CORS decision: which headers a response carries, for a policy and what a request says.

Names of steps are those of Fetch: "CORS check" (section 4.9), "CORS-preflight fetch" (4.8). Each function gives
a dict of its own: what it returns is never shared between calls.
"""

from __future__ import annotations

from edgecors._origin import is_localhost, parse
from edgecors._spec import FORBIDDEN_METHODS, MAX_EMPTY_ELEMENTS, MAX_REQUESTED_HEADERS, TOKEN_CHARACTERS, is_token
from edgecors.policy import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edgecors._checks import Regex
    from edgecors.policy import Policy


_TOKENS_AND_COMMAS = f"{TOKEN_CHARACTERS},".encode()


def allows_origin(policy: Policy | None, origin: str) -> bool:
    """Whether the policy lets pages of this Origin (as sent) read."""
    return policy is not None and (origin in policy._exact or (policy._matches is not None and policy._matches(origin)))


def preflight_headers(policy: Policy, origin: str, method: str, requested: str | None) -> dict[str, str]:
    """The headers of the answer to a preflight from an allowed origin.

    The lists are the policy's own, whole, whatever was asked for: the browser compares, says exactly what is
    missing, and can use its cached answer for the next method or header.
    """
    headers = policy._preflight.copy()
    if not policy._any_origin:
        headers[ALLOW_ORIGIN] = origin
    if policy._echo_methods and _is_method_to_echo(method):
        headers[ALLOW_METHODS] = method
    if requested is not None:
        if policy._echo_headers:
            _set_list(headers, _spaced(requested))
        # Fetch wants Authorization named, but browsers exist that take it under `*`: they are not shown one.
        elif policy._withhold_authorization and "authorization" in requested.lower():
            tokens = requested_headers(requested)
            if tokens is None or any(token.lower() == "authorization" for token in tokens):
                del headers[ALLOW_HEADERS]
                _set_list(headers, ", ".join(token for token in tokens or () if token.lower() != "authorization"))
    return headers


def actual_headers(policy: Policy, origin: str | None) -> dict[str, str]:
    """The headers of the answer to any other request from an allowed origin (None: under `*`, without Origin), its
    `Vary` to be merged with the handler's."""
    headers = policy._actual.copy()
    if not policy._any_origin and origin is not None:
        headers[ALLOW_ORIGIN] = origin
    return headers


def requested_headers(value: str) -> list[str] | None:
    """The tokens of Access-Control-Request-Headers, else None: one pass, bounded in length and empty elements.

    Browsers send them sorted and without spaces, but what lies between may add white space and split the list
    (RFC 9110, section 5.6.1).
    """
    # Each `,,` is an empty element at least (CVE-2025-47908): thousands of them are not worth a list.
    if len(value) > MAX_REQUESTED_HEADERS or value.count(",,") > MAX_EMPTY_ELEMENTS:
        return None
    tokens = [element.strip(" \t") for element in value.split(",")]
    names = [token for token in tokens if token]
    if len(tokens) - len(names) > MAX_EMPTY_ELEMENTS or "".join(names).strip(TOKEN_CHARACTERS):
        return None
    return names


def _is_method_to_echo(method: str) -> bool:
    return len(method) <= MAX_REQUESTED_HEADERS and is_token(method) and method.upper() not in FORBIDDEN_METHODS


def _spaced(value: str) -> str:
    """The tokens of Access-Control-Request-Headers as a list of ours; "" where they are not valid.

    What browsers send needs only the spaces: 8 KB as a whole take a fifth of the time that they take token by token.
    """
    if len(value) <= MAX_REQUESTED_HEADERS and value.isascii() and ",," not in f",{value},":
        octets = value.encode()
        if not octets.translate(None, _TOKENS_AND_COMMAS):
            return octets.replace(b",", b", ").decode()  # two thirds of what it takes as text
    return ", ".join(requested_headers(value) or ())


def _set_list(headers: dict[str, str], tokens: str) -> None:
    if tokens:
        headers[ALLOW_HEADERS] = tokens


def refusal(policy: Policy | None, origin: str) -> str:
    """The stable code of why an Origin is refused; to be asked only of one that is."""
    if policy is None:
        return "no-policy"
    if origin == "null":
        return "origin-null"
    if "," in origin:
        return "origin-multiple"
    if parse(origin) is None:
        return "origin-malformed"
    return "origin-not-allowed"


def may_be_asked(policy: Policy, origin: str) -> bool:
    """Whether a user's `origin_check` is asked about an Origin that no pattern matched: only if a policy could
    list it."""
    parts = parse(origin)
    if parts is None:
        return False
    scheme, host, _ = parts
    insecure = scheme == "http" and not is_localhost(host)
    return not (insecure and policy.allow_credentials) or policy.dangerously_allow_insecure_origins


def only_origin(policy: Policy | None) -> str | None:
    """The policy's origin, if it has exactly one and that is exact."""
    if policy is None or len(policy.allow_origins) != 1:
        return None
    origin: str | Regex = policy.allow_origins[0]
    return origin if isinstance(origin, str) and "*" not in origin else None
