"""Writes docs/images/{lint,plan,explain}.svg: what the commands print on a terminal.

PYTHONPATH=layers/cors/python:functions/rules_guard:tools python -m docs.pictures
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from rich.console import Console
from rich.text import Text

IMAGES = Path(__file__).resolve().parents[2] / "docs/images"
WIDTH = 112
TEA = ["https://victoria-lo.github.io", "https://*.victoria-lo.github.io"]


class Picture(NamedTuple):
    """A command, and the files that it finds."""

    command: str
    files: dict[str, dict[str, Any]]


def _rules(*policies: dict[str, Any]) -> dict[str, Any]:
    return {"schema": "edgecors/1", "policies": list(policies)}


PICTURES = {
    "lint": Picture(
        "edgecors lint rules.json",
        {
            "rules.json": _rules(
                {
                    "name": "tea",
                    "paths": ["/tea", "/tea/*"],
                    "allow_origins": [
                        "https://victoria-lo.github.io/Hashtag-TEA/",
                        {"regex": r"https://(.*\.)?victoria-lo\.github\.io.*"},
                    ],
                    "allow_methods": ["delete"],
                    "max_age": 86400,
                }
            )
        },
    ),
    "plan": Picture(
        "edgecors plan rules.json --against published.json",
        {
            "rules.json": _rules(
                {
                    "name": "tea",
                    "paths": ["/tea", "/tea/*"],
                    "allow_origins": [*TEA, "https://*.preview.example"],
                    "allow_methods": ["DELETE"],
                },
                {
                    "name": "admin",
                    "paths": ["/admin/*"],
                    "allow_origins": ["https://admin.example"],
                    "allow_methods": ["DELETE"],
                    "allow_credentials": True,
                },
            ),
            "published.json": _rules(
                {
                    "name": "tea",
                    "paths": ["/tea", "/tea/*"],
                    "allow_origins": [*TEA, "https://x.preview.example", "http://localhost:5173"],
                    "allow_methods": ["DELETE"],
                }
            ),
        },
    ),
    "explain": Picture(
        "edgecors explain rules.json https://api.example/tea --origin https://victoria-lo.github.io --method PATCH",
        {
            "rules.json": _rules(
                {"name": "tea", "paths": ["/tea", "/tea/*"], "allow_origins": TEA, "allow_methods": ["DELETE"]}
            )
        },
    ),
}


class _Screen(io.StringIO):
    """A terminal, as far as programs ask."""

    def isatty(self) -> bool:
        return True


def draw(picture: Picture) -> str:
    """The SVG."""
    from edgecors_cli.app import main  # noqa: PLC0415  (so that a picture shows the command line as it is)

    screen = _Screen()
    environment = {
        "COLUMNS": str(WIDTH),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PATH": os.environ["PATH"],
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, environment, clear=True),
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
    ):
        for name, document in picture.files.items():
            Path(name).write_text(_written(document), "utf-8")
        main(picture.command.split()[1:])
    console = Console(file=io.StringIO(), record=True, width=WIDTH, force_terminal=True, color_system="truecolor")
    console.print(Text.assemble(("$ ", "bold green"), (picture.command, "bold")), soft_wrap=True)
    console.print()
    console.print(Text.from_ansi(screen.getvalue().rstrip("\n")), soft_wrap=True)
    console.print()  # else the last line's descenders are cut off
    # Rich names a font to be fetched; the reader's own will do.
    return re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="edgecors"), flags=re.DOTALL)


def _written(document: dict[str, Any]) -> str:
    """The document with short lists in one line, as people write it."""
    text = json.dumps(document, indent=2)
    text = re.sub(r"\{\n\s+(\"regex\": .*)\n\s+\}", r"{\1}", text)
    return (
        re.sub(r"\[\n\s+((?:\"[^\"\n]*\",?\s*){1,3})\]", lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"
    )


def main() -> None:
    """Write the pictures."""
    for name, picture in PICTURES.items():
        (IMAGES / f"{name}.svg").write_text(draw(picture), "utf-8")


if __name__ == "__main__":
    main()
