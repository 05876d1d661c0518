"""An origin that an expression lets in, and that its author cannot have meant: the proof that it is too wide.

Computed on the engine's automaton, read from the right end of the host, so that what is found is matched and what
is shortest is known to be. Bounded: where the search takes too long there is no witness.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import lru_cache

from edgecors._automaton import Automaton, compile_expression
from edgecors._expression import _as_matched
from edgecors._framing import host_ends, host_starts
from edgecors._origin import is_host, is_number, parse
from edgecors._regex import ExpressionError
from edgecors._spec import DIGITS, HEX_DIGITS, LOWER, MAX_HOST
from rules_analysis.named_domains import named_domains
from rules_analysis.suffix_names import is_end_of_a_rule, plain_suffixes, suffix_of, wildcard_bases

# `x` first: it is what people write for any character.
_LABEL_CHARACTERS = "x" + LOWER.replace("x", "") + DIGITS + "-_"
# No label that can be registered begins or ends with one of these.
_NO_LETTER = (".", "-", "_")
# Sets of positions that one search looks at. What people write needs some hundreds.
_BUDGET = 20_000
# Stand for any domain that somebody has registered.
_STRANGERS = ("aa.com", "bb.com", "cc.com")


@dataclass(frozen=True)
class Witness:
    """Origins that an expression lets in, outside of the registrable domains that are named in it.

    - `shortest`: the shortest of all; perhaps one that nobody can have, because there is no such top-level domain.
    - `registrable`: the shortest below a public suffix (of the ICANN or the private section), which is one that
      somebody can register or make an account for; None if there is none.
    - `anyone`: the shortest below a domain that has nothing to do with the expression, `aa.com`; None if there is
      none. Where there is one, every domain on earth will do.
    """

    shortest: str
    registrable: str | None
    anyone: str | None

    @property
    def origin(self) -> str:
        """The one to show: what convinces most."""
        return self.anyone or self.registrable or self.shortest


@lru_cache(maxsize=256)
def witness(expression: str, *, searched: bool = False) -> Witness | None:
    """The witness against an expression; None where there is none, or where the engine cannot read the expression.

    `searched`: the expression is searched for in the origin (JavaScript's `test`, Python's `re.search`), `^` and `$`
    honoured, and the slashes around a JavaScript literal left out; otherwise it has to match the whole origin.

    The registrable domains named in it are those of `named_domains`. Only hosts that are names are looked for, of
    https where there is one, else of http; without a port where that is possible. Names below a wildcard rule of
    the Public Suffix List are not looked for.
    """
    try:
        automaton = compile_expression(as_searched(expression) if searched else expression)
        named = named_domains(_without_slashes(expression) if searched else expression)
    except ExpressionError:
        return None
    starts = host_starts(automaton)
    for scheme in ("https", "http"):
        if scheme not in starts:
            continue
        first = automaton.after(starts[scheme])
        ends = host_ends(automaton.reversed(), scheme)
        for right_ends in (1, ends | automaton.reversed().step(ends, ".")):
            search = _Search(automaton, scheme, first, right_ends, named)
            shortest = search.shortest()
            if shortest is not None:
                return Witness(shortest, search.registrable(), search.anyone())
    return None


class _Search:
    """The hosts behind one scheme. `first`: where the first character of a host may stand; `ends`: where the
    reversed automaton can be before it reads the last one."""

    def __init__(self, automaton: Automaton, scheme: str, first: int, ends: int, named: frozenset[str]) -> None:
        self._automaton = automaton
        self._backward = automaton.reversed()
        self._scheme, self._first, self._ends, self._named = scheme, first, ends, named
        self._distances = self._reached_by()
        self._known_after: dict[int, int] = {}
        self._known_reads = {"": ends}

    def shortest(self) -> str | None:
        return self._search([""])

    def registrable(self) -> str | None:
        return self._search([f".{suffix}" for suffix in plain_suffixes()], below_suffix=True)

    def anyone(self) -> str | None:
        stranger = next(name for name in _STRANGERS if name not in self._named)
        return self._search([stranger], is_whole=True) or self._search([f".{stranger}"])

    def _search(self, tails: list[str], *, below_suffix: bool = False, is_whole: bool = False) -> str | None:
        """The origin with the shortest host that is outside of what is named and ends in one of the tails.

        `below_suffix`: and is a name that can be registered, or below one; `is_whole`: the tail is the host.
        A* search by the length that the host has at least; of equal lengths the longest text first.
        """
        order = 0
        waiting: list[tuple[int, int, int, str, int]] = []

        def add(text: str, positions: int) -> None:
            nonlocal order
            missing = self._missing(positions) if text else 0
            if positions and missing is not None:
                order += 1
                heapq.heappush(waiting, (len(text) + missing, -len(text), order, text, positions))

        for tail in tails:
            add(tail, self._read(tail))
        seen: set[tuple[object, ...]] = set()
        while waiting and len(seen) < _BUDGET:
            *_, text, positions = heapq.heappop(waiting)
            if self._is_inside(text) or (below_suffix and text[0] == "." and text[1:] in wildcard_bases()):
                continue
            # What sets two texts apart for which the automaton is at the same place.
            front = text[:1] if text[:1] in _NO_LETTER else ""
            is_special = self._ends_a_name(text) or (below_suffix and is_end_of_a_rule(text))
            key = (positions, front, _last_label(text), text if is_special else None)
            if key in seen:
                continue
            seen.add(key)
            if positions & self._first and front == "" and is_host(text) and not (below_suffix and not suffix_of(text)):
                found = self._verified(text)
                if found is not None:
                    return found
            if not is_whole:
                before = self._after(positions)
                for character in _in_front_of(text):
                    add(character + text, before & self._backward.reading.get(character, 0))
        return None

    def _read(self, tail: str) -> int:
        """Where the reversed automaton is when it has read the end of a host."""
        positions = self._known_reads.get(tail)
        if positions is None:
            # Thousands of suffixes end in the same labels.
            at = tail.find(".", 1)
            label, rest = (tail[:at], tail[at:]) if at >= 0 else (tail, "")
            positions = self._read(rest)
            for character in reversed(label):
                if not positions:
                    break
                positions = self._after(positions) & self._backward.reading.get(character, 0)
            self._known_reads[tail] = positions
        return positions

    def _after(self, positions: int) -> int:
        after = self._known_after.get(positions)
        if after is None:
            after = self._known_after[positions] = self._backward.after(positions)
        return after

    def _missing(self, positions: int) -> int | None:
        """How many characters at least stand to the left of the positions in a host; None where there is no host."""
        return next((count for count, mask in enumerate(self._distances) if mask & positions), None)

    def _reached_by(self) -> list[int]:
        """Entry n: the positions of hosts' characters that have n characters of the host to their left, or more."""
        in_hosts = self._automaton.mask(_LABEL_CHARACTERS + ".")
        found = [self._first & in_hosts]
        seen = found[0]
        while found[-1] and len(found) <= MAX_HOST:
            found.append(self._automaton.after(found[-1]) & in_hosts & ~seen)
            seen |= found[-1]
        return found

    def _is_inside(self, text: str) -> bool:
        return any(text.endswith("." + domain) for domain in self._named)

    def _ends_a_name(self, text: str) -> bool:
        return any(domain.endswith(text) for domain in self._named)

    def _verified(self, host: str) -> str | None:
        """The origin of the host with the port or the trailing dot that it needs, if all is as it should be."""
        if host in self._named:
            return None
        origin = f"{self._scheme}://{host}"
        if self._ends != 1:
            origin = _as_matched(self._automaton, origin)
        is_right = self._automaton.matches(origin) and parse(origin) is not None
        return origin if is_right else None


