"""The command around a probe: its calls, its JSON, rules to compare with, what it does not send."""

from __future__ import annotations

import json
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contract.probe.ways import PAGE
from edgecors_cli.probe import asking

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.probe.server import Server
    from unit.cli.transcript import Shell

    Compare = Callable[[], None]

FROM = f"--origin {PAGE}"
POLICY = {
    "name": "all",
    "paths": ["/fine", "/fine/*"],
    "allow_origins": [PAGE],
    "allow_methods": ["DELETE"],
    "allow_headers": ["X-Tea", "Authorization"],
}


def write_rules(**changed: object) -> None:
    document = {"schema": "edgecors/1", "policies": [POLICY | changed]}
    Path("rules.json").write_text(json.dumps(document), encoding="utf-8")


def test_help(shell: Shell, transcript: Compare) -> None:
    shell.run("probe --help")
    transcript()


def test_as_json(shell: Shell, server: Server, transcript: Compare) -> None:
    write_rules(expose_headers=["ETag"])
    url = f"{server.url}/fine"
    assert shell.run(f"probe {url} {FROM} -X DELETE -H 'Authorization: secret' --send --rules rules.json --json").status
    assert shell.run(f"probe {url} --origin http://127.0.0.1:1 --json").status == 1
    assert "secret" not in shell.text().replace("'Authorization: secret'", "")
    transcript()


def test_rules_that_are_kept(shell: Shell, server: Server, transcript: Compare) -> None:
    write_rules()
    assert shell.run(f"probe {server.url}/fine {FROM} -X DELETE --send --rules rules.json").status == 0
    assert shell.run(f"probe {server.url}/fine --origin https://b.example --rules rules.json").status == 1
    write_rules(paths=["/"])
    assert shell.run(f"probe {server.url}/fine {FROM} --rules rules.json --base-path fine/").status == 0
    transcript()


def test_rules_that_are_not_kept(shell: Shell, server: Server, transcript: Compare) -> None:
    write_rules(allow_methods=["PATCH", "DELETE"], expose_headers=["ETag"], max_age=60, allow_credentials=True)
    assert shell.run(f"probe {server.url}/fine {FROM} -X DELETE --send --rules rules.json").status == 1
    write_rules(allow_origins=["https://b.example"])
    assert shell.run(f"probe {server.url}/fine {FROM} --rules rules.json").status == 1
    write_rules(paths=["/other"])
    assert shell.run(f"probe {server.url}/fine {FROM} -X DELETE --rules rules.json").status == 1
    write_rules(paths=["*"])
    assert shell.run(f"probe {server.url}/http-api {FROM} -X DELETE --rules rules.json").status == 1
    write_rules(allow_origins=["https://page.example/"])
    server.heard.clear()
    assert shell.run(f"probe {server.url}/fine {FROM} --rules rules.json").status == 1
    assert server.heard == []
    transcript()


def test_nothing_is_sent_where_a_browser_sends_nothing(shell: Shell, server: Server, transcript: Compare) -> None:
    for arguments, status in (
        (f"{server.url}/fine --origin {server.url} -X PUT", 0),
        (f"http://api.example/tea {FROM}", 1),
        (f"{server.url}/fine {FROM} -X POST", 2),
        (f"{server.url}/fine {FROM} -X POST --json", 2),
    ):
        assert shell.run(f"probe {arguments}").status == status, arguments
    assert server.heard == []
    transcript()


def test_wrong_calls(shell: Shell, server: Server, transcript: Compare) -> None:
    for arguments in (
        "",
        server.url,
        f"/tea {FROM}",
        f"ftp://127.0.0.1/ {FROM}",
        f"{server.url}/fine {FROM}/",
        f"{server.url}/fine {FROM} --header Authorization",
        f"{server.url}/fine {FROM} --method TRACE",
        f"{server.url}/fine {FROM} --method '*'",
        f"{server.url}/fine {FROM} --timeout 0",
        f"{server.url}/fine {FROM} --timeout soon",
        f"{server.url}/fine {FROM} --rules nothing.json",
    ):
        assert shell.run(f"probe {arguments}").status == 2, arguments
    assert server.heard == []
    transcript()


def test_no_way_there(shell: Shell, server: Server, transcript: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, no such name, no TLS."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert shell.run(f"probe http://127.0.0.1:{port}/ {FROM}").status == 3
    shell.transcript = [line.replace(str(port), "1") for line in shell.transcript]

    def unknown(*_arguments: object, **_named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    secure = server.url.replace("http:", "https:")
    assert shell.run(f"probe {secure}/fine {FROM}").status == 3
    shell.transcript = [line.replace(secure, "https://127.0.0.1:3000") for line in shell.transcript]
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert shell.run(f"probe https://api.invalid/ {FROM} --json").status == 3
    transcript()


def test_a_certificate_that_is_not_valid(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"

    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr("edgecors_cli.probe.wire.HTTPSConnection.request", fail)
    run = shell.run(f"probe https://api.example/ {FROM}")
    assert run.status == 3
    assert run.err == (
        "edgecors: GET /: The certificate of https://api.example is not valid for it: self-signed certificate.\n"
    )


def test_what_is_sent_is_what_browsers_send(shell: Shell, server: Server) -> None:
    shell.run(f"probe {server.url}/fine {FROM} -X delete -H 'X-Tea: 1' -H 'authorization: x' -H 'Cookie: a=b' --send")
    always = {
        "accept": "*/*",
        "accept-encoding": "gzip, deflate, br",
        "accept-language": "en",
        "host": server.url.removeprefix("http://"),
        "origin": PAGE,
        "referer": f"{PAGE}/",
        "sec-fetch-dest": "empty",
        "sec-fetch-mode": "cors",
        "sec-fetch-site": "cross-site",
        "user-agent": "edgecors/0.1.0 (probe)",
    }
    preflight, actual = server.heard[:2]
    asked = {"access-control-request-method": "DELETE", "access-control-request-headers": "authorization,x-tea"}
    assert (preflight.method, preflight.headers) == ("OPTIONS", always | asked)
    assert (actual.method, actual.headers) == ("DELETE", always | {"x-tea": "1", "authorization": "x"})
    # Others only ask.
    others = [(heard.method, heard.origin) for heard in server.heard[2:]]
    assert others == [
        ("OPTIONS", "https://x0123456789ab.example"),
        ("OPTIONS", "null"),
        ("OPTIONS", f"{PAGE}.x0123456789ab.example"),
        ("OPTIONS", "https://x0123456789abpage.example"),
    ]


def test_a_fragment_stays_at_home_and_a_query_does_not(shell: Shell, server: Server) -> None:
    assert shell.run(f"probe '{server.url}/fine?a=b c#d' {FROM}").status == 0


def test_a_name_below_localhost_is_this_machine(shell: Shell, server: Server) -> None:
    url = server.url.replace("127.0.0.1", "api.localhost")
    assert shell.run(f"probe {url}/fine {FROM}").status == 0
    assert server.heard[0].headers["host"] == url.removeprefix("http://")


def test_where_others_cannot_be_asked_the_pages_answer_still_counts(
    shell: Shell, server: Server, transcript: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["x0123456789ab"])

    def close() -> str:
        server.ways = {"/fine": lambda heard: heard.connection.close()}
        return next(tokens)

    monkeypatch.setattr(asking, "new_token", close)
    ways = server.ways
    try:
        assert shell.run(f"probe {server.url}/fine {FROM}").status == 0
    finally:
        server.ways = ways
    transcript()
