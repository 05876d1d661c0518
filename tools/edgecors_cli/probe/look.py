"""Everything that there is to find in the answers of one probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors.policy import ALLOW_ORIGIN
from edgecors_cli.probe import about_answer, about_origin, about_preflight, about_strangers
from edgecors_cli.probe.findings import sorted_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgecors_cli.probe.controls import Control
    from edgecors_cli.probe.findings import Finding
    from edgecors_cli.probe.messages import Outcome


def find(outcome: Outcome, controls: Sequence[Control], *, include: bool) -> tuple[Finding, ...]:
    """The findings, errors first. `include`: whether the page asks with credentials."""
    return sorted_out(_all(outcome, controls, include=include))


def _all(outcome: Outcome, controls: Sequence[Control], *, include: bool) -> Iterator[Finding]:
    others = (control for control in controls if not control.is_echoed)
    fixed = {control.exchange.answer.value(ALLOW_ORIGIN).strip(" \t") for control in others}
    before = None
    for exchange in outcome.exchanges:
        yield from about_origin.look(exchange, include=include)
        yield from about_answer.look_at_names(exchange)
        if exchange.sent.is_preflight:
            yield from about_preflight.look(exchange, include=include)
            before = exchange
        else:
            yield from about_answer.look(exchange, before, fixed, include=include)
            others = (control for control in controls if not control.is_echoed)
    fixed = {control.exchange.answer.value(ALLOW_ORIGIN).strip(" \t") for control in others}
    before = None
    yield from about_strangers.look(outcome, controls)
