"""A server that answers every URL as a case says, however wrong, and notes what it was asked."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from chromium_console.shapes import Answer, Case, Headers, Sent, is_preflight

if TYPE_CHECKING:
    from types import TracebackType

NOTED = {"origin", "authorization", "content-type", "cookie"}
PAGE = b"<!doctype html><title>page</title>"


class Server:
    """Listens on three free ports of 127.0.0.1 for whatever host; an async context manager.

    `http` and `https` stand for the internet, `local` (http) for this machine.
    """

    http: int
    https: int
    local: int

    def __init__(self, directory: Path) -> None:
        """`directory` takes the throw-away certificate."""
        self._directory = directory
        self._answers: dict[str, tuple[Answer, Answer | None]] = {}
        self._names: set[str] = set()
        self._sent: list[Sent] = []
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> Server:
        """Starts to listen."""
        key, certificate = self._directory / "key.pem", self._directory / "certificate.pem"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=throw-away",
        ]
        subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        plain = await asyncio.start_server(self._plain, "127.0.0.1", 0)
        secure = await asyncio.start_server(self._secure, "127.0.0.1", 0, ssl=context)
        local = await asyncio.start_server(self._plain, "127.0.0.1", 0)
        self._servers = [plain, secure, local]
        self.http, self.https, self.local = (server.sockets[0].getsockname()[1] for server in self._servers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops."""
        for server in self._servers:
            server.close()

    def serve(self, case: Case) -> None:
        """Answers as the case says from now on."""
        self._answers = {hop.url: (hop.answer, hop.preflight) for hop in case.hops}
        self._answers[case.url.partition("#")[0]] = (case.answer, case.preflight)
        self._names = NOTED | {name.lower() for name, _ in case.headers}
        self._sent = []

    def sent(self) -> tuple[Sent, ...]:
        """What the case's URLs were asked, in order."""
        return tuple(self._sent)

    async def _plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._connection("http", reader, writer)

    async def _secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._connection("https", reader, writer)

    async def _connection(self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while answer := self._answer(scheme, await reader.readuntil(b"\r\n\r\n")):
                length, response = answer
                await reader.readexactly(length)
                writer.write(response)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser is done with the connection
        finally:
            writer.close()

    def _answer(self, scheme: str, head: bytes) -> tuple[int, bytes] | None:
        """The length of the body that is still to be read and the response; None: close without one."""
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        given = dict(headers)
        url = f"{scheme}://{given['host']}{target}"
        length = int(given.get("content-length", "0"))
        if url not in self._answers:
            return length, _response("GET", Answer(200, (("Content-Type", "text/html"),)), PAGE)
        sent = Sent(method, url, self._noted(headers))
        self._sent.append(sent)
        actual, preflight = self._answers[url]
        answer = preflight if is_preflight(sent) and preflight else actual
        return (length, _response(method, answer, b"body")) if answer.status else None

    def _noted(self, headers: list[tuple[str, str]]) -> Headers:
        noted = []
        for name, value in headers:
            if name in self._names or name.startswith("access-control-request-"):
                own = name == "user-agent" and "Chrome/" in value
                noted.append((name, "(the browser's own)" if own else value))
        return tuple(sorted(noted))


def _response(method: str, answer: Answer, body: bytes) -> bytes:
    status = answer.status or 0
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Odd"
    bare = method == "HEAD" or status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in answer.headers)]
    if not bare:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if bare else body)
