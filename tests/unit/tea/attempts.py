"""Calls that may be refused, and text to try them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from effort import examples
from tea_api.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# A busy machine is no failure, and a failure no matter of luck: the same examples in every run.
steady = settings(deadline=None, derandomize=True, max_examples=examples(50))

ENCODABLE = st.text(max_size=64).filter(lambda text: text == text.encode(errors="replace").decode())
"""Text that UTF-8 can write."""


def attempt(call: Callable[[], T]) -> T | ApiError:
    """What the call returns, or the problem that it raises; nothing else may come out of it."""
    try:
        return call()
    except ApiError as error:
        problem = error
    assert problem.body().encode()
    return problem
