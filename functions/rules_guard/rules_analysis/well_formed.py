"""The well-formed origins as a finite automaton that reads from the left: what `edgecors._origin.parse` accepts.

A state is a small tuple that says what was read, as far as it matters for what may follow. The lengths that have an
upper limit (of a scheme, a label, a host) are kept apart, as `Lengths`: who has read less can go on in every way in
which who has read more can, so that a search need not follow the latter. Source: as `_origin`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from edgecors._framing import NAMED, OTHER
from edgecors._origin import is_ipv6
from edgecors._spec import (
    DEFAULT_PORTS,
    DIGITS,
    HEX_DIGITS,
    HOST_CHARACTERS,
    LOWER,
    MAX_HOST,
    MAX_LABEL,
    MAX_PORT,
    MAX_SCHEME,
    SCHEME_CHARACTERS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

State: TypeAlias = tuple[object, ...]
# In a scheme: its length, 0. In a host: the length of the label, of the host. Elsewhere: 0, 0.
Lengths: TypeAlias = tuple[int, int]

START: State = ("scheme", "")
NOTHING_READ: Lengths = (0, 0)
# The order of origins of one length: letters first, as a person would begin.
CHARACTERS = LOWER + DIGITS + ".-_:/+[]"

_LONGEST_PORT = str(MAX_PORT)
# What a label is so far. The first three are numbers to the URL standard: see `_origin.is_number`.
_DIGITS, _ZERO, _HEX, _NAME, _EMPTY = "digits", "zero", "hex", "name", ""
_NUMBERS = (_DIGITS, _ZERO, _HEX)


@cache
def steps(state: State) -> tuple[tuple[str, State], ...]:
    """The characters that may follow, in the order of CHARACTERS, and the state after each; lengths aside."""
    return tuple(_steps(state))


def _steps(state: State) -> Iterator[tuple[str, State]]:
    for character in CHARACTERS:
        following = _step(state, character)
        if following is not None:
            yield character, following


def lengths_after(state: State, lengths: Lengths, character: str) -> Lengths | None:
    """The lengths once `character` was read and led to `state`; None where a limit is passed."""
    first, second = lengths
    if state[0] == "scheme":
        return (first + 1, 0) if first < MAX_SCHEME else None
    if state[0] != "host":
        return NOTHING_READ
    if character == ".":
        return 0, second + 1  # it counts once something follows it
    return (first + 1, second + 1) if first < MAX_LABEL and second < MAX_HOST else None


def onward(state: State) -> str:
    """The characters of which all that follows is made."""
    return _ONWARD.get(str(state[0]), CHARACTERS)


_ONWARD = {
    "host": HOST_CHARACTERS + ":",
    "literal": HEX_DIGITS + ":]",
    "after literal": DIGITS + ":",
    "port": DIGITS,
}


def _step(state: State, character: str) -> State | None:
    match state:
        case ("scheme", str(name)):
            return _in_scheme(name, character)
        case ("colon", default):
            return ("slash", default) if character == "/" else None
        case ("slash", default):
            return ("start", default) if character == "/" else None
        case ("start", default):
            return ("literal", default, "", 0) if character == "[" else _in_host(default, _EMPTY, (0, ""), character)
        case ("host", default, str(label), quad, _):
            return _in_host(default, label, quad, character) if character != ":" else _before_port(state)
        case ("literal", default, str(shape), int(digits)):
            return _in_literal(default, shape, digits, character)
        case ("after literal", _):
            return _before_port(state) if character == ":" else None
        case ("port", default, int(length), int(order)):
            return _in_port(default, length, order, character)
    raise AssertionError(state)  # pragma: no cover


def accepts(state: State) -> bool:
    """Whether what was read is a well-formed origin."""
    match state:
        case ("host", _, str(label), quad, after_number):
            if label == _EMPTY:
                return not after_number  # a trailing dot
            return label == _NAME or (quad is not None and quad[0] == 3)  # type: ignore[index]
        case ("port", default, int(length), _):
            return length > 0 and default != ""
        case ("after literal", _):
            return True
    return False


def _in_scheme(name: str, character: str) -> State | None:
    if character == ":":
        return ("colon", DEFAULT_PORTS.get(name)) if name not in ("", "file") else None
    if character not in (SCHEME_CHARACTERS if name else LOWER):
        return None
    longer = name + character
    return ("scheme", longer if any(named.startswith(longer) for named in NAMED) else OTHER)


def _in_host(default: object, label: str, quad: object, character: str) -> State | None:
    """`quad`: how many whole octets of an IPv4 address were read, and the kind of the next one; None for a name."""
    if character not in HOST_CHARACTERS or (character == "." and label == _EMPTY):
        return None
    quad = _in_quad(quad, character)
    if character == ".":
        return ("host", default, _EMPTY, quad, label in _NUMBERS)
    return ("host", default, _longer_label(label, character), quad, False)


def _longer_label(label: str, character: str) -> str:
    if label == _EMPTY and character in DIGITS:
        return _ZERO if character == "0" else _DIGITS
    if label in (_ZERO, _DIGITS) and character in DIGITS:
        return _DIGITS
    if (label == _ZERO and character == "x") or (label == _HEX and character in HEX_DIGITS):
        return _HEX
    return _NAME


def _in_quad(quad: object, character: str) -> object:
    if not isinstance(quad, tuple):
        return None
    octets, octet = quad
    if character == ".":
        return (octets + 1, "") if octet and octets < 3 else None
    if character not in DIGITS:
        return None
    longer = _OCTETS.get((octet, character))
    return (octets, longer) if longer is not None else None


def _octet_kinds() -> dict[tuple[str, str], str]:
    """How the beginnings of octets go on, by kind: the least beginning that has the same ways on."""
    ways: dict[frozenset[str], str] = {}
    kinds: dict[str, str] = {}
    for text in ("", *map(str, range(256))):
        onward = frozenset(str(number)[len(text) :] for number in range(256) if str(number).startswith(text))
        kinds[text] = ways.setdefault(onward, text)
    return {(kinds[text], digit): kinds[text + digit] for text in kinds for digit in DIGITS if text + digit in kinds}


_OCTETS = _octet_kinds()


def _in_literal(default: object, shape: str, digits: int, character: str) -> State | None:
    """`shape`: the address so far with 0 for each piece that is zero and 1 for each other; `digits` of its last piece.

    Whether an address is in the compressed form depends on no more than that.
    """
    if character == "]":
        return ("after literal", default) if is_ipv6(shape) else None
    if character == ":":
        # At most seven colons stand between eight pieces, or eight where `::` is at an end.
        doubled = shape.endswith(":")
        if (doubled and "::" in shape) or shape.count(":") == 8:
            return None
        return ("literal", default, shape + ":", 0)
    if character not in HEX_DIGITS:
        return None
    if digits == 0:
        return ("literal", default, shape + ("0" if character == "0" else "1"), 1)
    if shape.endswith("0") or digits == 4:
        return None
    return ("literal", default, shape, digits + 1)


def _before_port(state: State) -> State | None:
    return ("port", state[1], 0, 0) if accepts(state) else None


def _in_port(default: object, length: int, order: int, character: str) -> State | None:
    """`default`: what is left of the default port, None once it cannot be that any more; `order`: how the digits
    compare with the largest port's first ones."""
    if character not in DIGITS or length == len(_LONGEST_PORT) or (length == 0 and character == "0"):
        return None
    order = order or (character > _LONGEST_PORT[length]) - (character < _LONGEST_PORT[length])
    if length + 1 == len(_LONGEST_PORT) and order > 0:
        return None
    left = default[1:] if isinstance(default, str) and default.startswith(character) and default else None
    return ("port", left, length + 1, order)
