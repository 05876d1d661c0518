"""What came of a probe, as people see it and as --json has it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from edgecors.policy import ALLOW_ORIGIN
from edgecors_cli.probe import redirects
from edgecors_cli.render_explanation import refusal, steps, wrapped
from edgecors_cli.render_problems import printable, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from edgecors_cli.probe.asking import Report
    from edgecors_cli.probe.messages import Exchange

# Headers whose values are shown with --json: of all others a page may set, some are secrets.
_SHOWN = ("accept", "access-control-", "content-", "origin", "range", "referer", "sec-fetch-", "user-agent")
_HIDDEN = "***"


def render(report: Report, *, width: int) -> Iterator[RenderableType]:
    """The whole report."""
    outcome = report.outcome
    yield from wrapped(f"{outcome.why.removesuffix('.')}{':' if outcome.exchanges else '.'}", width)
    for exchange in outcome.exchanges:
        yield from steps(printable(str(exchange.sent)), exchange.steps, str(exchange.answer.status))
    yield Text()
    yield from _verdict(report, width)
    if outcome.exchanges:
        yield from _findings(report, width)
    if report.differences is not None:
        yield from _differences(report, width)


def _verdict(report: Report, width: int) -> Iterator[RenderableType]:
    outcome = report.outcome
    if outcome.allowed is False:
        yield from refusal(outcome.console, width)
    elif outcome.code == "not-sent":
        method = report.question.method
        text = f"The browser would send {method} now. It was not sent, since it may change something: --send sends it."
        yield from wrapped(text, width)
    elif outcome.elsewhere:
        text = (
            f"The browser goes on to {outcome.elsewhere}, with Origin: null. That is another place, so nothing was "
            "sent to it, and what the page gets is not known."
        )
        yield from wrapped(text, width)
    elif outcome.actual is None:
        yield from wrapped("The page gets the answer. Nothing was sent.", width)
    else:
        names = ", ".join(outcome.readable) or "none"
        yield from wrapped(f"The page gets the answer, and can read of its headers: {names}.", width)


def _findings(report: Report, width: int) -> Iterator[RenderableType]:
    found = report.findings
    yield Text()
    if report.unasked:
        yield from wrapped(f"Others could not be asked for: {report.unasked}", width)
        if not found:
            return
        yield Text()
    if not found:
        everybody = any(control.exchange.answer.value(ALLOW_ORIGIN) for control in report.controls)
        others = "" if everybody else " Nobody else was let in: no stranger, look-alike or null."
        yield from wrapped(f"Nothing else is wrong.{others}", width)
        return
    errors = sum(finding.level == "error" for finding in found)
    yield Text(summary(errors, len(found) - errors), "bold")
    for finding in found:
        colour = "red" if finding.level == "error" else "yellow"
        yield Text()
        yield Text.assemble(
            ("  ", ""), (finding.code, f"bold {colour}"), "" if finding.level == "error" else " (warning)", "  ",
            (printable(finding.where), "dim"),
        )  # fmt: skip
        yield from wrapped(finding.message, width, "    ")
        yield from wrapped(f"fix  {finding.fix}", width, "    ")


def _differences(report: Report, width: int) -> Iterator[RenderableType]:
    yield Text()
    if not report.differences:
        count = len(report.outcome.exchanges) + len(report.controls)
        if count:
            yield from wrapped(f"All {count} answers are what {report.rules} promises.", width)
        return
    yield Text(f"{report.rules} promises something else:")
    # Requests whose answers differ alike stand together.
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for where, found in groupby(report.differences, key=lambda difference: difference.where):
        alike.setdefault(tuple(difference[1:] for difference in found), []).append(where)
    for differences, places in alike.items():
        yield Text()
        for where in places:
            yield Text(f"  {printable(where)}", "bold")
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for what, promised, answered in differences:
            table.add_row(f"    {what}", Text("promised", "green"), _told(promised))
            table.add_row("", Text("answered", "red"), _told(answered))
        yield table


def _told(value: str) -> Text:
    return Text(printable(value)) if value else Text("nothing", "italic")


def as_json(report: Report) -> dict[str, object]:
    """The report as --json has it."""
    question, outcome = report.question, report.outcome
    return {
        "url": question.url,
        "origin": question.origin,
        "method": question.method,
        "credentials": question.credentials,
        "allowed": outcome.allowed,
        "code": outcome.code,
        "message": outcome.why,
        "console": outcome.console,
        "readable_headers": list(outcome.readable),
        "redirected_to": outcome.elsewhere,
        "exchanges": [_exchange_as_json(exchange) for exchange in outcome.exchanges],
        "others": [{"kind": control.kind, **_exchange_as_json(control.exchange)} for control in report.controls],
        "others_unasked": report.unasked,
        "findings": [finding._asdict() for finding in report.findings],
        "differences": None
        if report.differences is None
        else [difference._asdict() for difference in report.differences],
    }


def _without_secrets(name: str, value: str) -> str:
    if name == "location":
        return redirects.told(value)
    return _HIDDEN if name == "set-cookie" else value


def _exchange_as_json(exchange: Exchange) -> dict[str, object]:
    sent, answer, found = exchange
    return {
        "method": sent.method,
        "url": sent.url.text,
        "request_headers": {
            name: value if name.startswith(_SHOWN) else _HIDDEN for name, value in sorted(sent.headers.items())
        },
        "status": answer.status,
        "response_headers": [[name, _without_secrets(name.lower(), value)] for name, value in answer.headers],
        "steps": [step._asdict() for step in found],
    }
