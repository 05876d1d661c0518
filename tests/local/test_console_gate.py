"""Who may ask the console, by the Host, the Origin and what browsers say of where a request comes from."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any

import pytest

from consoles import API, desk, exchange, served
from local.console.gate import MAX_BODY, is_json, refusal
from local.pages import Sites
from local.verdict import Verdict
from serving import Reply, request
from tables import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.console.desk import Desk

OWN = "http://console.localhost:8080"
FOREIGN = "This comes from another origin, and the console is there for its own pages only."
CROSS = "This comes from another site, and the console is there for its own pages only."
UNNAMED = "A POST has to name its Origin."


def fetch(site: str) -> list[tuple[str, str]]:
    return [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")]


def opened(site: str, dest: str = "document") -> list[tuple[str, str]]:
    return [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", dest)]


@each(
    ("method", "headers", "asks", "why"),
    [
        # Its own pages; a browser sends Origin with a POST, and with a GET of its own origin not.
        ("GET", fetch("same-origin"), True, None),
        ("POST", [("Origin", OWN), *fetch("same-origin")], True, None),
        # No browser, or one without Sec-Fetch.
        ("GET", [], True, None),
        ("POST", [("Origin", OWN)], True, None),
        ("POST", [], True, UNNAMED),
        ("POST", fetch("same-origin"), True, UNNAMED),
        # Opened by a person, or by a link.
        ("GET", opened("none"), False, None),
        ("GET", opened("cross-site"), False, None),
        ("GET", opened("same-site"), False, None),
        ("GET", [("Sec-Fetch-Site", "none")], False, None),
        ("GET", opened("none"), True, CROSS),
        ("GET", opened("cross-site"), True, CROSS),
        ("GET", opened("cross-site", "iframe"), False, CROSS),
        # Other pages.
        ("GET", fetch("cross-site"), True, CROSS),
        ("GET", fetch("cross-site"), False, CROSS),
        ("GET", fetch("same-site"), True, CROSS),
        (
            "GET",
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script")],
            False,
            CROSS,
        ),
        ("GET", [("Origin", "http://app.localhost:8080")], True, FOREIGN),
        ("GET", [("origin", "null")], False, FOREIGN),
        ("POST", [("Origin", "https://evil.example"), *fetch("cross-site")], True, FOREIGN),
        ("POST", [("Origin", OWN), *fetch("cross-site")], True, CROSS),
        ("POST", [("Origin", OWN), *opened("cross-site")], False, CROSS),
        ("POST", [("Origin", "http://console.localhost")], True, FOREIGN),
        ("POST", [("Origin", OWN + ".evil.example")], True, FOREIGN),
        # Twice is never a browser.
        ("GET", [("Origin", OWN), ("Origin", OWN)], True, FOREIGN),
        ("GET", [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")], True, CROSS),
        ("GET", [*opened("cross-site"), ("sec-fetch-dest", "script")], False, CROSS),
    ],
    ids=str,
)
def test_who_may_ask(method: str, headers: list[tuple[str, str]], asks: bool, why: str | None) -> None:
    assert refusal(method, headers, OWN, asks=asks) == why


@each(
    ("content_type", "json_"),
    [
        ("application/json", True),
        ("Application/JSON ; charset=utf-8", True),
        ("text/plain", False),
        ("application/x-www-form-urlencoded", False),
        ("text/plain; application/json", False),
        ("", False),
    ],
    ids=str,
)
def test_only_json_is_posted(content_type: str, json_: bool) -> None:
    assert is_json(content_type) is json_


@each(
    ("host", "name"),
    [
        ("console.localhost:8080", "console"),
        ("CONSOLE.localhost:8080", "console"),
        ("app.localhost:8080", "tea"),
        ("app.localhost.evil.localhost:8080", "tea"),
        ("sandboxed.localhost:8080", "frame"),
        ("a.b.localhost", "frame"),
        ("console.localhost:9090", None),
        ("console.localhost.evil.example:8080", None),
        ("console.localhost.:8080", None),
        ("127.0.0.1:8080", None),
        ("localhost:8080", None),
        ("[::1]:8080", None),
        (".localhost:8080", None),
        ("evil.example", None),
        ("", None),
    ],
    ids=str,
)
def test_which_name_has_what(host: str, name: str | None) -> None:
    site = Sites(8080, API).at(host)
    assert (site and site.name) == name


# --- The server -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="module")
def port(at: Desk) -> Iterator[int]:
    with served(at) as number:
        yield number


def asked(port: int, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    """A request as the console's page sends it, but for what `headers` say (with _ for -)."""
    given = {"Host": f"console.localhost:{port}", "Sec-Fetch-Site": "same-origin"}
    if method == "POST":
        given |= {"Origin": f"http://console.localhost:{port}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value.format(port=port) for name, value in headers.items()}
    text = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    return request(port, method, path, given, text)


QUESTION = {
    "origin": "https://victoria-lo.github.io",
    "method": "GET",
    "path": "/tea",
    "headers": [],
    "credentials": "omit",
}


class TestServer:
    def test_its_own_page_is_answered(self, port: int) -> None:
        assert asked(port, "GET", "/api/rules").json()["version"] == 1
        assert asked(port, "POST", "/api/try", QUESTION).json()["allowed"] is True
        assert asked(port, "POST", "/api/nothing", QUESTION).status == 404
        assert asked(port, "GET", "/no.js").status == 404

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example:{port}"},  # DNS rebinding
            {"Host": "127.0.0.1:{port}"},
            {"Origin": "https://evil.example"},
            {"Origin": "http://app.localhost:{port}"},
            {"Origin": "null"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ],
    )
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/api/rules"), ("GET", "/api/events"), ("POST", "/api/check")]
    )
    def test_nobody_else_is(self, port: int, method: str, path: str, headers: dict[str, str]) -> None:
        reply = asked(port, method, path, {"text": "{}"} if method == "POST" else None, **headers)
        assert reply.status == 403
        assert "access-control-allow-origin" not in reply.headers
        assert b"tea" not in reply.body

    def test_a_form_of_another_site_is_refused_before_it_is_read(self, port: int) -> None:
        form = {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site", "Content_Type": "text/plain"}
        assert asked(port, "POST", "/api/check", b'{"text": "{}"}', **form).status == 403
        assert asked(port, "POST", "/api/check", b'{"text": "{}"}', Content_Type="text/plain").status == 403

    def test_a_preflight_is_never_allowed(self, port: int) -> None:
        assert asked(port, "OPTIONS", "/api/check", Origin="https://evil.example").status == 501

    def test_the_other_names_answer_no_question(self, port: int) -> None:
        for name in ("app", "sandboxed"):
            own = {"Host": f"{name}.localhost:{port}", "Origin": f"http://{name}.localhost:{port}"}
            assert asked(port, "GET", "/api/rules", **own).status == 404
            assert asked(port, "POST", "/api/check", {"text": "{}"}, **own).status == 403

    @pytest.mark.parametrize(
        ("body", "headers", "status"),
        [
            (b"no json", {}, 400),
            (b'"text"', {}, 422),
            (b"[" * 9000, {}, 400),
            (b"\xff", {}, 400),
            (b"", {"Content_Length": str(MAX_BODY + 1)}, 413),
            (b"", {"Content_Length": "9" * 5000}, 413),
            (b"", {"Content_Length": "-1"}, 411),
        ],
    )
    def test_what_is_no_question(self, port: int, body: bytes, headers: dict[str, str], status: int) -> None:
        assert asked(port, "POST", "/api/check", body, **headers).status == status

    @pytest.mark.parametrize(
        "path", ["/../gate.py", "/%2e%2e/gate.py", "//etc/passwd", "/index.html/.", "/console/main.js"]
    )
    def test_there_are_no_other_files(self, port: int, path: str) -> None:
        assert asked(port, "GET", path).status == 404

    def test_what_pages_may_load(self, port: int) -> None:
        closed = "default-src 'none'; base-uri 'none'; form-action 'none'"
        page = asked(port, "GET", "/")
        assert page.headers["content-security-policy"] == (
            f"{closed}; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            f"frame-src http://*.localhost:{port}; frame-ancestors 'none'; require-trusted-types-for 'script'; "
            "trusted-types 'none'"
        )
        assert page.headers["cross-origin-resource-policy"] == "same-origin"
        frame = asked(port, "GET", "/frame.html", Host="any.localhost:{port}")
        assert frame.headers["content-security-policy"] == (
            f"{closed}; script-src 'self'; connect-src {API}; frame-ancestors http://console.localhost:{port}"
        )
        assert b"<script>" not in page.body + frame.body
        assert b"style=" not in page.body + frame.body

    def test_events_come_as_they_happen(self, at: Desk, port: int) -> None:
        at.feed.exchange(
            exchange(sent={"origin": "http://a.localhost", "authorization": "Basic secret"}),
            Verdict(True, "allowed", "tea"),
        )
        host = {"Host": f"console.localhost:{port}"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/api/events", headers=host)
            response = connection.getresponse()
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            lines = [response.readline().decode() for _ in range(6)]
        finally:
            connection.close()
        assert lines[3] == "event: request\n"
        assert '"code": "tea"' in lines[4]
        assert "secret" not in lines[4]
