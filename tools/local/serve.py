"""Starting the parts, and keeping them in step with the files."""

from __future__ import annotations

import gc
import json
import shlex
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from edgecors import Request, RulesError
from local import gateway, page_server, pages, stack, template
from local.clients import client
from local.console.desk import Desk
from local.console.feed import Feed
from local.errors import StartError, first_line
from local.guard import Guard, watching
from local.pool import Pool
from local.rulebook import Change, Rulebook, policies, sentence
from local.verdict import Verdict, judge
from local.watch import Watch
from rules_store import StoreError

if TYPE_CHECKING:
    import contextlib
    import socket

    from local.aws import Moto
    from local.exchange import Exchange
    from local.pool import Answer
    from local.stack import Stack
    from local.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
TICK = 0.25  # seconds between two looks at the files
REFRESH_TICKS = 4  # looks at the files between two at the parameter
# What the guard answers, for people, and whether that is good news.
GUARDED: dict[str, tuple[str, bool | None]] = {
    "good": ("in order", None),
    "reverted": ("the last good rules, put back in place of some that are not valid", True),
    "refused": ("is not valid, and stays: functions go on with what they have", False),
    "warned": ("is in force, but could not be published today", False),
    "missing": ("there is no parameter", False),
    "locked": ("left to the next run: somebody else is publishing", None),
    "off": ("GuardMode is off", None),
}


