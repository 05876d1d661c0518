"""`make serve`: `python -m local [--port 3000] [--app-port 8080] [--verbose]`.

PORT, APP_PORT and VERBOSE=1 in the environment do the same. Exit status: 0 after Ctrl-C or SIGTERM, 1 when it
cannot start or a part of it ends by itself, 2 for a wrong option.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import signal
import sys
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, NoReturn

from local import aws, ports
from local.errors import StartError

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDED = {
    "boto3": "boto3",
    "moto": "moto[server]",
    "rich": "rich",
    "samcli": "aws-sam-cli",
    "samtranslator": "aws-sam-cli",
}


class Stopped(BaseException):
    """A signal asks for the end. Like KeyboardInterrupt it is no error, and nothing on the way may catch it."""


@contextlib.contextmanager
def signals() -> Iterator[None]:
    """End the block at the first SIGINT, SIGTERM or SIGHUP, and ignore those that follow."""
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(*_: object) -> NoReturn:
        ignore()
        raise Stopped

    def ignore() -> None:
        for each in asked:
            signal.signal(each, signal.SIG_IGN)

    for each in asked:
        signal.signal(each, stop)
    try:
        with contextlib.suppress(Stopped):
            yield
    finally:
        ignore()  # what follows is the tidying up, which is not to be cut short


def options(arguments: list[str]) -> argparse.Namespace:
    """The command line, its defaults from the environment."""
    parser = argparse.ArgumentParser(prog="python -m local", description="The Tea API and the Tea App, locally.")
    parser.add_argument("--port", default=os.environ.get("PORT") or "3000", help="of the Tea API; 0: any free one")
    parser.add_argument("--app-port", default=os.environ.get("APP_PORT") or "8080", help="of the Tea App's pages")
    parser.add_argument(
        "--verbose", action="store_true", default=os.environ.get("VERBOSE") == "1", help="show what the function logs"
    )
    return parser.parse_args(arguments)


def check_libraries() -> None:
    """Raise StartError for a library that is not there."""
    for module, package in NEEDED.items():
        if find_spec(module) is None:
            raise StartError(f"{package} is not installed for {sys.executable}: make clean serve.")


def run(chosen: argparse.Namespace) -> None:
    """Serve until a signal comes. Raises StartError."""
    began = time.monotonic()
    check_libraries()
    isolated = aws.environment(os.environ)
    os.environ.clear()
    os.environ.update(isolated)
    gc.disable()  # a million objects come that stay: looking for garbage among them only costs time
    with contextlib.ExitStack() as ending, signals():
        api, app = (
            ending.enter_context(ports.listen(name, ports.number(name, text)))
            for name, text in (("PORT", chosen.port), ("APP_PORT", chosen.app_port))
        )
        moto = aws.Moto()  # importing moto takes longest: the rest is loaded meanwhile
        ending.callback(moto.stop)
        from local.terminal import Terminal  # noqa: PLC0415

        terminal = Terminal(verbose=chosen.verbose)
        ending.callback(terminal.stopped)
        with terminal.step("loading SAM CLI"):
            from local.serve import Local  # noqa: PLC0415

        Local(moto, api, app, terminal, ending).serve(began)


def main() -> int:
    """The exit status."""
    try:
        run(options(sys.argv[1:]))
    except StartError as error:
        print(f"make serve: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
