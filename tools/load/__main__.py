"""`make load`: the Tea API as `make serve` runs it, under pressure by wrk, with every answer judged.

Exit status: 0 every answer was right, nothing failed and no memory grew; 1 something of that is not so, and is named;
2 the load could not be made.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import time
from itertools import cycle
from pathlib import Path

from load import learning, report, wrk
from load.cases import mix
from load.changes import LAG
from load.client import Witness
from load.errors import CannotError
from load.judging import Ledger
from load.memory import measure
from load.publishing import Publisher
from load.serving import ROOT, serving
from local import aws
from local.clients import client

OUTPUT = ROOT / "benchmarks" / "results" / "load.json"
CONCURRENCIES = (1, 4, 16, 64)
REQUESTS = 200_000
QUICK_REQUESTS = 2_000


def options(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make load", description="The Tea API under pressure, every answer judged.")
    parser.add_argument("--requests", type=int, default=None, help=f"until so many are answered (default {REQUESTS:,})")
    parser.add_argument("--minutes", type=float, default=60.0, help="give up after so many (default 60)")
    parser.add_argument("--seconds", type=int, default=15, help="length of a round (default 15)")
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_REQUESTS:,} requests, too few for a word about memory"
    )
    parser.add_argument("--output", type=Path, default=None, help="for the figures; a quick run writes none by itself")
    chosen = parser.parse_args(arguments)
    chosen.requests = chosen.requests or (QUICK_REQUESTS if chosen.quick else REQUESTS)
    chosen.seconds = min(chosen.seconds, 5) if chosen.quick else chosen.seconds
    if chosen.output is None and not chosen.quick:
        chosen.output = OUTPUT
    if min(chosen.requests, chosen.minutes, chosen.seconds) <= 0:
        parser.error("--requests, --minutes and --seconds are more than nothing")
    return chosen


def run(chosen: argparse.Namespace) -> int:
    """The exit status. Raises CannotError."""
    program = wrk.find()
    if shutil.which("ps") is None:
        raise CannotError("ps is not on the PATH, which tells how much memory a process has: apt-get install procps.")
    isolated = aws.environment(os.environ)
    os.environ.clear()
    os.environ.update(isolated)
    print("starting make serve on a copy of the project …", flush=True)
    with serving() as served:
        publisher = Publisher(client("ssm", served.endpoint), served.parameter)
        time.sleep(LAG)
        cases = mix(learning.learn(served.port))
        ledger = Ledger(cases)
        witness = Witness(served.port, cases)
        print(f"{len(cases)} kinds of requests, each asked once …", flush=True)
        for index in range(len(cases)):
            witness.ask(index)
        ledger.sample(measure(served.pid))
        publisher.start()
        witness.start()
        began = time.monotonic()
        for number, concurrency in enumerate(cycle(CONCURRENCIES)):
            ledger.add(wrk.run(program, f"http://127.0.0.1:{served.port}", cases, concurrency, chosen.seconds, number))
            ledger.sample(measure(served.pid))
            elapsed = time.monotonic() - began
            print(report.progress(ledger, number + 1, chosen.requests, elapsed), flush=True)
            if number + 1 >= len(CONCURRENCIES) and (
                ledger.answers >= chosen.requests or elapsed > chosen.minutes * 60
            ):
                break
        witness.stop()
        publisher.stop()
        trouble = [*publisher.trouble, *witness.trouble, *served.trouble()]
        verdict = ledger.close(witness, publisher, trouble, chosen)
    report.show(verdict)
    if chosen.output is not None:
        chosen.output.parent.mkdir(parents=True, exist_ok=True)
        chosen.output.write_text(json.dumps(verdict.as_json(), indent=2) + "\n", "utf-8")
    return 1 if verdict.complaints else 0


def main() -> int:
    """The exit status."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return run(options(sys.argv[1:]))
    except CannotError as error:
        print(f"make load: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nmake load: stopped; nothing was written", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
