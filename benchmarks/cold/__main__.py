"""`make cold`: what a cold start takes with edgecors, and with what people would use instead.

Each function is started anew in every round, in Lambda's own runtime (its emulator), on what `sam build` made; those
that are compared, right after each other, in turn the one and the other first. What counts is the CPU time of the
function's process from its first instruction to its first answer: interpreter, runtime client, imports, first request.
Goals are ratios, but for the 5 ms that rules in the environment may add. Exit status: 0 every goal is reached, 1 one is
missed (it is named).
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import json
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

from benchmarks import one_core
from local.aws import Moto, environment
from runtime.account import Account, Teas
from runtime.emulator import Settings, running
from runtime.pythons import BUILT_FOR, ROOT, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTIONS = Path(__file__).parent / "functions"
PARAMETER = "/cold/cors"
# What is started in a round, and how often: where the difference is small, it takes more starts to see it.
TURNS = (
    (("bare", "inline"), 16),
    (("extension",), 1),
    (("boto3", "get_parameter"), 1),
    (("tea", "tea, Powertools"), 8),
    (("tea, boto3", "tea, Powertools, get_parameter"), 2),
)
# Python collects garbage whenever there are 2,000 objects more, and each eleventh time among more of them, which takes
# 20 ms in the Tea API. What a few objects cost depends on how many there were before, and Lambda has others than this
# machine. So starts begin at any point in between, and compared ones at the same.
OBJECTS, COLLECTIONS = 2_000, 11
ORIGIN = "https://victoria-lo.github.io"
RULES = json.dumps(
    {
        "schema": "edgecors/1",
        "policies": [
            {
                "name": "tea",
                "paths": ["/tea", "/tea/*"],
                "allow_origins": [ORIGIN, "http://localhost:8080"],
                "allow_methods": ["DELETE"],
                "allow_headers": ["Authorization", "Content-Type"],
            }
        ],
    }
)


class Start(NamedTuple):
    """What a cold start took: seconds of CPU until the first answer was there, and kilobytes at the peak."""

    seconds: float
    kilobytes: int


class Row(NamedTuple):
    """One comparison: the most that `figure` may be is `goal`, None where it is only reported."""

    work: str
    against: str
    ours: float
    theirs: float
    figure: float
    goal: float | None
    unit: str
    of: str


class _Extension(BaseHTTPRequestHandler):
    """What AWS's extension answers, without its own start: it is another process, and another company's."""

    def do_GET(self) -> None:
        body = json.dumps({"Parameter": {"Name": PARAMETER, "Value": RULES, "Version": 1}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make cold", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="starts of each function (default 15)")
    parser.add_argument("--build", type=Path, default=ROOT / ".aws-sam/build", help="what sam build made")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks/results/cold.json")
    asked = parser.parse_args()
    one_core.stay()
    with _stage(asked.build) as (functions, opt):
        starts = _measure(functions, opt, asked.rounds)
    rows = _rows(starts)
    print("| cold start | against | edgecors | they | | goal | |\n| --- | --- | --- | --- | --- | --- | --- |")
    for row in rows:
        verdict = "" if row.goal is None else "reached" if row.figure <= row.goal else "**missed**"
        goal = "" if row.goal is None else f"{row.goal:g}{row.of}"
        figures = f"{row.ours:.1f} {row.unit} | {row.theirs:.1f} {row.unit} | {row.figure:.3f}{row.of}"
        print(f"| {row.work} | {row.against} | {figures} | {goal} | {verdict} |")
    results = {
        "measured": datetime.now(UTC).date().isoformat(),
        "command": "make cold",
        "python": BUILT_FOR,
        "rounds": asked.rounds,
        "rows": [row._asdict() for row in rows],
        "milliseconds": {name: [round(start.seconds * 1e3, 1) for start in each] for name, each in starts.items()},
        "megabytes": {
            name: round(median(start.kilobytes for start in each) / 1024, 2) for name, each in starts.items()
        },
    }
    asked.output.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    missed = [row for row in rows if row.goal is not None and row.figure > row.goal]
    for row in missed:
        print(f"missed: {row.work} against {row.against}: {row.figure:.3f} of at most {row.goal}", file=sys.stderr)
    return 1 if missed else 0


@contextlib.contextmanager
def _stage(build: Path) -> Iterator[tuple[dict[str, Settings], Path]]:
    """The functions, with moto and a stand-in for the extension behind them, and their /opt."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(environment({}))
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        small, tea, opt = (Path(folder, name) for name in ("small", "tea", "opt"))
        for task in (small, tea):
            shutil.copytree(FUNCTIONS, task, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (build / "TeaFunction").iterdir():
            if path.name != "__pycache__":
                (tea / path.name).symlink_to(path.resolve())
        opt.mkdir()
        (opt / "python").symlink_to((build / "CorsLayer/python").resolve())
        for task in (small, tea):
            compileall.compile_dir(task, maxlevels=0, quiet=1)
        moto = Moto()
        stack.callback(moto.stop)
        account = Account(moto.endpoint)
        account.client("ssm").put_parameter(Name=PARAMETER, Value=RULES, Type="String")
        teas = Teas(account, "cold")
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Extension)
        stack.callback(server.shutdown)
        Thread(target=server.serve_forever, daemon=True).start()
        of = partial(Settings, handler="measured.handler", timeout=60, endpoint=account.endpoint)
        tea_inline = {**teas.variables, "EDGECORS_RULES": RULES, "EDGECORS_PARAMETER": ""}
        tea_in_ssm = {**teas.variables, "EDGECORS_RULES": "", "EDGECORS_PARAMETER": PARAMETER}
        extension = {"EDGECORS_SOURCE": "extension", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(server.server_port)}
        read = {"EDGECORS_PARAMETER": PARAMETER}
        yield (
            {
                "bare": of(small, variables={"COLD_TARGET": "bare"}),
                "inline": of(small, variables={"COLD_TARGET": "ours", "EDGECORS_RULES": RULES}),
                "boto3": of(tea, variables={"COLD_TARGET": "ours", **read}),
                "extension": of(small, variables={"COLD_TARGET": "ours", **read, **extension}),
                "get_parameter": of(tea, variables={"COLD_TARGET": "parameter", **read}),
                "tea": of(tea, variables={**tea_inline, "COLD_TARGET": "app"}),
                "tea, Powertools": of(tea, variables={**tea_inline, "COLD_TARGET": "tea_with_powertools"}),
                "tea, boto3": of(tea, variables={**tea_in_ssm, "COLD_TARGET": "app"}),
                "tea, Powertools, get_parameter": of(
                    tea, variables={**tea_in_ssm, "COLD_TARGET": "tea_with_powertools"}
                ),
            },
            opt,
        )