def _in_front_of(text: str) -> str:
    """The characters that can stand in front of a host's text."""
    if text[:1] in ("", "."):
        return _LABEL_CHARACTERS.strip("-_")
    # Behind a number nothing can make a name of it any more.
    is_end = text[0] in _NO_LETTER or ("." not in text and is_number(text))
    return _LABEL_CHARACTERS if is_end else _LABEL_CHARACTERS + "."


def _last_label(text: str) -> tuple[bool, ...]:
    """What decides whether the last label will be a number, which makes the host an address or none at all."""
    if "." in text:
        return ()
    digits, hexadecimal = not text.strip(DIGITS), not text.strip(HEX_DIGITS)
    return (digits, hexadecimal, text[:1] == "x" and not text[1:].strip(HEX_DIGITS), bool(text) and is_number(text))


def as_searched(expression: str) -> str:
    """The expression whose full matches are the texts in which this one is found; `/.../` is one of JavaScript."""
    parts = []
    for alternative in _alternatives(_without_slashes(expression)):
        at_start = alternative.startswith("^")
        at_end = _ends_in_anchor(alternative)
        bare = alternative[at_start : len(alternative) - at_end]
        parts.append(f"{'' if at_start else '.*'}(?:{bare}){'' if at_end else '.*'}")
    return "|".join(parts)


def _without_slashes(expression: str) -> str:
    return expression[1:-1] if len(expression) > 1 and expression[0] == expression[-1] == "/" else expression


def _alternatives(expression: str) -> list[str]:
    """The alternatives of the top level, anchors and all."""
    found, begin, at, depth, set_begin = [], 0, 0, 0, -1
    while at < len(expression):
        character = expression[at]
        if character == "\\":
            at += 1
        elif set_begin >= 0:
            # A bracket right behind the opening one is a character of the set.
            if character == "]" and expression[set_begin + 1 : at] not in ("", "^"):
                set_begin = -1
        elif expression.startswith("(?#", at):
            at = max(expression.find(")", at), at)
        elif character == "[":
            set_begin = at
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            found.append(expression[begin:at])
            begin = at + 1
        at += 1
    return [*found, expression[begin:]]


def _ends_in_anchor(alternative: str) -> bool:
    bare = alternative.removesuffix("$")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    # `[$` and `(?#$` do not parse in the first place.
    return bare != alternative and backslashes % 2 == 0
