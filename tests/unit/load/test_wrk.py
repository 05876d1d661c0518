"""What is given to wrk, what comes back, and where it may be pointed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from load.cases import Case
from load.errors import CannotError
from load.wrk import Record, Round, Wrong, as_lua, check_target, find, literal, parse, run


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:3000", "http://127.0.0.1:3000/tea", "http://[::1]:80", "http://127.8.8.8:1"]
)
def test_this_machine_may_be_loaded(url: str) -> None:
    check_target(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000",
        "http://example.com:80",
        "http://127.0.0.1.example.com:80",
        "http://127.0.0.1@example.com:80",
        "http://user@127.0.0.1:80",
        "http://10.0.0.1:80",
        "http://0.0.0.0:80",
        "http://[::]:80",
        "https://127.0.0.1:443",
        "http://127.0.0.1",
        "http://127.0.0.1:port",
        "http://[::1",
        "127.0.0.1:3000",
        "",
    ],
)
def test_nothing_else_may(url: str) -> None:
    with pytest.raises(CannotError, match=r"is no http://127.0.0.1:PORT or http://\[::1\]:PORT"):
        check_target(url)


def test_no_process_is_started_for_another_target() -> None:
    with pytest.raises(CannotError, match="load is for this machine only"):
        run("/does/not/exist", "http://example.com:80", [], 1, 1, 1)


def test_without_wrk_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotError) as raised:
        find()
    assert str(raised.value) == "wrk is not on the PATH: apt-get install wrk, or brew install wrk."


def test_cases_as_lua() -> None:
    cases = [
        Case("a", "request", 2, b'GET / HTTP/1.1\r\nOrigin: "\xed\\\r\n\r\n', "always", "200\n\nü", None),
        Case("b", "request", 1, b"{n}", "even", "200", "403"),
    ]
    assert as_lua(cases) == (
        "return {\n"
        '{ weight = 2, request = "GET / HTTP/1.1\\013\\010Origin: \\034\\237\\092\\013\\010\\013\\010", '
        'allowed = "200\\010\\010\\252" },\n'
        '{ weight = 1, request = "{n}", allowed = "200", refused = "403" }\n'
        "}\n"
    )
    assert literal(bytes(range(0x1E, 0x24)) + b"\x7f9") == '"\\030\\031 !\\034#\\1279"'


OUTPUT = """{"requests": 3, "microseconds": 2500000, "connect": 0, "read": 1, "write": 0, "timeout": 0, "status": 1,
"wrong": [{"case": 2, "unique": "0000000007", "got": "200\\n\\u00ed"}],
"records": ["1 allowed 1700000000123.456 1700000000200.000",
"2 wrong 1700000000300.000 1700000000301.500",
"2 refused 1700000000400.000 1700000000401.000"]}"""


def test_what_the_script_wrote() -> None:
    assert parse(OUTPUT, 4) == Round(
        concurrency=4,
        seconds=2.5,
        records=(
            Record(0, "allowed", 1700000000.123456, 1700000000.2),
            Record(1, "wrong", 1700000000.3, 1700000000.3015),
            Record(1, "refused", 1700000000.4, 1700000000.401),
        ),
        wrong=(Wrong(1, "0000000007", "200\n\xed"),),
        errors={"read": 1},
        over_399=1,
    )


def test_an_answer_that_the_script_never_saw_is_an_error() -> None:
    assert parse(OUTPUT.replace('"requests": 3', '"requests": 5'), 4).errors == {"read": 1, "unseen": 2}
