"""edgecors probe against `make serve`: the Tea API's pages are let in, as its rules promise, and nobody else is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgecors import Rules
from edgecors_cli.probe.asking import Report, ask
from edgecors_cli.question import Question
from local.rulebook import with_origins


@pytest.fixture
def rules(served: Any) -> Rules:
    """The shipped rules, with the local pages let in."""
    shipped = json.loads((served.project / "functions" / "tea" / "rules.json").read_text("utf-8"))
    return Rules.parse(with_origins(shipped, (served.origin,)))


def probe(served: Any, rules: Rules, path: str, origin: str, method: str, *headers: tuple[str, str]) -> Report:
    url = f"http://127.0.0.1:{served.port}{path}"
    question = Question(url, origin, method, headers, "same-origin")
    return ask(question, rules, "the rules", base_path="", send_unsafe=False, seconds=60, tell=lambda sent: None)


JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("path", "method", "headers", "code"),
    [
        ("/tea", "GET", (), "allowed"),
        ("/tea", "GET", (("If-None-Match", '"1"'),), "allowed"),
        ("/tea/no-such-tea", "GET", (), "allowed"),
        ("/nowhere", "GET", (), "allowed"),
        ("/tea/white", "POST", (JSON,), "not-sent"),
        ("/tea/white", "DELETE", (("Authorization", "Bearer x"),), "not-sent"),
        ("/tea/white", "PATCH", (), "method-not-allowed"),
        ("/tea", "GET", (("X-Cup", "1"),), "header-not-allowed"),
    ],
)
def test_its_own_pages(
    served: Any, rules: Rules, path: str, method: str, headers: tuple[tuple[str, str], ...], code: str
) -> None:
    report = probe(served, rules, path, served.origin, method, *headers)
    assert (report.outcome.code, report.findings, report.differences) == (code, (), ())
    assert report.is_fine == (code in ("allowed", "not-sent"))
    assert len(report.controls) >= 4


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_look_alike(served: Any, rules: Rules, method: str) -> None:
    report = probe(served, rules, "/tea", served.look_alike, method)
    assert (report.outcome.code, report.findings, report.differences) == ("origin-missing", (), ())
    assert not report.is_fine
