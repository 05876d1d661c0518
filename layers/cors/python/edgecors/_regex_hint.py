"""The patterns that were meant by an expression that is refused: what its author would have written here.

Only the usual shape is understood: a scheme or none, something before the host that stands for subdomains, the
host's own letters, and a tail that leaves the end open. Anything else has no hint.
"""

from __future__ import annotations

from edgecors._pattern import compile_pattern
from edgecors._regex import Alternatives, ExpressionError, Repeat, Sequence, parse
from edgecors._spec import DIGITS, HOST_CHARACTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from edgecors._regex import Node

_DOT_ONLY = 1 << ord(".")
_SLASH = 1 << ord("/")


def safe_patterns(text: str) -> list[str] | None:
    """Patterns in place of the expression, none wider than it where that can be told; None if it is not clear."""
    try:
        node = parse(text)
    except ExpressionError:
        return None
    meant: list[str] = []
    for alternative in node if isinstance(node, Alternatives) else [node]:
        patterns = _patterns(_flat(alternative))
        if patterns is None:
            return None
        meant += patterns
    meant = list(dict.fromkeys(meant))
    return meant if all(compile_pattern(pattern) is not None for pattern in meant) else None


def _flat(node: Node) -> list[Node]:
    """The parts of a sequence, the groups that add nothing taken apart."""
    if isinstance(node, Sequence):
        return [part for item in node for part in _flat(item)]
    return [node]


def _patterns(parts: list[Node]) -> list[str] | None:
    schemes, parts = _schemes(parts)
    front, parts = _front(parts)
    host, parts = _host(parts)
    port, parts = _port(parts)
    if "." not in host or host[0] == "." or not all(map(_is_open_tail, parts)):
        return None
    apex, subdomains = not front or all(map(_may_be_empty, front)), bool(front)
    return [
        f"{scheme}://{prefix}{host.removesuffix('.')}{port}"
        for scheme in schemes
        for prefix in [""] * apex + ["*."] * subdomains
    ]


def _schemes(parts: list[Node]) -> tuple[list[str], list[Node]]:
    """The schemes in front: `http`, `https`, `https?`; https where the expression says nothing."""
    text, at = "", 0
    secure_optional = False
    while at < len(parts) and len(text) < len("https"):
        part = parts[at]
        if isinstance(part, Repeat) and (part.least, part.most) == (0, 1) and _character(part.node) == "s":
            secure_optional = True
            text += "s"
        elif _character(part) is not None and "https".startswith(text + str(_character(part))):
            text += str(_character(part))
        else:
            break
        at += 1
    if text in ("http", "https") and [_character(part) for part in parts[at : at + 3]] == [":", "/", "/"]:
        return (["https", "http"] if secure_optional else [text]), parts[at + 3 :]
    return ["https"], parts


def _front(parts: list[Node]) -> tuple[list[Node], list[Node]]:
    """What stands before the host's own letters, for its subdomains."""
    at = 0
    while at < len(parts) and (isinstance(parts[at], Repeat | Alternatives) or parts[at] == _DOT_ONLY):
        at += 1
    return parts[:at], parts[at:]


def _host(parts: list[Node]) -> tuple[str, list[Node]]:
    """The letters of the host; an unescaped dot is taken for the dot that was meant."""
    host = ""
    for at, part in enumerate(parts):
        character = _character(part) or ("." if isinstance(part, int) and part & _DOT_ONLY else "")
        if not character or character not in HOST_CHARACTERS:
            return host, parts[at:]
        host += character
    return host, []


def _port(parts: list[Node]) -> tuple[str, list[Node]]:
    """An explicit port, or an optional one of digits (any port)."""
    if not parts:
        return "", parts
    if _character(parts[0]) == ":":
        digits = ""
        for part in parts[1:]:
            if (_character(part) or "x") not in DIGITS:
                break
            digits += str(_character(part))
        return (f":{digits}", parts[1 + len(digits) :]) if digits else ("", parts)
    optional = parts[0]
    if isinstance(optional, Repeat) and _character(next(iter(_flat(optional.node)), 0)) == ":":
        return ":*", parts[1:]
    return "", parts


def _is_open_tail(part: Node) -> bool:
    """Whether a part behind the host only leaves the end open: `.*`, `/`, `(/.*)?`."""
    if isinstance(part, int):
        return part == _SLASH or bool(part & _SLASH and part & _DOT_ONLY)
    if isinstance(part, Repeat):
        return _is_open_tail(part.node)
    return all(map(_is_open_tail, part))


def _may_be_empty(part: Node) -> bool:
    if isinstance(part, int):
        return False
    if isinstance(part, Repeat):
        return part.least == 0 or _may_be_empty(part.node)
    return (any if isinstance(part, Alternatives) else all)(map(_may_be_empty, part))


def _character(part: Node) -> str | None:
    """The one character that a part stands for."""
    if isinstance(part, int) and part and part & (part - 1) == 0:
        return chr(part.bit_length() - 1)
    return None
