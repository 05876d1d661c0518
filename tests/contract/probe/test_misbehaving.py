"""A probe against a real server that misbehaves in many ways: the verdict, the findings, the words."""

from __future__ import annotations

import json
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from contract.probe.ways import CASES, PAGE, Case
from edgecors_cli.page_options import pairs
from edgecors_cli.probe.asking import ask
from edgecors_cli.probe.render import as_json
from edgecors_cli.question import Question
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.probe.server import Server
    from edgecors_cli.probe.messages import Sent
    from unit.cli.transcript import Shell

    Compare = Callable[[], None]


def asked(server: Server, case: Case) -> dict[str, Any]:
    """The keyword arguments of `ask` for the command's."""
    words = shlex.split(case.arguments)
    given = dict(pairwise(words))
    headers = pairs([words[at + 1] for at, word in enumerate(words) if word == "-H"], "-H")
    return {
        "question": Question(
            f"{server.url}/{case.name}",
            PAGE,
            given.get("--method", "GET"),
            headers,
            given.get("--credentials", "same-origin"),
        ),
        "send_unsafe": "--send" in words,
        "seconds": float(given.get("--timeout", 5)),
    }


@pytest.mark.parametrize("case", [case for case in CASES if case.status != 3], ids=lambda case: case.name)
def test_every_way(server: Server, case: Case) -> None:
    told: list[Sent] = []
    report = ask(rules=None, name="", base_path="", tell=told.append, **asked(server, case))
    codes = tuple(finding.code for finding in report.findings)
    assert (report.outcome.code, codes, int(not report.is_fine)) == (case.code, case.findings, case.status)
    assert "secret" not in json.dumps(as_json(report))
    sent = {(heard.method, heard.path) for heard in server.heard}
    assert sent == {(one.method, one.url.path) for one in told}
    assert all(heard.headers["host"] == server.url.removeprefix("http://") for heard in server.heard)
    if "--send" not in case.arguments:
        assert {method for method, _ in sent} <= {"GET", "OPTIONS"}
    assert len(server.heard) <= 30


@pytest.mark.parametrize("case", [case for case in CASES if case.status == 3], ids=lambda case: case.name)
def test_no_answer_is_a_sentence(server: Server, case: Case) -> None:
    with pytest.raises(StoreError) as caught:
        ask(rules=None, name="", base_path="", tell=lambda sent: None, **asked(server, case))
    assert (caught.value.kind, caught.value.code) == ("aws", case.code)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


TOLD = (
    "fine-sent",
    "twice",
    "reflects",
    "no-vary-elsewhere",
    "preflight-redirect",
    "preflight-401",
    "authorization-under-star",
    "http-api",
    "gateway-error",
    "redirect",
    "redirect-away",
    "redirect-password",
    "folded",
    "silence",
    "noise",
)


def test_what_people_see(shell: Shell, server: Server, transcript: Compare) -> None:
    for case in (case for case in CASES if case.name in TOLD):
        run = shell.run(f"probe {server.url}/{case.name} --origin {PAGE} {case.arguments}".rstrip())
        assert run.status == case.status, case.name
    transcript()
