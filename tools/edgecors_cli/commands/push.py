"""edgecors push: publish a rules document."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from edgecors import Rules, RulesError
from edgecors_cli import aws, fallback, files, options, publishing, render_plan, render_problems
from edgecors_cli.terminal import Terminal
from rules_analysis.differences import compare
from rules_store import current, publish, tier_of
from rules_store.limits import check_description

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

    from rules_analysis.differences import Difference
    from rules_store import Published, Tier


class TierName(StrEnum):
    """The tiers of SSM, as --tier takes them."""

    STANDARD = "standard"
    ADVANCED = "advanced"


def push(
    rules: options.Rules,
    parameter: options.Parameter,
    why: options.Why = "",
    if_absent: Annotated[
        bool, typer.Option("--if-absent", help="Publish only if there is no such parameter; else leave it as it is.")
    ] = False,
    expect_version: Annotated[
        int | None,
        typer.Option(
            "--expect-version",
            min=0,
            metavar="N",
            help="Publish only on top of version N (0: none).",
            show_default=False,
        ),
    ] = None,
    fallback_file: options.Fallback = None,
    tier: Annotated[
        TierName, typer.Option("--tier", help="advanced: one parameter of up to 8,192 bytes, paid, for good.")
    ] = TierName.STANDARD,
    yes: options.Yes = False,
    profile: options.Profile = None,
    region: options.Region = None,
    endpoint_url: options.Endpoint = None,
    as_json: options.AsJson = False,
) -> None:
    """Publish a rules document.

    It goes into an SSM parameter. Rules with problems are refused, and shown with their fixes. What changes is shown
    first, and has to be confirmed where pages gain access with credentials. Readers see the old rules or the new
    ones, never a part.

    \b
    Example:
      edgecors push rules.json --parameter /edgecors/tea/production -m "Let the new shop in"
    """
    terminal = Terminal(as_json=as_json)
    text = publishing.checked_text(terminal, rules)
    after = Rules.parse(text)
    shipped = files.read(str(fallback_file)) if fallback_file is not None else None
    check_description(why)
    client = aws.client(profile, region, endpoint_url)
    with terminal.progress() as progress:
        progress("reading what is published", 0, 0)
        before = current(client, parameter)
    if if_absent and before is not None:
        _leave(terminal, before)
        return
    version = before.version if before is not None else 0
    plan: tuple[Difference, ...] = ()
    old = None
    # Where another version is expected, `publish` refuses: there is nothing to show and nothing to ask.
    if expect_version in (None, version):
        old = publishing.rules_in_force(terminal, client, before) if before is not None else None
        plan = compare(old, after)
        if before is None or before.text != text:
            publishing.show_plan(terminal, parameter, version, plan)
            terminal.show(Text())
        if shipped is not None:
            _warn_of_fallback(terminal, files.shown(str(fallback_file)), shipped, old, after)
        publishing.ask_if_widened(terminal, plan, yes=yes)
        _ask_if_paid(terminal, client, parameter, tier, yes=yes)
    with terminal.progress() as progress:
        publication = publish(
            client,
            parameter,
            text,
            expected=version if expect_version is None else expect_version,
            description=why or f"edgecors push {Path(rules).name if rules != '-' else ''}".strip(),
            tier=_TIERS[tier],
            progress=progress,
        )
    publishing.show_publication(terminal, publication, publishing.longest_max_age(old))
    terminal.result(publishing.publication_as_json(publication, plan))


_TIERS: dict[TierName, Tier] = {TierName.STANDARD: "Standard", TierName.ADVANCED: "Advanced"}


def _leave(terminal: Terminal, before: Published) -> None:
    terminal.show(f"{before.name} is there already, at version {before.version}; it was left as it is.")
    version = before.version
    terminal.result(
        {"parameter": before.name, "version": version, "previous": version, "unchanged": True, "changes": []}
    )


def _warn_of_fallback(terminal: Terminal, path: str, content: bytes, before: Rules | None, after: Rules) -> None:
    """Say what the shipped document lets in again."""
    try:
        shipped = Rules.parse(content, strict=False)
    except RulesError as error:
        terminal.tell(Text(f"{path} is not valid, so it is no fallback at all:", "yellow"))
        terminal.tell(*(f"  {line}" for line in render_problems.one_line(error.problems)))
        return
    again = fallback.readmitted(before, after, shipped) if before is not None else []
    for pattern, paths in again:
        origin, where = render_plan.pattern_text(pattern), ", ".join(map(render_problems.printable, paths))
        terminal.tell(Text(f"{path} still lets in {origin} ({where}), which is being removed.", "yellow"))
    if again:
        terminal.tell(
            Text(
                "A function that cannot reach SSM when it starts goes by that file: change it too, and deploy.",
                "yellow",
            )
        )


def _ask_if_paid(terminal: Terminal, client: SSMClient, name: str, tier: TierName, *, yes: bool) -> None:
    """Have it confirmed that the parameter becomes a paid one. Raises Refused."""
    if tier is TierName.STANDARD or yes or tier_of(client, name) == "Advanced":
        return
    terminal.ask(
        f"{name} becomes a parameter of the advanced tier: AWS charges for each month and each call of it, and it can "
        "never be made standard again. Go on?",
        "Add --yes if it is meant.",
    )
