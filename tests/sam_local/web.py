"""Requests to `sam local start-api` over HTTP, and whole answers."""

from __future__ import annotations

import contextlib
import http.client
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contract.tea.support import Answer

SECONDS = 60
_OF_THE_SERVER = {"server", "date", "connection"}


@dataclass(frozen=True)
class Response:
    """`headers`: lines in the order of their names, as they came; those of SAM CLI's web server are left out."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @classmethod
    def of(cls, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Response:
        return cls(status, sorted(line for line in headers if line[0].lower() not in _OF_THE_SERVER), body)


@dataclass(frozen=True)
class Web:
    """The API at a port of this machine."""

    port: int

    def send(
        self, method: str, path: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
    ) -> Response:
        """A request with these lines of headers, besides Host and Content-Length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Response.of(response.status, response.getheaders(), response.read())


def shown(status: int, headers: Mapping[str, str], body: bytes = b"") -> Response:
    """A function's answer as `sam local` sends it: it adds a length, and a type where there is none."""
    added = {} if status == 304 else {"Content-Type": "application/json"}
    if status not in (204, 304):
        added["Content-Length"] = str(len(body))
    return Response.of(status, (added | dict(headers)).items(), body)


def of(answer: Answer) -> Response:
    """The API's answer as `sam local` sends it."""
    body: Any = answer.body
    if not isinstance(body, bytes):
        body = b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return shown(answer.status, answer.headers, body)


def parsed(text: str) -> Response:
    """What `curl -i` prints, read as text."""
    head, _, body = text.partition("\n\n")
    first, *lines = head.splitlines()
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Response.of(int(first.split()[1]), headers, body.encode())