def _measure(functions: dict[str, Settings], opt: Path, rounds: int) -> dict[str, list[Start]]:
    python = prepared(BUILT_FOR)
    event = json.loads((ROOT / "events/httpapi-get-allowed.json").read_text("utf-8"))
    starts: dict[str, list[Start]] = {name: [] for name in functions}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1 + rounds):  # the first fills the disk's cache
            for name, variables in _round(number):
                settings = replace(functions[name], variables={**functions[name].variables, **variables})
                with running(python, settings, opt, Path(folder, "log")) as function:
                    answer = function.answer(event)
                allowed = answer.get("headers", {}).get("Access-Control-Allow-Origin")
                if answer.get("status") != 200 or allowed != (None if name in ("bare", "get_parameter") else ORIGIN):
                    raise SystemExit(f"{name} does not answer as it should: {answer}")
                if number:
                    starts[name].append(Start(answer["seconds"], answer["kilobytes"]))
    return starts


def _round(number: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The functions to start, in order, each with variables for measured.py."""
    at = Random(number)
    for names, times in TURNS:
        for turn in range(times):
            begun = {"COLD_OBJECTS": at.randrange(OBJECTS), "COLD_COLLECTIONS": at.randrange(COLLECTIONS)}
            for name in names if turn % 2 else reversed(names):
                yield name, {key: str(value) for key, value in begun.items()}


def _rows(starts: dict[str, list[Start]]) -> list[Row]:
    rows = [_added(starts, "rules in the environment", "inline", "a bare handler", "bare", 5.0)]
    rows.append(_added(starts, "rules through the extension", "extension", "a bare handler", "bare", None))
    ssm = "rules in SSM through boto3"
    rows.append(_compared(starts, ssm, "boto3", "Powertools get_parameter", "get_parameter", 1.0))
    tea = (
        ("rules inline", "tea", "CORSConfig in place of the layer", "tea, Powertools"),
        ("rules in SSM", "tea, boto3", "get_parameter and CORSConfig", "tea, Powertools, get_parameter"),
    )
    for where, ours, against, theirs in tea:
        rows.append(_compared(starts, f"Tea API, first GET, {where}", ours, against, theirs, 1.0))
    for where, ours, against, theirs in tea:
        one, other = (median(start.kilobytes for start in starts[name]) / 1024 for name in (ours, theirs))
        rows.append(Row(f"Tea API, memory, {where}", against, one, other, one / other, 1.0, "MB", ""))
    return rows


def _added(starts: dict[str, list[Start]], work: str, ours: str, against: str, theirs: str, goal: float | None) -> Row:
    """What ours takes beyond theirs, in milliseconds: the difference of the medians."""
    one, other = median(_milliseconds(starts[ours])), median(_milliseconds(starts[theirs]))
    return Row(work, against, one, other, one - other, goal, "ms", " ms more")


def _compared(
    starts: dict[str, list[Start]], work: str, ours: str, against: str, theirs: str, goal: float | None
) -> Row:
    """Ours to theirs: the median of the rounds' ratios."""
    one, other = _milliseconds(starts[ours]), _milliseconds(starts[theirs])
    ratio = median(a / b for a, b in zip(one, other, strict=True))
    return Row(work, against, median(one), median(other), ratio, goal, "ms", "")


def _milliseconds(starts: list[Start]) -> list[float]:
    return [start.seconds * 1e3 for start in starts]


if __name__ == "__main__":
    sys.exit(main())
