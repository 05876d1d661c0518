"""A second client beside wrk, which takes one answer at a time, whole.

wrk's script gets the headers as a table, in which one that was sent twice stands once; here it stands twice.
"""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from typing import TYPE_CHECKING

from load.answers import NUMBER, Answer
from load.wrk import Record, Wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from load.cases import Case
    from load.wrk import Outcome

PATIENCE = 60.0  # seconds
PAUSE = 0.05  # seconds between two requests, so that the pressure is wrk's


def ask(port: int, request: bytes) -> Answer:
    """Send the bytes to a port of this machine. Raises OSError or http.client.HTTPException where no answer comes."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.sendall(request)
        response = http.client.HTTPResponse(connection)
        try:
            response.begin()
            return Answer(response.status, tuple(response.getheaders()), response.read().decode("latin-1"))
        finally:
            response.close()


def outcome(case: Case, unique: str, got: str) -> Outcome:
    """Which of the case's answers the text is."""
    if case.allowed is not None and got == case.allowed.replace(NUMBER, unique):
        return "allowed"
    return "refused" if case.refused is not None and got == case.refused.replace(NUMBER, unique) else "wrong"


class Witness(threading.Thread):
    """Asks one case after the other in the background until it is stopped."""

    def __init__(self, port: int, cases: Sequence[Case]) -> None:
        """Nothing is asked yet."""
        super().__init__(daemon=True)
        self._port, self._cases = port, cases
        self._stopped = threading.Event()
        self.records: list[Record] = []
        self.wrong: list[Wrong] = []
        self.trouble: list[str] = []

    def run(self) -> None:
        """Ask."""
        while True:
            for index in range(len(self._cases)):
                if self._stopped.wait(PAUSE):
                    return
                self.ask(index)

    def ask(self, index: int) -> None:
        """Ask one case."""
        case = self._cases[index]
        unique = f"{random.randrange(10**10):010}"  # noqa: S311  no secret
        sent = time.time()
        try:
            got = ask(self._port, case.request.replace(NUMBER.encode(), unique.encode())).text()
        except (OSError, http.client.HTTPException) as error:
            self.trouble.append(f"{case.name}: {type(error).__name__}: {error}")
            return
        found = outcome(case, unique, got)
        self.records.append(Record(index, found, sent, time.time()))
        if found == "wrong":
            self.wrong.append(Wrong(index, unique, got))

    def stop(self) -> None:
        """Return when the last answer is there."""
        self._stopped.set()
        if self.is_alive():
            self.join()
