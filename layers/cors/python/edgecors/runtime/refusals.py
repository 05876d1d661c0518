"""Refused origins, reported so that somebody sees a missing rule, and bounded so that nobody can fill the logs."""

from __future__ import annotations

from time import time

from edgecors.decision import refusal
from edgecors.runtime.events import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from edgecors.policy import Policy
    from edgecors.rules import Rules

LINES_A_MINUTE = 10
_MINUTE = 60.0
_MAX_SHOWN = 200  # characters of an Origin


class Refusals:
    """Reports `OriginRefused`: at most `LINES_A_MINUTE` lines a minute, whose counts together miss none.

    What is refused beyond that is counted, and told by the policy's first line of a later minute.
    """

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self._minute = 0.0
        self._lines = 0
        # By policy: no more entries than the rules have policies, and one for paths without any.
        self._untold: dict[str, int] = {}

    def note(self, rules: Rules | None, policy: Policy | None, origin: str, method: str) -> None:
        """One refusal of `origin` by `policy`, which is of `rules`."""
        now = self._clock()
        name = "none" if rules is None else rules._names.get(id(policy), "none")
        if not 0 <= now - self._minute < _MINUTE:
            self._minute, self._lines = now, 0
        if self._lines >= LINES_A_MINUTE:
            self._untold[name] = self._untold.get(name, 0) + 1
            return
        self._lines += 1
        report(
            "WARNING",
            "OriginRefused",
            count=1 + self._untold.pop(name, 0),
            policy=name,
            code=refusal(policy, origin) if rules is not None else "no-rules",
            origin=origin[:_MAX_SHOWN],
            method=method[:32],
        )
