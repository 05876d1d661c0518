"""The function's execution environments: a few worker processes, replaced when code changes or one is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import aws, worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.function import Function

SCRIPT = Path(worker.__file__)
SIZE = 2  # a page asks for its pictures in parallel; more processes would only be cold ones
LOG_LINES = 500


@dataclass(frozen=True)
class Failure:
    """The function's or its module's error, as Lambda reports one."""

    message: str
    type: str
    trace: tuple[str, ...] = ()

    @classmethod
    def of(cls, error: dict[str, Any]) -> Failure:
        """Read ERROR of local.worker."""
        return cls(error["errorMessage"], error["errorType"], tuple(error["stackTrace"]))

    def as_answer(self) -> str:
        """The JSON that Lambda gives to API Gateway, in the keys by which SAM CLI's gateway tells an error."""
        return json.dumps({"errorMessage": self.message, "errorType": self.type, "stackTrace": list(self.trace)})


@dataclass(frozen=True)
class Answer:
    """One invocation's outcome."""

    result: str | None  # JSON text; None where the code could not be loaded
    failure: Failure | None = None
    log: tuple[str, ...] = field(default=())


class WorkerLostError(Exception):
    """The process ended before it answered."""


class Worker:
    """One worker process; used by one thread at a time."""

    def __init__(
        self, function: Function, endpoint: str, on_log: Callable[[str], None] | None, preload: tuple[str, ...]
    ) -> None:
        """Start the process; it is ready when `wait_ready` returns."""
        self._function = function
        self._on_log = on_log
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._logged = threading.Condition()
        self._ended = ""  # the id of the last request whose log is complete
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(SCRIPT), *preload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=function.code,
            env=lambda_environment(function, endpoint),
            start_new_session=True,
        )
        threading.Thread(target=self._read_log, daemon=True).start()

    def wait_ready(self) -> Failure | None:
        """Wait until the handler is loaded; what went wrong, or None."""
        try:
            first = self._receive()
        except WorkerLostError:
            return self._loss()
        return Failure.of(first["init_error"]) if "init_error" in first else None

    def invoke(self, event: str) -> tuple[Answer, bool]:
        """The answer, and whether the process can take another request. `event` is JSON text."""
        request_id = str(uuid.uuid4())
        timeout = self._function.timeout
        with self._logged:
            self._log.clear()
        request = {
            "id": request_id,
            "event": event,
            "deadline": int((time.time() + timeout) * 1000),
            "arn": self._function.arn,
        }
        timed_out = threading.Event()

        def end() -> None:
            timed_out.set()
            self._process.kill()

        timer = threading.Timer(timeout, end)
        timer.start()
        try:
            self._send(request)
            reply = self._receive()
        except WorkerLostError:
            failure = (
                Failure(f"Task timed out after {timeout:.2f} seconds", "Sandbox.Timedout")
                if timed_out.is_set()
                else self._loss()
            )
            return Answer(failure.as_answer(), failure, self._wait_log(None)), False
        finally:
            timer.cancel()
        log = self._wait_log(request_id)
        if "error" in reply:
            failure = Failure.of(reply["error"])
            return Answer(failure.as_answer(), failure, log), True
        return Answer(reply["result"], None, log), True

    def close(self) -> None:
        """End the process and wait for it."""
        aws.stop(self._process)

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101  PIPE above
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError) as error:
            raise WorkerLostError from error

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101  PIPE above
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise WorkerLostError
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _loss(self) -> Failure:
        self._process.wait()
        return Failure(f"The process ended by itself (exit status {self._process.returncode})", "Runtime.ExitError")

    def _read_log(self) -> None:
        assert self._process.stderr is not None  # noqa: S101  PIPE above
        with self._process.stderr as lines:
            for raw in lines:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                with self._logged:
                    if line.startswith(worker.END):
                        self._ended = line.removeprefix(worker.END)
                        self._logged.notify_all()
                        continue
                    self._log.append(line)
                if self._on_log:
                    self._on_log(line)

    def _wait_log(self, request_id: str | None) -> tuple[str, ...]:
        """The lines of a request, once they are all here; of a lost process, what there is."""
        with self._logged:
            self._logged.wait_for(lambda: request_id is not None and self._ended == request_id, timeout=0.5)
            return tuple(self._log)


