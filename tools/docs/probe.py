"""Writes docs/probe.md: every finding of a probe, with an example out of the misbehaving servers of the tests.

PYTHONPATH=layers/cors/python:functions/rules_guard:tools:tests python -m docs.probe
"""

from __future__ import annotations

import shlex
import socket
from http.client import HTTPResponse
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from contract.probe.server import Heard
from contract.probe.ways import CASES, PAGE
from edgecors import Policy, Rules
from edgecors_cli.page_options import pairs
from edgecors_cli.probe import promises
from edgecors_cli.probe.asking import converse
from edgecors_cli.probe.controls import control
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.findings import Code
from edgecors_cli.probe.look import find
from edgecors_cli.probe.messages import Answer
from edgecors_cli.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract.probe.ways import Case
    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Sent

PATH = Path(__file__).parents[2] / "docs/probe.md"
API = "https://api.example"
# What the answers are held to, where they are: the page may ask for everything.
RULES = Rules([("tea", ["*"], Policy(allow_origins=[PAGE], allow_methods=["DELETE"]))])
STRANGER = "x0123456789ab"
CODES: tuple[Code, ...] = get_args(Code)

# The first code of each section.
SECTIONS = {
    "origin-doubled": ("Access-Control-Allow-Origin", "Its value is what browsers compare, byte for byte."),
    "credentials-doubled": ("Credentials", ""),
    "preflight-redirected": ("Preflights", ""),
    "only-preflight-has-cors": ("The answer itself", ""),
    "origin-reflected": ("Others", "The same was asked from a stranger's origin, from `null` and from look-alikes."),
}

HEAD = """# What a probe finds

<!-- Made by tools/docs/probe.py of the codes in tools/edgecors_cli/probe/findings.py: change that, not this. -->

    edgecors probe https://api.example/tea --origin https://page.example

sends what a browser would, and judges the answers as one: whether the page gets the answer, step by step, and then what
else is wrong, each with a stable code. With `--rules FILE` answers are compared with what the rules promise; a
difference has no code, but what is promised and what was found. A code is never renamed or reused.

An error keeps pages out, or lets strangers in, and makes the exit status 1; a warning costs something, or will break
one day. The texts are those of an example, with `https://page.example` for the page.
"""


def page() -> str:
    """The text of docs/probe.md."""
    found = list(_findings())
    examples = {finding.code: finding for finding in reversed(found)}
    if missing := [code for code in CODES if code not in examples]:
        raise ValueError(f"no example has {', '.join(missing)}")
    levels = {code: sorted({finding.level for finding in found if finding.code == code}) for code in CODES}
    lines = [HEAD.rstrip("\n")]
    for code in CODES:
        if code in SECTIONS:
            title, about = SECTIONS[code]
            lines += ["", f"## {title}", *filter(None, (about,)), ""]
            lines += ["| code | | why | fix |", "| --- | --- | --- | --- |"]
        finding = examples[code]
        level = " or ".join(levels[code])
        lines.append(f"| `{code}` | {level} | {_cell(finding.message)} | {_cell(finding.fix)} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _findings() -> Iterator[Finding]:
    """Those of every case in which the server answers by itself alone; what waits or hangs up finds nothing."""
    for case in CASES:
        if case.findings or case.name == "http-api":
            yield from _of(case)


def _of(case: Case) -> Iterator[Finding]:
    words = shlex.split(case.arguments)
    given = dict(pairwise(words))
    headers = pairs([words[at + 1] for at, word in enumerate(words) if word == "-H"], "-H")
    credentials = given.get("--credentials", "same-origin")
    question = Question(f"{API}/{case.name}", PAGE, given.get("--method", "GET"), headers, credentials)

    def send(sent: Sent) -> Answer:
        return _answer(case, sent)

    outcome = converse(fetch(question, send_unsafe="--send" in words, may_follow=lambda _: False), send)
    controls = converse(control(question, outcome, STRANGER), send)
    yield from find(outcome, controls, include=credentials == "include")
    if case.name == "http-api":
        yield from promises.look(RULES, outcome.exchanges)


def _answer(case: Case, sent: Sent) -> Answer:
    """What the case's server would say, read from its bytes."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(case.way(Heard(sent.method, sent.url.path, sent.headers, far)) or b"")
        far.shutdown(socket.SHUT_WR)
        response = HTTPResponse(near)
        response.begin()
        wanted = int(response.headers.get("Content-Length") or 0)
        # A header over two lines is one.
        headers = tuple((name, " ".join(value.split())) for name, value in response.getheaders())
        whole = response.status in (204, 304) or len(response.read1()) == wanted
        response.close()
        return Answer(response.status, headers, whole)


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
