"""The rules in the local SSM parameter: what is there, and how an edit of rules.json gets there.

The parameter alone counts: what the Tea API obeys is read back from it, whoever put it.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from edgecors import Problem, Rules, RulesError
from local.errors import StartError
from rules_store import StoreError, current, publish

if TYPE_CHECKING:
    from pathlib import Path

Document = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """One version of the parameter."""

    version: int
    text: str
    rules: Rules = field(compare=False)


@dataclass(frozen=True)
class Change:
    """What a new version changes: `gained` and `lost` origins, and the policies that differ otherwise."""

    version: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Unusable:
    """A version of the parameter that nobody can use, 0 where it was deleted; `why` in a sentence."""

    version: int
    why: str


class Rulebook:
    """The parameter. Its methods may be called by several threads."""

    def __init__(self, ssm: Any, parameter: str, file: Path, origins: tuple[str, ...]) -> None:
        """`file` is the shipped rules.json, `origins` those of the local pages, which are added to it."""
        self._ssm = ssm
        self.parameter = parameter
        self.file = file
        self._origins = origins
        self._lock = threading.Lock()
        self._history: list[Published] = []  # newest first, at most two
        self._seen: tuple[int, str] | None = None  # the version and value that `refresh` has told of

    def open(self, shown: str) -> None:
        """Put the file's rules in for the first time. Raises StartError, which names the file as `shown`."""
        try:
            self.publish()
            self.refresh()
        except OSError as error:
            raise StartError(f"{shown} cannot be read: {error.strerror}.") from error
        except StoreError as error:
            raise StartError(f"{shown} cannot be put into SSM: {error}") from error
        except RulesError as error:
            more = len(error.problems) - 1
            others = f", and {more} more" if more else ""
            raise StartError(f"{shown}: {sentence(error.problems[0])}{others}") from error

    def publish(self) -> bool:
        """Put the file's rules into the parameter, unless it has them already; whether it was necessary.

        Raises RulesError, with pointers into the file, OSError or StoreError.
        """
        shipped = self.file.read_bytes()
        Rules.parse(shipped)
        document = with_origins(json.loads(shipped), self._origins)
        Rules.parse(document)
        text = json.dumps(document, indent=2, ensure_ascii=False)
        with self._lock:
            if self._history and self._history[0].text == text:
                return False
        return not publish(self._ssm, self.parameter, text, description=f"make serve: {self.file.name}").unchanged

    def refresh(self) -> Change | Unusable | None:
        """Read the parameter back; what changed since it was last read, if anything did. Raises StoreError."""
        found = current(self._ssm, self.parameter)
        seen = (found.version, found.value) if found is not None else (0, "")
        with self._lock:
            if seen == self._seen:
                return None
            self._seen = seen
            if found is None or found.text is None:
                return Unusable(seen[0], found.unreadable if found is not None else "deleted")
            try:
                now = Published(found.version, found.text, Rules.parse(found.text, strict=False))
            except RulesError as error:
                return Unusable(found.version, sentence(error.problems[0]))
            before = self._history[0] if self._history else None
            self._history = [now, *self._history[:1]]
        return difference(before, now)

    def versions(self) -> tuple[Published, ...]:
        """The current version, and the one before it, which the function may go on using for its TTL."""
        with self._lock:
            return tuple(self._history)


def with_origins(document: Document, origins: tuple[str, ...]) -> Document:
    """The (valid) document with the origins added to every policy that does not allow all of them already."""
    policies = [
        policy
        if "*" in policy["allow_origins"]
        else policy
        | {
            "allow_origins": [
                *policy["allow_origins"],
                *(o for o in origins if o not in policy["allow_origins"]),
            ]
        }
        for policy in document["policies"]
    ]
    return document | {"policies": policies}


def difference(before: Published | None, now: Published) -> Change:
    """What `now` changes."""
    old, new = (policies(before.rules) if before else {}), policies(now.rules)

    def origins(named: dict[str, Document]) -> dict[str, None]:
        listed = (pattern for policy in named.values() for pattern in policy["allow_origins"])
        return dict.fromkeys(pattern if isinstance(pattern, str) else f"regex {pattern['regex']}" for pattern in listed)

    def rest(policy: Document | None) -> Document | None:
        return policy and {key: value for key, value in policy.items() if key != "allow_origins"}

    gained, lost = origins(new), origins(old)
    return Change(
        version=now.version,
        gained=tuple(pattern for pattern in gained if pattern not in lost),
        lost=tuple(pattern for pattern in lost if pattern not in gained),
        policies=tuple(name for name in {**old, **new} if rest(old.get(name)) != rest(new.get(name))),
    )


def policies(rules: Rules) -> dict[str, Document]:
    """The policies of the rules' document, by name."""
    document: Document = rules.document()
    return {policy["name"]: policy for policy in document["policies"]}


def sentence(problem: Problem) -> str:
    """A problem in one line: the place, the value, the reason, the fix."""
    value = "" if problem.value is None else f" {json.dumps(problem.value, ensure_ascii=False, default=str)}"
    fix = "" if problem.hint is None else f" Fix: {json.dumps(problem.hint, ensure_ascii=False, default=str)}"
    return f"{problem.field}{value}: {problem.message}{fix} ({problem.code})"
