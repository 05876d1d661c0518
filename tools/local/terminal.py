"""What `make serve` writes to the terminal. Nothing that a request carries reaches it unescaped."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.exchange import Exchange
    from local.pool import Answer, Failure
    from local.verdict import Verdict

MAX_PATH, MAX_ORIGIN = 40, 72
METHOD_STYLE = {"OPTIONS": "cyan", "GET": "blue", "HEAD": "blue", "DELETE": "magenta"}


def safe(text: str, limit: int = 1000) -> str:
    """Text for a terminal: control, format, private-use and surrogate characters as escapes, cut to `limit`.

    Format characters too, since they can turn a line around (bidirectional overrides).
    """
    escaped = "".join(
        character if unicodedata.category(character)[0] != "C" else character.encode("unicode_escape").decode("ascii")
        for character in text[: limit + 1]
    )
    return escaped if len(escaped) <= limit else escaped[: limit - 1] + "…"


def now() -> str:
    """The time of day."""
    return datetime.now().astimezone().strftime("%H:%M:%S")


class Terminal:
    """The terminal, coloured where it is one. Its methods may be called by several threads."""

    def __init__(self, *, verbose: bool = False) -> None:
        """`verbose`: what the function logs is shown as it comes."""
        # rich takes NO_COLOR into account itself.
        self._console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)
        self.verbose = verbose
        self._path_width, self._origin_width, self._code_width = 10, 24, 8

    def _print(self, *parts: tuple[str, str]) -> None:
        line = Text.assemble(*parts)
        line.rstrip()
        self._console.print(line, soft_wrap=True)
        sys.stdout.flush()

    def step(self, text: str) -> Any:
        """A context manager that shows a step while it lasts."""
        if self._console.is_terminal:
            return self._console.status(f"{text} …", spinner="dots")
        self._print((f"{text} …", "dim"))
        return contextlib.nullcontext()

    def banner(self, rows: Iterable[tuple[str, str]], tries: Iterable[tuple[str, str]]) -> None:
        """The addresses and hints as (name, text), then the commands to try as (command, outcome)."""
        cells = list(rows)
        left = max(len(text) for _, text in cells[::2])
        right = max(len(text) for _, text in cells[1::2])
        columns = 2 if 8 + 3 + 11 + left + 3 + 11 + right <= self._console.width else 1
        for start in range(0, len(cells), columns):
            line = [("edgecors" if start == 0 else " " * 8, "bold green")]
            for name, text in cells[start : start + columns]:
                line += [("   ", ""), (f"{name:<11}", "dim"), (f"{text:<{left if columns == 2 else 0}}", "")]
            self._print(*line)
        self._print(("", ""))
        listed = list(tries)
        width = max(len(command) for command, _ in listed)
        for number, (command, outcome) in enumerate(listed):
            style = "green" if outcome == "allowed" else "red"
            self._print(("try" if number == 0 else "   ", "bold"), (f"   {command:<{width}}   ", ""), (outcome, style))
        self._print(("", ""))

    def exchange(self, exchange: Exchange, verdict: Verdict) -> None:
        """One line for a request, and below it what went wrong in the function, if anything did."""
        path = safe(exchange.path, MAX_PATH)
        origin = safe(exchange.headers.get("origin", "–"), MAX_ORIGIN)
        self._path_width = max(self._path_width, len(path))
        self._origin_width = max(self._origin_width, len(origin))
        self._code_width = max(self._code_width, len(verdict.code))
        mark = {True: "✓", False: "✗", None: "·"}[verdict.allowed]
        style = {True: "green", False: "red", None: "dim"}[verdict.allowed]
        status = "red bold" if exchange.status >= 500 else "yellow" if exchange.status >= 400 else ""
        method = safe(exchange.method, 8)
        self._print(
            (f"{now()}  ", "dim"),
            (f"{method:<7}  ", METHOD_STYLE.get(method, "yellow")),
            (f"{path:<{self._path_width}}  ", ""),
            (f"{origin:<{self._origin_width}}  ", "" if "origin" in exchange.headers else "dim"),
            (f"{mark} {verdict.word:<9}  ", style),
            (f"{verdict.code:<{self._code_width}}  ", style if verdict.allowed is False else "dim"),
            (f"{exchange.status}", status),
            (f"  {exchange.milliseconds:6.1f} ms", "dim"),
        )
        if exchange.invocation and exchange.status >= 500 and not self.verbose:
            self._explain(exchange.invocation)

    def _explain(self, answer: Answer) -> None:
        if answer.failure:
            # Where no code ran, the traceback was shown when loading failed, once.
            self.failure(answer.failure if answer.result else replace(answer.failure, trace=()))
        for line in answer.log:
            for text in readable(line):
                self._print(("          ", ""), (safe(text), "dim"))

    def failure(self, failure: Failure) -> None:
        """An error of the function, with its traceback."""
        for entry in failure.trace:
            for line in entry.splitlines():
                self._print(("          ", ""), (safe(line), "dim"))
        for number, line in enumerate(failure.message.splitlines() or [""]):
            prefix = f"{failure.type}: " if number == 0 and not failure.message.startswith(failure.type) else ""
            self._print(("          ", ""), (safe(prefix + line), "red"))

    def logged(self, line: str) -> None:
        """A line of the function's log."""
        self._print((f"{now()}  ", "dim"), ("log      ", "dim"), (safe(line, 4000), "dim"))

    def event(self, kind: str, subject: str, text: str = "", *, good: bool | None = None) -> None:
        """A line about the stack itself: rules, code."""
        style = {True: "green", False: "red", None: ""}[good]
        self._print((f"{now()}  ", "dim"), (f"{kind:<7}  ", "bold"), (f"{safe(subject)}   ", ""), (safe(text), style))

    def detail(self, text: str, style: str = "") -> None:
        """A line that belongs to the one above it."""
        self._print(("          ", ""), (safe(text), style))

    def stopped(self) -> None:
        """The last line."""
        self._print(("\nstopped", "dim"))


def readable(line: str) -> list[str]:
    """What a log line says about an error: of a Powertools record its message and traceback, if it is one."""
    try:
        record = json.loads(line)
    except ValueError:
        return [line]
    if not isinstance(record, dict):
        return [line]
    if record.get("level") not in {"ERROR", "CRITICAL"}:
        return []
    trace = record.get("exception") or record.get("traceback") or ""
    message = record.get("message", "")
    text = message if isinstance(message, str) else json.dumps(message)
    return [text, *str(trace).splitlines()]
