"""Whether a host is made to look like another: what a refusal must never tell anyone to let in.

Only explanations read this. It errs on the side of caution: a host that is wrongly taken for a look-alike costs
its owner a suggestion, nothing else.
"""

from __future__ import annotations

from edgecors._origin import is_ipv4
from edgecors._suffixes import is_public_suffix

# Names shorter than this are like too many others for a likeness to mean something.
_SHORT_HOST, _SHORT_LABEL = 8, 5
# Letters and digits that are drawn alike (of UTS 39, "confusables", those that hosts can have and people use).
_DRAWN_ALIKE = str.maketrans(
    "01\u0131\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u03bf\u03b1\u03bd", "oliaeopcyxijsoav"
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def likeness(host: str, known: str) -> str | None:
    """How a host is like a `known` one that it has nothing to do with, as the words before its name; None where it
    is not, where it is the same or below it, or where whoever has the one has the other."""
    domain, domain_known = registrable(host), registrable(known)
    # Nobody chooses an address for its looks.
    if host == known or host.endswith("." + known) or domain == domain_known or _is_address(host):
        return None
    if host.startswith(known):
        return "it only begins like"
    if host.endswith(known):
        return "it only ends like"
    if known in host:
        return "it only contains"
    holds = len(known) >= _SHORT_HOST and _drawn(known) in _drawn(host)
    named = min(len(domain.partition(".")[0]), len(domain_known.partition(".")[0])) >= _SHORT_LABEL
    if holds or (named and _is_one_slip_from(_drawn(domain), _drawn(domain_known))):
        return "it only looks like"
    return None


def registrable(host: str) -> str:
    """The domain that someone registered and that the host is in: a label below the longest public suffix."""
    if _is_address(host):
        return host
    labels = host.removesuffix(".").split(".")
    for at in range(len(labels)):
        if is_public_suffix(".".join(labels[at:])):
            return ".".join(labels[max(0, at - 1) :])
    return ".".join(labels[-2:])


def _is_address(host: str) -> bool:
    return host[:1] == "[" or is_ipv4(host)


def _drawn(host: str) -> str:
    """The host as the eye takes it: no separators, one letter for those that are drawn alike."""
    text = ".".join(map(_decoded, host.split("."))).translate(_DRAWN_ALIKE)
    for pair, letter in _PAIRS:
        text = text.replace(pair, letter)
    return "".join(character for character in text if character.isalnum())


def _decoded(label: str) -> str:
    """The label as it is shown: without accents, decoded where it is an A-label."""
    import unicodedata  # noqa: PLC0415  (only where someone is refused and asks why)

    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode")
        except UnicodeError:
            return label
    return "".join(
        character for character in unicodedata.normalize("NFKD", label) if not unicodedata.combining(character)
    )


def _is_one_slip_from(one: str, other: str) -> bool:
    """Whether no more is between them than a letter too many, too few or wrong, or two in the wrong order."""
    at = next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, rest_other = one[at:], other[at:]
    return (
        rest[1:] == rest_other[1:]
        or rest[1:] == rest_other
        or rest == rest_other[1:]
        or (rest[:2] == rest_other[:2][::-1] and rest[2:] == rest_other[2:])
    )
