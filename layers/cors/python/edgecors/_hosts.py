"""Which hosts an expression can match: computed on its automaton, read from the right, label by label.

This is what tells an expression for one team's names from one that strangers can register a name for. Only the
hosts of well-formed origins count. All of it is bounded: whoever writes an expression that would take long is
told that it is open.
"""

from __future__ import annotations

from edgecors._framing import host_ends, host_starts, read
from edgecors._origin import is_host, is_ipv6, is_localhost, is_number
from edgecors._spec import DIGITS, HEX_DIGITS, LOWER, MAX_HOST, MAX_LABEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edgecors._automaton import Automaton

MAX_ENDINGS = 100
_LETTERS = LOWER + "-_"
_LABEL_CHARACTERS = _LETTERS + DIGITS
# Steps of one enumeration: above the 100 * 2 * 63 that a closed expression needs at most, below what anyone would
# wait for.
_BUDGET = 20_000
_MAX_SEEN = 1_000


class TooManyError(Exception):
    """There are more names than the caller, or anyone, wants to see: `example` is one, or "" where following the
    expression takes too long."""

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


class Hosts:
    """The hosts of the origins that an automaton matches, by scheme (see `_framing.host_starts`)."""

    def __init__(self, automaton: Automaton) -> None:
        self._by_scheme = {
            scheme: _HostsOfScheme(automaton, scheme, slashes) for scheme, slashes in host_starts(automaton).items()
        }

    def endings(self) -> set[tuple[str, ...]]:
        """The different pairs of last labels (or the one label, or the IPv6 address) of the hosts.

        Raises TooManyError where there are more than `MAX_ENDINGS`.
        """
        found: set[tuple[str, ...]] = set()
        for hosts in self._by_scheme.values():
            hosts.add_endings(found)
        return found

    def remote(self, scheme: str) -> str | None:
        """A host of the scheme that is not this machine, if there is one. Raises TooManyError."""
        return self._by_scheme[scheme].remote() if scheme in self._by_scheme else None

    def many_below(self, suffix: str, is_suffix: Callable[[str], bool] | None) -> bool:
        """Whether more than `MAX_ENDINGS` different names of the kind that one registers below `suffix` are in
        the hosts: a label in front of it; or, where `is_suffix` is given, in front of any label in front of it
        that makes a host for which it is true."""
        found: set[tuple[str, ...]] = set()
        try:
            for hosts in self._by_scheme.values():
                hosts.add_names_below(suffix, is_suffix, found)
        except TooManyError:
            return True
        return False

    def below(self, suffix: str) -> str | None:
        """An origin whose host is `suffix` or ends in it, whatever stands before: the shortest host of the first
        scheme that has one, https first. None where none was found."""
        for scheme in ("https", "http"):
            host = self._by_scheme[scheme].shortest_below(suffix) if scheme in self._by_scheme else None
            if host is not None:
                return f"{scheme}://{host}"
        return None


