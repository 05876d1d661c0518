"""A GET over HTTP to a server on this machine.

`http.client` does it too, and loads `ssl` and `email` for it, which was two thirds of what rules through the extension
add to a start (`make cold`).
"""

from __future__ import annotations

import socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

_LONGEST_LINE, _MOST_FIELDS = 65_536, 100  # http.client's


def get(port: int, target: str, headers: dict[str, str], *, timeout: float, most: int) -> tuple[int, bytes]:
    """Status and body of what `localhost` answers to a GET.

    `target`: path and query. `timeout`: seconds for each step. `most`: bytes that the body may have. Raises OSError
    (TimeoutError is one), and ValueError for an answer that is no HTTP, ends early or is too long.

    Source: RFC 9112, sections 4 (status line), 6.3 (where a body ends) and 7.1 (chunks).
    """
    sent = {"Host": f"localhost:{port}", "Connection": "close", **headers}
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
    # As bytes: to look up a text, Python loads `encodings.idna`.
    with socket.create_connection((b"localhost", port), timeout) as connection:  # type: ignore[arg-type]
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        with connection.makefile("rb") as answer:
            status, fields = _head(answer)
            while status < 200:  # interim
                status, fields = _head(answer)
            return status, _body(answer, fields, most)


def _head(answer: BinaryIO) -> tuple[int, dict[str, str]]:
    """The status, and the fields by their names in lower case."""
    version, _, rest = _line(answer).partition(" ")
    status = rest[:3]
    if not (version.startswith("HTTP/1.") and len(status) == 3 and status.isascii() and status.isdigit()):
        raise ValueError(f"no status line: {version[:20]!a}")
    fields: dict[str, str] = {}
    for _ in range(_MOST_FIELDS):
        line = _line(answer)
        if not line:
            return int(status), fields
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    raise ValueError("too many header fields")


def _body(answer: BinaryIO, fields: dict[str, str], most: int) -> bytes:
    if "transfer-encoding" in fields:
        return _chunks(answer, most)
    length = fields.get("content-length")
    if length is None:
        body = answer.read(most + 1)
        if len(body) > most:
            raise ValueError(f"more than {most} bytes")
        return body
    return _exactly(answer, _number(length, 10), most)


def _chunks(answer: BinaryIO, most: int) -> bytes:
    body = b""
    while size := _number(_line(answer).partition(";")[0], 16):
        body += _exactly(answer, size, most - len(body))
        if _line(answer):
            raise ValueError("a chunk is longer than it says")
    return body


def _exactly(answer: BinaryIO, size: int, most: int) -> bytes:
    if size > most:
        raise ValueError(f"{size} bytes, more than {most}")
    body = answer.read(size)
    if len(body) < size:
        raise ValueError(f"ends after {len(body)} of {size} bytes")
    return body


def _line(answer: BinaryIO) -> str:
    line = answer.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise ValueError("ends early" if len(line) < _LONGEST_LINE else "a line is too long")
    return line.decode("latin-1").rstrip("\r\n")


def _number(text: str, base: int) -> int:
    number = int(text.strip(), base)
    if number < 0:
        raise ValueError(f"a length of {number}")
    return number
