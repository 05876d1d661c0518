"""What the API answers to others: whom it lets in without knowing them, and what caches may mix up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors.policy import ALLOW_CREDENTIALS, ALLOW_ORIGIN
from edgecors_cli.probe.about_answer import varies
from edgecors_cli.probe.findings import error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgecors_cli.probe.controls import Control
    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Outcome

_LIST = "Compare the Origin, whole and exact, with those that you know, and answer with it only if it is one of them."


def look(outcome: Outcome, controls: Sequence[Control]) -> Iterator[Finding]:
    """What is wrong."""
    for control in controls:
        sent, answer, _ = control.exchange
        if control.is_echoed:
            yield _let_in(control)
        elif not sent.is_preflight and _depends(outcome) and ALLOW_ORIGIN not in answer.joined and not varies(answer):
            message = "What is answered to others has no Vary: Origin: a cache may give it to pages that are allowed."
            yield warning("vary-missing-elsewhere", sent, message, "Send Vary: Origin with every answer.")


def _depends(outcome: Outcome) -> bool:
    """Whether the answer to the page that was asked for is for that page by name."""
    actual = outcome.actual
    return actual is not None and actual.answer.value(ALLOW_ORIGIN) not in ("", "*")


def _let_in(control: Control) -> Finding:
    sent, answer, _ = control.exchange
    credentialed = answer.value(ALLOW_CREDENTIALS) == "true"
    level = error if credentialed else warning
    reads = "with its visitors' credentials" if credentialed else "without credentials"
    if control.kind == "null":
        message = f"null is let in, {reads}: any site can send it, from a sandboxed frame."
        return level("null-allowed", sent, message, "Leave null out.")
    if control.kind == "stranger":
        message = f"Any origin is let in, {reads}: {control.origin} was answered with its own name."
        return level("origin-reflected", sent, message, _LIST if credentialed else f"Send `*`, or: {_LIST.lower()}")
    message = f"{control.origin} is let in, {reads}: whoever registers such a name gets what is meant for the page."
    return error("look-alike-allowed", sent, message, _LIST)
