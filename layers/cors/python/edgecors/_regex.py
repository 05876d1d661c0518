"""Origin expressions: the syntax of Python's `re`, as far as it describes a regular language, parsed by us.

What is not understood is refused, never guessed. `re` itself is not used: it backtracks, so that a hostile
origin could cost exponential time, and nothing could be computed about the set that an expression matches.
Source: Python's Regular Expression Syntax, with the flag ASCII.
"""

from __future__ import annotations

from edgecors._spec import DIGITS, HEX_DIGITS, LOWER
from edgecors._value import Value, assign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    # A set of characters (bit n: ASCII character n); or a sequence; or alternatives; or a node repeated
    # from n to m times (None: without end).
    Node: TypeAlias = "int | Sequence | Alternatives | Repeat"

MAX_DEPTH = 100  # of parentheses: the parser recurses
_MAX_TEXT = 10_000

_ANY = (1 << 128) - 1


class Sequence(list["Node"]):
    """Nodes one after the other, none of them empty; without any, the empty text."""


class Alternatives(list["Node"]):
    """Either of the nodes, at least two, at most one of them the empty text."""


class Repeat(Value):
    """A node that is not the empty text, from `least` to `most` times."""

    __slots__ = ("least", "most", "node")

    node: Node
    least: int
    most: int | None

    def __init__(self, node: Node, least: int, most: int | None) -> None:
        assign(self, "node", node)
        assign(self, "least", least)
        assign(self, "most", most)


class ExpressionError(Exception):
    """Why an expression is refused: `code` of the problem, `detail` for its message, `position` in the text."""

    def __init__(self, code: str, detail: str, position: int) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.position = position


def parse(text: str) -> Node:
    """The syntax tree of an expression; an anchor at either end (of a top-level alternative) is left out.

    Raises ExpressionError.
    """
    if len(text) > _MAX_TEXT:
        raise ExpressionError("regex-too-many-states", "", _MAX_TEXT)
    parser = _Parser(text)
    node = parser.alternatives(0)
    if parser.at < len(text):
        raise parser.invalid("unbalanced parenthesis")
    return node


def _bits(characters: str) -> int:
    mask = 0
    for character in characters:
        mask |= 1 << ord(character)
    return mask


_WORD = _bits(LOWER + LOWER.upper() + DIGITS + "_")
_CLASSES = {
    "d": _bits(DIGITS),
    "D": _ANY & ~_bits(DIGITS),
    "w": _WORD,
    "W": _ANY & ~_WORD,
    "s": _bits(" \t\n\r\f\v"),
    "S": _ANY & ~_bits(" \t\n\r\f\v"),
}
_DOT = _ANY & ~_bits("\n")
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_HEX_LENGTHS = {"x": 2, "u": 4, "U": 8}
_GROUPS = {
    "=": "A look-ahead",
    "!": "A look-ahead",
    "<=": "A look-behind",
    "<!": "A look-behind",
    ">": "An atomic group",
    "(": "A conditional group",
    "P=": "A back-reference",
    **dict.fromkeys("aiLmsux-", "A flag"),
}


