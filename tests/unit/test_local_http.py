"""A GET over HTTP to this machine: every way in which an answer can end, and what is none."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from edgecors.runtime import local_http

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
# What the server sends before it hangs up, and what that is.
ANSWERS: dict[str, tuple[bytes, tuple[int, bytes]]] = {
    "length": (OK + b"Content-Length: 3\r\n\r\ntea", (200, b"tea")),
    "length-in-any-spelling": (OK + b"content-LENGTH:3 \r\n\r\ntea", (200, b"tea")),
    "length-and-more": (OK + b"Content-Length: 3\r\n\r\ntea and more", (200, b"tea")),
    "no-body": (OK + b"Content-Length: 0\r\n\r\n", (200, b"")),
    "until-it-hangs-up": (b"HTTP/1.0 200 OK\r\n\r\ntea", (200, b"tea")),
    "chunks": (CHUNKED + b"2\r\nte\r\n1\r\na\r\n0\r\n\r\n", (200, b"tea")),
    "chunks-with-extensions": (CHUNKED + b"0003;a=b\r\ntea\r\n0\r\nX: y\r\n\r\n", (200, b"tea")),
    "chunks-over-a-length": (
        OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nB\r\nlots of tea\r\n0\r\n\r\n",
        (200, b"lots of tea"),
    ),
    "interim": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 x\r\nA: b\r\n\r\n" + OK + b"\r\ntea", (200, b"tea")),
    "error": (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno", (400, b"no")),
    "no-reason": (b"HTTP/1.1 204\r\n\r\n", (204, b"")),
    "line-feeds": (b"HTTP/1.1 200 OK\nContent-Length: 3\n\ntea", (200, b"tea")),
    "as-long-as-may-be": (OK + b"Content-Length: 20\r\n\r\n" + b"t" * 20, (200, b"t" * 20)),
    "as-long-as-may-be-until-it-hangs-up": (OK + b"\r\n" + b"t" * 20, (200, b"t" * 20)),
}
NO_HTTP: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "ends early"),
    "noise": (b"\x00\xff\r\n\r\n", "no status line"),
    "another-protocol": (b"SSH-2.0-OpenSSH\r\n", "no status line"),
    "no-status": (b"HTTP/1.1 OK\r\n\r\n", "no status line"),
    "digits-of-elsewhere": ("HTTP/1.1 ²00 OK\r\n\r\n".encode("latin-1"), "no status line"),
    "cut-in-its-head": (OK + b"Content-Length: 3\r\n", "ends early"),
    "cut-in-its-body": (OK + b"Content-Length: 3\r\n\r\nte", "ends after 2 of 3 bytes"),
    "cut-between-chunks": (CHUNKED + b"2\r\nte\r\n", "ends early"),
    "cut-in-a-chunk": (CHUNKED + b"4\r\nte", "ends after 2 of 4 bytes"),
    "chunk-longer-than-it-says": (CHUNKED + b"1\r\ntea\r\n0\r\n\r\n", "longer than it says"),
    "no-size": (CHUNKED + b"tea\r\n", "invalid literal"),
    "less-than-nothing": (OK + b"Content-Length: -1\r\n\r\ntea", "a length of -1"),
    "no-length": (OK + b"Content-Length: tea\r\n\r\ntea", "invalid literal"),
    "long": (OK + b"Content-Length: 21\r\n\r\n" + b"t" * 21, "21 bytes, more than 20"),
    "long-until-it-hangs-up": (OK + b"\r\n" + b"t" * 21, "more than 20 bytes"),
    "long-in-chunks": (CHUNKED + b"a\r\n" + b"t" * 10 + b"\r\nb\r\n" + b"t" * 11 + b"\r\n0\r\n\r\n", "more than 10"),
    "long-line": (OK + b"A: " + b"b" * 70_000, "a line is too long"),
    "many-fields": (OK + b"A: b\r\n" * 101 + b"\r\n", "too many header fields"),
}


class Server:
    """Sends `answer` to whoever asks, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer = b""
        self.asked = b""
        self.stays = False  # without hanging up
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self._open.append(client)
            self.asked = b""
            while not self.asked.endswith(b"\r\n\r\n"):
                self.asked += client.recv(1)
            client.sendall(self.answer)
            if not self.stays:
                client.close()

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)
        for each in self._open:
            each.close()


@pytest.fixture(scope="module")
def _server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def server(_server: Server) -> Server:
    _server.stays = False
    return _server


def got(server: Server) -> tuple[int, bytes]:
    return local_http.get(server.port, "/tea?name=%2Fx", {"X-Token": "t"}, timeout=5, most=20)


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(name: str, server: Server) -> None:
    server.answer, expected = ANSWERS[name]
    assert got(server) == expected


@pytest.mark.parametrize("name", NO_HTTP)
def test_what_is_no_answer(name: str, server: Server) -> None:
    server.answer, says = NO_HTTP[name]
    with pytest.raises(ValueError, match=says):
        got(server)


def test_what_is_sent(server: Server) -> None:
    server.answer = ANSWERS["length"][0]
    got(server)
    assert server.asked == (
        f"GET /tea?name=%2Fx HTTP/1.1\r\nHost: localhost:{server.port}\r\nConnection: close\r\nX-Token: t\r\n\r\n"
    ).encode("ascii")


@pytest.mark.parametrize("name", ["length", "chunks", "no-body"])
def test_a_server_that_does_not_hang_up_is_not_waited_for(name: str, server: Server) -> None:
    server.stays = True
    server.answer, expected = ANSWERS[name]
    assert got(server) == expected


def test_silence_and_nobody() -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    port = int(silent.getsockname()[1])
    with pytest.raises(TimeoutError):
        local_http.get(port, "/", {}, timeout=0.05, most=20)
    silent.close()
    with pytest.raises(ConnectionRefusedError):
        local_http.get(port, "/", {}, timeout=5, most=20)
