"""A server that speaks as SSM and as the extension do, and misbehaves as told. Loopback only."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

# A fault answers a request in place of the server; it is given the handler.
Fault = "Callable[[Handler], None]"


class Server(ThreadingHTTPServer):
    """`parameters`: name -> value; all of version `version`. `fault`: None while it behaves. `asked`: how often."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.parameters: dict[str, str] = {}
        self.version = 1
        self.fault: Callable[[Handler], None] | None = None
        self.asked = 0
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for each in self._open:
            each.close()

    def vanish(self) -> None:
        """From now on a connection is neither made nor refused: the kernel drops what comes to a full queue."""
        address = self.server_address[:2]
        self.stop()
        queue = socket.create_server(address, backlog=0)
        self._open = [queue, *(socket.socket() for _ in range(4))]
        for client in self._open[1:]:
            client.setblocking(False)
            client.connect_ex(address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        self.server.asked += 1
        if self.server.fault is not None:
            self.server.fault(self)
        elif self.headers["X-Amz-Target"].endswith(".GetParameters"):
            found = [self._parameter(name) for name in reversed(body["Names"]) if name in self.server.parameters]
            self.say(200, {"Parameters": found, "InvalidParameters": []})
        elif body["Name"] in self.server.parameters:
            self.say(200, {"Parameter": self._parameter(body["Name"])})
        else:
            self.say(400, {"__type": "ParameterNotFound"})

    def do_GET(self) -> None:
        self.server.asked += 1
        name = parse_qs(urlsplit(self.path).query)["name"][0]
        if self.server.fault is not None:
            self.server.fault(self)
        elif name in self.server.parameters:
            self.say(200, {"Parameter": self._parameter(name)})
        else:
            self.say(
                400, {"message": "an unexpected error occurred while executing request", "code": "ParameterNotFound"}
            )

    def _parameter(self, name: str) -> dict[str, Any]:
        return {"Name": name, "Type": "String", "Value": self.server.parameters[name], "Version": self.server.version}

    def say(self, status: int, answer: Any) -> None:
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


def error(status: int, code: str) -> Callable[[Handler], None]:
    """An error of AWS."""
    return lambda handler: handler.say(status, {"__type": code, "message": "no\r\nX-Evil: yes"})


def silence(handler: Handler) -> None:
    """No answer, for longer than anybody waits here."""
    time.sleep(3)


def hang_up(handler: Handler) -> None:
    """The connection closed without an answer."""
    handler.connection.close()


def noise(handler: Handler) -> None:
    """Bytes that are no HTTP."""
    handler.wfile.write(b"\x00\xff" * 50 + b"\r\n\r\n")
    handler.connection.close()
