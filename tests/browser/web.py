"""The whole web, as far as these tests need one: every host on two ports of this machine, http and https.

Chromium is told to look for every host here (`chromium.py`), so that pages have their true origins. What a host
answers is a plain page at `/`, unless a test puts a site of its own there.
"""

from __future__ import annotations

import http.client
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Headers = list[tuple[str, str]]
PAGE = b'<!doctype html><title>page</title><link rel="icon" href="data:,">'
HOP_BY_HOP = {"connection", "date", "keep-alive", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Asked:
    """A request as it came. `target` is the path with the query, as it was on the wire."""

    scheme: str
    method: str
    target: str
    headers: Headers
    body: bytes = b""

    @property
    def host(self) -> str:
        """With the port where it is not the scheme's own."""
        return self.header("host")

    def header(self, name: str) -> str:
        """A header's value, empty for none."""
        return next((value for each, value in self.headers if each.lower() == name), "")


@dataclass(frozen=True)
class Answer:
    """A response; Content-Length is added."""

    status: int
    headers: Headers
    body: bytes = b""


Site = Callable[[Asked], Answer]


def plain_page(asked: Asked) -> Answer:
    """An empty page at the root, and nothing elsewhere."""
    found = asked.target.partition("?")[0] == "/"
    return Answer(200, [("Content-Type", "text/html")], PAGE) if found else Answer(404, [])


def forward(port: int, host: str | None = None) -> Site:
    """A site that is served over http on a port of this machine, under the name `host` if it wants that."""

    def answer(asked: Asked) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
            for name, value in asked.headers:
                if name.lower() != "connection":
                    connection.putheader(name, host if host and name.lower() == "host" else value)
            connection.endheaders(asked.body)
            response = connection.getresponse()
            body = response.read()
            dropped = HOP_BY_HOP | {"content-length"}
            headers = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
            return Answer(response.status, headers, body)
        finally:
            connection.close()

    return answer


class Web:
    """`sites` by what they are found by: the first segment of a path (`/c17`) on whatever host, or a host."""

    def __init__(self, https: int, http: int) -> None:
        """The ports that stand for every host's."""
        self.https = https
        self.http = http
        self.sites: dict[str, Site] = {}
        self.asked: list[Asked] = []

    def answer(self, asked: Asked) -> Answer:
        """Find the site, and note what it was asked."""
        segment = "/" + asked.target.partition("?")[0].split("/")[1]
        site = self.sites.get(segment) or self.sites.get(asked.host) or plain_page
        self.asked.append(asked)
        return site(asked)


class Server(ThreadingHTTPServer):
    """A server that ends with the process, whoever is still connected."""

    daemon_threads = True
    request_queue_size = 256
    tls: ssl.SSLContext | None = None

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that nobody waits for another's."""
        if self.tls is not None:
            try:
                request = self.tls.wrap_socket(request, server_side=True)
            except OSError:  # the browser was early with a connection, and did not need it
                request.close()
                return
        super().process_request_thread(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that hangs up is no news."""

    def server_bind(self) -> None:
        """Without looking up the machine's name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]


def handler(scheme: str, web: Web) -> type[BaseHTTPRequestHandler]:
    """The requests of one scheme."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for an answer

        def parse_request(self) -> bool:
            """Any method, since methods are part of what is tested."""
            if not super().parse_request():
                return False
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            answer = web.answer(Asked(scheme, self.command, self.path, self.headers.items(), body))
            self.send_response_only(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            if answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD" and answer.status not in (204, 304):
                self.wfile.write(answer.body)
            self.wfile.flush()
            return False  # it is answered already

    return Handler


def certificate(folder: Path) -> ssl.SSLContext:
    """A throw-away certificate, which no browser trusts unless it is told to trust all."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    file = folder / "throw-away.pem"
    unencrypted = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(unencrypted + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@contextmanager
def served(folder: Path) -> Iterator[Web]:
    """The web, on two free ports; `folder` takes the certificate."""
    secure, plain = (Server(("127.0.0.1", 0), BaseHTTPRequestHandler) for _ in range(2))
    secure.tls = certificate(folder)
    web = Web(secure.server_port, plain.server_port)
    for server, scheme in ((secure, "https"), (plain, "http")):
        server.RequestHandlerClass = handler(scheme, web)
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        for server in (secure, plain):
            server.shutdown()
            server.server_close()
