"""edgecors rollback: return to an older version."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from edgecors import Rules, RulesError
from edgecors_cli import aws, options, publishing, render_problems
from edgecors_cli.terminal import Terminal
from rules_analysis.differences import compare
from rules_store import history, restore, target


def rollback(
    parameter: options.Parameter,
    to: Annotated[
        int | None,
        typer.Option(
            "--to",
            min=1,
            metavar="VERSION",
            help="The version to return to; else the newest older one that is in order and differs.",
            show_default=False,
        ),
    ] = None,
    why: options.Why = "",
    yes: options.Yes = False,
    profile: options.Profile = None,
    region: options.Region = None,
    endpoint_url: options.Endpoint = None,
    as_json: options.AsJson = False,
) -> None:
    """Publish an older version again, as a new one.

    What changes is shown first, and has to be confirmed where pages gain access with credentials.

    \b
    Example:
      edgecors rollback --parameter /edgecors/tea/production --to 7
    """
    terminal = Terminal(as_json=as_json)
    client = aws.client(profile, region, endpoint_url)
    with terminal.progress() as progress:
        progress("reading the versions", 0, 0)
        entries = history(client, parameter)
    try:
        chosen = target(parameter, entries, to)
    except RulesError as error:
        terminal.tell(Text(f"Version {to} of {parameter} is not valid:"))
        terminal.tell(*(f"  {line}" for line in render_problems.one_line(error.problems)))
        raise
    newest = entries[0]
    old = publishing.in_force(terminal, parameter, entries)
    plan = compare(old, Rules.parse(chosen.text, strict=False))
    if chosen.text != newest.text:
        terminal.show(f"Returning to version {chosen.version}.", Text())
        publishing.show_plan(terminal, parameter, newest.version, plan)
        terminal.show(Text())
    for line in render_problems.one_line(chosen.warnings):
        terminal.tell(Text(f"warning: {line}", "yellow"))
    publishing.ask_if_widened(terminal, plan, yes=yes)
    with terminal.progress() as progress:
        publication = restore(client, parameter, chosen, newest.version, why, progress)
    publishing.show_publication(terminal, publication, publishing.longest_max_age(old))
    terminal.result(publishing.publication_as_json(publication, plan) | {"restored": chosen.version})
