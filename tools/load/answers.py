"""What an answer must be, as one text that both wrk's script and the client in Python can compare."""

from __future__ import annotations

from dataclasses import dataclass

NUMBER = "{n}"
"""Stands for a number of ten digits that is another one in every request."""

# What the server adds to every answer, whatever it is about.
UNCOMPARED = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


@dataclass(frozen=True)
class Answer:
    """A whole answer, but for `UNCOMPARED`; `headers` are pairs of name and value."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def text(self) -> str:
        """The status, the headers in lower case and in order, the body; a header that came twice stands twice."""
        lines = sorted(f"{name.lower()}: {value}" for name, value in self.headers if name.lower() not in UNCOMPARED)
        return "\n".join([str(self.status), *lines, "", self.body])

    def plus(self, *headers: tuple[str, str]) -> Answer:
        """With more headers."""
        return Answer(self.status, (*self.headers, *headers), self.body)


def raw(method: str, path: str, headers: dict[str, str], body: str = "") -> bytes:
    """A request of HTTP/1.1 as bytes, each character as its one byte of Latin-1. Nothing is checked or encoded."""
    sent = {"Host": "127.0.0.1"} | headers | ({"Content-Length": str(len(body))} if body else {})
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1")
