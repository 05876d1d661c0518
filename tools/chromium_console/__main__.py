"""Records what Chromium says, or checks a newer Chromium against the recording.

    PYTHONPATH=tools python -m chromium_console [--check] [--executable /usr/bin/chromium] [CASE ...]

Needs PyPI's playwright (as a client only: no browser of its own), a Chromium and openssl. Takes ten minutes.
With names of cases, plays these alone and prints what was seen. Exit status 1: --check found a difference.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from chromium_console import recording
from chromium_console.browser import chromium, play
from chromium_console.server import Server
from chromium_console.shapes import Case, Seen
from chromium_console.situations import SITUATIONS


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(prog="chromium_console", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the recording, write nothing")
    parser.add_argument("--executable", default="/usr/bin/chromium", help="the Chromium to ask")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="names of cases; none: all")
    arguments = parser.parse_args()
    cases = [case for case in SITUATIONS if not arguments.cases or case.name in arguments.cases]
    if unknown := set(arguments.cases) - {case.name for case in cases}:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    version, seen = asyncio.run(_play(cases, arguments.executable))
    new = recording.text(version, seen)
    if arguments.check:
        return _report(new)
    if arguments.cases:
        sys.stdout.write(new)
    else:
        recording.PATH.write_text(new, encoding="utf-8")
    return 0


async def _play(cases: list[Case], executable: str) -> tuple[str, dict[str, Seen]]:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        async with Server(directory) as server, chromium(executable, server) as browser:
            seen = {}
            for number, case in enumerate(cases, 1):
                sys.stderr.write(f"\r{number}/{len(cases)} {case.name:60}")
                seen[case.name] = await asyncio.wait_for(play(case, browser, server, directory), 60)
            sys.stderr.write("\n")
            return browser.version, seen


def _report(new: str) -> int:
    """Prints the lines of new, but for the version's, that the recording has not, and what it has instead."""
    old = {line.split('"')[3]: line for line in recording.PATH.read_text(encoding="utf-8").splitlines()[1:]}
    different = 0
    for line in new.splitlines()[1:]:
        name = line.split('"')[3]
        if old.get(name) != line:
            different += 1
            sys.stdout.write(f"- {old.get(name)}\n+ {line}\n")
    return int(different > 0)


if __name__ == "__main__":
    sys.exit(main())
