"""edgecors probe: what a page sees of an API that is running."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from edgecors._safelist import normalized_method
from edgecors._url import parse_url
from edgecors_cli import files, options, page_options
from edgecors_cli.probe.controls import control
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.look import find
from edgecors_cli.probe.promises import compare
from edgecors_cli.probe.render import Report, as_json, render
from edgecors_cli.question import Question
from edgecors_cli.rules_argument import read_rules
from edgecors_cli.terminal import Terminal
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeVar

    from edgecors import Rules
    from edgecors_cli.probe.messages import Answer, Sent

    Result = TypeVar("Result")


def probe(
    url: page_options.Url,
    origin: page_options.Origin,
    method: page_options.Method = "GET",
    header: page_options.Headers = None,
    credentials: page_options.Credentials = page_options.Mode.SAME_ORIGIN,
    send: Annotated[
        bool, typer.Option("--send", help="Send methods too that may change something; else only their preflight.")
    ] = False,
    rules: Annotated[
        str | None,
        typer.Option("--rules", metavar="FILE", help="Compare the answers with these rules.", show_default=False),
    ] = None,
    base_path: Annotated[
        str,
        typer.Option(
            "--base-path", metavar="PATH", help="What the rules' paths do not have: a stage.", show_default=False
        ),
    ] = "",
    timeout: Annotated[
        float, typer.Option("--timeout", metavar="S", min=0.1, max=300, help="Seconds for all requests together.")
    ] = 10.0,
    json_wanted: options.AsJson = False,
) -> None:
    """Send what a browser would, and judge the answers as one.

    Only the URL's own host is asked: a redirect that leads elsewhere is told, not followed. The same is asked for
    others (a stranger's origin, null, look-alikes), to see who else is let in. Cookies are not sent. Exit status 1: the
    page does not get the answer, something is wrong, or the rules promise something else.

    \b
    Example:
      edgecors probe https://api.example/tea --origin https://app.example --method DELETE --rules rules.json
    """
    terminal = Terminal(as_json=json_wanted)
    headers = page_options.pairs(header, "--header")
    page_options.refuse_star(method, headers)
    known = read_rules(terminal, rules) if rules is not None else None
    question = Question(url, origin, normalized_method(method), headers, credentials.value)
    with terminal.progress() as progress:
        report = _ask(
            question,
            known,
            files.shown(rules or ""),
            base_path=base_path,
            send_unsafe=send,
            seconds=timeout,
            tell=lambda sent: progress(str(sent), 0, 0),
        )
    terminal.show(*render(report, width=terminal.out.width))
    terminal.result(as_json(report))
    if not report.is_fine:
        raise typer.Exit(1)


def _ask(
    question: Question,
    rules: Rules | None,
    name: str,
    *,
    base_path: str,
    send_unsafe: bool,
    seconds: float,
    tell: Callable[[Sent], None],
) -> Report:
    """Send everything and judge it. Raises StoreError."""
    from edgecors_cli.probe.wire import Wire  # noqa: PLC0415  (urllib3 and ssl, for which --help need not wait)

    def send(sent: Sent) -> Answer:
        tell(sent)
        return wire.send(sent)

    try:
        wire = Wire(parse_url(question.url), seconds)
        outcome = _converse(fetch(question, send_unsafe=send_unsafe, may_follow=wire.may_follow), send)
    except ValueError as error:
        raise page_options.wrong_call(error, question.origin) from error
    if outcome.code == "not-sent" and not outcome.exchanges:
        raise StoreError(
            "send-needed",
            f"Browsers send this {question.method} at once, without a preflight that could be looked at.",
            "Add --send if it may be sent.",
            kind="call",
        )
    unasked = ""
    try:
        controls = _converse(control(question, outcome, new_token()), send)
    except StoreError as error:
        # The page's own answers are there; that counts more.
        controls, unasked = (), error.message
    include = question.credentials == "include"
    differences = None
    if rules is not None:
        exchanges = [*outcome.exchanges, *(asked.exchange for asked in controls)]
        differences = compare(rules, exchanges, base_path)
    findings = find(outcome, controls, include=include)
    return Report(question, outcome, controls, findings, differences, name, unasked)


def _converse(conversation: Generator[Sent, Answer, Result], send: Callable[[Sent], Answer]) -> Result:
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
