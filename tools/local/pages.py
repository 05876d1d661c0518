"""The pages on loopback: which host name has which, and what each may load.

- The Tea App has two names: one that the rules allow, and one that only looks like it.
- The console has a third.
- Any other name below localhost has nothing but the frame in which the console calls the API from there for real.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent / "pages"
APP = "app.localhost"
LOOK_ALIKE = "app.localhost.evil.localhost"
CONSOLE = "console.localhost"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
_BELOW_LOCALHOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){1,8}localhost")
_CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'"


def origin(name: str, port: int) -> str:
    """The origin of the pages under a host name, as a browser serialises it."""
    return f"http://{name}" if port == 80 else f"http://{name}:{port}"


class Site(NamedTuple):
    """What a host name has. `folders`: of ROOT; `made`: files that are made here, by path; `policy`: its CSP."""

    name: str
    folders: tuple[str, ...]
    made: dict[str, bytes]
    policy: str

    def file(self, path: str) -> tuple[str, bytes] | None:
        """The type and the content of a file. A path is looked up and never joined to a folder."""
        path = "/index.html" if path == "/" else path
        if path in self.made:
            return TYPES[Path(path).suffix], self.made[path]
        for folder in self.folders:
            for file in (ROOT / folder).iterdir():
                if path == f"/{file.name}" and file.suffix in TYPES:
                    return TYPES[file.suffix], file.read_bytes()
        return None


class Sites:
    """Every host name on one port."""

    def __init__(self, port: int, api: str) -> None:
        """`api` is the Tea API's origin."""
        self.console = origin(CONSOLE, port)
        self._ports = (f":{port}", "")
        names = {"app": origin(APP, port), "lookAlike": origin(LOOK_ALIKE, port), "console": self.console}
        config = f"export const api = {json.dumps(api)};\nexport const pages = {json.dumps(names)};\n".encode()
        place = f"const place = {json.dumps({'api': api, 'console': self.console})};\n".encode()
        self._frame = Site(
            "frame",
            ("frame",),
            {"/place.js": place},
            f"{_CLOSED}; script-src 'self'; connect-src {api}; frame-ancestors {self.console}",
        )
        # The frame's policy for everything would keep the Tea App's pictures out.
        self._tea = Site(
            "tea",
            ("tea", "frame"),
            {"/config.js": config, "/place.js": place},
            f"{_CLOSED}; script-src 'self'; style-src 'self'; img-src 'self' {api}; connect-src {api}; "
            f"frame-ancestors {self.console}",
        )
        below = origin("*.localhost", port)
        self._console = Site(
            "console",
            ("console",),
            {"/config.js": config},
            f"{_CLOSED}; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            f"frame-src {below}; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        )

    def at(self, host: str) -> Site | None:
        """The site of a Host header; None for a name that is none of ours.

        Whoever points a name of theirs at this machine (DNS rebinding) gets nothing.
        """
        name, colon, port = host.lower().partition(":")
        if colon + port not in self._ports:
            return None
        if name == CONSOLE:
            return self._console
        if name in (APP, LOOK_ALIKE):
            return self._tea
        return self._frame if _BELOW_LOCALHOST.fullmatch(name) else None
