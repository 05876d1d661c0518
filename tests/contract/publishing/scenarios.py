"""What is published, and how: the cases that are interrupted, and interleaved, at every call."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rules_store import publish, rollback
from unit.rules_store.fake_ssm import FakeSsm, Store
from unit.rules_store.support import NAME, document, long_document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEPT = 3  # generations, in these tests: ten only take longer
SHORT = document("https://short.example")
OTHER = document("https://other.example")
LONG = long_document(1_000)


def pushing(text: str) -> Callable[[Any], Any]:
    """A writer that publishes the text."""
    return lambda client: publish(client, NAME, text)


def returning(to: int) -> Callable[[Any], Any]:
    """A writer that returns to a version."""
    return lambda client: rollback(client, NAME, to=to)


@dataclass(frozen=True)
class Scenario:
    """`before` is published one after the other; then `write` publishes `new`."""

    name: str
    before: Sequence[str]
    write: Callable[[Any], Any]
    new: str

    @property
    def old(self) -> str | None:
        """What readers have before."""
        return self.before[-1] if self.before else None

    def store(self) -> Store:
        """SSM as it is before."""
        return _published(tuple(self.before)).copy()

    def calls(self) -> int:
        """How many calls `write` makes when nothing goes wrong."""
        client = FakeSsm(self.store())
        self.write(client)
        return len(client.calls)


@functools.cache
def _published(texts: tuple[str, ...]) -> Store:
    store = Store()
    for text in texts:
        publish(FakeSsm(store), NAME, text)  # type: ignore[arg-type]
    return store


SCENARIOS = (
    Scenario("the first rules", [], pushing(SHORT), SHORT),
    Scenario("the first rules, long", [], pushing(LONG), LONG),
    Scenario("short after short", [OTHER], pushing(SHORT), SHORT),
    Scenario("long after short", [OTHER], pushing(LONG), LONG),
    Scenario("short after long", [LONG], pushing(SHORT), SHORT),
    Scenario("long after as many as are kept", [long_document(seed) for seed in range(KEPT)], pushing(LONG), LONG),
    Scenario("rollback to short", [SHORT, LONG], returning(1), SHORT),
    Scenario("rollback to long", [LONG, SHORT], returning(1), LONG),
)


class Died(BaseException):
    """The process is no more: nothing that would catch an error catches this."""


@dataclass
class Fault:
    """Makes a client fail at its n-th call, counted from 1: before the call is done, or `afterwards`. `for_good`: and
    at each one after that."""

    number: int
    error: Callable[[str], BaseException]
    afterwards: bool = False
    for_good: bool = False
    _count: int = field(default=0, init=False)

    def into(self, client: FakeSsm) -> None:
        """Put the fault in place."""

        def before(operation: str, arguments: dict[str, Any]) -> None:
            self._count += 1
            if (self._count == self.number and not self.afterwards) or (self._count > self.number and self.for_good):
                raise self.error(operation)

        def after(operation: str, arguments: dict[str, Any]) -> None:
            if self._count == self.number and self.afterwards:
                raise self.error(operation)

        client.before, client.after = before, after
