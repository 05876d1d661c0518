"""One run of the guard: look at the facts, put right what may be put right, tell what has not been told, mark.

Each step follows from what SSM has at that moment, and nothing is remembered elsewhere. So it is all the same which
event started the run, how often and how late; a run that breaks off anywhere is finished by the next one. What
writes or tells is done by one run at a time, under a lock of the guard's own (`NAME/.guard/.lock`).
"""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING

from edgecors.runtime.events import described, report
from guard import messages
from guard.choice import choose
from guard.facts import LAST_GOOD, SEEN, TOLD, look, put_back
from guard.marks import LAGS, mark, unmark
from guard.notices import due
from rules_store import ConflictError, LockedError, StoreError, publish
from rules_store.calls import Ssm
from rules_store.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Literal, TypedDict

    from mypy_boto3_ssm import SSMClient

    from guard.choice import Mode
    from guard.facts import Facts
    from guard.notices import Notice
    from rules_store import Entry

    # "good"; "reverted": an older version is back; "refused": a bad version stays; "warned": readers take the
    # version, a person could not publish it; "missing": no parameter; "locked": left to the next run; "off".
    Verdict = Literal["good", "reverted", "refused", "warned", "missing", "locked", "off"]

    class Outcome(TypedDict):
        """`version` is the published one, 0 for none or unknown."""

        parameter: str
        version: int
        outcome: Verdict


# Before another look while someone else holds a lock, in seconds: a minute in all, after which a lock is abandoned.
_PAUSES = (2, 4, 8, 16, 32)
_ROUNDS = 5  # of others who write at the same moment
_MAX_PROBLEMS = 50  # in a log line


@dataclass(frozen=True)
class Guard:
    """The guard of a parameter.

    - `deployed`: since when it is as it is; asked only where that matters.
    - `notify`: takes a subject and a text for people; raises what makes the run one to be repeated.
    """

    client: SSMClient
    name: str
    mode: Mode
    deployed: Callable[[], datetime]
    notify: Callable[[str, str], None]

    def run(self, *, deleted: bool = False, last: bool = False) -> Outcome:
        """Once. Raises StoreError, and what `notify` and `deployed` raise: the run has to be repeated then.

        `deleted`: an event said that the parameter was deleted, so that its absence is news; `last`: nobody will
        repeat this run soon, so that what could not be put back is told now.
        """
        if self.mode == "off":
            return self._outcome("off", 0)
        for pause in _PAUSES:
            try:
                return self._once(deleted=deleted, last=last)
            except LockedError:
                sleep(pause)
        try:
            return self._once(deleted=deleted, last=last)
        except LockedError as error:
            report("WARNING", "RulesGuardLocked", parameter=self.name, error=str(error))
            return self._outcome("locked", 0)

    def _once(self, *, deleted: bool, last: bool) -> Outcome:
        facts = look(self.client, self.name)
        if facts is None:
            return self._missing(deleted=deleted)
        if self._is_done(facts):
            outcome = self._outcome(_verdict(facts.newest), facts.newest.version)
        else:
            with Lock(Ssm(self.client), f"{self.name}/.guard", "guard"):
                outcome = self._act(deleted=deleted, last=last)
        report("INFO", "RulesGuardChecked", **outcome)
        return outcome

    def _is_done(self, facts: Facts) -> bool:
        """Whether nothing is to be written or told."""
        if choose(facts, self.mode, self.deployed).source is not None or due(facts, self.deployed):
            return False
        marked = not facts.newest.clean or {LAST_GOOD, SEEN} <= set(facts.newest.labels)
        return marked and not _lagging(facts)

    def _act(self, *, deleted: bool, last: bool) -> Outcome:
        facts, reason = self._put_right(last=last)
        if facts is None:
            return self._missing(deleted=deleted)
        verdict = _verdict(facts.newest)
        for notice in due(facts, self.deployed):
            self._tell(notice, facts, reason)
            version, label = notice.mark
            mark(self.client, self.name, version, [label])
            if notice.restoration is not None and notice.restoration.entry is facts.newest:
                verdict = "reverted"
        if facts.newest.clean:
            mark(self.client, self.name, facts.newest.version, [LAST_GOOD, SEEN])
        for label, version in _lagging(facts).items():
            unmark(self.client, self.name, version, label)
        return self._outcome(verdict, facts.newest.version)

    def _put_right(self, *, last: bool) -> tuple[Facts | None, str]:
        """The facts as soon as nothing is to be put back (any more), and why a bad version stays, if it does."""
        for _ in range(_ROUNDS):
            facts = look(self.client, self.name)
            if facts is None:
                return None, ""
            source, reason = choose(facts, self.mode, self.deployed)
            if source is None:
                return facts, reason
            try:
                self._put_back(source, facts.newest)
            except LockedError:
                raise
            except ConflictError:
                continue  # someone wrote meanwhile: theirs may be in order
            except StoreError as error:
                if not last:
                    raise
                failed(self.name, error)
                return facts, f"it could not be put back, which is tried again with each check ({error})"
        raise StoreError("contended", f"{self.name} is written over and over at this moment.", "", uncertain=True)

    def _put_back(self, source: Entry, bad: Entry) -> None:
        codes = ", ".join(dict.fromkeys(problem.code for problem in bad.problems)) or bad.reason
        publish(
            self.client,
            self.name,
            source.text,
            expected=bad.version,
            description=put_back(source, bad, codes),
            doing="guard",
        )

    def _tell(self, notice: Notice, facts: Facts, reason: str) -> None:
        entry, done = notice.entry, notice.restoration
        problems = entry.problems or entry.warnings
        report(
            "WARNING" if entry.verdict == "good" else "ERROR",
            notice.event,
            parameter=self.name,
            version=entry.version,
            date=entry.date.isoformat(),
            user=entry.user,
            description=entry.description,
            published=facts.newest.version,
            source=done.source if done is not None else None,
            restored=done.entry.version if done is not None else None,
            reason=reason if entry is facts.newest else "",
            error=entry.reason,
            problems=described(problems[:_MAX_PROBLEMS]),
            problem_count=len(problems),
        )
        self.notify(*messages.about(self.name, notice, facts, reason))

    def _missing(self, *, deleted: bool) -> Outcome:
        report("ERROR" if deleted else "WARNING", "RulesGuardMissing", parameter=self.name)
        if deleted:
            self.notify(*messages.deleted(self.name))
        return self._outcome("missing", 0)

    def _outcome(self, verdict: Verdict, version: int) -> Outcome:
        return {"parameter": self.name, "version": version, "outcome": verdict}


def failed(name: str, error: Exception) -> None:
    """One log line and one metric for what did not work, AWS most likely."""
    report("ERROR", "RulesGuardFailed", parameter=name, code=getattr(error, "code", None), error=str(error))


def _verdict(entry: Entry) -> Verdict:
    if entry.clean:
        return "good"
    return "warned" if entry.verdict == "good" else "refused"


def _lagging(facts: Facts) -> dict[str, int]:
    """Our marks that would keep SSM from dropping an old version some day: label -> version."""
    # A version in order has just got the other two.
    labels = [TOLD] if facts.newest.clean else [LAST_GOOD, SEEN, TOLD]
    found = {label: facts.labelled(label) for label in labels}
    return {label: version for label, version in found.items() if 0 < version <= facts.newest.version - LAGS}
