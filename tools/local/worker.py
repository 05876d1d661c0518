"""One execution environment of a function: a process of its own that looks like Lambda as far as one can.

It is run as a script, with modules to import in idle time as its arguments. It imports nothing of this project, so
that the function sees its own code, its layers and its libraries only. Requests come in as lines of JSON on standard
input, answers leave on standard output:

    in   {"id": request id, "event": JSON text, "deadline": milliseconds since the epoch, "arn": the function's}
    out  {"ready": true} or {"init_error": ERROR} once, then for each request
         {"result": the return value as JSON text} or {"error": ERROR}

with ERROR as Lambda reports one: {"errorMessage", "errorType", "stackTrace": [lines]}. What the function prints
or logs goes to standard error, and after each request a line of END and its id follows.

Standard input also is the lifeline: when it ends, whoever started this process is gone, and so is this
process, in the middle of a request too.
"""

from __future__ import annotations

import contextlib
import decimal
import importlib
import json
import math
import os
import queue
import sys
import threading
import time
import traceback
from typing import Any, BinaryIO

END = "\0end "  # no log line begins with NUL


class Context:
    """The `context` argument: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    identity = None
    client_context = None

    def __init__(self, request: dict[str, Any]) -> None:
        """Take the request's own facts from it, and the function's from Lambda's environment variables."""
        self.aws_request_id: str = request["id"]
        self.invoked_function_arn: str = request["arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self._deadline: int = request["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout, 0 at the least."""
        return max(0, self._deadline - int(time.time() * 1000))


def as_number(value: object) -> float | int:
    """A Decimal as the Lambda runtime's own encoder writes one; anything else it refuses, as json does."""
    if isinstance(value, decimal.Decimal):
        if value.is_nan():
            return math.nan
        return int(value) if value == value.to_integral_value() and abs(value) < 2**53 else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def error(raised: BaseException) -> dict[str, Any]:
    """ERROR (see the module), without the frames of this file."""
    frames = traceback.extract_tb(raised.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__ and "importlib" not in frame.filename]
    message = str(raised)
    if isinstance(raised, SyntaxError):  # its place in the file is in these lines only
        message = "".join(traceback.format_exception_only(raised)).strip()
    return {
        "errorMessage": message,
        "errorType": type(raised).__name__,
        "stackTrace": [line.rstrip("\n") for line in traceback.format_list(own)],
    }


def load_handler(name: str) -> Any:
    """The callable that `Handler` in the template names, `module.attribute`."""
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module.replace("/", ".")), attribute)


def read_requests(source: BinaryIO, requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Feed `requests` until the source ends, and the process with it."""
    for line in source:
        requests.put(json.loads(line))
    os._exit(0)


def preload(modules: list[str]) -> None:
    """Import what a first request would wait for, on the processor's idle time.

    All environments of a page's requests are cold at once here, which in Lambda is the exception.
    """
    for module in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)


def main() -> None:
    """Load the handler, then answer requests one at a time, as an execution environment does."""
    source = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # The function gets no standard input, and its standard output is its log.
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]

    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=read_requests, args=(source, requests), daemon=True).start()

    def send(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    try:
        handler = load_handler(os.environ["_HANDLER"])
    except BaseException as raised:  # noqa: BLE001  whatever a module's code can raise, sys.exit too
        send({"init_error": error(raised)})
        os._exit(1)
    send({"ready": True})
    threading.Thread(target=preload, args=(sys.argv[1:],), daemon=True).start()

    while True:
        request = requests.get()
        try:
            result = handler(json.loads(request["event"]), Context(request))
            answer: dict[str, Any] = {"result": json.dumps(result, ensure_ascii=False, default=as_number)}
        except Exception as raised:  # noqa: BLE001  the function's failure is its answer
            answer = {"error": error(raised)}
        sys.stdout.flush()
        sys.stderr.write(f"{END}{request['id']}\n")
        sys.stderr.flush()
        send(answer)


if __name__ == "__main__":
    main()
