"""Serves the pages, and answers the console's questions."""

from __future__ import annotations

import contextlib
import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from local.console import gate
from local.pages import Sites

if TYPE_CHECKING:
    import socket

    from local.console.desk import Desk
    from local.pages import Site

HEADERS = {
    "Cache-Control": "no-store",  # an edit shows at the next load
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
CONSOLE_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
EVENTS = "/api/events"
RULES = "/api/rules"


class Pages(BaseHTTPRequestHandler):
    """GET and HEAD of what a site has; the console's questions."""

    protocol_version = "HTTP/1.1"
    server_version = "pages"
    sys_version = ""
    timeout = 60  # seconds without a word on a connection

    server: PageServer

    def do_GET(self) -> None:
        """Answer with a file or with data of the console, 403 for another host name, or 404."""
        site = self._site()
        if site is None:
            return
        path = self.path.split("?", 1)[0]
        if site.name == "console" and path in (EVENTS, RULES):
            if path == EVENTS and self.command == "GET":
                self._stream()
            else:
                self._json(HTTPStatus.OK, self.server.desk.rules() if path == RULES else {})
            return
        found = site.file(path)
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is no such page.\n")
            return
        self._answer(HTTPStatus.OK, *found, policy=site.policy)

    do_HEAD = do_GET  # noqa: N815  the standard library's names

    def do_POST(self) -> None:
        """Answer a question of the console."""
        self.close_connection = True  # until the body has been read, what follows is no request
        site = self._site()
        if site is None:
            return
        length = self.headers.get("Content-Length", "")
        if site.name != "console" or not gate.is_json(self.headers.get("Content-Type", "")):
            self._refuse(HTTPStatus.FORBIDDEN, "Nothing is posted here but JSON, to the console.")
        elif not (length.isascii() and length.isdecimal()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "How long is it?")
        elif len(length) > 9 or int(length) > gate.MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"It is longer than {gate.MAX_BODY:,} bytes.")
        else:
            body = self.rfile.read(int(length))
            self.close_connection = False
            self._json(*self.server.desk.answer(self.path, body))

    def _site(self) -> Site | None:
        """The site that is asked; None where the request has been refused."""
        hosts = self.headers.get_all("Host", [])
        site = self.server.sites.at(hosts[0]) if len(hosts) == 1 else None
        if site is None:
            self._refuse(HTTPStatus.FORBIDDEN, "These pages have names below localhost, and this is none of them.")
            return None
        if site.name == "console":
            asks = self.path.startswith("/api/")
            why = gate.refusal(self.command, self.headers.items(), self.server.sites.console, asks=asks)
            if why is not None:
                self._refuse(HTTPStatus.FORBIDDEN, why)
                return None
        return site

    def _stream(self) -> None:
        self.close_connection = True
        self._begin(HTTPStatus.OK, "text/event-stream; charset=utf-8")
        self.end_headers()
        with contextlib.suppress(OSError):  # the page has gone
            for part in self.server.desk.feed.stream(self.headers.get("Last-Event-ID", "")):
                self.wfile.write(part)
                self.wfile.flush()

    def _json(self, status: HTTPStatus, found: dict[str, Any]) -> None:
        self._answer(status, "application/json", json.dumps(found).encode())

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._answer(status, "text/plain; charset=utf-8", f"{why}\n".encode())

    def _answer(self, status: HTTPStatus, media_type: str, body: bytes, policy: str = "default-src 'none'") -> None:
        self._begin(status, media_type, policy)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _begin(self, status: HTTPStatus, media_type: str, policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        site = self.server.sites.at(self.headers.get("Host", ""))
        own = CONSOLE_HEADERS if site is not None and site.name == "console" else {}
        for name, value in {**HEADERS, **own, "Content-Security-Policy": policy, "Content-Type": media_type}.items():
            self.send_header(name, value)

    def log_message(self, *_: Any) -> None:
        """Nothing: the lines in the terminal are the API's requests."""


class PageServer(ThreadingHTTPServer):
    """Ends with the process, whoever is still connected."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, sites: Sites, desk: Desk) -> None:
        """`listener` is bound already."""
        super().__init__(listener.getsockname(), Pages, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.sites = sites
        self.desk = desk
        self.server_activate()

    def handle_error(self, *_: Any) -> None:
        """Nothing: a browser that hangs up is no news."""


def make_server(listener: socket.socket, desk: Desk) -> PageServer:
    """A threaded server of the pages."""
    return PageServer(listener, Sites(listener.getsockname()[1], desk.api), desk)
