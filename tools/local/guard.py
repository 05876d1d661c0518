"""The guard of the rules, told of each change of the parameter as EventBridge tells it in AWS."""

from __future__ import annotations

import json
import queue
import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from local.aws import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.function import Function
    from local.pool import Answer, Pool

Operation = Literal["Create", "Update", "Delete"]


def watching(functions: dict[str, Function], parameter: str) -> str | None:
    """The logical id of the function that guards the parameter, None for none."""
    return next((name for name, each in functions.items() if each.variables.get("RULES_PARAMETER") == parameter), None)


class Guard:
    """Runs the guard's function on one event after the other, in the background: what it does may take a minute."""

    def __init__(self, pool: Pool, parameter: str, done: Callable[[Answer], None]) -> None:
        """`done` gets the outcome of each run. Nothing is started yet."""
        self._pool = pool
        self._parameter = parameter
        self._done = done
        self._operations: queue.SimpleQueue[Operation] = queue.SimpleQueue()

    def start(self) -> None:
        """Begin to run the function; the code is loaded now."""
        threading.Thread(target=self._run, daemon=True).start()

    def tell(self, operation: Operation) -> None:
        """Have it look at the parameter."""
        self._operations.put(operation)

    def _run(self) -> None:
        self._pool.start()
        while True:
            event = change_event(self._parameter, self._operations.get())
            self._done(self._pool.invoke(json.dumps(event)))


def change_event(parameter: str, operation: Operation) -> dict[str, object]:
    """EventBridge's event.

    https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
    """
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Parameter Store Change",
        "source": "aws.ssm",
        "account": ACCOUNT,
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{parameter}"],
        "detail": {"operation": operation, "name": parameter, "type": "String"},
    }
