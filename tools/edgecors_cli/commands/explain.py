"""edgecors explain: why a page gets an answer, or does not."""

from __future__ import annotations

from typing import Annotated

import typer

from edgecors._safelist import normalized_method
from edgecors_cli import options, page_options, render_explanation
from edgecors_cli.advice import Advice, advise
from edgecors_cli.question import Question
from edgecors_cli.rules_argument import read_rules
from edgecors_cli.terminal import Terminal


def explain(
    rules: options.Rules,
    url: page_options.Url,
    origin: page_options.Origin,
    method: page_options.Method = "GET",
    header: page_options.Headers = None,
    credentials: page_options.Credentials = page_options.Mode.SAME_ORIGIN,
    response_header: Annotated[
        list[str] | None,
        typer.Option(
            "--response-header",
            metavar="'NAME: VALUE'",
            help="A header that the function sends, to see whether the page can read it.",
            show_default=False,
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="As with EDGECORS_DEBUG=1.")] = False,
    enforce: Annotated[bool, typer.Option("--enforce", help="As with @cors(enforce=True).")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Explain why a page gets an answer, or does not.

    Nothing is sent: what is said is what the rules make of it, step by step as browsers go, and what to change. The
    path of the URL is the API's own, without a stage. Exit status 1: the page does not get the answer.

    \b
    Example:
      edgecors explain rules.json https://api.example/tea --origin https://app.example --method PATCH
      edgecors pull --parameter /edgecors/tea/production | edgecors explain - https://api.example/tea \\
        --origin https://app.example --header 'Authorization: x'
    """
    terminal = Terminal(as_json=as_json)
    headers = page_options.pairs(header, "--header")
    response_headers = page_options.pairs(response_header, "--response-header")
    page_options.refuse_star(method, headers)
    known = read_rules(terminal, rules)
    question = Question(url, origin, normalized_method(method), headers, credentials.value)
    try:
        fetched = question.explain(known, debug=debug, enforce=enforce, response_headers=response_headers)
    except ValueError as error:
        raise page_options.wrong_call(error, origin) from error
    advice = Advice((), "") if fetched.allowed else advise(known, question)
    terminal.show(
        *render_explanation.render(
            fetched, question, advice, enforce=enforce, answered=bool(response_headers), width=terminal.out.width
        )
    )
    terminal.result(render_explanation.as_json(fetched, question, advice))
    if not fetched.allowed:
        raise typer.Exit(1)
