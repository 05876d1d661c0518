"""The Lambda handler of the guard, and its environment.

- `RULES_PARAMETER`: the name of the parameter.
- `GUARD_MODE`: `revert`, `alarm` or `off`.
- `TOPIC_ARN`: the SNS topic for messages to people; empty: they are only logged.
"""

from __future__ import annotations

import os
from functools import cache, partial
from typing import TYPE_CHECKING, Any, get_args

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from guard.choice import Mode
from guard.deployment import deployed_at
from guard.guard import Guard, failed
from rules_store import StoreError

if TYPE_CHECKING:
    from datetime import datetime

    from guard.guard import Outcome

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 5})


def handler(event: Any, context: Any) -> Outcome | dict[str, object]:
    """Check the parameter. The event only says why now: a change of it, or the schedule; what is true is in SSM.

    Raises what went wrong, so that Lambda repeats the event, after one minute and after two more, and then sends
    it to the topic. Not so for the schedule, whose next run is the repetition: its failures are logged and counted,
    and an alarm tells people once, instead of 96 messages a day.
    """
    name = os.environ["RULES_PARAMETER"]
    found = event if isinstance(event, dict) else {}
    scheduled = found.get("detail-type") == "Scheduled Event"
    guard = Guard(
        client=_client("ssm"),
        name=name,
        mode=_mode(),
        deployed=partial(_deployed, str(context.invoked_function_arn)),
        notify=_notify,
    )
    try:
        return guard.run(deleted=_is_deletion(found, name), last=scheduled)
    except (StoreError, ClientError, BotoCoreError) as error:
        failed(name, error)
        if not scheduled:
            raise
        return {"parameter": name, "outcome": "failed"}


def _mode() -> Mode:
    mode = os.environ["GUARD_MODE"]
    for known in get_args(Mode):
        if mode == known:
            return known  # type: ignore[no-any-return]  # one of Mode's own values
    raise ValueError(f"GUARD_MODE is {mode!a}; it has to be one of {', '.join(get_args(Mode))}")


def _is_deletion(event: dict[str, Any], name: str) -> bool:
    detail = event.get("detail")
    return isinstance(detail, dict) and (detail.get("operation"), detail.get("name")) == ("Delete", name)


@cache
def _client(service: str) -> Any:
    return boto3.client(service, config=_CONFIG)  # type: ignore[call-overload]


@cache
def _deployed(function: str) -> datetime:
    # A change of the function's configuration never reaches a process that runs: once is enough.
    return deployed_at(_client("lambda"), function)


def _notify(subject: str, text: str) -> None:
    topic = os.environ.get("TOPIC_ARN", "")
    if topic:
        _client("sns").publish(TopicArn=topic, Subject=subject, Message=text)
