"""Which hosts an expression can match: computed on its automaton, read from the right, label by label.

This is what tells an expression for one team's names from one that strangers can register a name for. All of
it is bounded: whoever writes an expression that would take long is told that it is open.
"""

from __future__ import annotations

from edgecors._origin import is_host, is_ipv4, is_ipv6, is_localhost, is_number
from edgecors._spec import (
    DIGITS,
    HEX_DIGITS,
    HOST_CHARACTERS,
    LOWER,
    MAX_HOST,
    MAX_LABEL,
    MAX_SCHEME,
    SCHEME_CHARACTERS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors._automaton import Automaton

MAX_ENDINGS = 100
_LABEL_CHARACTERS = HOST_CHARACTERS.replace(".", "")
# Steps of one enumeration: above all that a closed expression needs, below what anyone would wait for.
_BUDGET = 40_000


class TooManyError(Exception):
    """There are more labels than the caller, or anyone, wants to see."""


class Hosts:
    """The hosts of the origins that an automaton matches, of one scheme (or of all)."""

    def __init__(self, automaton: Automaton, scheme: str | None = None) -> None:
        self._forward = automaton
        self._backward = automaton.reversed()
        self._label = automaton.mask(_LABEL_CHARACTERS)
        self._dot = automaton.mask(".")
        # Positions at which the first character of a host may stand.
        self._first = automaton.after(_after_scheme(automaton, scheme))
        self._distance, self._dot_distance = self._distances()
        self._viable = _union(self._distance)
        self._viable_dot = _union(self._dot_distance)
        self._boundary = self._first | automaton.after(self._viable_dot)
        self._label_distance = self._label_distances()
        self._budget = _BUDGET

    def endings(self) -> set[tuple[str, ...]]:
        """The different pairs of last labels (or the one label, or the IPv6 address) of the hosts.

        Raises TooManyError where there are more than `MAX_ENDINGS`.
        """
        return self._collect(2)

    def remote(self) -> str | None:
        """A host (or its last labels) that is not this machine, if there is one. Raises TooManyError."""
        for ending in sorted(self._collect(2)):
            host = ".".join(ending)
            if len(ending) == 2 and _is_octets(ending):
                address = self._remote_address(host)
                if address is not None:
                    return address
            elif not is_localhost(host):
                return host
        return None

    def registrable_below(self, suffix: str, *, any_label: bool) -> bool:
        """Whether the hosts have more than `MAX_ENDINGS` different names of the kind that one registers below
        `suffix`: a label in front of it; where `any_label`, in front of any label in front of it."""
        self._budget = _BUDGET
        depth = 1 + any_label
        names: set[tuple[str, ...]] = set()
        try:
            for end in self._host_ends():
                for labels, _ in self._chains(self._read("." + suffix, end), depth, len(suffix) + 1):
                    if len(labels) == depth:
                        names.add(labels)
                    if len(names) > MAX_ENDINGS:
                        return True
        except TooManyError:
            return True
        return False

    def shortest_below(self, suffix: str) -> str | None:
        """The shortest host that is `suffix` or ends in it, whatever stands before."""
        ends = 0
        for end in self._host_ends():
            ends |= self._read(suffix, end)
        # Breadth first over sets of positions, a character at a time to the left.
        level = {ends & (self._viable | self._viable_dot): suffix}
        seen: set[int] = set()
        for _ in range(MAX_HOST):
            following: dict[int, str] = {}
            for positions, host in level.items():
                if positions & self._first and is_host(host):
                    return host
                if positions in seen or len(seen) > _BUDGET // 40:
                    continue
                seen.add(positions)
                for character in "." + _LABEL_CHARACTERS:
                    if character == host[0] == ".":
                        continue
                    viable = self._viable_dot if character == "." else self._viable
                    reached = self._backward.step(positions, character) & viable
                    if reached:
                        following.setdefault(reached, character + host)
            level = following
        return None

    # --- Reading from the right ----------------------------------------------------------------------------

    def _collect(self, depth: int) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        for end in self._host_ends():
            for labels, _ in self._chains(end, depth, 0):
                # A host that ends in a number is an IPv4 address or none at all.
                if not is_number(labels[-1]) or (len(labels) == depth and _is_octets(labels)):
                    found.add(labels)
                if len(found) > MAX_ENDINGS:
                    raise TooManyError(".".join(labels))
            found |= self._ipv6_literals(end)
        if len(found) > MAX_ENDINGS:
            raise TooManyError("[::]")
        return found

    def _remote_address(self, octets: str) -> str | None:
        for end in self._host_ends():
            for labels, left in self._chains(self._read("." + octets, end), 2, len(octets) + 1, longest=len("255")):
                host = ".".join((*labels, octets))
                if left & self._first and is_ipv4(host) and not is_localhost(host):
                    return host
        return None

    def _host_ends(self) -> list[int]:
        """The sets of positions right of a host: at the end of the text, after a port, after a trailing dot."""
        step = self._backward.step
        after_port, digits = 0, 1
        for _ in range(len("65535")):
            after_port |= step(_steps(self._backward, digits, "123456789"), ":")
            digits = _steps(self._backward, digits, DIGITS)
        ends = [1, after_port]
        ends += [step(end, ".") & self._viable_dot for end in ends]
        return [end for end in ends if end]

    def _read(self, text: str, positions: int) -> int:
        """The positions after reading `text` from its end."""
        for character in reversed(text):
            positions = self._backward.step(positions, character)
        return positions

    def _chains(
        self, positions: int, depth: int, used: int, longest: int = MAX_LABEL
    ) -> Iterator[tuple[tuple[str, ...], int]]:
        """The last `depth` labels (or fewer, where the host has no more) that can stand left of `positions`.

        `used`: how many characters of the host stand to the right; `longest`: of a label.
        """
        for label, left in self._labels(positions, used, longest):
            if depth == 1 or left & self._first:
                yield (label,), left
            dot = self._backward.step(left, ".") & self._viable_dot if depth > 1 else 0
            if dot:
                for before, further in self._chains(dot, depth - 1, used + len(label) + 1, longest):
                    yield (*before, label), further

    def _labels(self, positions: int, used: int, longest: int) -> Iterator[tuple[str, int]]:
        """The whole labels that can stand left of `positions`, with the positions of their first characters.

        What cannot become a host of at most `MAX_HOST` characters and labels of at most `MAX_LABEL` is left
        out before it is walked, so that each step leads to a label.
        """
        stack = [("", positions)]
        while stack:
            label, reached = stack.pop()
            self._budget -= 1
            if self._budget < 0:
                raise TooManyError(label)
            whole = reached & self._boundary
            if label and whole:
                yield label, whole
            for character in reversed(_LABEL_CHARACTERS):
                further = self._backward.step(reached, character) & self._viable
                if further and self._fits(further, len(label) + 1, used, longest):
                    stack.append((character + label, further))

    def _fits(self, positions: int, length: int, used: int, longest: int) -> bool:
        room = min(longest - length, len(self._label_distance) - 1)
        total = min(MAX_HOST - used - length, len(self._distance) - 1)
        return (
            room >= 0
            and total >= 0
            and any(positions & at for at in self._label_distance[: room + 1])
            and any(positions & at for at in self._distance[: total + 1])
        )

    def _ipv6_literals(self, end: int) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        stack = [("]", self._backward.step(end, "]"))]
        while stack:
            text, positions = stack.pop()
            if not positions:
                continue
            self._budget -= 1
            if self._budget < 0 or len(found) > MAX_ENDINGS:
                raise TooManyError(text)
            if self._backward.step(positions, "[") & self._first and is_ipv6(text[:-1]):
                found.add(("[" + text,))
            if len(text) <= len("ffff:") * 8:
                stack += [
                    (character + text, self._backward.step(positions, character)) for character in HEX_DIGITS + ":"
                ]
        return found

    # --- Distances to the left end -------------------------------------------------------------------------

    def _distances(self) -> tuple[list[int], list[int]]:
        """For label characters and for dots: entry n has the positions with n characters of the host to their left."""
        labels, dots = [self._first & self._label], [0]
        seen_labels, seen_dots = labels[0], 0
        for _ in range(MAX_HOST):
            after_label = self._forward.after(labels[-1])
            new_labels = (after_label | self._forward.after(dots[-1])) & self._label & ~seen_labels
            new_dots = after_label & self._dot & ~seen_dots
            if not new_labels and not new_dots:
                break
            labels.append(new_labels)
            dots.append(new_dots)
            seen_labels |= new_labels
            seen_dots |= new_dots
        return labels, dots

    def _label_distances(self) -> list[int]:
        """Entry n has the positions with n characters to the left within their own label."""
        distances = [self._boundary & self._viable]
        seen = distances[0]
        for _ in range(MAX_LABEL):
            new = self._forward.after(distances[-1]) & self._label & self._viable & ~seen
            if not new:
                break
            distances.append(new)
            seen |= new
        return distances


def _after_scheme(automaton: Automaton, scheme: str | None) -> int:
    """The positions of the second slash of `scheme://`, for one scheme or for any but `file`."""
    if scheme is not None:
        return _read_forward(automaton, 1, scheme + "://")
    found = 0
    reached = _steps(automaton, 1, LOWER.replace("f", ""))
    file = automaton.step(1, "f")  # the texts that are so far a beginning of "file", apart from all others
    for length in range(1, MAX_SCHEME + 1):
        found |= _read_forward(automaton, reached | (file if length < len("file") else 0), "://")
        expected = "file"[length : length + 1]
        others = SCHEME_CHARACTERS.replace(expected, "") if expected else SCHEME_CHARACTERS
        reached = _steps(automaton, reached, SCHEME_CHARACTERS) | _steps(automaton, file, others)
        file = automaton.step(file, expected) if expected else 0
        if not reached and not file:
            break
    return found


def _read_forward(automaton: Automaton, positions: int, text: str) -> int:
    for character in text:
        positions = automaton.step(positions, character)
    return positions


def _steps(automaton: Automaton, positions: int, characters: str) -> int:
    return automaton.after(positions) & automaton.mask(characters)


def _union(masks: list[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _is_octets(labels: tuple[str, ...]) -> bool:
    return all(
        len(label) <= 3 and label.isdigit() and str(int(label)) == label and int(label) < 256 for label in labels
    )
