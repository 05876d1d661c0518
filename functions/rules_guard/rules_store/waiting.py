"""Reading what was just written: SSM is eventually consistent, so the first look may come too early."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)  # seconds: three in all


def settled(read: Callable[[], T], good: Callable[[T], bool]) -> T:
    """What `read` gives as soon as it is `good`, or what it gives last."""
    found = read()
    for pause in _PAUSES:
        if good(found):
            break
        sleep(pause)
        found = read()
    return found