class _HostsOfScheme:
    """The hosts behind one scheme. A set of positions always belongs to characters of a host."""

    def __init__(self, automaton: Automaton, scheme: str, slashes: int) -> None:
        self._forward = automaton
        self._backward = automaton.reversed()
        # Positions at which the first character of a host may stand.
        self._first = automaton.after(slashes)
        self._ends = host_ends(self._backward, scheme)
        # A trailing dot is part of a name, but not of an address.
        self._name_ends = self._ends | self._backward.step(self._ends, ".")
        self._within, self._dots = self._distances()
        self._after_letter = self._letters_before()
        self._budget = _BUDGET

    def add_endings(self, found: set[tuple[str, ...]]) -> None:
        """Adds to `found`. Raises TooManyError where it gets too many."""
        self._budget = _BUDGET
        for labels, _ in self._last_labels():
            _add(labels, found)
        for octets in self._addresses():
            _add(octets[2:], found)
        for literal in self._ipv6_literals():
            _add((literal,), found)

    def remote(self) -> str | None:
        self._budget = _BUDGET
        for labels, left in self._last_labels():
            name = ".".join(labels)
            if not is_localhost(name):
                return self.shortest_below(name) or self._whole(name, left)
        for octets in self._addresses(remote=True):
            return ".".join(octets)
        return next((literal for literal in self._ipv6_literals() if not is_localhost(literal)), None)

    def add_names_below(
        self, suffix: str, is_suffix: Callable[[str], bool] | None, found: set[tuple[str, ...]]
    ) -> None:
        self._budget = _BUDGET
        for base, positions in self._bases(suffix, is_suffix):
            for label, _ in self._labels(positions, len(base) + 1):
                _add((label, base), found)

    def shortest_below(self, suffix: str) -> str | None:
        viable = self._within[-1][-1]
        # Breadth first over sets of positions, a character at a time to the left.
        level = {read(self._backward, self._name_ends, suffix[::-1]): suffix}
        seen: set[int] = set()
        while level:
            following: dict[int, str] = {}
            for positions, host in level.items():
                if positions & self._first and is_host(host):
                    return host
                if positions in seen or len(seen) > _MAX_SEEN or len(host) > MAX_HOST:
                    continue
                seen.add(positions)
                before = self._backward.after(positions)
                for character in "." + _LABEL_CHARACTERS:
                    usable = self._dots if character == "." else viable
                    reached = before & usable & self._backward.reading.get(character, 0)
                    if reached and not (character == host[0] == "."):
                        following.setdefault(reached, character + host)
            level = following
        return None

    # --- Names ---------------------------------------------------------------------------------------------

    def _last_labels(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """The pairs of last labels of the names, or the one label of those that have no more, with the positions of
        their first characters."""
        for label, left in self._labels(self._name_ends, 0):
            if left & self._first:
                yield (label,), left
            for before, further in self._labels(self._backward.step(left, "."), len(label) + 1):
                yield (before, label), further

    def _whole(self, host: str, left: int) -> str:
        """A host of which `host` is the last labels."""
        while not left & self._first:
            label, left = next(self._labels(self._backward.step(left, "."), len(host) + 1))
            host = f"{label}.{host}"
        return host

    def _bases(self, suffix: str, is_suffix: Callable[[str], bool] | None) -> Iterator[tuple[str, int]]:
        """The suffix itself, or those one label below it, and where the dot in front of it can be."""
        positions = read(self._backward, self._name_ends, f".{suffix}"[::-1])
        if is_suffix is None:
            yield suffix, positions
            return
        for label, left in self._labels(positions, len(suffix) + 1):
            base = f"{label}.{suffix}"
            if is_suffix(base):
                yield base, self._backward.step(left, ".")

    def _labels(self, positions: int, used: int) -> Iterator[tuple[str, int]]:
        """The labels that can stand left of `positions`, with the positions of their first characters. `used`: how
        many characters of the host stand to the right.

        What cannot become a host of at most `MAX_HOST` characters with labels of at most `MAX_LABEL` is left out
        before it is walked, so that every step leads to a label. So is a number as the last label: it makes the
        host an IPv4 address, or no host at all.
        """
        stack = [("", positions)]
        while stack:
            label, reached = stack.pop()
            self._spend()
            whole = reached & self._fitting(used + len(label), 0)
            if label and whole and not (used == 0 and is_number(label)):
                yield label, whole
            before = self._backward.after(reached) & self._fitting(used + len(label) + 1, MAX_LABEL - len(label) - 1)
            digits_only = used == 0 and not label.strip(DIGITS)
            for character in reversed(_LABEL_CHARACTERS) if before else ():
                further = before & self._backward.reading.get(character, 0)
                if digits_only and character in DIGITS:
                    further &= self._after_letter
                if further:
                    stack.append((character + label, further))

    def _fitting(self, used: int, room: int) -> int:
        """The positions to the left of which a label can begin within `room` characters, and a host within what
        `used` leaves."""
        left = MAX_HOST - used
        return self._within[min(left, len(self._within) - 1)][room] if left >= 0 and room >= 0 else 0

    def _distances(self) -> tuple[list[list[int]], int]:
        """Entry [n][k]: the positions of labels' characters that can have at most n characters of the host to
        their left, at most k of them in their own label. And the positions of dots."""
        label_characters, dot = (self._forward.mask(characters) for characters in (_LABEL_CHARACTERS, "."))
        new = [self._first & label_characters] + [0] * (MAX_LABEL - 1)
        within = [_running_union(new)]
        new_dots = dots = 0
        for _ in range(MAX_HOST - 1):
            after = [self._forward.after(positions) for positions in new]
            # A position is walked from only where it was never reached by as few characters.
            reached = [self._forward.after(new_dots), *after[:-1]]
            new = [positions & label_characters & ~seen for positions, seen in zip(reached, within[-1], strict=True)]
            new_dots = _running_union(after)[-1] & dot & ~dots
            if not new_dots and not any(new):
                break
            dots |= new_dots
            within.append(_running_union([old | more for old, more in zip(within[-1], new, strict=True)]))
        return within, dots

    def _letters_before(self) -> int:
        """The positions of labels' characters that can have something else than digits before them in their label."""
        label_characters = self._within[-1][-1]
        new = self._forward.mask(_LETTERS) & label_characters
        found = 0
        while new:
            new = self._forward.after(new) & label_characters & ~found
            found |= new
        return found

    # --- Addresses -----------------------------------------------------------------------------------------

    def _addresses(self, *, remote: bool = False) -> Iterator[tuple[str, str, str, str]]:
        """IPv4 addresses, one for each pair of last octets (`remote`: that is not this machine)."""
        fronts: dict[int, tuple[str, str] | None] = {}
        for fourth, left in self._octets(self._ends):
            for third, further in self._octets(self._backward.step(left, ".")):
                dot = self._backward.step(further, ".")
                if dot not in fronts:
                    fronts[dot] = self._front(dot, remote=remote)
                front = fronts[dot]
                if front is not None:
                    yield (*front, third, fourth)

    def _front(self, positions: int, *, remote: bool) -> tuple[str, str] | None:
        for second, left in self._octets(positions):
            for first, further in self._octets(self._backward.step(left, ".")):
                if further & self._first and not (remote and first == "127"):
                    return first, second
        return None

    def _octets(self, positions: int) -> Iterator[tuple[str, int]]:
        stack = [("", positions)]
        while stack:
            text, reached = stack.pop()
            self._spend()
            if text and str(int(text)) == text and int(text) <= 255:
                yield text, reached
            if len(text) < len("255"):
                before = self._backward.after(reached)
                for digit in DIGITS:
                    further = before & self._backward.reading.get(digit, 0)
                    if further:
                        stack.append((digit + text, further))

    def _ipv6_literals(self) -> Iterator[str]:
        stack = [("]", self._backward.step(self._ends, "]"))]
        while stack:
            text, reached = stack.pop()
            self._spend()
            group = text[:-1].partition(":")[0]
            before = self._backward.after(reached)
            for character in HEX_DIGITS + ":[":
                further = before & self._backward.reading.get(character, 0)
                # In a compressed address no group begins with a zero that could be left out, or is longer than four;
                # there are seven colons at most, and `::` once.
                if not further or (len(group) > 1 and group[0] == "0" and character in ":["):
                    continue
                if character == "[":
                    if further & self._first and is_ipv6(text[:-1]):
                        yield "[" + text
                elif character == ":":
                    if text.count(":") < 7 and not (text[0] == ":" and "::" in text):
                        stack.append((":" + text, further))
                elif len(group) < 4:
                    stack.append((character + text, further))

    def _spend(self) -> None:
        self._budget -= 1
        if self._budget < 0:
            raise TooManyError("")


def _add(labels: tuple[str, ...], found: set[tuple[str, ...]]) -> None:
    found.add(labels)
    if len(found) > MAX_ENDINGS:
        raise TooManyError(".".join(labels))


def _running_union(masks: list[int]) -> list[int]:
    """Entry k: the union of the masks up to k."""
    found: list[int] = []
    union = 0
    for mask in masks:
        union |= mask
        found.append(union)
    return found
