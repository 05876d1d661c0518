"""A server in memory for the parts of a probe that know no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from edgecors_cli.probe.messages import Answer, Sent

Result = TypeVar("Result")


def converse(conversation: Generator[Sent, Answer, Result], send: Callable[[Sent], Answer]) -> Result:
    """What the conversation comes to when each request is answered so."""
    try:
        sent = next(conversation)
        while True:
            sent = conversation.send(send(sent))
    except StopIteration as end:
        result: Result = end.value
        return result
