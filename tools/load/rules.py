"""The rules that are published in turn while the requests go on. They differ in who may call, and in nothing else."""

from __future__ import annotations

import json
from typing import Literal

Version = Literal["even", "odd"]

METHODS = "DELETE, PUT"
HEADERS = "Authorization, Content-Type, If-None-Match"
EXPOSED = "ETag, Link, Location"
MAX_AGE = "300"

KNOWN = "https://victoria-lo.github.io"
ALWAYS = (
    KNOWN,
    "https://*.victoria-lo.github.io",
    "http://localhost:*",
    "https://[::1]:8443",
    {"regex": r"https://(shop|cafe)-[0-9]+\.tea\.example"},
)
NOT_JSON = '{"schema": "edgecors/1", "policies": ['
"""What is put into the parameter past every check, as anybody with the permission can."""


def document(version: Version) -> str:
    """A version's rules document, as JSON. Only the origins that its name is in are its own."""
    policy = {
        "name": "tea",
        "paths": ["/", "/tea", "/tea/*"],
        "allow_origins": [*ALWAYS, f"https://{version}.example", f"https://*.{version}.example"],
        "allow_methods": METHODS.split(", "),
        "allow_headers": HEADERS.split(", "),
        "expose_headers": EXPOSED.split(", "),
        "max_age": int(MAX_AGE),
    }
    return json.dumps({"schema": "edgecors/1", "policies": [policy]})
