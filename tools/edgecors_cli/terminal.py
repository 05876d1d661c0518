"""Where a command writes: results on standard output, all else on standard error.

Colours are for terminals, and for those who have not set NO_COLOR (no-color.org).
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType
    from rich.status import Status

_WIDTH_WITHOUT_TERMINAL = 120


class Refused(Exception):  # noqa: N818  (it is no error: someone was asked, and said no)
    """The command ends here with exit status 1, for the reason given: a stable word and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Terminal:
    """Output and questions of one run. `as_json`: standard output gets one JSON object and nothing else."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    def show(self, *renderables: RenderableType) -> None:
        """Part of the result, for people; nothing with --json."""
        if not self.as_json:
            _print(self.out, renderables)

    def result(self, found: object) -> None:
        """The whole result, with --json; nothing for people."""
        if self.as_json:
            sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")

    def tell(self, *renderables: RenderableType) -> None:
        """For people, beside the result."""
        _print(self.err, renderables)

    def ask(self, question: str, otherwise: str) -> None:
        """Go on only if whoever runs the command says yes. `otherwise`: what to do where nobody can be asked.

        Raises Refused.
        """
        if self.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise Refused("confirmation-needed", f"{question} Nobody can be asked here. {otherwise}")
        self.err.print(f"{question} [y/N] ", end="")
        answer = sys.stdin.readline()
        if not answer.endswith("\n"):
            self.err.print()
        if answer.strip().lower() not in ("y", "yes"):
            raise Refused("declined", "Nothing was published.")

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A line that says what is being done, on a terminal."""
        with self.err.status("connecting") as status:
            yield Progress(status)


class Progress:
    """What `rules_store` calls to tell how far it is."""

    def __init__(self, status: Status) -> None:
        self._status = status

    def __call__(self, step: str, done: int, total: int) -> None:
        """`done` of `total` parts of the step; `total` is 0 where there are no parts."""
        self._status.update(f"{step}: {done + 1} of {total}" if total else step)


def _print(console: Console, renderables: Iterable[RenderableType]) -> None:
    for renderable in renderables:
        # Text is left to the terminal to wrap, so that what is copied from it (a command, an ARN) stays whole.
        console.print(renderable, soft_wrap=isinstance(renderable, str | Text))


def _console(stream: TextIO) -> Console:
    terminal = stream.isatty()
    coloured = terminal and not os.environ.get("NO_COLOR")
    return Console(
        file=stream,
        force_terminal=terminal,
        color_system="auto" if coloured else None,
        width=None if terminal else int(os.environ.get("COLUMNS", "") or _WIDTH_WITHOUT_TERMINAL),
        markup=False,
        emoji=False,
        highlight=False,
    )
