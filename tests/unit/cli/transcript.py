"""Runs of the command line in this process, written down as a person would see them."""

from __future__ import annotations

import io
import shlex
import sys
from typing import TYPE_CHECKING, Any

from edgecors_cli.app import main

if TYPE_CHECKING:
    import pytest


class Stream(io.StringIO):
    """Standard output or error: notes who wrote what, in the order of both."""

    def __init__(self, written: list[tuple[str, str]], name: str, *, terminal: bool) -> None:
        super().__init__()
        self._written, self._name, self._terminal = written, name, terminal

    def write(self, text: str | bytes) -> int:
        if isinstance(text, bytes):  # Typer asks in this way whether it has to encode
            raise TypeError("text, please")
        self._written.append((self._name, text))
        return len(text)

    def isatty(self) -> bool:
        return self._terminal


class Input(io.TextIOWrapper):
    """Standard input with the given content."""

    def __init__(self, content: bytes, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


class Run:
    """What one command wrote, and its exit status."""

    def __init__(self, status: int, written: list[tuple[str, str]]) -> None:
        self.status = status
        self.out = "".join(text for name, text in written if name == "out")
        self.err = "".join(text for name, text in written if name == "err")
        self.both = written


class Shell:
    """Runs commands, and keeps the transcript. What standard error got has `! ` in front."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.transcript: list[str] = []

    def run(self, command: str, *, typed: bytes = b"", terminal: bool = False) -> Run:
        """`command` without `edgecors`; `typed` is standard input; `terminal`: all three are one."""
        written: list[tuple[str, str]] = []
        with self._monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", Input(typed, terminal=terminal))
            patch.setattr(sys, "stdout", Stream(written, "out", terminal=terminal))
            patch.setattr(sys, "stderr", Stream(written, "err", terminal=terminal))
            status = main(shlex.split(command))
        run = Run(status, written)
        self._note(command, run)
        return run

    def _note(self, command: str, run: Run) -> None:
        lines = [f"$ edgecors {command}".rstrip()]
        merged: list[tuple[str, str]] = []
        for name, text in run.both:
            if merged and merged[-1][0] == name:
                merged[-1] = (name, merged[-1][1] + text)
            else:
                merged.append((name, text))
        for name, text in merged:
            lines += [("! " if name == "err" else "") + line for line in text.splitlines()]
        lines.append(f"=> {run.status}")
        self.transcript += [*(line.rstrip() for line in lines), ""]

    def text(self) -> str:
        """The transcript so far."""
        return "\n".join(self.transcript)


def silent(*_arguments: Any, **_named: Any) -> None:
    """Does nothing, whatever it is given."""
