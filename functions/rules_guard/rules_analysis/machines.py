"""Origins of one kind as automata that read from the left: exact ones, patterns, expressions.

A machine has a `start`, a `step` from a state by a character, and says which states it `accepts`. None is the state
from which nothing is accepted any more. What they accept beside well-formed origins does not matter: `well_formed`
walks beside them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from edgecors._automaton import Automaton
    from edgecors._pattern import Pattern


class Machine(Protocol):
    """A deterministic automaton whose states are made when they are reached."""

    @property
    def start(self) -> Hashable:
        """The state in which nothing was read."""

    def step(self, state: Hashable, character: str) -> Hashable:
        """The state after `character`; None where nothing can be accepted any more."""

    def kind(self, character: str) -> Hashable:
        """Characters of one kind lead from every state to the same one."""

    def can_end(self, state: Hashable, rest: str) -> bool:
        """False where nothing is accepted if only characters of `rest` follow. True does not say that something is."""

    def accepts(self, state: Hashable) -> bool:
        """Whether what was read is accepted. Never asked of None."""


class Words:
    """A set of words that knows their beginnings."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._sorted = sorted(self._words)

    @property
    def characters(self) -> frozenset[str]:
        """Of all the words."""
        return frozenset().union(*self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def begins(self, text: str) -> bool:
        """Whether a word begins with the text."""
        at = bisect_left(self._sorted, text)
        return at < len(self._sorted) and self._sorted[at].startswith(text)


class Everything:
    """Accepts everything."""

    start = "everything"

    def step(self, state: Hashable, _character: str) -> Hashable:
        """See Machine."""
        return state

    def kind(self, _character: str) -> Hashable:
        """See Machine."""
        return None

    def can_end(self, _state: Hashable, _rest: str) -> bool:
        """See Machine."""
        return True

    def accepts(self, _state: Hashable) -> bool:
        """See Machine."""
        return True


class Exact:
    """Accepts the given origins. A state is the text that was read."""

    start = ""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = Words(origins)
        self._characters = self._origins.characters

    def step(self, state: Hashable, character: str) -> Hashable:
        """See Machine."""
        longer = f"{state}{character}"
        return longer if self._origins.begins(longer) else None

    def kind(self, character: str) -> Hashable:
        """See Machine."""
        return character if character in self._characters else None

    def can_end(self, _state: Hashable, _rest: str) -> bool:
        """See Machine."""
        return True

    def accepts(self, state: Hashable) -> bool:
        """See Machine."""
        return state in self._origins  # type: ignore[operator]


class Expression:
    """Accepts what an expression matches. A state is a set of the automaton's positions."""

    start = 1

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._after: dict[int, int] = {}
        self._alive: dict[str, int] = {}
        self._backward: Automaton | None = None

    def step(self, state: Hashable, character: str) -> Hashable:
        """See Machine."""
        assert isinstance(state, int)  # noqa: S101
        allowed = self._automaton.reading.get(character)
        if not allowed:
            return None
        after = self._after.get(state)
        if after is None:
            after = self._after[state] = self._automaton.after(state)
        return after & allowed or None

    def kind(self, character: str) -> Hashable:
        """See Machine."""
        return self._automaton.reading.get(character)

    def can_end(self, state: Hashable, rest: str) -> bool:
        """See Machine."""
        assert isinstance(state, int)  # noqa: S101
        alive = self._alive.get(rest)
        if alive is None:
            alive = self._alive[rest] = self._ending_with(rest)
        return bool(state & alive)

    def accepts(self, state: Hashable) -> bool:
        """See Machine."""
        assert isinstance(state, int)  # noqa: S101
        return bool(state & self._automaton.last)

    def ends_with(self, text: str) -> bool:
        """Whether the end of a match may be the text, whatever stands before it."""
        if self._backward is None:
            self._backward = self._automaton.reversed()
        positions = 1
        for character in reversed(text):
            positions = self._backward.step(positions, character)
        return positions != 0

    def _ending_with(self, rest: str) -> int:
        """The positions from which an end is reached by characters of `rest` only."""
        backward = self._automaton.reversed()
        usable = backward.mask(rest)
        found = new = self._automaton.last
        while new:
            new = backward.after(new & usable) & ~found
            found |= new
        return found


class Patterns:
    """Accepts what any of the patterns matches, whatever their number.

    A state is one of

    - `("scheme", text)`: what was read;
    - `("host", scheme, whole, suffix)`: the host if a pattern without `*.` begins so, else None; the longest end of
      the host that begins at a label, not at the first one, and with which a host behind `*.` begins, else None;
    - `("port", any, left)`: whether every port is accepted; what is left to be read of those that are.
    """

    start = ("scheme", "")

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._schemes = Words(f"{pattern.scheme}://" for pattern in patterns)
        # Ports by scheme and host.
        self._whole: dict[str, dict[str, set[str]]] = {}
        self._below: dict[str, dict[str, set[str]]] = {}
        for pattern in patterns:
            hosts = (self._below if pattern.subdomains else self._whole).setdefault(pattern.scheme, {})
            hosts.setdefault(pattern.host, set()).add(pattern.port)
        self._characters = frozenset("".join(map(str, patterns)) + ".:/[]")
        self._whole_words = {scheme: Words(hosts) for scheme, hosts in self._whole.items()}
        self._below_words = {scheme: Words(hosts) for scheme, hosts in self._below.items()}

    def step(self, state: Hashable, character: str) -> Hashable:
        """See Machine."""
        match state:
            case ("scheme", str(text)):
                longer = text + character
                if longer in self._schemes:
                    return "host", longer.removesuffix("://"), "", None
                return ("scheme", longer) if self._schemes.begins(longer) else None
            case ("host", str(scheme), whole, suffix):
                in_literal = isinstance(whole, str) and whole.startswith("[") and not whole.endswith("]")
                if character == ":" and not in_literal:
                    return _ports(self._ports_at(scheme, whole, suffix))
                return self._in_host(scheme, whole, suffix, character)
            case ("port", bool(any_port), frozenset() as left):
                kept = frozenset(port[1:] for port in left if port.startswith(character))
                return ("port", any_port, kept) if any_port or kept else None
        raise AssertionError(state)  # pragma: no cover

    def kind(self, character: str) -> Hashable:
        """See Machine."""
        return character if character in self._characters else None

    def can_end(self, _state: Hashable, _rest: str) -> bool:
        """See Machine."""
        return True

    def accepts(self, state: Hashable) -> bool:
        """See Machine."""
        match state:
            case ("host", str(scheme), whole, suffix):
                return not self._ports_at(scheme, whole, suffix).isdisjoint(("", "*"))
            case ("port", bool(any_port), frozenset() as left):
                return any_port or "" in left
        return False

    def _in_host(self, scheme: str, whole: object, suffix: object, character: str) -> Hashable:
        longer = f"{whole}{character}" if isinstance(whole, str) else None
        words = self._whole_words.get(scheme)
        if longer is not None and (words is None or not words.begins(longer)):
            longer = None
        below = self._below_words.get(scheme)
        if below is None:
            return ("host", scheme, longer, None) if longer is not None else None
        end = f"{suffix}{character}" if isinstance(suffix, str) else None
        while end is not None and not below.begins(end):
            end = end.partition(".")[2] if "." in end else None
        if end is None and character == ".":
            end = ""
        return "host", scheme, longer, end

    def _ports_at(self, scheme: str, whole: object, suffix: object) -> set[str]:
        found: set[str] = set()
        if isinstance(whole, str):
            found |= self._whole.get(scheme, {}).get(whole, set())
        hosts = self._below.get(scheme, {})
        end = suffix if isinstance(suffix, str) else ""
        while end:
            found |= hosts.get(end, set())
            end = end.partition(".")[2]
        return found


def _ports(ports: set[str]) -> Hashable:
    left = frozenset(ports - {"", "*"})
    return ("port", "*" in ports, left) if left or "*" in ports else None


class Union:
    """Accepts what any of the machines accepts."""

    def __init__(self, machines: Sequence[Machine]) -> None:
        self._machines = tuple(machines)
        self.start: Hashable = tuple(machine.start for machine in self._machines)

    def step(self, state: Hashable, character: str) -> Hashable:
        """See Machine."""
        assert isinstance(state, tuple)  # noqa: S101
        states = tuple(
            None if part is None else machine.step(part, character)
            for machine, part in zip(self._machines, state, strict=True)
        )
        return states if any(part is not None for part in states) else None

    def kind(self, character: str) -> Hashable:
        """See Machine."""
        return tuple(machine.kind(character) for machine in self._machines)

    def can_end(self, _state: Hashable, _rest: str) -> bool:
        """See Machine."""
        return True

    def accepts(self, state: Hashable) -> bool:
        """See Machine."""
        assert isinstance(state, tuple)  # noqa: S101
        return any(
            part is not None and machine.accepts(part) for machine, part in zip(self._machines, state, strict=True)
        )
