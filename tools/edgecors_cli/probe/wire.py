"""The requests of a probe over the network: one host, bounded in time and bytes, every header line as it came.

Nothing is retried, no redirect followed, no cookie kept, no proxy asked.
"""

from __future__ import annotations

import contextlib
import http.client
import ssl
import threading
import time
from typing import TYPE_CHECKING

from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection

from edgecors._explain_origin import shown
from edgecors._origin import parse
from edgecors_cli.probe.messages import Answer
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse

    from edgecors._url import Url
    from edgecors_cli.probe.messages import Sent

MAX_BYTES = 1024 * 1024  # of bodies, all together
_PORTS = {"http": 80, "https": 443}


class Wire:
    """A way to one host, for a limited time. `seconds`: for all requests together."""

    def __init__(self, url: Url, seconds: float) -> None:
        self._host = url.host
        self._origin = url.origin
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._bytes = MAX_BYTES

    def may_follow(self, url: Url) -> bool:
        """Whether a redirect's URL is at the same place: the origin, or the host at its schemes' own ports."""
        parts = parse(url.origin), parse(self._origin)
        own_ports = all(part is not None and not part[2] for part in parts)
        return url.origin == self._origin or (url.host == self._host and own_ports)

    def send(self, sent: Sent) -> Answer:
        """The answer. Raises StoreError where there is none."""
        if not self.may_follow(sent.url):
            raise AssertionError("only the given host is contacted")
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise self._late(sent)
        call = _Call(sent, seconds, self._bytes)
        # In a thread of its own, since neither name resolution nor a server that sends a byte now and then can be
        # interrupted otherwise.
        thread = threading.Thread(target=call.run, daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            call.give_up()
            thread.join(1)
        if call.answer is not None:
            self._bytes -= call.read
            return call.answer
        raise self._failure(sent, call.error) from call.error

    def _failure(self, sent: Sent, error: BaseException | None) -> StoreError:
        place, causes = sent.url.origin, list(_causes(error))
        if not causes or time.monotonic() >= self._end:
            return self._late(sent)
        for kind, code, why, fix in _FAILURES:
            if any(isinstance(cause, kind) for cause in causes):
                told = why.format(place=place, error=_words(causes[-1]))
                return StoreError(code, f"{sent}: {told}", fix)
        if any(isinstance(cause, TimeoutError | exceptions.TimeoutError) for cause in causes):
            return self._late(sent)
        return StoreError("connection", f"{sent}: the connection to {place} broke: {_words(causes[-1])}.", "")

    def _late(self, sent: Sent) -> StoreError:
        told = f"{sent}: {sent.url.origin} did not answer within {self._seconds:g} s."
        return StoreError("timeout", told, "Give it more time with --timeout.")


# The first that fits counts.
_FAILURES: tuple[tuple[type[Exception], str, str, str], ...] = (
    (exceptions.NameResolutionError, "host-unknown", "{place} has no address.", "Check the host's spelling."),
    (ssl.SSLCertVerificationError, "tls", "The certificate of {place} is not valid for it: {error}.", ""),
    (ssl.SSLError, "tls", "{place} speaks no TLS that this machine does: {error}.", ""),
    (exceptions.SSLError, "tls", "{place} speaks no TLS that this machine does: {error}.", ""),
    (ConnectionRefusedError, "refused", "{place} refuses the connection.", "Is it running, and is the port right?"),
    (exceptions.NewConnectionError, "unreachable", "{place} cannot be reached: {error}.", ""),
    (ConnectionError, "hung-up", "{place} closed the connection without an answer.", "Its log may say why."),
    (http.client.BadStatusLine, "answer-invalid", "{place} does not speak HTTP.", "Check the port, and http or https."),
    (http.client.HTTPException, "answer-invalid", "the answer of {place} cannot be read: {error}.", ""),
    (exceptions.ProtocolError, "answer-invalid", "the answer of {place} cannot be read: {error}.", ""),
    (UnicodeError, "answer-invalid", "the answer of {place} cannot be read: {error}.", ""),
)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it came of, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(error: BaseException) -> str:
    """What the library says, for people: one line, not too long."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return shown(error.verify_message)
    if isinstance(error, ssl.SSLError) and error.reason:
        return shown(error.reason.replace("_", " ").lower())
    if isinstance(error, OSError) and error.strerror:
        return shown(error.strerror)
    return shown(" ".join(str(error).split())) or type(error).__name__


class _Call:
    """One request and its answer, in another thread. `read`: how many bytes its body had, as far as they were taken."""

    def __init__(self, sent: Sent, seconds: float, most: int) -> None:
        self._sent = sent
        self._most = most
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self.read = 0
        self._given_up = False
        self._connection = _connection(sent.url, seconds)

    def run(self) -> None:
        """Fill `answer`, or `error`."""
        try:
            with contextlib.closing(self._connection) as connection:
                target = self._sent.url.text.removeprefix(self._sent.url.origin).partition("#")[0]
                headers = self._sent.headers | {"host": self._sent.url.origin.partition("://")[2]}
                connection.request(self._sent.method, target or "/", headers=headers, preload_content=False)
                response = connection.getresponse()
                with contextlib.closing(response):
                    self._take(response)
        except (OSError, exceptions.HTTPError, http.client.HTTPException, ValueError) as error:
            self.error = error

    def _take(self, response: BaseHTTPResponse) -> None:
        headers = tuple((name, _one_line(value)) for name, value in response.headers.iteritems())
        # The page has its answer now, whatever becomes of the body.
        self.answer = Answer(response.status, headers)
        try:
            while self.read < self._most:
                chunk = response.read(min(65_536, self._most - self.read), decode_content=False)
                if not chunk:
                    break
                self.read += len(chunk)
        except (OSError, exceptions.HTTPError, http.client.HTTPException):
            if not self._given_up:
                self.answer = Answer(response.status, headers, whole=False)

    def give_up(self) -> None:
        """Break the connection off, so that the thread ends."""
        self._given_up = True
        sock = self._connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(2)


def _connection(url: Url, seconds: float) -> HTTPConnection:
    parts = parse(url.origin)
    port = int(parts[2]) if parts is not None and parts[2] else _PORTS[url.scheme]
    host = url.host.strip("[]")
    # Browsers take names below localhost for this machine (RFC 6761); resolvers often do not know them.
    address = "127.0.0.1" if host.removesuffix(".").endswith(".localhost") else host
    if url.scheme == "http":
        return HTTPConnection(address, port, timeout=seconds)
    return HTTPSConnection(
        address, port, timeout=seconds, ssl_context=ssl.create_default_context(), server_hostname=host
    )


def _one_line(value: str) -> str:
    """A header's value without the line breaks of old (RFC 9112, section 5.2)."""
    return " ".join(value.split("\r\n")).strip(" \t\r\n") if "\n" in value else value.strip(" \t")
