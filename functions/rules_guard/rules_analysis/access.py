"""What a policy allows those whom it allows anything: methods, request headers, response headers, credentials.

Each list of names is a set, finite or "all but": what everyone can do is in none of them. Source: Fetch,
"CORS-safelisted method", "CORS-safelisted response-header name", "CORS-preflight fetch" (`*` and Authorization).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecors._browser import _SAFELISTED_RESPONSE_HEADERS
from edgecors._spec import SAFELISTED_METHODS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors import Policy

SAFELISTED_RESPONSE_HEADERS = _SAFELISTED_RESPONSE_HEADERS
# Fetch, "CORS-preflight fetch": what a browser takes where there is no Access-Control-Max-Age.
DEFAULT_MAX_AGE = 5


@dataclass(frozen=True)
class Names:
    """The names `listed`, or all names but those. Spelt as they were written; compared as `fold` says."""

    listed: tuple[str, ...] = ()
    all_but: bool = False
    fold: bool = True

    def __bool__(self) -> bool:
        return self.all_but or bool(self.listed)

    def __contains__(self, name: str) -> bool:
        return (self._key(name) in map(self._key, self.listed)) is not self.all_but

    def minus(self, other: Names) -> Names:
        """The names of this set that are not in the other one."""
        mine, others = (dict(zip(map(self._key, names.listed), names.listed, strict=True)) for names in (self, other))
        if not self.all_but:
            kept = [name for key, name in mine.items() if (key in others) is other.all_but]
        elif other.all_but:
            kept = [name for key, name in others.items() if key not in mine]
        else:
            return Names(tuple((mine | others).values()), True, self.fold)
        return Names(tuple(kept), False, self.fold)

    def _key(self, name: str) -> str:
        return name.lower() if self.fold else name


@dataclass(frozen=True)
class Access:
    """What pages of an origin can do. `reads`: whether at all; `credentials`: all of it with credentials, too."""

    reads: bool
    credentials: bool
    methods: Names
    headers: Names
    exposed: Names

    def __bool__(self) -> bool:
        return self.reads or self.credentials or bool(self.methods or self.headers or self.exposed)

    def minus(self, other: Access) -> Access:
        """What this one has and the other one has not."""
        return Access(
            self.reads and not other.reads,
            self.credentials and not other.credentials,
            self.methods.minus(other.methods),
            self.headers.minus(other.headers),
            self.exposed.minus(other.exposed),
        )


def access_of(policy: Policy) -> Access:
    """What the policy allows."""
    credentials = policy.allow_credentials
    return Access(
        True,
        credentials,
        _names(policy.allow_methods, SAFELISTED_METHODS, fold=False),
        # With credentials the engine echoes what is asked for; without, `*` is not Authorization.
        _names(policy.allow_headers, (), but=() if credentials else ("Authorization",)),
        _names(policy.expose_headers, SAFELISTED_RESPONSE_HEADERS),
    )


def max_age_of(policy: Policy) -> int:
    """For how many seconds a browser may keep a preflight."""
    return DEFAULT_MAX_AGE if policy.max_age is None else policy.max_age


def _names(given: tuple[str, ...], known: Iterable[str], *, but: tuple[str, ...] = (), fold: bool = True) -> Names:
    """`known`: what everyone can do; `but`: what `*` is not, unless it is named."""
    if "*" not in given:
        safe = Names(tuple(known), fold=fold)
        return Names(tuple(given), fold=fold).minus(safe)
    named = Names(tuple(given), fold=fold)
    return Names(tuple(sorted(known)) + tuple(name for name in but if name not in named), True, fold)
