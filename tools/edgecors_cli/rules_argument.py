"""Reading the rules that a command is to go by."""

from __future__ import annotations

import typer
from rich.text import Text

from edgecors import Rules, RulesError
from edgecors_cli import files, render_problems
from edgecors_cli.terminal import Terminal


def read_rules(terminal: Terminal, path: str) -> Rules:
    """The rules in a file, or on standard input for `-`. Where they have problems these are shown, and the command
    ends with exit status 1. Raises StoreError where there is nothing to read."""
    content = files.read(path)
    try:
        return Rules.parse(content)
    except RulesError as error:
        name, text = files.shown(path), content.decode("utf-8", errors="replace")
        terminal.show(*render_problems.render(name, text, error.problems, width=terminal.out.width), Text())
        message = f"{render_problems.summary(len(error.problems), 0)} in {name}: it gives no rules to go by."
        problems = [render_problems.as_json(problem) for problem in error.problems]
        terminal.result({"error": {"code": "rules-wrong", "message": message, "fix": "", "problems": problems}})
        terminal.tell(Text.assemble(("edgecors: ", "bold red"), message))
        raise typer.Exit(1) from error
