"""A search for the shortest well-formed origin that some machines accept together: breadth first, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors._spec import DIGITS, LOWER
from rules_analysis import well_formed
from rules_analysis.well_formed import CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from rules_analysis.machines import Machine
    from rules_analysis.well_formed import Lengths, State

LABEL_CHARACTERS = LOWER + DIGITS + "-_"

# About a second's work.
_BUDGET = 20_000
# An expression's state is the slower to follow, the more positions are in it.
_POSITIONS_FOR_ONE = 64


class TooHardError(Exception):
    """It would take too long to know: what was asked may be so or not."""


class Budget:
    """How much may still be searched: by one call, or by all that are given it. One is spent for each state.

    `whole`: a budget that this one is a part of.
    """

    def __init__(self, left: int = _BUDGET, whole: Budget | None = None) -> None:
        self.left = left
        self._whole = whole

    def spend(self, cost: int) -> None:
        """Raises TooHardError where nothing is left."""
        if self._whole is not None:
            self._whole.spend(cost)
        self.left -= cost
        if self.left < 0:
            raise TooHardError("the origins cannot be followed within bounds")


def order(origin: str) -> tuple[int, list[int]]:
    """The key by which a search prefers origins: the shortest, and of those the first in the order of CHARACTERS."""
    return len(origin), [CHARACTERS.index(character) for character in origin]


def shortest(
    inside: Sequence[Machine],
    beside: Sequence[Machine],
    accepts: Callable[[Sequence[bool]], bool],
    check: Callable[[str], bool],
    budget: Budget,
    *,
    starting: str = "",
    longest: int | None = None,
) -> str | None:
    """The first well-formed origin, in `order`, that every machine of `inside` accepts and for which `accepts` is true,
    given what each machine of `beside` says. None where there is none.

    `check` has the last word: where it refuses what was found, the search goes on, and will not claim that there is
    none. `starting`: how the origin begins; `longest`: the length above which none is looked for.

    Raises TooHardError where it is not known within the budget.
    """
    walk = _Walk(inside, beside)
    level = walk.begin(starting)
    refused = False
    while level and (longest is None or len(level[0].text) <= longest):
        following: list[_Node] = []
        for node in level:
            budget.spend(node.cost())
            if well_formed.accepts(node.form) and walk.is_inside(node) and accepts(walk.verdicts(node)):
                if check(node.text):
                    return node.text
                refused = True
            following += walk.onward(node)
        level = following
    if refused:
        raise TooHardError("the search found only what the engine sees otherwise")
    return None


class _Walk:
    """Goes from text to longer text, where nobody was before who had read as little."""

    def __init__(self, inside: Sequence[Machine], beside: Sequence[Machine]) -> None:
        self._inside = tuple(inside)
        self._beside = tuple(beside)
        kinds: dict[tuple[Hashable, ...], int] = {}
        # Of the characters of one kind, the first will do.
        self._kind = {
            character: kinds.setdefault(tuple(machine.kind(character) for machine in (*inside, *beside)), len(kinds))
            for character in CHARACTERS
        }
        self._seen: dict[tuple[object, ...], list[Lengths]] = {}

    def begin(self, starting: str) -> list[_Node]:
        """The node of the text `starting`, if an origin can begin so."""
        states = tuple(machine.start for machine in (*self._inside, *self._beside))
        node: _Node | None = _Node("", well_formed.START, well_formed.NOTHING_READ, states)
        for character in starting:
            form = dict(well_formed.steps(node.form)).get(character) if node is not None else None
            node = self._next(node, character, form) if node is not None and form is not None else None
        return [node] if node is not None else []

    def onward(self, node: _Node) -> Iterator[_Node]:
        """The nodes that follow, in the order of CHARACTERS."""
        done: set[tuple[State, int]] = set()
        for character, form in well_formed.steps(node.form):
            step = (form, self._kind[character])
            if step in done:
                continue
            done.add(step)
            further = self._next(node, character, form)
            if further is not None and self._is_new(further):
                yield further

    def is_inside(self, node: _Node) -> bool:
        """Whether every machine of `inside` accepts the text."""
        return all(map(_accepts, self._inside, node.states))

    def verdicts(self, node: _Node) -> list[bool]:
        """What each machine of `beside` says."""
        return list(map(_accepts, self._beside, node.states[len(self._inside) :]))

    def _next(self, node: _Node, character: str, form: State) -> _Node | None:
        lengths = well_formed.lengths_after(form, node.lengths, character)
        if lengths is None:
            return None
        rest = well_formed.onward(form)
        states = []
        for machine, state in zip(self._inside, node.states, strict=False):
            following = machine.step(state, character)
            if following is None or not machine.can_end(following, rest):
                return None
            states.append(following)
        for machine, state in zip(self._beside, node.states[len(self._inside) :], strict=True):
            states.append(None if state is None else machine.step(state, character))
        return _Node(node.text + character, form, lengths, tuple(states))

    def _is_new(self, node: _Node) -> bool:
        known = self._seen.setdefault((node.form, node.states), [])
        if any(first <= node.lengths[0] and second <= node.lengths[1] for first, second in known):
            return False
        known.append(node.lengths)
        return True


def _accepts(machine: Machine, state: Hashable) -> bool:
    return state is not None and machine.accepts(state)


class _Node:
    """A text, and what has been read by it: of a well-formed origin, and by each machine."""

    __slots__ = ("form", "lengths", "states", "text")

    def __init__(self, text: str, form: State, lengths: Lengths, states: tuple[Hashable, ...]) -> None:
        self.text = text
        self.form = form
        self.lengths = lengths
        self.states = states

    def cost(self) -> int:
        return 1 + sum(state.bit_count() for state in self.states if isinstance(state, int)) // _POSITIONS_FOR_ONE
