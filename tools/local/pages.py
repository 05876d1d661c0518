"""The Tea App's pages on loopback, under two names: one that the rules allow, one that only looks like it."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

ROOT = Path(__file__).resolve().parent.parent / "pages"
APP = "app.localhost"
LOOK_ALIKE = "app.localhost.evil.localhost"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def origin(name: str, port: int) -> str:
    """The origin of the pages under a host name, as a browser serialises it."""
    return f"http://{name}" if port == 80 else f"http://{name}:{port}"


def make_server(listener: socket.socket, api: str) -> ThreadingHTTPServer:
    """A threaded server on a socket that is bound already; `api` is the Tea API's origin."""
    port: int = listener.getsockname()[1]
    hosts = {host for name in (APP, LOOK_ALIKE) for host in (name, f"{name}:{port}")}
    names = {"app": origin(APP, port), "lookAlike": origin(LOOK_ALIKE, port)}
    config = (f"export const api = {json.dumps(api)};\nexport const pages = {json.dumps(names)};\n").encode()
    headers = {
        "Cache-Control": "no-store",  # an edit shows at the next load
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' {api}; connect-src {api}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    class Pages(BaseHTTPRequestHandler):
        """GET and HEAD of the files in ROOT, for the two host names only."""

        protocol_version = "HTTP/1.1"
        server_version = "pages"
        sys_version = ""

        def do_GET(self) -> None:
            """Answer with a file, 403 for another host name, or 404."""
            if self.headers.get("Host", "").lower() not in hosts:
                # Whoever points a name of theirs at this machine (DNS rebinding) gets nothing.
                self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"These pages have two names, and this is neither.\n")
                return
            path = self.path.split("?", 1)[0]
            if path == "/config.js":
                self._answer(HTTPStatus.OK, TYPES[".js"], config)
                return
            file = files().get("/index.html" if path == "/" else path)
            if file is None:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is no such page.\n")
                return
            self._answer(HTTPStatus.OK, TYPES[file.suffix], file.read_bytes())

        do_HEAD = do_GET  # noqa: N815  the standard library's names

        def _answer(self, status: HTTPStatus, media_type: str, body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the lines in the terminal are the API's requests."""

    class Server(ThreadingHTTPServer):
        """Ends with the process, whoever is still connected."""

        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Nothing: a browser that hangs up is no news."""

    made = Server(listener.getsockname(), Pages, bind_and_activate=False)
    made.socket.close()
    made.socket = listener
    made.server_activate()
    return made


def files() -> dict[str, Path]:
    """The files there are, by path. A request's path is looked up here and never joined to a folder."""
    return {f"/{file.relative_to(ROOT).as_posix()}": file for file in ROOT.rglob("*") if file.suffix in TYPES}