class Local:
    """The parts and how they belong together."""

    def __init__(
        self,
        moto: Moto,
        api: socket.socket,
        app: socket.socket,
        terminal: Terminal,
        ending: contextlib.ExitStack,
    ) -> None:
        """`api` and `app` listen on loopback; `ending` ends whatever is started here."""
        self._moto = moto
        self._api_listener, self._app_listener = api, app
        self._api_port, self._app_port = (listener.getsockname()[1] for listener in (api, app))
        self._terminal = terminal
        self._ending = ending
        self._feed = Feed()

    def serve(self, began: float) -> NoReturn:
        """Start everything, say so, and watch the files for ever. Raises StartError, or Stopped."""
        say = self._terminal.step
        with say("reading template.yaml"):
            path = ROOT / "template.yaml"
            sam = template.read(path)
            parameters = template.choose_runtime(sam)
            cloudformation = template.to_cloudformation(sam, parameters)
            api = gateway.routes(path, parameters)
        with say("starting moto's server and creating the stack"):
            created = stack.create(self._moto.endpoint, ROOT, sam, cloudformation, parameters)
        called = {route.function_name for route in api.routes}
        if unknown := called - created.functions.keys():
            raise StartError(f"template.yaml: moto created no {', '.join(sorted(unknown))}, which the API calls.")
        rulebook = self._rules(created, called)
        pools = {name: self._pool(created, name) for name in called}
        with say("loading the function and the teas"):
            self._load(created, pools)
        self._listen(api, pools, rulebook)
        self._welcome(sam, parameters, created, rulebook, time.monotonic() - began)
        for pool in pools.values():
            pool.fill()  # only now, since until here everything waits for the processor
        guard = self._guard(created, pools, rulebook)
        gc.freeze()
        gc.enable()
        self._watch(created, pools, rulebook, guard)

    def _event(self, kind: str, subject: str, text: str = "", *, good: bool | None = None) -> None:
        """Say something of the stack itself in the terminal, and to the console."""
        self._terminal.event(kind, subject, text, good=good)
        self._feed.event(kind, subject, text, good=good)

    def _pool(self, created: Stack, name: str, **options: Any) -> Pool:
        log = self._terminal.logged if self._terminal.verbose else None
        pool = Pool(created.functions[name], self._moto.endpoint, log, ("boto3",), **options)
        self._ending.callback(pool.close)
        return pool

    def _guard(self, created: Stack, pools: dict[str, Pool], rulebook: Rulebook) -> Guard | None:
        """The function that guards the rules, if the template has one, told of the version that is there."""
        name = watching(created.functions, rulebook.parameter)
        if name is None:
            return None
        pools[name] = self._pool(created, name, size=1)
        guard = Guard(pools[name], rulebook.parameter, self._guarded)
        guard.start()
        guard.tell("Create")
        return guard

    def _guarded(self, answer: Answer) -> None:
        if answer.failure is not None:
            self._event("guard", answer.failure.type, answer.failure.message, good=False)
        elif answer.result is not None:
            found = json.loads(answer.result)
            text, good = GUARDED.get(found["outcome"], (found["outcome"], None))
            version = f"version {found['version']}   " if found["version"] else ""
            self._event("guard", found["parameter"], version + text, good=good)

    def _rules(self, created: Stack, called: set[str]) -> Rulebook:
        for function in (created.functions[name] for name in sorted(called)):
            if parameter := function.variables.get("EDGECORS_PARAMETER"):
                file = function.code / "rules.json"
                break
        else:
            raise StartError("template.yaml: no function of the API has EDGECORS_PARAMETER, the rules' SSM parameter.")
        origins = (pages.origin(pages.APP, self._app_port),)
        book = Rulebook(client("ssm", self._moto.endpoint), parameter, file, origins)
        book.open(str(file.relative_to(ROOT)))
        return book

    def _load(self, created: Stack, pools: dict[str, Pool]) -> None:
        with ThreadPoolExecutor() as threads:
            starting = {name: threads.submit(pool.start) for name, pool in pools.items()}
            self._seed(created)
        for name, started in starting.items():
            if failure := started.result():
                # Not the end: the code is watched, and the next edit may put it right.
                self._event("code", name, "does not load; every answer is 502 until it does", good=False)
                self._terminal.failure(failure)

    def _seed(self, created: Stack) -> None:
        try:
            # Here, since it uses the function's own code, which need not load today.
            from seed.load import load_teas  # noqa: PLC0415

            load_teas(created.resources, self._moto.endpoint)
        except Exception as error:  # noqa: BLE001  whatever that code raises, the rest can be served
            self._event("teas", "none", f"{type(error).__name__}: {first_line(error)}", good=False)

    def _listen(self, api: Any, pools: dict[str, Pool], rulebook: Rulebook) -> None:
        def observe(exchange: Exchange) -> None:
            try:
                verdict = judge(exchange, rulebook.versions())
            except Exception as error:  # noqa: BLE001  a line in the terminal is no reason to lose an answer
                verdict = Verdict(None, "unjudged", type(error).__name__)
            self._terminal.exchange(exchange, verdict)
            self._feed.exchange(exchange, verdict)

        application = gateway.application(api, gateway.Runner(pools), self._api_port)
        desk = Desk(rulebook, self._feed, f"http://127.0.0.1:{self._api_port}", self._moto.endpoint)
        self._ending.callback(self._feed.close)
        for server in (
            gateway.server(self._api_listener, gateway.observed(application, observe)),
            page_server.make_server(self._app_listener, desk),
        ):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._ending.callback(server.server_close)
            self._ending.callback(server.shutdown)

    def _welcome(
        self,
        sam: template.Template,
        parameters: dict[str, str],
        created: Stack,
        book: Rulebook,
        seconds: float,
    ) -> None:
        current = book.versions()[0]
        shown = book.file.relative_to(ROOT)
        api = f"http://127.0.0.1:{self._api_port}"
        rows = [
            ("Tea API", f"{api}/tea"),
            ("rules", f"{book.parameter}, version {current.version} (SSM, local)"),
            ("Tea App", pages.origin(pages.APP, self._app_port)),
            ("look-alike", pages.origin(pages.LOOK_ALIKE, self._app_port)),
            ("console", pages.origin(pages.CONSOLE, self._app_port)),
            ("change", f"edit {shown}"),
            ("admin", created.password),
            ("AWS", f"AWS_ENDPOINT_URL={self._moto.endpoint}"),
            ("ready", f"in {seconds:.1f} s"),
        ]
        for parameter, runtime in parameters.items():
            default = sam["Parameters"][parameter].get("Default")
            if default != runtime:
                rows.append(("Python", f"{runtime} here, {default} in template.yaml"))
        listed = [
            pattern
            for policy in policies(current.rules).values()
            for pattern in policy["allow_origins"]
            if isinstance(pattern, str) and pattern.startswith("https://") and "*" not in pattern
        ]
        known = listed[0] if listed else pages.origin(pages.APP, self._app_port)
        tries = []
        for origin in (known, "https://evil.example", f"{known}.evil.example"):
            explained = current.rules.explain(Request("GET", "/tea", {"origin": origin}))
            command = f"curl -i -H {shlex.quote(f'Origin: {origin}')} {api}/tea"
            tries.append((command, "allowed" if explained.allowed else "refused"))
        self._terminal.banner(rows, tries)

    def _watch(self, created: Stack, pools: dict[str, Pool], rulebook: Rulebook, guard: Guard | None) -> NoReturn:
        rules = Watch([rulebook.file])
        sam = Watch([ROOT / "template.yaml"])
        code = {
            name: Watch([created.functions[name].code, *created.functions[name].layers], [rulebook.file])
            for name in pools
        }
        ticks = 0
        while True:
            time.sleep(TICK)
            ticks += 1
            if not self._moto.running():
                raise StartError(f"moto's server has ended: {self._moto.complaint()}")
            if sam.changed():
                self._event("template", "template.yaml", "changed: Ctrl-C and make serve again to use it")
            edited = bool(rules.changed())
            if edited:
                self._publish(rulebook)
            if edited or ticks % REFRESH_TICKS == 0:
                self._refresh(rulebook, guard)
            for name, watch in code.items():
                if changed := watch.changed():
                    self._reload(name, pools[name], changed)

    def _publish(self, rulebook: Rulebook) -> None:
        shown = str(rulebook.file.relative_to(ROOT))
        try:
            if not rulebook.publish():
                self._event("rules", shown, f"the same as version {rulebook.versions()[0].version}")
        except OSError as error:
            self._event("rules", shown, f"cannot be read: {error.strerror}", good=False)
        except StoreError as error:
            self._event("rules", shown, f"not put: {error}", good=False)
        except RulesError as error:
            version = rulebook.versions()[0].version
            self._event("rules", shown, f"not put, version {version} still serves:", good=False)
            for problem in error.problems:
                self._terminal.detail(sentence(problem), "red")

    def _refresh(self, rulebook: Rulebook, guard: Guard | None) -> None:
        try:
            change = rulebook.refresh()
        except StoreError as error:
            self._event("rules", rulebook.parameter, str(error), good=False)
            return
        if change is None:
            return
        if isinstance(change, Change):
            self._event("rules", rulebook.parameter, describe(change))
        else:  # put by somebody else, and the function refuses it too
            version = f"version {change.version}   " if change.version else ""
            self._event("rules", rulebook.parameter, version + change.why, good=False)
        if guard is not None:
            guard.tell("Update" if change.version else "Delete")

    def _reload(self, name: str, pool: Pool, changed: list[Path]) -> None:
        first = changed[0].relative_to(ROOT)
        shown = str(first) if len(changed) == 1 else f"{first} and {len(changed) - 1} more"
        failure = pool.start()
        if failure:
            self._event("code", shown, f"{name} does not load; every answer is 502 until it does", good=False)
            self._terminal.failure(failure)
        else:
            self._event("code", shown, f"{name} reloaded", good=True)
            pool.fill()


def describe(change: Change) -> str:
    """`version 2   + https://preview.example   - http://localhost:5173`."""
    parts = [f"version {change.version}"]
    parts += [f"+ {pattern}" for pattern in change.gained]
    parts += [f"- {pattern}" for pattern in change.lost]
    if change.policies and not (change.gained or change.lost):
        parts.append(f"changed: {', '.join(change.policies)}")
    if len(parts) == 1:
        parts.append("the same rules as before")
    return "   ".join(parts)
