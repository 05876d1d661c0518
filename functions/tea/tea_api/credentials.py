"""HTTP Basic: RFC 7617."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field

CHALLENGE = 'Basic realm="tea", charset="UTF-8"'
"""The value of WWW-Authenticate."""

_LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password; the password is in no repr, and so in no log."""

    username: str
    password: str = field(repr=False)


def parse(authorization: str | None) -> Credentials | None:
    """The credentials in an Authorization header; None if it holds none of the Basic scheme."""
    if authorization is None or len(authorization) > _LONGEST:
        return None
    scheme, _, token = authorization.strip(" \t").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(token.strip(" "), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    username, colon, password = text.partition(":")
    return Credentials(username, password) if colon else None


def same(given: Credentials, expected: Credentials) -> bool:
    """Whether both are equal; the time that it takes tells nothing of the expected ones."""
    username = hmac.compare_digest(_digest(given.username), _digest(expected.username))
    password = hmac.compare_digest(_digest(given.password), _digest(expected.password))
    return username & password


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
