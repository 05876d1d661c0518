"""edgecors lint: every problem and every risk in rules documents."""

from __future__ import annotations

import difflib
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.text import Text

from edgecors_cli import files, fixing, options, render_problems, sarif
from edgecors_cli.json_places import Places
from edgecors_cli.render_problems import printable
from edgecors_cli.sarif import Linted
from edgecors_cli.terminal import Terminal
from rules_analysis.findings import examine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgecors import Problem


class Environment(StrEnum):
    """Where the rules are for, as --env takes it."""

    PROD = "prod"


def lint(
    rules: Annotated[
        list[str],
        typer.Argument(metavar="RULES...", help="Rules documents: files, or - for standard input.", show_default=False),
    ],
    fix: Annotated[
        bool, typer.Option("--fix", help="Put right what is certain, and show the difference; - goes to the output.")
    ] = False,
    env: Annotated[
        Environment | None,
        typer.Option("--env", help="prod: warn of origins of the visitor's own machine, too.", show_default=False),
    ] = None,
    as_json: options.AsJson = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code hosts.")] = False,
) -> None:
    """Find every problem and every risk in rules documents.

    Problems are why a document would be refused; risks (warnings) are what is valid, and yet lets in more than it
    seems, or has no effect. Nothing is published, nothing leaves this machine. Exit status 1 if there is a problem.

    \b
    Example:
      edgecors lint rules.json
      edgecors lint --fix --env prod rules.json
    """
    if as_json and as_sarif:
        raise typer.BadParameter("--json and --sarif exclude each other.")
    terminal = Terminal(as_json=as_json or as_sarif)
    contents = [(path, files.read(path)) for path in dict.fromkeys(rules)]
    production = env is Environment.PROD
    done = [_lint(path, content, fix=fix, production=production) for path, content in contents]
    terminal.result(sarif.report([outcome.linted for outcome in done]) if as_sarif else _as_json(done))
    for at, outcome in enumerate(done):
        # A document that goes to standard output stands there alone.
        is_output = fix and outcome.linted.path == "-"
        show = terminal.tell if is_output else terminal.show
        if is_output and not terminal.as_json:
            sys.stdout.write(outcome.linted.text)
        show(*([Text()] if at else []), *_render(outcome, terminal.out.width))
    if not fix:
        _offer(terminal, [outcome.linted for outcome in done], env)
    if any(outcome.linted.findings.errors for outcome in done):
        raise typer.Exit(1)


class _Outcome(NamedTuple):
    """`linted`: the document as it is now; `fixed`: which of its problems are gone, and `diff`, by what change."""

    linted: Linted
    fixed: tuple[Problem, ...] = ()
    diff: str = ""


def _lint(path: str, content: bytes, *, fix: bool, production: bool) -> _Outcome:
    """Look at a document; with `fix`, put it right. Raises StoreError."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _Outcome(Linted(path, content.decode("utf-8", errors="replace"), examine(content), ()))
    fixed = fixing.fix(text, production=production)
    if not fix:
        findings = fixed.findings if fixed.text == text else examine(text, production=production)
        return _Outcome(Linted(path, text, findings, fixed.fixed))
    if path != "-" and fixed.text != text:
        files.write(Path(path), fixed.text)
    return _Outcome(Linted(path, fixed.text, fixed.findings, ()), fixed.fixed, _diff(path, text, fixed.text))


def _diff(path: str, before: str, after: str) -> str:
    name = files.shown(path)
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), name, f"{name}, fixed")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _render(outcome: _Outcome, width: int) -> Iterator[Text]:
    (path, text, (errors, warnings, _), _), name = outcome.linted, files.shown(outcome.linted.path)
    for line in outcome.diff.splitlines():
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        yield Text(printable(line), "bold" if line.startswith(("+++", "---")) else colour)
    if outcome.fixed:
        count = len(outcome.fixed)
        yield from (Text(), Text(f"{name}: {count} of {count + len(errors) + len(warnings)} fixed.", "bold"))
        yield from [Text()] if errors or warnings else []
    if errors or warnings:
        yield from render_problems.render(path if path != "-" else name, text, errors, warnings, width=width)
    elif not outcome.fixed:
        yield Text.assemble((f"{name}: ", "bold"), "no problems, no risks.")


def _offer(terminal: Terminal, documents: Sequence[Linted], env: Environment | None) -> None:
    """Say how much can be fixed, and by which command."""
    fixable = [document for document in documents if document.fixable]
    if not fixable:
        return
    count = sum(len(document.fixable) for document in fixable)
    findings = [document.findings for document in documents]
    total = sum(len(errors) + len(warnings) for errors, warnings, _ in findings)
    options = f" --env {env.value}" if env is not None else ""
    names = shlex.join(document.path for document in fixable)
    terminal.show(
        Text(), Text(f"{count} of {total} can be fixed for you: edgecors lint --fix{options} {printable(names)}")
    )


def _as_json(done: Sequence[_Outcome]) -> dict[str, object]:
    found = []
    for outcome in done:
        linted = outcome.linted
        places, fixable = Places(linted.text), set(linted.fixable)
        entry: dict[str, object] = {
            "file": linted.path,
            "errors": [_problem(problem, linted.text, places, fixable) for problem in linted.findings.errors],
            "warnings": [_problem(problem, linted.text, places, fixable) for problem in linted.findings.warnings],
            "fixed": [render_problems.as_json(problem) for problem in outcome.fixed],
        }
        if outcome.diff:
            entry["diff"] = outcome.diff
        if outcome.diff and linted.path == "-":
            entry["text"] = linted.text
        found.append(entry)
    return {"files": found}


def _problem(problem: Problem, text: str, places: Places, fixable: set[Problem]) -> dict[str, object]:
    """A problem with its place: line and column, counted from 1, the column in UTF-16 code units."""
    span = render_problems.span_of(problem, text, places)
    line, column = places.utf16(span.start) if span is not None else (1, 1)
    place = {"line": line, "column": column, "fixable": problem in fixable}
    return render_problems.as_json(problem) | place
