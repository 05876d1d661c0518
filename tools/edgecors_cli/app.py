"""The command line as a whole: its commands, its exit status, and what is said when something goes wrong.

Exit status: 0 fine; 1 the rules are wrong, or publishing them was refused or declined; 2 the call is wrong; 3 AWS
could not be reached or refused, or edgecors itself is at fault; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from edgecors import RulesError, __version__
from edgecors_cli.commands import doctor, explain, history, import_, lint, plan, probe, pull, push, rollback
from edgecors_cli.render_problems import as_json, printable, summary
from edgecors_cli.terminal import Refused, Terminal
from rules_store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

_STATUS = {"refused": 1, "call": 2, "aws": 3}
_STOPPED = 130

app = typer.Typer(
    name="edgecors",
    help="""CORS rules for Lambda functions, kept in SSM Parameter Store.

    \b
    Example:
      edgecors lint rules.json
      edgecors explain rules.json https://api.example/tea --origin https://app.example --method DELETE
      edgecors plan rules.json --parameter /edgecors/tea/production
      edgecors push rules.json --parameter /edgecors/tea/production -m "Let the new shop in"
    """,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("lint")(lint.lint)
app.command("explain")(explain.explain)
app.command("plan")(plan.plan)
app.command("push")(push.push)
app.command("pull")(pull.pull)
app.command("history")(history.show)
app.command("rollback")(rollback.rollback)
app.command("import")(import_.import_)
app.command("doctor")(doctor.doctor)
app.command("probe")(probe.probe)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"edgecors {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status. Never raises."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    end_on_signals()
    try:
        status = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain about it once more when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


@cache
def _command() -> Callable[..., int | None]:
    """What typer makes of the functions above, for as many calls as there are in this process."""
    return typer.main.get_command(app)


def _run(given: list[str]) -> int:
    terminal = Terminal(as_json="--json" in given)
    try:
        status = _command()(given or ["--help"], prog_name="edgecors", standalone_mode=False)
        if status == _STOPPED:
            return _stopped(terminal)
        return int(status or 0) if given else 2
    except SystemExit as end:
        # Typer's and rich's way of ending when whoever reads the output has enough.
        return 0 if isinstance(end.__context__, BrokenPipeError) else 1
    except RulesError as error:
        problems = [as_json(problem) for problem in error.problems]
        ended = ": nothing was published" if given[0] in ("push", "rollback") else " in the rules"
        return _failed(terminal, 1, "rules-wrong", f"{summary(len(problems), 0)}{ended}.", problems=problems)
    except StoreError as error:
        return _failed(terminal, _STATUS[error.kind], error.code, error.message, error.fix)
    except Refused as refusal:
        return _failed(terminal, 1, refusal.code, str(refusal))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "edgecors"
        return _failed(terminal, 2, "usage", error.format_message(), f"See {command} --help.")
    except (typer.Abort, KeyboardInterrupt):
        return _stopped(terminal)
    except Exception as error:  # noqa: BLE001  (people get a sentence, not a traceback)
        return _failed(
            terminal,
            3,
            "bug",
            f"This is a mistake in edgecors {__version__}: {_described(error)}.",
            "What is published is whole. Please report it, with the command that you ran.",
        )


def _stopped(terminal: Terminal) -> int:
    return _failed(terminal, _STOPPED, "stopped", "Stopped.", "What is published is whole; run it again.")


def _failed(terminal: Terminal, status: int, code: str, message: str, fix: str = "", *, problems: object = None) -> int:
    details: dict[str, object] = {"code": code, "message": message, "fix": fix}
    if problems is not None:
        details["problems"] = problems
    terminal.result({"error": details})
    terminal.tell(Text.assemble(("edgecors: ", "bold red"), printable(message)))
    if fix:
        terminal.tell(Text(printable(fix)))
    return status


def _described(error: Exception) -> str:
    """The exception, and where in edgecors it came about."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "edgecors" in frame.filename or "rules_store" in frame.filename]
    place = f" ({Path(ours[-1].filename).name}, line {ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}: {error}{place}"


def end_on_signals() -> None:
    """CI systems stop a job by SIGTERM: as by Ctrl-C, so that the lock is let go of. One of either ends it quietly."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        # What was being made or deleted just then is deleted half made; Python would show each complaint about that.
        sys.unraisablehook = lambda _unraisable: None
        raise KeyboardInterrupt

    with suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, stop)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # and not to be ignored
            signal.signal(signal.SIGINT, stop)
