"""A server on this machine that says whatever it is told to, byte by byte; each path has its own way to answer."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Way = Callable[["Heard"], "bytes | None"]


@dataclass(frozen=True)
class Heard:
    """A request. `headers` by lower-case name."""

    method: str
    path: str
    headers: dict[str, str]
    connection: socket.socket

    @property
    def origin(self) -> str:
        """The Origin, "" where there is none."""
        return self.headers.get("origin", "")

    @property
    def is_preflight(self) -> bool:
        return self.method == "OPTIONS" and "access-control-request-method" in self.headers


def reply(status: int, *headers: tuple[str, str], body: bytes = b"", length: int | None = None) -> bytes:
    """An answer as it goes over the wire."""
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body) if length is None else length}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


class Server(socketserver.ThreadingTCPServer):
    """`ways`: by path. `heard`: every request, in order."""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, ways: dict[str, Way]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ways = ways
        self.heard: list[Heard] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever has enough of an endless answer hangs up: that is what is tested."""


class _Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.connection.settimeout(5)
        if self.connection.recv(1, socket.MSG_PEEK) == b"\x16":  # the first byte of TLS, which this is not
            self.connection.sendall(reply(400))
            return
        first = self.rfile.readline().decode("latin-1").split(" ")
        headers = {}
        while (line := self.rfile.readline().decode("latin-1").rstrip("\r\n")) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        method, path = first[0], first[1].partition("?")[0]
        heard = Heard(method, path, headers, self.connection)
        self.server.heard.append(heard)
        said = self.server.ways[path](heard)
        with contextlib.suppress(OSError):
            self.connection.sendall(said or b"")
