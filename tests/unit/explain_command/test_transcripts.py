"""edgecors explain, compared with what it is known to say: the snapshots beside this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cases.explanations import DOCUMENT, V

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.cli.transcript import Shell

    Compare = Callable[[], None]

TEA = "https://api.example/tea"
FROM = f"{TEA}/white --origin {V}"


@pytest.fixture(autouse=True)
def rules(shell: Shell) -> None:
    Path("rules.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")


def test_help(shell: Shell, transcript: Compare) -> None:
    shell.run("explain --help")
    transcript()


def test_a_refusal(shell: Shell, transcript: Compare) -> None:
    """The sketch from which it was built."""
    assert shell.run(f"explain rules.json {FROM} --method PATCH").status == 1
    transcript()


def test_allowed(shell: Shell, transcript: Compare) -> None:
    for arguments in (
        FROM,
        f"{FROM} -X delete -H 'X-Cup: 1' --header 'Content-Type: application/json'",
        f"{FROM} --response-header 'ETag: 1' --response-header 'Content-Type: text/plain' --response-header 'X-A: 1'",
        "https://api.example/me --origin https://eu.shop.example --method brew -H x-any:1 --credentials include",
        "https://api.example/open?q=%0a --origin null",
        f"{TEA} --origin https://api.example --method PUT",
    ):
        assert shell.run(f"explain rules.json {arguments}").status == 0, arguments
    transcript()


def test_refused(shell: Shell, transcript: Compare) -> None:
    for arguments in (
        f"{TEA} --origin https://victoria-lo.github.io.evil.example",
        f"{TEA} --origin https://victoria-1o.github.io -X PUT",
        f"{TEA} --origin https://other.example --method PATCH",
        f"{TEA} --origin http://victoria-lo.github.io",
        f"{TEA} --origin null",
        f"{TEA} --origin https://xn--a.example",
        f"{TEA} --origin https://other.example --enforce --debug",
        "https://api.example/one --origin https://other.example -X PUT --debug",
        f"https://api.example/nope --origin {V}",
        f"https://api.example/tea/%2e%2fx --origin {V}",
        f"http://api.example/tea --origin {V}",
        f"{FROM} --credentials include -X PATCH -H 'X-Pot: 1' -H 'Authorization: x'",
        f"{FROM} -X patch",
        f"{FROM} -H 'X-Pot: 1' -H 'Access-Control-Allow-Origin: *'",
        f"{FROM} -H 'Access-Control-Allow-Origin: *'",
        "https://api.example/open --origin https://any.example --credentials include",
        "https://api.example/open --origin https://any.example -H 'Authorization: x'",
        "https://api.example/me --origin http://app.tea-house.example",
    ):
        assert shell.run(f"explain rules.json {arguments}").status == 1, arguments
    transcript()


def test_credentials_that_cannot_be(shell: Shell, transcript: Compare) -> None:
    policy = {"name": "a", "paths": ["*"], "allow_origins": ["https://*.github.io"]}
    document = json.dumps({"schema": "edgecors/1", "policies": [policy]})
    run = shell.run(f"explain - {TEA} --origin https://me.github.io --credentials include", typed=document.encode())
    assert run.status == 1
    transcript()


def test_as_json(shell: Shell, transcript: Compare) -> None:
    shell.run(f"explain rules.json {FROM} --method PATCH -H 'X-Pot: 1' --json")
    shell.run(f"explain rules.json {FROM} --response-header 'ETag: 1' --json")
    shell.run(f"explain rules.json {FROM} --credentials include --json")
    shell.run(f"explain rules.json http://api.example/tea --origin {V} --json")
    transcript()


def test_wrong_rules(shell: Shell, transcript: Compare) -> None:
    document: Any = json.loads(json.dumps(DOCUMENT))
    document["policies"][0]["allow_origins"] = ["https://a.example/"]
    Path("wrong.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    assert shell.run(f"explain wrong.json {FROM}").status == 1
    assert shell.run(f"explain wrong.json {FROM} --json").status == 1
    transcript()


def test_wrong_calls(shell: Shell, transcript: Compare) -> None:
    for arguments in (
        "rules.json",
        f"rules.json {TEA}",
        f"nothing.json {FROM}",
        f"rules.json /tea --origin {V}",
        f"rules.json ftp://api.example/tea --origin {V}",
        f"rules.json https://user:secret@api.example/tea --origin {V}",
        f"rules.json https://*.example/ --origin {V}",
        f"rules.json {TEA} --origin {V}/",
        f"rules.json {TEA} --origin HTTPS://Victoria-Lo.github.io:443",
        f"rules.json {TEA} --origin victoria-lo.github.io",
        f"rules.json {TEA} --origin 'https://*.github.io'",
        f"rules.json {TEA} --origin ''",
        f"rules.json {TEA} --origin $'\\x1b[2J'",
        f"rules.json {FROM} --header Authorization",
        f"rules.json {FROM} --header ': x'",
        f"rules.json {FROM} --header 'a b: x'",
        f"rules.json {FROM} --header '*: x'",
        f"rules.json {FROM} --header 'x-a: ☕'",
        f"rules.json {FROM} --method '*'",
        f"rules.json {FROM} --method 'GET /'",
        f"rules.json {FROM} --method TRACE",
        f"rules.json {FROM} --method ''",
        f"rules.json {FROM} --credentials always",
        f"rules.json {FROM} --method TRACE --json",
    ):
        assert shell.run(f"explain {arguments}").status == 2, arguments
    transcript()
