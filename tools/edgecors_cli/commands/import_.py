"""edgecors import: rules out of another system's configuration."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgecors import Rules, RulesError
from edgecors_cli import files, options
from edgecors_cli.importing import carrying, render
from edgecors_cli.importing.model import Imported, NotReadableError, Setup
from edgecors_cli.terminal import Terminal
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

# CloudFormation takes templates of up to 1 MB; no configuration is longer.
_MAX_TEXT = 1_048_576


_SYSTEMS = ("express", "sam", "powertools", "starlette")


def import_(
    system: Annotated[
        str,
        typer.Argument(metavar="FROM", help="express, sam, powertools or starlette.", show_default=False),
    ],
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="The file with the configuration, or - for standard input.", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT", help="Write the rules there, not to standard output.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite OUT.")] = False,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="The policy's name, else the file's or the API's.", show_default=False
        ),
    ] = "",
    path: Annotated[
        list[str] | None,
        typer.Option(
            "--path",
            metavar="PATTERN",
            help="What the rules are for, like /tea/*; several are allowed.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            "--at", metavar="LINE", help="Only the setup that begins in that line (or LINE:COLUMN).", show_default=False
        ),
    ] = "",
    as_json: options.AsJson = False,
) -> None:
    """Turn another system's CORS configuration into rules.

    Nothing of the file is executed. The rules let in nobody whom the old system refused, but where a slip is corrected,
    which is said. What they cannot carry over is listed: the line, the value, the reason, the fix.

    \b
    Example:
      edgecors import express server.js --output rules.json
      edgecors import sam template.yaml --name tea --path '/tea/*'
    """
    terminal = Terminal(as_json=as_json)
    reader = _reader(system)
    _check(name, path or ["*"])
    text = _text(file)
    if output is not None and output.is_file() and not force:
        message = f"{files.shown(str(output))} is there already."
        raise StoreError("file-exists", message, "Add --force to overwrite it.", kind="call")
    try:
        setups = _chosen(reader(text), at)
        for setup in setups:
            setup.name = name or setup.name
        found = carrying.carry(setups, name=name or _stem(file), paths=path or ())
    except NotReadableError as error:
        found = Imported(None, [], [error.item], [])
    if not as_json:
        terminal.tell(*render.render(files.shown(file), found), "")
    if found.document is not None and output is not None:
        files.write(output, render.document_text(found.document))
    terminal.result(render.as_json(found))
    if found.document is None:
        if not as_json:
            terminal.tell("No rules were made.")
        raise typer.Exit(1)
    if output is not None:
        terminal.tell(f"The rules are in {files.shown(str(output))}.")
    elif not as_json:
        sys.stdout.write(render.document_text(found.document))


def _reader(system: str) -> Callable[[str], list[Setup]]:
    """The reader of a system, and only that: each brings a parser of its own."""
    if system not in _SYSTEMS:
        known = ", ".join(_SYSTEMS)
        raise StoreError("no-such-system", f"There is no import from {system}.", f"It is one of {known}.", kind="call")
    read: Callable[[str], list[Setup]] = importlib.import_module(f"edgecors_cli.importing.{system}").read
    return read


def _check(name: str, paths: list[str]) -> None:
    """Hold --name and --path to what rules can have. Raises StoreError."""
    policy = {"name": name or "imported", "paths": paths, "allow_origins": ["https://a.example"]}
    try:
        Rules.parse({"schema": "edgecors/1", "policies": [policy]})
    except RulesError as error:
        problem = error.problems[0]
        option = "--name" if problem.field.endswith("/name") else "--path"
        raise StoreError("usage", f"{option} {problem.value}: {problem.message}", "", kind="call") from None


def _text(file: str) -> str:
    content = files.read(file)
    if len(content) > _MAX_TEXT:
        raise StoreError("file-too-large", f"{files.shown(file)} has more than {_MAX_TEXT:,} bytes.", "", kind="call")
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise StoreError("file-not-text", f"{files.shown(file)} is not UTF-8 text.", "", kind="call") from None


def _chosen(setups: list[Setup], at: str) -> list[Setup]:
    """The setups that --at names. Raises StoreError."""
    if not at:
        return setups
    wanted = re.fullmatch(r"([0-9]{1,9})(?::([0-9]{1,9}))?", at)
    found = [
        setup
        for setup in setups
        if wanted is not None and setup.place.line == int(wanted[1]) and wanted[2] in (None, str(setup.place.column))
    ]
    if not found:
        lines = ", ".join(dict.fromkeys(f"{setup.place.line}:{setup.place.column}" for setup in setups))
        raise StoreError("no-such-setup", f"--at {at}: no setup begins there.", f"They begin at {lines}.", kind="call")
    return found


def _stem(file: str) -> str:
    return "imported" if file == "-" else Path(file).name.partition(".")[0]
