"""edgecors pull: read back what is published."""

from __future__ import annotations

import json
import sys
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from edgecors import Rules, RulesError
from edgecors_cli import aws, files, options, render_problems
from edgecors_cli.terminal import Terminal
from rules_store import StoreError, current

if TYPE_CHECKING:
    from rules_store import Published

_SHORT = 1_000  # characters: what is shorter was never cut to fit


def pull(
    parameter: options.Parameter,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it there instead of to standard output.", show_default=False
        ),
    ] = None,
    profile: options.Profile = None,
    region: options.Region = None,
    endpoint_url: options.Endpoint = None,
    as_json: options.AsJson = False,
) -> None:
    """Read back what is published.

    The text is as it was pushed; where its white space was left out to make it fit, it is indented again.

    \b
    Example:
      edgecors pull --parameter /edgecors/tea/production --output rules.json
    """
    terminal = Terminal(as_json=as_json)
    client = aws.client(profile, region, endpoint_url)
    with terminal.progress() as progress:
        progress("reading what is published", 0, 0)
        found = current(client, parameter)
    if found is None:
        raise StoreError(
            "not-found",
            f"{parameter}: there is no such parameter in this account and Region.",
            "Check the name, --profile and --region; edgecors push creates it.",
        )
    if found.text is None:
        raise StoreError(
            "unreadable",
            f"Version {found.version} of {parameter} cannot be put together: {found.unreadable}.",
            f"Functions go on with their last good rules. Return to those: edgecors rollback --parameter {parameter}",
            kind="refused",
        )
    text = _readable(found, found.text)
    _say_if_bad(terminal, found, text)
    if output is not None:
        files.write(output, text)
        terminal.tell(f"{_title(found)} is in {files.shown(str(output))}.")
    elif not as_json:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
    terminal.result(
        {
            "parameter": found.name,
            "version": found.version,
            "date": found.modified.astimezone(UTC).isoformat(timespec="seconds"),
            "bytes": len(found.text.encode("utf-8")),
            "chunks": found.manifest.chunks if found.manifest is not None else 0,
            "text": text,
        }
    )


def _readable(found: Published, text: str) -> str:
    """The text, indented where publishing left out its white space (or it looks as if)."""
    if found.manifest is not None or len(text) < _SHORT:
        return text
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if text != json.dumps(document, ensure_ascii=False, separators=(",", ":")):
        return text
    return json.dumps(document, indent=2, ensure_ascii=False)


def _say_if_bad(terminal: Terminal, found: Published, text: str) -> None:
    try:
        Rules.parse(text, strict=False)
    except RulesError as error:
        terminal.tell(Text(f"{_title(found)} is not valid, so functions go on with their last good rules:", "yellow"))
        terminal.tell(*(f"  {line}" for line in render_problems.one_line(error.problems)))


def _title(found: Published) -> str:
    return f"Version {found.version} of {found.name}"
