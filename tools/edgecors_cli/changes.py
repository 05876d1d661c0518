"""What publishing would change, by path and policy: what each gains and loses.

Compares the entries as text: `https://*.a.example` in place of `https://x.a.example` is a gain and a loss. It errs
on the safe side: whatever could widen access with credentials is said to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from edgecors import Regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from edgecors import Policy, Rules

_LISTS = ("allow_origins", "allow_methods", "allow_headers", "expose_headers")
_FLAGS = ("dangerously_allow_insecure_origins", "dangerously_allow_public_suffixes")
_FOLDED = ("allow_headers", "expose_headers")  # names that are compared without regard to case


@dataclass(frozen=True)
class Change:
    """One thing that the `paths` gain or lose.

    - `field`: a field of Policy; `value`: the entry of the list, or the value, as text.
    - `policies`: the names of the policies that have it, after a gain, or had it.
    - `credentialed`: whether it may widen what pages can do with credentials.
    """

    gained: bool
    field: str
    value: str
    credentialed: bool
    paths: tuple[str, ...]
    policies: tuple[str, ...]


def compare(before: Rules | None, after: Rules) -> tuple[Change, ...]:
    """Every difference, gains first, in the order of the documents. `before` is None where nothing can be known."""
    merged: dict[tuple[bool, str, str, bool], Change] = {}
    for path in dict.fromkeys((*_paths(after), *(_paths(before) if before is not None else ()))):
        old = _effective(before, path) if before is not None else None
        new = _effective(after, path)
        for change in _at(path, old, new):
            key = (change.gained, change.field, change.value, change.credentialed)
            known = merged.setdefault(key, replace(change, paths=(), policies=()))
            merged[key] = replace(
                known,
                paths=(*known.paths, path),
                policies=tuple(dict.fromkeys((*known.policies, *change.policies))),
            )
    return tuple(sorted(merged.values(), key=lambda change: (not change.gained, _order(change.field))))


def widens_credentials(changes: Iterable[Change]) -> bool:
    """Whether pages may be able to do more with credentials than before."""
    return any(change.credentialed for change in changes)


def _order(field: str) -> int:
    fields = (*_LISTS, "allow_credentials", *_FLAGS, "max_age")
    return fields.index(field)


def _paths(rules: Rules) -> list[str]:
    return [path for _, paths, _ in rules.policies for path in paths]


def _effective(rules: Rules, path: str) -> tuple[str, Policy] | None:
    """The name and policy that what `path` (a pattern) covers has: of the most specific pattern that covers it all."""
    by_path = {pattern: (name, policy) for name, patterns, policy in rules.policies for pattern in patterns}
    return next((by_path[pattern] for pattern in _covering(path) if pattern in by_path), None)


def _covering(path: str) -> Iterator[str]:
    """The patterns that cover the whole of a pattern, the most specific first."""
    yield path
    if path == "*":
        return
    prefix = path.removesuffix("/*")
    while "/" in prefix:
        prefix = prefix[: prefix.rindex("/")]
        yield prefix + "/*"
    yield "*"


def _at(path: str, old: tuple[str, Policy] | None, new: tuple[str, Policy] | None) -> Iterator[Change]:
    """The differences at one path."""
    old_name, before = old if old is not None else ("", None)
    new_name, after = new if new is not None else ("", None)

    def gain(field: str, value: str, *, credentialed: bool) -> Change:
        return Change(True, field, value, credentialed, (path,), (new_name,))

    def loss(field: str, value: str) -> Change:
        return Change(False, field, value, False, (path,), (old_name,))

    if after is None:
        # Nobody is allowed any more: that says it all.
        if before is not None:
            yield from (loss("allow_origins", value) for value in _entries(before, "allow_origins").values())
        return
    credentials = after.allow_credentials
    had_credentials = before is not None and before.allow_credentials
    for field in _LISTS:
        have = _entries(after, field)
        had = _entries(before, field) if before is not None else {}
        for key, value in have.items():
            if key not in had:
                yield gain(field, value, credentialed=credentials)
        yield from (loss(field, value) for key, value in had.items() if key not in have)
    if credentials and not had_credentials:
        yield gain("allow_credentials", "true", credentialed=True)
    elif had_credentials and not credentials:
        yield loss("allow_credentials", "true")
    for field in _FLAGS:
        has, had_flag = bool(getattr(after, field)), bool(before is not None and getattr(before, field))
        if has and not had_flag:
            yield gain(field, "true", credentialed=credentials)
        elif had_flag and not has:
            yield loss(field, "true")
    if before is not None and before.max_age != after.max_age:
        yield loss("max_age", _seconds(before.max_age))
        yield gain("max_age", _seconds(after.max_age), credentialed=False)


def _entries(policy: Policy, field: str) -> dict[str, str]:
    """What is compared -> how it is shown."""
    entries = {}
    for entry in getattr(policy, field):
        text = f"regex {entry.expression}" if isinstance(entry, Regex) else str(entry)
        entries[text.lower() if field in _FOLDED else text] = text
    return entries


def _seconds(max_age: int | None) -> str:
    return "none" if max_age is None else f"{max_age} s"
