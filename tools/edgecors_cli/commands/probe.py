"""edgecors probe: what a page sees of an API that is running."""

from __future__ import annotations

from typing import Annotated

import typer

from edgecors._safelist import normalized_method
from edgecors_cli import files, options, page_options
from edgecors_cli.probe.asking import ask
from edgecors_cli.probe.render import as_json, render
from edgecors_cli.question import Question
from edgecors_cli.rules_argument import read_rules
from edgecors_cli.terminal import Terminal


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
        try:
            report = ask(
                question,
                known,
                files.shown(rules or ""),
                base_path=base_path,
                send_unsafe=send,
                seconds=timeout,
                tell=lambda sent: progress(str(sent), 0, 0),
            )
        except ValueError as error:
            raise page_options.wrong_call(error, origin) from error
    terminal.show(*render(report, width=terminal.out.width))
    terminal.result(as_json(report))
    if not report.is_fine:
        raise typer.Exit(1)
