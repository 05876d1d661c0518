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
_NOBODY = object()


class Refusals:
    """Reports `OriginRefused`: at most `LINES_A_MINUTE` lines a minute, whose counts together miss none.

    What is refused beyond that is counted, and told by the policy's first line of a later minute.
    """

    __slots__ = ("_clock", "_last_name", "_lines", "_untold", "begin", "end", "more", "policy")

    def __init__(self, clock: Callable[[], float] = time) -> None:
        self._clock = clock
        self.begin = self.end = 0.0  # of the minute whose lines are counted
        self._lines = 0
        # By policy: no more entries than the rules have policies, and one for paths without any.
        self._untold: dict[str, int] = {}
        # The policy that was refused by last, if that was not told, and how often since: a flood is an addition each.
        self.policy: object = _NOBODY
        self._last_name = ""
        self.more = 0

    def note(self, rules: Rules | None, policy: Policy | None, origin: str, method: str) -> Refusals:
        """One refusal of `origin` by `policy`, which is of `rules`. Gives itself, for whoever counts the next ones."""
        now = self._clock()
        is_same_minute = self.begin <= now < self.end
        if policy is self.policy and is_same_minute:
            self.more += 1
            return self
        if self.more:
            self._untold[self._last_name] += self.more
            self.more = 0
        if not is_same_minute:
            self.begin, self.end, self._lines = now, now + _MINUTE, 0
        name = _name_of(rules, policy)
        if self._lines >= LINES_A_MINUTE:
            self._untold[name] = self._untold.get(name, 0) + 1
            self.policy, self._last_name = policy, name
            return self
        self.policy = _NOBODY
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
        return self


def _name_of(rules: Rules | None, policy: Policy | None) -> str:
    if rules is not None:
        for name, _, known in rules.policies:
            if known is policy:
                return name
    return "none"
