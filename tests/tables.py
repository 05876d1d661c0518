"""Tables whose cases are run by one test: where there are hundreds, a test for each costs more than what it tests.

Every case is run, whatever became of the ones before, and each that fails is named.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from cases.names import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T", bound="Callable[..., None]")


def each(names: str | tuple[str, ...], cases: Iterable[Any], *, ids: Callable[[Any], str] = plain) -> Callable[[T], T]:
    """As `pytest.mark.parametrize`, in one test. Not for tests whose fixtures have to be new for every case."""
    every = list(cases)
    assert every, "no cases"

    def decorate(test: T) -> T:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            failures: list[Exception] = []
            for case in every:
                values = {names: case} if isinstance(names, str) else dict(zip(names, case, strict=True))
                try:
                    test(**fixtures, **values)
                except (Exception, pytest.fail.Exception) as failure:
                    error = failure if isinstance(failure, Exception) else AssertionError(str(failure))
                    error.add_note(f"in the case {'-'.join(map(ids, values.values()))}")
                    failures.append(error)
            if len(failures) == 1:
                raise failures[0]
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(every)} cases", failures)

        signature = inspect.signature(test)
        taken = {names} if isinstance(names, str) else set(names)
        left = [parameter for name, parameter in signature.parameters.items() if name not in taken]
        run.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return decorate
