"""edgecors doctor: CORS mistakes in a SAM or CloudFormation template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from edgecors_cli import files, options
from edgecors_cli.terminal import Terminal
from rules_store import StoreError

if TYPE_CHECKING:
    from edgecors_doctor.check import Mistake

Templates = Annotated[
    list[str],
    typer.Argument(
        metavar="TEMPLATE...", help="SAM or CloudFormation, YAML or JSON; - for standard input.", show_default=False
    ),
]


def doctor(templates: Templates, as_json: options.AsJson = False) -> None:
    """Find CORS mistakes in templates.

    In a SAM or CloudFormation template, before it is deployed: an authorizer on preflights, CORS set twice, errors
    without CORS headers, and so on. Each is shown with its line, the reason and the corrected part. Nothing is sent
    anywhere. docs/doctor.md has every rule, and says how cfn-lint runs them.

    \b
    Example:
      edgecors doctor template.yaml
    """
    terminal = Terminal(as_json=as_json)
    found = [(path, *_checked(path)) for path in templates]
    for number, (path, text, mistakes) in enumerate(found):
        if number:
            terminal.show(Text())
        _show(terminal, path, text, mistakes)
    terminal.result({"templates": [_as_json(path, mistakes) for path, _, mistakes in found]})
    if any(mistake.is_error for _, _, mistakes in found for mistake in mistakes):
        raise typer.Exit(1)


def _checked(path: str) -> tuple[str, list[Mistake]]:
    """The template's text and its mistakes. Raises StoreError."""
    # cfn-lint takes a second to load, which is nobody's but this command's.
    try:
        from edgecors_doctor.check import NotATemplateError, check  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("cfnlint", "yaml"):
            raise
        raise StoreError(
            "cfn-lint-missing", "doctor needs cfn-lint, which is not installed.", "pip install cfn-lint", kind="call"
        ) from error
    content = files.read(path)
    try:
        text = content.decode("utf-8")
        return text, check(text, None if path == "-" else path)
    except UnicodeDecodeError as error:
        message = f"{files.shown(path)}: This is no text in UTF-8: byte {error.start} is not."
        raise StoreError("template-invalid", message, "", kind="call") from error
    except NotATemplateError as error:
        place = f", line {error.line}, column {error.column}" if error.line is not None else ""
        raise StoreError("template-invalid", f"{files.shown(path)}{place}: {error}", "", kind="call") from error


def _show(terminal: Terminal, path: str, text: str, mistakes: list[Mistake]) -> None:
    from edgecors_cli import render_findings  # noqa: PLC0415

    if mistakes:
        terminal.show(*render_findings.render(files.shown(path), text, mistakes, width=terminal.out.width))
    else:
        terminal.show(f"{files.shown(path)}: no CORS mistakes found")


def _as_json(path: str, mistakes: list[Mistake]) -> dict[str, object]:
    from edgecors_doctor.snippet import as_data  # noqa: PLC0415

    return {
        "template": path,
        "mistakes": [
            {
                "rule": mistake.rule,
                "title": mistake.title,
                "severity": "error" if mistake.is_error else "warning",
                "line": mistake.line,
                "column": mistake.column,
                "end_line": mistake.end_line,
                "end_column": mistake.end_column,
                "path": list(mistake.path),
                "message": mistake.message,
                "fix": as_data(mistake.fix),
            }
            for mistake in mistakes
        ],
    }
