"""Several writers, in threads, that make one call each in an order that a test sets."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from unit.rules_store.fake_ssm import FakeSsm


class Turns:
    """Lets the clients call in turn: `turns[i]` has the numbers of the calls, of all, that client i makes. A writer
    that has ended leaves its turns out; when the turns are over, those that still call take them one by one."""

    def __init__(self, clients: Sequence[FakeSsm], turns: Sequence[Collection[int]]) -> None:
        self._order = [
            next(who for who, numbers in enumerate(turns) if number in numbers)
            for number in range(sum(map(len, turns)))
        ]
        self._clients = clients
        self._changed = threading.Condition()
        self._running = set(range(len(clients)))
        self._waiting: set[int] = set()
        self._granted: int | None = None
        for who, client in enumerate(clients):
            client.before = self._gate(who)

    def _gate(self, who: int) -> Callable[[str, dict[str, Any]], None]:
        def wait(operation: str, arguments: dict[str, Any]) -> None:
            with self._changed:
                self._waiting.add(who)
                self._changed.notify_all()
                assert self._changed.wait_for(lambda: self._granted == who, timeout=30)
                self._waiting.discard(who)
                self._granted = None

        return wait

    def run(self, writers: Sequence[Callable[[], Any]]) -> list[Any]:
        """What each writer returned, or raised."""
        outcomes: list[Any] = [None] * len(writers)

        def work(who: int) -> None:
            try:
                outcomes[who] = writers[who]()
            except Exception as error:
                outcomes[who] = error
            with self._changed:
                self._running.discard(who)
                self._changed.notify_all()

        threads = [threading.Thread(target=work, args=(who,), daemon=True) for who in range(len(writers))]
        for thread in threads:
            thread.start()
        order = iter(self._order)
        while True:
            with self._changed:
                # Each writer is at its next call, or has ended: so the order of calls is the test's alone.
                assert self._changed.wait_for(
                    lambda: self._granted is None and self._waiting == self._running, timeout=30
                )
                if not self._running:
                    break
                chosen = next(order, None)
                while chosen is not None and chosen not in self._running:
                    chosen = next(order, None)
                self._granted = chosen if chosen is not None else min(self._running)
                self._changed.notify_all()
        for thread in threads:
            thread.join(30)
        for client in self._clients:
            client.before = lambda operation, arguments: None
        return outcomes
