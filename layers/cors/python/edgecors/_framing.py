"""Where hosts begin and end in an automaton of origins: behind the scheme, and in front of the port.

Source: RFC 3986, section 3.1; URL, sections 3.3 (`file` and the default ports) and 4.5 (serialising a port).
"""

from __future__ import annotations

from functools import cache

from edgecors._automaton import Automaton, compile_expression
from edgecors._spec import DEFAULT_PORTS, DIGITS, LOWER, MAX_SCHEME, SCHEME_CHARACTERS

# The schemes that origins treat each in its own way, and what stands for every other one. No scheme begins so.
NAMED = (*DEFAULT_PORTS, "file")
OTHER = "?"


def host_starts(automaton: Automaton) -> dict[str, int]:
    """By scheme (those with a default port, and `OTHER` for all the rest) the positions of the second slash of
    `://`; without `file`, whose pages send `null`."""
    found: dict[str, int] = {}
    # By the text that was read, as long as a named scheme begins so.
    level = {"": 1}
    for length in range(1, MAX_SCHEME + 1):
        following: dict[str, int] = {}
        for text, positions in level.items():
            after = automaton.after(positions)
            for character in LOWER if length == 1 else SCHEME_CHARACTERS:
                reached = after & automaton.reading.get(character, 0)
                if reached:
                    longer = text + character
                    key = longer if any(name.startswith(longer) for name in NAMED) else OTHER
                    following[key] = following.get(key, 0) | reached
        for text, positions in following.items():
            scheme = text if text in NAMED else OTHER
            slashes = read(automaton, positions, "://")
            if slashes:
                found[scheme] = found.get(scheme, 0) | slashes
        level = following
    found.pop("file", None)
    return found


def host_ends(backward: Automaton, scheme: str) -> int:
    """Where the reversed automaton can be when it comes to a host: at the right end, or past a port that the
    scheme's origins can have."""
    ends = 1
    port = _ports(DEFAULT_PORTS.get(scheme, ""))
    # By where the digits read so far are in the automaton of ports.
    level = {1: 1}
    while level:
        following: dict[int, int] = {}
        for in_port, positions in level.items():
            for digit in DIGITS:
                reached, further = backward.step(positions, digit), port.step(in_port, digit)
                if reached and further:
                    following[further] = following.get(further, 0) | reached
        for in_port, positions in following.items():
            if in_port & port.last:
                ends |= backward.step(positions, ":")
        level = following
    return ends


def read(automaton: Automaton, positions: int, text: str) -> int:
    """Where the automaton can be after `text`."""
    for character in text:
        positions = automaton.step(positions, character)
    return positions


@cache
def _ports(default: str) -> Automaton:
    """The ports 1 to 65535 but the default one ("" where there is none), read from the right."""
    lengths = [r"[1-9]" + r"\d" * length for length in range(4) if length + 1 != len(default)]
    shapes = [*lengths, r"[1-5]\d{4}", r"6[0-4]\d{3}", r"65[0-4]\d\d", r"655[0-2]\d", "6553[0-5]"]
    for index, digit in enumerate(default):
        others = DIGITS.replace(digit, "")[index == 0 :]
        shapes.append(f"{default[:index]}[{others}]" + r"\d" * (len(default) - index - 1))
    return compile_expression("|".join(shapes)).reversed()
