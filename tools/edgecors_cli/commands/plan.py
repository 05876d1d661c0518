"""edgecors plan: who would gain and who would lose which access."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from edgecors import Rules, RulesError
from edgecors_cli import aws, files, options, publishing, render_plan, render_problems
from edgecors_cli.terminal import Terminal
from rules_analysis.differences import compare
from rules_store import current

if TYPE_CHECKING:
    from rules_analysis.differences import Difference


def plan(
    rules: options.Rules,
    parameter: Annotated[
        str | None,
        typer.Option(
            "--parameter", metavar="NAME", help="Compare with what this SSM parameter publishes.", show_default=False
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="FILE", help="Compare with this file instead.", show_default=False),
    ] = None,
    profile: options.Profile = None,
    region: options.Region = None,
    endpoint_url: options.Endpoint = None,
    as_json: options.AsJson = False,
) -> None:
    """Show who would gain and who would lose which access.

    The document is compared with what is published now, or with a file. Sets are compared, not text: what is only
    written in another way is no difference. + is a gain, ! a gain with credentials, - a loss. Nothing is published.

    \b
    Example:
      edgecors plan rules.json --parameter /edgecors/tea/production
    """
    if (parameter is None) is (against is None):
        raise typer.BadParameter("give either --parameter NAME or --against FILE.")
    if rules == against == "-":
        raise typer.BadParameter("only one of the two documents can come from standard input.")
    terminal = Terminal(as_json=as_json)
    after = Rules.parse(publishing.checked_text(terminal, rules))
    if parameter is None:
        _show_against(terminal, rules, str(against), after)
        return
    client = aws.client(profile, region, endpoint_url)
    with terminal.progress() as progress:
        progress("reading what is published", 0, 0)
        published = current(client, parameter)
    before = publishing.rules_in_force(terminal, client, published) if published is not None else None
    version = published.version if published is not None else 0
    differences = compare(before, after)
    publishing.show_plan(terminal, parameter, version, differences)
    if differences:
        command = shlex.join(["edgecors", "push", rules, "--parameter", parameter])
        terminal.show(Text(f"Nothing is published yet: {render_problems.printable(command)}"))
    terminal.result({"parameter": parameter, "version": version or None, **_as_json(differences)})


def _show_against(terminal: Terminal, rules: str, against: str, after: Rules) -> None:
    content = files.read(against)
    name = files.shown(against)
    try:
        before = Rules.parse(content, strict=False)
    except RulesError as error:
        shown = content.decode("utf-8", errors="replace")
        terminal.show(*render_problems.render(name, shown, error.problems, width=terminal.out.width), Text())
        raise
    differences = compare(before, after)
    terminal.show(Text.assemble((name, "bold"), " -> ", (files.shown(rules), "bold")), Text())
    terminal.show(*render_plan.render(differences))
    terminal.result({"against": against, **_as_json(differences)})


def _as_json(differences: tuple[Difference, ...]) -> dict[str, object]:
    gains, credentialed, losses = render_plan.counts(differences)
    return {
        "gains": gains,
        "gains_with_credentials": credentialed,
        "losses": losses,
        "changes": [render_plan.as_json(difference) for difference in differences],
    }
