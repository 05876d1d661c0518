"""An origin expression, checked: compiled to an automaton, and held to the rules by what it can match."""

from __future__ import annotations

from edgecors._automaton import compile_expression
from edgecors._hosts import Hosts, TooManyError
from edgecors._origin import parse
from edgecors._regex import ExpressionError
from edgecors._spec import MAX_PORT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors._automaton import Automaton

# What an attacker would register.
_STRANGER = "evil.example"


class Finding:
    """`automaton`: None where the expression is refused. `faults`: (code, hint, details for the message);
    `by_data`: (code, details) of those that depend on the Public Suffix List."""

    def __init__(self) -> None:
        self.automaton: Automaton | None = None
        self.faults: list[tuple[str, object, dict[str, str]]] = []
        self.by_data: list[tuple[str, dict[str, str]]] = []


def check_expression(text: str, *, held: bool, insecure: bool, suffixes: bool) -> Finding:
    """`held`: by the rules for credentials, less what `insecure` and `suffixes` (the dangerous flags) allow."""
    finding = Finding()
    try:
        automaton = compile_expression(text)
    except ExpressionError as fault:
        finding.faults.append((fault.code, None, {"detail": fault.detail}))
        return finding
    hosts = Hosts(automaton)
    try:
        endings = hosts.endings()
    except TooManyError as many:
        detail = _open_detail(automaton, hosts, many.example)
        finding.faults.append(("regex-open", _safe_patterns(text), {"detail": detail}))
        return finding
    if not endings:
        finding.faults.append(("regex-matches-nothing", _safe_patterns(text), {}))
        return finding
    finding.automaton = automaton
    if held and not insecure:
        insecure_detail = _insecure_detail(automaton, hosts)
        if insecure_detail is not None:
            finding.faults.append(("insecure-origin-with-credentials", None, {"detail": insecure_detail}))
    if held and not suffixes:
        suffix = _open_suffix(hosts, endings)
        if suffix is not None:
            finding.by_data.append(("public-suffix-with-credentials", {"suffix": suffix}))
    return finding


def _open_detail(automaton: Automaton, hosts: Hosts, example: str) -> str:
    whole = (f"{scheme}://{_STRANGER}" for scheme in ("https", "http"))
    stranger = next(filter(automaton.matches, whole), None) or hosts.below("." + _STRANGER) or hosts.below(_STRANGER)
    if stranger is not None:
        return f"It also lets in {_as_matched(automaton, stranger)}, and whoever else registers such a name."
    if example:
        return f"It lets in hosts that end in more than 100 different ways, {example} for one."
    return "Its hosts can end in more ways than can be followed."


def _as_matched(automaton: Automaton, origin: str) -> str:
    """The origin with the trailing dot or the port that the expression asks for."""
    ports = (f":{port}" if port else "" for port in range(MAX_PORT + 1))
    origins = (f"{origin}{dot}{port}" for port in ports for dot in ("", "."))
    return next(found for found in origins if automaton.matches(found) and parse(found) is not None)


def _insecure_detail(automaton: Automaton, hosts: Hosts) -> str | None:
    """What the message adds where the expression takes http origins that are not this machine, else None."""
    try:
        host = hosts.remote("http")
    except TooManyError:
        return ""
    return None if host is None else f" (it matches {_as_matched(automaton, f'http://{host}')})"


def _open_suffix(hosts: Hosts, endings: set[tuple[str, ...]]) -> str | None:
    """A public suffix below which the expression takes more names than anyone would list."""
    from edgecors._suffixes import is_public_suffix  # noqa: PLC0415

    for suffix, any_label in sorted(set(_suffixes_of(endings))):
        if hosts.many_below(suffix, is_public_suffix if any_label else None):
            return suffix
    return None


def _suffixes_of(endings: set[tuple[str, ...]]) -> Iterator[tuple[str, bool]]:
    """The public suffixes that hosts with these endings can be under; True for the base of a wildcard rule, where
    any label in front makes a public suffix."""
    # 60 KB of list: read only when an expression meets credentials.
    from edgecors._suffixes import is_public_suffix, rules_below  # noqa: PLC0415

    for ending in endings:
        host, last = ".".join(ending), ending[-1]
        for named in {host, last}:
            if is_public_suffix(named):
                yield named, False
        if is_public_suffix("xn--no-such-label." + last):
            yield last, True
        yield from rules_below(host)


def _safe_patterns(text: str) -> list[str] | None:
    from edgecors._regex_hint import safe_patterns  # noqa: PLC0415  (only for people's mistakes)

    return safe_patterns(text)
