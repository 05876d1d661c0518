"""Finite automata over origins: built from an expression, run in time linear in the text.

The automaton is Glushkov's: its states are the expression's characters (positions), so there are no empty
steps. A set of positions is an int, bit n for position n; bit 0 is the start. Matching walks the deterministic
automaton, whose states are made when first reached and forgotten when there are too many, so that neither the
expression nor the origin can make it slow or large. The same sets serve what asks about the language itself:
which hosts an expression lets in, and why.
"""

from __future__ import annotations

from edgecors._regex import Alternatives, ExpressionError, Repeat, parse
from edgecors._spec import ORIGIN_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from edgecors._regex import Node

    # The first and the last positions of a node, and 1 if it may be empty, else 0.
    _Ends: TypeAlias = tuple[int, int, int]

MAX_STATES = 2_000
# Deterministic states kept at once, at most about 4 KB each.
_MAX_MEMO = 256


class Automaton:
    """`follow[n]`: the positions that may come after position n, `precede[n]`: before it; `last`: those that may
    end a text.

    `reading[c]`: the positions at which character c may stand. Both `follow[0]` and bit 0 of `last` belong to
    the start.
    """

    __slots__ = ("_start", "_states", "follow", "last", "precede", "reading")

    def __init__(self, follow: list[int], precede: list[int], last: int, reading: dict[str, int]) -> None:
        self.follow = follow
        self.precede = precede
        self.last = last
        self.reading = reading
        self._begin()

    def matches(self, text: str) -> bool:
        """Whether the whole text is matched. Characters that no origin has match nothing."""
        state = self._start
        for character in text:
            state = state[character]
            if not state.positions:
                return False  # the rest may be 250 characters of a stranger's
        return state.accepting

    def step(self, positions: int, character: str) -> int:
        """Where the automaton can be after `character`."""
        allowed = self.reading.get(character, 0)
        return self.after(positions) & allowed if allowed else 0

    def after(self, positions: int) -> int:
        """The positions that may follow any of these."""
        reached = 0
        follow = self.follow
        while positions:
            lowest = positions & -positions
            reached |= follow[lowest.bit_length() - 1]
            positions ^= lowest
        return reached

    def mask(self, characters: str) -> int:
        """The positions at which one of the characters may stand."""
        found = 0
        for character in characters:
            found |= self.reading.get(character, 0)
        return found

    def reversed(self) -> Automaton:
        """The automaton of the same texts read from the right; its positions are the same ones."""
        follow = [self.last & ~1, *self.precede[1:]]
        precede = [0, *self.follow[1:]]
        return Automaton(follow, precede, self.follow[0] | (self.last & 1), self.reading)

    def known(self, positions: int) -> _State:
        """The deterministic state of a set of positions."""
        state = self._states.get(positions)
        if state is None:
            if len(self._states) >= _MAX_MEMO:
                # Whoever is walking the old states keeps them until done; the next walk begins anew.
                self._begin()
            state = self._states[positions] = _State(self, positions)
        return state

    def _begin(self) -> None:
        self._states: dict[int, _State] = {}
        self._start = _State(self, 1)


class _State(dict[str, "_State"]):
    """A deterministic state: the next one for each character that was met."""

    __slots__ = ("_automaton", "accepting", "positions")

    def __init__(self, automaton: Automaton, positions: int) -> None:
        super().__init__()
        self._automaton = automaton
        self.positions = positions
        self.accepting = bool(positions & automaton.last)

    def __missing__(self, character: str) -> _State:
        following = self._automaton.known(self._automaton.step(self.positions, character))
        if character in ORIGIN_CHARACTERS:
            self[character] = following
        return following


def members(positions: int) -> Iterator[int]:
    """The positions in a set, in rising order."""
    while positions:
        lowest = positions & -positions
        yield lowest.bit_length() - 1
        positions ^= lowest


def compile_expression(text: str) -> Automaton:
    """The automaton of an expression. Raises ExpressionError, also where it needs more than `MAX_STATES` states."""
    node = parse(text)
    if _count(node) + 1 > MAX_STATES:
        raise ExpressionError("regex-too-many-states", "", 0)
    builder = _Builder()
    first, last, empty = builder.build(node)
    builder.follow[0] = first
    return Automaton(builder.follow, builder.precede, last | empty, builder.reading)


def _count(node: Node) -> int:
    """How many positions a node has once its repetitions are unrolled."""
    if isinstance(node, int):
        return 1
    if isinstance(node, Repeat):
        times = max(node.least, 1) if node.most is None else node.most
        return times * _count(node.node)
    return sum(map(_count, node))


class _Builder:
    """Glushkov's construction. Each build gives the first and last positions of a node and whether it may be
    empty (1 or 0, which is bit 0: the start ends an empty text).

    The steps to the right and those to the left are noted apart, each at the node that has few of them: a chain of
    nodes that may all be empty would otherwise cost the square of its length.
    """

    def __init__(self) -> None:
        self.follow = [0]
        self.precede = [0]
        self.reading: dict[str, int] = {}

    def build(self, node: Node) -> _Ends:
        if isinstance(node, int):
            return self._position(node)
        if isinstance(node, Alternatives):
            first = last = empty = 0
            for part in node:
                part_first, part_last, part_empty = self.build(part)
                first, last, empty = first | part_first, last | part_last, empty | part_empty
            return first, last, empty
        if isinstance(node, Repeat):
            return self._repeat(node)
        return self._sequence([self.build(part) for part in node])

    def _position(self, characters: int) -> _Ends:
        bit = 1 << len(self.follow)
        self.follow.append(0)
        self.precede.append(0)
        for character in ORIGIN_CHARACTERS:
            if characters >> ord(character) & 1:
                self.reading[character] = self.reading.get(character, 0) | bit
        return bit, bit, 0

    def _sequence(self, parts: list[_Ends]) -> _Ends:
        following, all_empty = 0, 1
        for first, last, empty in reversed(parts):
            self._follow(last, following)
            following = first | (following if empty else 0)
            all_empty &= empty
        preceding = 0
        for first, last, empty in parts:
            self._precede(first, preceding)
            preceding = last | (preceding if empty else 0)
        return following, preceding, all_empty

    def _repeat(self, node: Repeat) -> _Ends:
        if node.most is None:
            copies = [self.build(node.node) for _ in range(max(node.least, 1))]
            first, last, empty = copies[-1]
            self._follow(last, first)
            self._precede(first, last)
            return self._sequence([*copies[:-1], (first, last, empty if node.least else 1)])
        copies = [self.build(node.node) for _ in range(node.most)]
        return self._sequence([*copies[: node.least], self._optional(copies[node.least :])])

    def _optional(self, copies: list[_Ends]) -> _Ends:
        """x{0,3} as (x(x(x)?)?)?: each copy is entered from the one before it only, not from all."""
        lasts = 0
        for index, (first, last, _) in enumerate(copies):
            lasts |= last
            if index > 0:
                self._precede(first, copies[index - 1][1])
            if index + 1 < len(copies):
                self._follow(last, copies[index + 1][0])
        return (copies[0][0] if copies else 0), lasts, 1

    def _follow(self, positions: int, following: int) -> None:
        for position in members(positions):
            self.follow[position] |= following

    def _precede(self, positions: int, preceding: int) -> None:
        for position in members(positions):
            self.precede[position] |= preceding