def lambda_environment(function: Function, endpoint: str) -> dict[str, str]:
    """The process's whole environment: Lambda's own variables, the function's, and the local stand-in for AWS.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    machine = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    of_lambda = {
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONUTF8": "1",
        # In the order that Lambda has: the function's own code, then its layers, then the runtime's libraries.
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in (function.code, *function.layers)),
        "LAMBDA_TASK_ROOT": str(function.code),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"local/{uuid.uuid4().hex}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_SAM_LOCAL": "true",  # by which libraries know that there is no X-Ray daemon
        "_HANDLER": function.handler,
    }
    return aws.environment(machine, endpoint) | of_lambda | function.variables


class Pool:
    """Invokes one function, up to `size` times at once."""

    def __init__(
        self,
        function: Function,
        endpoint: str,
        on_log: Callable[[str], None] | None = None,
        preload: tuple[str, ...] = (),
        size: int = SIZE,
    ) -> None:
        """Nothing is started yet.

        `on_log` gets every line that the function logs; `preload` are modules that it will want to have imported;
        `size` is how many invocations there can be at once.
        """
        self._size = size
        self._preload = preload
        self._function = function
        self._endpoint = endpoint
        self._on_log = on_log
        self._changed = threading.Condition()
        self._all: dict[Worker, int] = {}  # each with its generation
        self._idle: list[Worker] = []
        self._generation = 0
        self._starting = 0
        self._broken: Failure | None = None
        self._closed = False

    def start(self) -> Failure | None:
        """Start anew with the code as it is now, for the first time or after a change.

        Returns when one worker is ready, or with what keeps the code from being loaded; `fill` adds the others.
        Requests in flight end in the old workers.
        """
        with self._changed:
            self._generation += 1
            generation = self._generation
            old, self._idle = self._idle, []
            self._broken = None
        for stale in old:
            self._end(stale)
        return self._add(generation)

    def fill(self) -> None:
        """Start what is missing to `size` workers, in the background."""
        with self._changed:
            generation = self._generation
            missing = 0 if self._broken else self._size - list(self._all.values()).count(generation)
        for _ in range(missing):
            threading.Thread(target=self._add, args=(generation,), daemon=True).start()

    def invoke(self, event: str) -> Answer:
        """Run the function on an event (JSON text); waits for a free worker."""
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._closed or (self._broken and not self._starting))
            if not self._idle:
                return Answer(None, self._broken)
            chosen = self._idle.pop()  # the one that was used last, as Lambda does
            generation = self._generation
        answer, usable = chosen.invoke(event)
        with self._changed:
            current = usable and generation == self._generation and not self._closed
            if current:
                self._idle.append(chosen)
                self._changed.notify()
        if not current:
            self._end(chosen)
        if not usable:
            threading.Thread(target=self._add, args=(generation,), daemon=True).start()
        return answer

    def close(self) -> None:
        """End every worker, a busy one in the middle of its request."""
        with self._changed:
            self._closed = True
            self._idle = []
            self._changed.notify_all()
            remaining = list(self._all)
        for each in remaining:
            self._end(each)

    def _end(self, ended: Worker) -> None:
        ended.close()
        with self._changed:
            self._all.pop(ended, None)

    def _add(self, generation: int) -> Failure | None:
        """Start one worker and offer it, unless the code has changed meanwhile."""
        with self._changed:
            if self._closed or generation != self._generation:
                return None
            self._starting += 1
            added = Worker(self._function, self._endpoint, self._on_log, self._preload)
            self._all[added] = generation
        failure = added.wait_ready()
        with self._changed:
            self._starting -= 1
            current = generation == self._generation and not self._closed
            if current and failure:
                self._broken = failure
            elif current:
                self._idle.append(added)
            self._changed.notify_all()
        if failure or not current:
            self._end(added)
        return failure if current else None
