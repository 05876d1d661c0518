"""The patterns that were meant by an expression that is refused: what its author would have written here.

They are never wider than the expression is when it is searched for, as other systems do: any subdomain only where
it says any subdomain, any port only where it says any port. What cannot be written so has no hint.
"""

from __future__ import annotations

from edgecors._pattern import compile_pattern
from edgecors._regex import Alternatives, ExpressionError, Repeat, Sequence, parse
from edgecors._spec import DIGITS, HOST_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edgecors._regex import Node

_MAX_PATTERNS = 16


def safe_patterns(text: str) -> list[str] | None:
    """Patterns in place of the expression; None if it is not clear which."""
    if len(text) > 1 and text[0] == text[-1] == "/":
        text = text[1:-1]  # as JavaScript writes an expression
    try:
        node = parse(text)
    except ExpressionError:
        return None
    meant: list[str] = []
    for alternative in node if isinstance(node, Alternatives) else [node]:
        parts = _parts(alternative)
        # What only leaves the end open.
        while parts and _is_open(parts[-1]):
            parts.pop()
        texts = _texts(Sequence(parts))
        if texts is None:
            return None
        meant += [found if "://" in found or "." not in found else f"https://{found}" for found in texts]
    meant = list(dict.fromkeys(meant))
    return meant if meant and all(map(_is_likely, meant)) else None


def _is_likely(text: str) -> bool:
    """Whether a text is a pattern, and one that somebody would mean: `.*-dot-` is the front of a label, and a dot at
    the end is seldom meant."""
    pattern = compile_pattern(text)
    return pattern is not None and pattern.host[-1] != "." and not (pattern.subdomains and pattern.host[0] in "-_")


def _parts(node: Node) -> list[Node]:
    """The parts of a sequence, the groups that add nothing taken apart."""
    if isinstance(node, Sequence):
        return [part for item in node for part in _parts(item)]
    return [node]


def _texts(node: Node) -> list[str] | None:
    """The texts of a node, `*.` standing for any subdomain and `:*` for any port; None where that does not do."""
    special = _subdomains(_parts(node)) or _any_port(node)
    if special is not None:
        return special
    if isinstance(node, int):
        # A dot that is not escaped is taken for the dot that was meant.
        return ["."] if _covers(node, ".") else [chr(bit) for bit in range(128) if node >> bit & 1][:_MAX_PATTERNS]
    if isinstance(node, Alternatives):
        found: list[str] = []
        for part in node:
            texts = _texts(part)
            if texts is None:
                return None
            found += texts
        return found if len(found) <= _MAX_PATTERNS else None
    if isinstance(node, Repeat):
        texts = _texts(node.node) if (node.least, node.most) == (0, 1) else None
        return ["", *texts] if texts is not None else None
    return _joined(node)


def _joined(parts: list[Node]) -> list[str] | None:
    whole = [""]
    at = 0
    while at < len(parts):
        # `.*\.` is two parts of one meaning.
        pair = _subdomains(parts[at : at + 2]) if at + 1 < len(parts) else None
        texts = pair if pair is not None else _texts(parts[at])
        if texts is None or len(whole) * len(texts) > _MAX_PATTERNS:
            return None
        whole = [before + text for before in whole for text in texts]
        at += 1 if pair is None else 2
    return whole


def _subdomains(parts: list[Node]) -> list[str] | None:
    """`*.`, and "" where there may be none, for what takes any labels in front of a host: `.*`, `.*\\.`, `(.*\\.)?`,
    `([^.]+\\.)*`."""
    if len(parts) == 2:
        return ["*."] if _is_anything(parts[0], HOST_CHARACTERS) and _is_dot(parts[1]) else None
    if len(parts) != 1 or not isinstance(parts[0], Repeat):
        return None
    repeat = parts[0]
    inner = _parts(repeat.node)
    if len(inner) == 2:
        # Any labels at once, or one after the other.
        wanted = HOST_CHARACTERS.replace(".", "") if repeat.most is None else HOST_CHARACTERS
        taken = repeat.least < 2 and _is_anything(inner[0], wanted) and _is_dot(inner[1])
    else:
        taken = _is_anything(repeat, HOST_CHARACTERS)
    if not taken:
        return None
    return ["*."] if repeat.least else ["", "*."]


def _any_port(node: Node) -> list[str] | None:
    """`:*` for an optional port of any digits."""
    if not isinstance(node, Repeat) or (node.least, node.most) != (0, 1):
        return None
    parts = _parts(node.node)
    if len(parts) != 2 or parts[0] != 1 << ord(":") or not isinstance(parts[1], Repeat):
        return None
    digits = parts[1]
    enough = digits.least < 2 and (digits.most is None or digits.most >= len("65535"))
    return [":*"] if enough and _covers(digits.node, DIGITS) else None


def _is_open(part: Node) -> bool:
    """Whether a part at the end only leaves it open: `.*`, `/`, `(/.*)?`."""
    if isinstance(part, int):
        return part == 1 << ord("/")
    if isinstance(part, Repeat):
        return _is_open(part.node) or _covers(part.node, "/.")
    return all(map(_is_open, part))


def _is_anything(part: Node, characters: str) -> bool:
    """Whether a part takes any number of these characters (one or more, at the least)."""
    return isinstance(part, Repeat) and part.least < 2 and part.most is None and _covers(part.node, characters)


def _is_dot(part: Node) -> bool:
    return part == 1 << ord(".")


def _covers(node: Node, characters: str) -> bool:
    """Whether a node is a set of characters that has all of these."""
    return isinstance(node, int) and all(node >> ord(character) & 1 for character in characters)
