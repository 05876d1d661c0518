"""What is valid in `allow_origins`, and yet a risk or of no effect."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from edgecors import Regex
from edgecors._automaton import Automaton, compile_expression
from edgecors._expression import _as_matched, _open_suffix
from edgecors._hosts import Hosts, TooManyError
from edgecors._origin import is_localhost
from edgecors._pattern import Pattern, compile_pattern
from edgecors._regex import ExpressionError
from edgecors._spec import SAFELISTED_METHODS
from edgecors._suffixes import is_public_suffix, rules_below
from rules_analysis.expression_places import unescaped_dots, with_dots_escaped
from rules_analysis.origin_sets import OriginSet
from rules_analysis.risk_catalogue import risk
from rules_analysis.search import Budget, TooHardError
from rules_analysis.witness import witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors import Problem

_LOCAL = [
    f"{scheme}://{host}:*"
    for scheme in ("http", "https")
    for host in ("localhost", "*.localhost", "127.0.0.1", "[::1]")
]
# More patterns and expressions than this are not compared with each other.
_MAX_COMPARED = 100
# Of the search for what is covered, per policy: about a second's work.
_BUDGET = 20_000


class _Expression(NamedTuple):
    """An expression that the engine takes, and its hosts with their last labels."""

    text: str
    automaton: Automaton
    hosts: Hosts
    endings: set[tuple[str, ...]]


class _Entry(NamedTuple):
    """A valid entry of `allow_origins`; `kind` is None for `*`."""

    at: int
    value: object
    kind: Pattern | _Expression | None


def find_origin_risks(policy: dict[str, object], pointer: str, *, production: bool) -> Iterator[Problem]:
    """The warnings for the origins of a policy of a document, which is at `pointer`; for its dangerous flags too."""
    given = policy.get("allow_origins")
    if not isinstance(given, list):
        return
    field = f"{pointer}/allow_origins"
    seen: set[str] = set()
    entries: list[_Entry] = []
    for at, value in enumerate(given):
        if repr(value) in seen:
            yield risk("entry-repeated", f"{field}/{at}", value)
            continue
        seen.add(repr(value))
        entry = _entry(at, value)
        if entry is not None:
            entries.append(entry)
    has_credentials = policy.get("allow_credentials") is True
    for code, flag, of_one in (
        ("insecure-origin", "dangerously_allow_insecure_origins", _insecure),
        ("public-suffix", "dangerously_allow_public_suffixes", _public_suffix),
    ):
        details = {entry.at: of_one(entry) for entry in entries}
        is_allowed = policy.get(flag) is True
        # With credentials it is an error, unless the flag allows it; and whoever sets the flag knows.
        if not is_allowed and not has_credentials:
            for entry in entries:
                found = details[entry.at]
                if found is not None:
                    yield risk(code, f"{field}/{entry.at}", entry.value, **found)
        if is_allowed and len(entries) == len(seen) and not any(details.values()):
            yield risk("flag-unused", f"{pointer}/{flag}", True)
    for entry in entries:
        yield from _of_one(entry, f"{field}/{entry.at}", policy, production=production)
    yield from _covered(entries, field)


def _entry(at: int, value: object) -> _Entry | None:
    if value == "*":
        return _Entry(at, value, None)
    if isinstance(value, str):
        pattern = compile_pattern(value)
        return _Entry(at, value, pattern) if pattern is not None else None
    if not isinstance(value, dict) or set(value) != {"regex"} or not isinstance(value["regex"], str):
        return None
    expression = _expression(value["regex"])
    return _Entry(at, value, expression) if expression is not None else None


@lru_cache(maxsize=64)
def _expression(text: str) -> _Expression | None:
    """None where the engine refuses it."""
    try:
        automaton = compile_expression(text)
        hosts = Hosts(automaton)
        endings = hosts.endings()
    except (ExpressionError, TooManyError):
        return None
    return _Expression(text, automaton, hosts, endings) if endings else None


def _insecure(entry: _Entry) -> dict[str, str] | None:
    """The details of the warning, or None where the entry takes https, and http of this machine only."""
    kind = entry.kind
    if isinstance(kind, Pattern):
        return {"detail": ""} if kind.scheme == "http" and not is_localhost(kind.host) else None
    if kind is None:
        return None
    try:
        host = kind.hosts.remote("http")
    except TooManyError:
        return {"detail": ""}
    return {"detail": f" (it matches {_as_matched(kind.automaton, f'http://{host}')})"} if host is not None else None


def _public_suffix(entry: _Entry) -> dict[str, str] | None:
    """The details of the warning, or None where nobody can register a name that the entry takes."""
    kind = entry.kind
    suffix = None
    if isinstance(kind, _Expression):
        suffix = _open_suffix(kind.hosts, kind.endings)
    elif kind is not None and kind.subdomains:
        base = kind.host.removesuffix(".")
        suffix = base if is_public_suffix(base) else next((below for below, _ in rules_below(base)), None)
    return {"suffix": suffix} if suffix is not None else None


def _of_one(entry: _Entry, field: str, policy: dict[str, object], *, production: bool) -> Iterator[Problem]:
    kind = entry.kind
    if kind is None:
        what = _beyond_reading(policy)
        if what and policy.get("allow_credentials") is not True:
            yield risk("any-origin", field, entry.value, what=what)
        return
    if isinstance(kind, Pattern):
        if kind.host.endswith("."):
            meant = str(Pattern(kind.scheme, kind.host.removesuffix("."), kind.port, kind.subdomains))
            yield risk("origin-trailing-dot", field, entry.value, meant)
        if production and kind.scheme in ("http", "https") and is_localhost(kind.host):
            yield risk("localhost-in-production", field, entry.value, detail="")
        return
    if production:
        local = _local_example(kind)
        if local is not None:
            yield risk("localhost-in-production", field, entry.value, detail=f" (it matches {local})")
    # Names below a public suffix are a warning, or a permission, of their own.
    found = witness(kind.text) if _public_suffix(entry) is None else None
    if found is not None and (found.registrable or found.anyone):
        dots = unescaped_dots(kind.text)
        code = "regex-unescaped-dot" if dots else "regex-lets-in-others"
        hint = {"regex": with_dots_escaped(kind.text)} if dots else None
        yield risk(code, field, entry.value, hint, origin=found.origin)


def _beyond_reading(policy: dict[str, object]) -> str:
    """What the policy lets pages do beyond plain requests, in words; empty if nothing."""
    methods, headers = (policy.get(name) for name in ("allow_methods", "allow_headers"))
    parts = []
    if isinstance(methods, list):
        parts += [
            "any method" if method == "*" else method
            for method in methods
            if isinstance(method, str) and method not in SAFELISTED_METHODS
        ]
    if isinstance(headers, list):
        parts += [name for name in headers if isinstance(name, str) and name.lower() == "authorization"]
    return ", ".join(dict.fromkeys(parts))


def _local_example(kind: _Expression) -> str | None:
    try:
        return OriginSet.of([Regex(kind.text)]).overlap(OriginSet.of(_LOCAL)).example(budget=Budget(_BUDGET))
    except TooHardError:
        return None


def _covered(entries: list[_Entry], field: str) -> Iterator[Problem]:
    """The entries all of whose origins other entries let in; of equal ones all but the first."""
    if any(entry.kind is None for entry in entries):
        return  # what stands beside `*` is an error
    sets = {entry.at: OriginSet.of([_pattern(entry)]) for entry in entries if not _is_exact(entry)}
    if not sets or len(sets) > _MAX_COMPARED:
        return
    wide = [entry for entry in entries if entry.at in sets]
    budget = Budget(_BUDGET)
    kept = list(wide)
    covered: set[int] = set()
    for entry in reversed(wide):
        others = [other for other in kept if other is not entry]
        if others and _is_within(sets[entry.at], OriginSet.of(map(_pattern, others)), budget):
            kept = others
            covered.add(entry.at)
    for entry in entries:
        if _is_exact(entry):
            one = next((other for other in kept if str(entry.value) in sets[other.at]), None)
            is_covered = one is not None
        else:
            is_covered = entry.at in covered
            one = next(
                (other for other in kept if is_covered and _is_within(sets[entry.at], sets[other.at], budget)), None
            )
        if is_covered:
            by = f"`{_shown(one)}` lets" if one is not None else "The other entries let"
            yield risk("origin-covered", f"{field}/{entry.at}", entry.value, other=by)


def _is_exact(entry: _Entry) -> bool:
    return isinstance(entry.kind, Pattern) and not entry.kind.subdomains and entry.kind.port != "*"


def _is_within(inner: OriginSet, outer: OriginSet, budget: Budget) -> bool:
    try:
        return inner.is_subset(outer, budget=budget)
    except TooHardError:
        return False


def _pattern(entry: _Entry) -> str | Regex:
    return Regex(entry.kind.text) if isinstance(entry.kind, _Expression) else str(entry.value)


def _shown(entry: _Entry) -> str:
    return entry.kind.text if isinstance(entry.kind, _Expression) else str(entry.value)
