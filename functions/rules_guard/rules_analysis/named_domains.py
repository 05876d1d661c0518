"""The domains that an expression names: those whose owners its author meant to let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors._lookalike import registrable
from edgecors._origin import is_host
from edgecors._regex import Alternatives, Repeat, Sequence, parse
from edgecors._suffixes import is_public_suffix

if TYPE_CHECKING:
    from edgecors._regex import Node

_MAX_TEXTS = 256
# Stands for what an expression leaves open. No origin has it.
_OPEN = "\0"


def named_domains(expression: str) -> frozenset[str]:
    """The registrable domains of the hosts that stand in the expression in plain characters.

    The expression is written out: each alternative, each optional part with and without, a dot that is not escaped
    as the dot that was meant, everything else (`.*`, `\\w+`, `[^.]`) as open. Between what is open stand the plain
    texts; the host in each (behind `://`, before a port or path) names its registrable domain: the label in front of
    its longest public suffix, or its last two labels where no rule of the list fits. A text that is only a public
    suffix, one without a dot that does not stand behind `://`, and the end of a label in front of the first dot
    (`-tea.netlify.app` after something open names nobody, as anyone can register a name that ends so) name none.

    Raises ExpressionError where the expression does not parse.
    """
    found = set()
    for text in _texts(parse(expression)):
        *followed, last = text.split(_OPEN)
        for plain in (*(f"{part}{_OPEN}" for part in followed), last):
            domain = _domain(plain)
            if domain is not None:
                found.add(domain)
    return frozenset(found)


def _domain(plain: str) -> str | None:
    """The domain named by a plain text, with the mark at its end where something open follows."""
    scheme, separator, rest = plain.rpartition("://")
    is_whole = bool(separator)
    host = rest if separator else scheme + rest
    for mark in "/:?#":
        host = host.partition(mark)[0]
    is_cut_off = host.endswith(_OPEN)
    host = host.removesuffix(_OPEN)
    if not is_whole and host[:1] in ("-", "_"):
        host = host.partition(".")[2]
    host = host.strip(".")
    if not host or not is_host(host) or is_public_suffix(host) or not ("." in host or (is_whole and not is_cut_off)):
        return None
    return registrable(host)


def _texts(node: Node) -> list[str]:
    """The texts of a node, what is open in them as one mark; only that mark where there are too many."""
    if isinstance(node, int):
        return [_character(node)]
    if isinstance(node, Repeat):
        return ["", *_texts(node.node)] if (node.least, node.most) == (0, 1) else [_OPEN]
    found: list[str] = []
    if isinstance(node, Alternatives):
        for part in node:
            found += _texts(part)
    elif isinstance(node, Sequence):
        found = [""]
        for part in node:
            texts = _texts(part)
            if len(found) * len(texts) > _MAX_TEXTS:
                texts = [_OPEN]
            found = [before + text for before in found for text in texts]
    return found if len(found) <= _MAX_TEXTS else [_OPEN]


def _character(characters: int) -> str:
    if characters >> ord(".") & 1 and characters >> ord("a") & 1:
        return "."
    is_single = characters and not characters & (characters - 1)
    return chr(characters.bit_length() - 1) if is_single else _OPEN
