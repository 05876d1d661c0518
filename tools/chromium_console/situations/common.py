"""What the topics share: short names for the headers of CORS, and answers that pass."""

from __future__ import annotations

from chromium_console.shapes import Answer

Header = tuple[str, str]

PAGE = "https://page.example"

HASH_ORDER = "which of several missing headers is named follows a hash table, not the page and not the alphabet"
"""The note of a case whose message names one of several headers."""


def origin(value: str) -> Header:
    """Access-Control-Allow-Origin."""
    return "Access-Control-Allow-Origin", value


def credentials(value: str = "true") -> Header:
    """Access-Control-Allow-Credentials."""
    return "Access-Control-Allow-Credentials", value


def methods(value: str) -> Header:
    """Access-Control-Allow-Methods."""
    return "Access-Control-Allow-Methods", value


def headers(value: str) -> Header:
    """Access-Control-Allow-Headers."""
    return "Access-Control-Allow-Headers", value


def expose(value: str) -> Header:
    """Access-Control-Expose-Headers."""
    return "Access-Control-Expose-Headers", value


def max_age(value: str) -> Header:
    """Access-Control-Max-Age."""
    return "Access-Control-Max-Age", value


def ok(*given: Header, status: int = 200) -> Answer:
    """An answer that lets the page of every case in, with these headers too."""
    return Answer(status, (origin(PAGE), *given))


def ok_with_credentials(*given: Header, status: int = 200) -> Answer:
    """An answer that lets it in with credentials."""
    return ok(credentials(), *given, status=status)


def any_origin(*given: Header, status: int = 200) -> Answer:
    """An answer that lets every page in, without credentials."""
    return Answer(status, (origin("*"), *given))