class _Parser:
    """Recursive descent; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._names: set[str] = set()

    def invalid(self, detail: str) -> ExpressionError:
        return ExpressionError("regex-invalid", f"{detail} at position {self.at}", self.at)

    def _unsupported(self, what: str) -> ExpressionError:
        return ExpressionError("regex-unsupported", f"{what} at position {self.at}", self.at)

    def _peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def _take(self, expected: str) -> bool:
        found = self.text.startswith(expected, self.at)
        if found:
            self.at += len(expected)
        return found

    def alternatives(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ExpressionError("regex-too-many-states", "", self.at)
        found = Alternatives([self._sequence(depth)])
        while self._take("|"):
            following = self._sequence(depth)
            # A second empty alternative adds nothing, but would be unrolled with the rest.
            if following != [] or [] not in found:
                found.append(following)
        return found if len(found) > 1 else found[0]

    def _sequence(self, depth: int) -> Node:
        found = Sequence()
        if depth == 0:
            self._take("^")
        self._skip_comments()
        while self.at < len(self.text) and self._peek() not in "|)":
            if depth == 0 and self._peek() == "$" and self.text[self.at + 1 : self.at + 2] in ("", "|"):
                self.at += 1
                break
            node = self._repeat(self._atom(depth))
            if node != []:
                found.append(node)
        return found if len(found) != 1 else found[0]

    def _skip_comments(self) -> None:
        # As in `re`, a comment is nothing at all: a repetition behind it repeats what stands before it.
        while self._take("(?#"):
            end = self.text.find(")", self.at)
            if end < 0:
                raise self.invalid("missing ) of a comment")
            self.at = end + 1

    def _atom(self, depth: int) -> Node:
        character = self._peek()
        if character in "^$":
            raise self._unsupported(f"The anchor {character} inside an expression")
        if character in "*+?" or (character == "{" and self._bounds() is not None):
            raise self.invalid("nothing to repeat")
        if character == "(":
            return self._group(depth)
        if character == "[":
            return self._set()
        if character == "\\":
            return self._escape(in_set=False)
        self.at += 1
        return _DOT if character == "." else _bit(character)

    def _group(self, depth: int) -> Node:
        start = self.at
        self.at += 1
        if self._take("?"):
            if self._take("P<"):
                self._group_name()
            elif not self._take(":"):
                kind = _GROUPS.get(self._peek()) or _GROUPS.get(self._peek(2))
                self.at = start
                if kind is None:
                    raise self.invalid("unknown kind of group")
                raise self._unsupported(kind)
        node = self.alternatives(depth + 1)
        if not self._take(")"):
            self.at = start
            raise self.invalid("missing ) of the group")
        return node

    def _group_name(self) -> None:
        end = self.text.find(">", self.at)
        name = self.text[self.at : max(end, self.at)]
        if not name.isidentifier() or not name.isascii() or name in self._names:
            raise self.invalid("bad or repeated group name")
        self._names.add(name)
        self.at = end + 1

    def _repeat(self, node: Node) -> Node:
        self._skip_comments()
        start = self.at
        bounds = self._bounds()
        if bounds is None:
            return node
        least, most, self.at = bounds
        if self._take("+"):
            self.at = start
            raise self._unsupported("A possessive repetition")
        self._take("?")  # lazy: the same language
        self._skip_comments()
        if self._bounds() is not None:
            raise self.invalid("multiple repeat")
        if node == [] or most == 0:
            return Sequence()
        return Repeat(node, least, most)

    def _bounds(self) -> tuple[int, int | None, int] | None:
        """The repetition that stands here, and where it ends; a brace that is none is an ordinary character."""
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self._peek())
        if simple is not None:
            return (*simple, self.at + 1)
        end = self.text.find("}", self.at)
        if self._peek() != "{" or end < 0:
            return None
        low, comma, high = self.text[self.at + 1 : end].partition(",")
        if low.strip(DIGITS) or high.strip(DIGITS) or not (low or comma):
            return None
        if len(low) > 9 or len(high) > 9:
            raise ExpressionError("regex-too-many-states", "", self.at)
        least = int(low or "0")
        most = int(high) if high else None if comma else least
        if most is not None and most < least:
            raise self.invalid("min repeat greater than max repeat")
        return least, most, end + 1

    def _set(self) -> int:
        start = self.at
        self.at += 1
        negated = self._take("^")
        mask = 0
        first = True
        while first or self._peek() != "]":
            first = False
            low = self._set_item(start)
            if self._peek() != "-" or self._peek(2) in ("-", "-]"):
                mask |= low if isinstance(low, int) else _bit(low)
                continue
            self.at += 1
            high = self._set_item(start)
            if isinstance(low, int) or isinstance(high, int) or high < low:
                raise self.invalid("bad character range")
            mask |= sum(1 << point for point in range(ord(low), min(ord(high), 127) + 1))
        self.at += 1
        return _ANY & ~mask if negated else mask

    def _set_item(self, start: int) -> int | str:
        """One character of a set, or the mask of a class."""
        character = self._peek()
        if not character:
            self.at = start
            raise self.invalid("unterminated character set")
        if character != "\\":
            self.at += 1
            return character
        kind = self.text[self.at + 1 : self.at + 2]
        if kind in _CLASSES:
            self.at += 2
            return _CLASSES[kind]
        return self._escaped_character(in_set=True)

    def _escape(self, *, in_set: bool) -> int:
        kind = self.text[self.at + 1 : self.at + 2]
        if kind in _CLASSES:
            self.at += 2
            return _CLASSES[kind]
        if kind and kind in "AbBZz":
            raise self._unsupported(f"The zero-width \\{kind}")
        return _bit(self._escaped_character(in_set=in_set))

    def _escaped_character(self, *, in_set: bool) -> str:
        rest = self.text[self.at + 1 :]
        kind = rest[:1]
        if not kind:
            raise self.invalid("bad escape (end of the expression)")
        if in_set and kind == "b":
            self.at += 2
            return "\b"
        if kind in _CONTROLS:
            self.at += 2
            return _CONTROLS[kind]
        if kind in _HEX_LENGTHS:
            return self._code_point(kind, rest[1 : 1 + _HEX_LENGTHS[kind]])
        if kind in DIGITS:
            return self._octal(rest[:3], in_set=in_set)
        if kind.isascii() and kind.isalnum():
            raise self.invalid(f"bad escape \\{kind}")
        self.at += 2
        return kind

    def _code_point(self, kind: str, digits: str) -> str:
        if len(digits) != _HEX_LENGTHS[kind] or digits.lower().strip(HEX_DIGITS) or int(digits, 16) > 0x10FFFF:
            raise self.invalid(f"incomplete escape \\{kind}{digits}")
        self.at += 2 + len(digits)
        return chr(int(digits, 16))

    def _octal(self, digits: str, *, in_set: bool) -> str:
        # As in `re`: an octal escape begins with 0 or has three octal digits; anything else is a group's number.
        length = 1
        while length < 3 and digits[length : length + 1] and digits[length] in DIGITS[:8]:
            length += 1
        octal = digits[:length]
        if octal[0] not in DIGITS[:8] or (octal[0] != "0" and length < 3 and not in_set):
            if in_set:
                raise self.invalid(f"bad escape \\{digits[0]}")
            raise self._unsupported("A back-reference")
        if int(octal, 8) > 0o377:
            raise self.invalid(f"octal escape \\{octal} outside of range 0-0o377")
        self.at += 1 + length
        return chr(int(octal, 8))


def _bit(character: str) -> int:
    # Beyond ASCII there is nothing that an Origin could have: such a character matches nothing.
    return 1 << ord(character) if character < "\x80" else 0
