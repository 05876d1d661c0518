"""A whole probe: what the page asks, what others ask, and everything that is made of the answers."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from edgecors._url import parse_url
from edgecors_cli.probe import promises
from edgecors_cli.probe.controls import control
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.findings import sorted_out
from edgecors_cli.probe.look import find
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeVar

    from edgecors import Rules
    from edgecors_cli.probe.controls import Control
    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Answer, Outcome, Sent
    from edgecors_cli.probe.promises import Difference
    from edgecors_cli.question import Question

    Result = TypeVar("Result")


class Report(NamedTuple):
    """What came of a probe. `differences`: None where no rules were given, which are called `rules`; `unasked`: why
    others could not be asked for, "" where they were."""

    question: Question
    outcome: Outcome
    controls: tuple[Control, ...]
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] | None
    rules: str
    unasked: str

    @property
    def is_fine(self) -> bool:
        """Whether the page gets the answer, as far as was sent, and nothing is wrong."""
        outcome = self.outcome
        gets_it = outcome.allowed or outcome.code == "not-sent"
        return bool(gets_it) and not self.differences and all(finding.level != "error" for finding in self.findings)


def ask(
    question: Question,
    rules: Rules | None,
    name: str,
    *,
    base_path: str,
    send_unsafe: bool,
    seconds: float,
    tell: Callable[[Sent], None],
) -> Report:
    """Send everything and judge it. `name`: what the rules are called. `tell` is called with each request before it is
    sent. Raises ValueError for what no page can ask, and StoreError where there was no answer."""
    from edgecors_cli.probe.wire import Wire  # noqa: PLC0415  (urllib3 and ssl, for which --help need not wait)

    wire = Wire(parse_url(question.url), seconds)

    def send(sent: Sent) -> Answer:
        tell(sent)
        return wire.send(sent)

    outcome = converse(fetch(question, send_unsafe=send_unsafe, may_follow=wire.may_follow), send)
    if outcome.code == "not-sent" and not outcome.exchanges:
        raise StoreError(
            "send-needed",
            f"Browsers send this {question.method} at once, without a preflight that could be looked at.",
            "Add --send if it may be sent.",
            kind="call",
        )
    controls: tuple[Control, ...] = ()
    unasked = ""
    try:
        controls = converse(control(question, outcome, new_token()), send)
    except StoreError as error:
        # The page's own answers are there; that counts more.
        unasked = error.message
    findings = find(outcome, controls, include=question.credentials == "include")
    differences = None
    if rules is not None:
        exchanges = [*outcome.exchanges, *(asked.exchange for asked in controls)]
        differences = promises.compare(rules, exchanges, base_path)
        findings = sorted_out([*findings, *promises.look(rules, outcome.exchanges, base_path)])
    return Report(question, outcome, controls, findings, differences, name, unasked)


def converse(conversation: Generator[Sent, Answer, Result], send: Callable[[Sent], Answer]) -> Result:
    """Send each request and hand its answer back, until there is a result."""
    try:
        sent = next(conversation)
        while True:
            sent = conversation.send(send(sent))
    except StopIteration as end:
        result: Result = end.value
        return result


def new_token() -> str:
    """Letters and digits that nobody has in a domain's name."""
    return f"x{secrets.token_hex(6)}"
