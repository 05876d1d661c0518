"""Rules that are valid, generated: every field, several policies, paths of every kind."""

from __future__ import annotations

import functools
from random import Random
from typing import Any

from hypothesis import strategies as st

from edgecors import Policy, Regex, Rules

ORIGINS = (
    "https://a.example",
    "https://b.example:8443",
    "https://*.a.example",
    "https://*.c.example:*",
    "http://localhost:*",
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "https://[::1]",
    "capacitor://localhost",
    "https://xn--bcher-kva.example",
)
EXPRESSIONS = (r"https://(\w+\.)?shop\.example", r"https://preview-\d{1,4}\.a\.example")
INSECURE = ("http://a.example", "http://*.b.example")
SUFFIXES = ("https://*.github.io", "https://*.uk")
METHODS = ("PUT", "DELETE", "PATCH", "GET", "OPTIONS", "BREW", "brew")
HEADERS = ("Content-Type", "X-Tea", "x-cup", "X-Requested-With", "Authorization", "If-None-Match")
EXPOSED = ("ETag", "Link", "x-tea", "X-Request-Id")
SEGMENTS = ("a", "b", "A", "tea", "te", "teas", "\u8336", "a b", "...", "", ".a", "+", "{id}")


def _some(random: Random, names: tuple[str, ...], most: int) -> list[str]:
    return [random.choice(names) for _ in range(random.randint(0, most))]


def _policy(random: Random) -> Policy:
    """A policy; with credentials now and then, and with the dangerous flags where its origins need them."""
    credentials = random.random() < 0.5
    fields: dict[str, Any] = {
        "allow_credentials": credentials,
        "allow_methods": random.choice([["*"], *[_some(random, METHODS, 4)] * 3]),
        "allow_headers": random.choice([["*"], ["*", "Authorization"], *[_some(random, HEADERS, 4)] * 3]),
        "expose_headers": random.choice([[] if credentials else ["*"], *[_some(random, EXPOSED, 3)] * 2]),
        "max_age": random.choice([None, 0, 600, 86400, random.randint(0, 86400)]),
        "description": random.choice([None, None, "", "for \u8336", "\ud83c\n"]),
    }
    if not credentials and random.random() < 0.2:
        return Policy(allow_origins=["*"], **fields)
    origins: list[str | Regex] = [random.choice(ORIGINS), *_some(random, ORIGINS, 3)]
    if random.random() < 0.4:
        origins.append(Regex(random.choice(EXPRESSIONS)))
    if random.random() < 0.4:
        origins.append(random.choice(INSECURE))
        fields["dangerously_allow_insecure_origins"] = True
    if random.random() < 0.4:
        origins.append(random.choice(SUFFIXES))
        fields["dangerously_allow_public_suffixes"] = True
    return Policy(allow_origins=origins, **fields)


@functools.cache
def pool() -> tuple[Policy, ...]:
    """Policies of every kind, always the same: to make one takes longer than to test it."""
    random = Random(0)
    return tuple(_policy(random) for _ in range(120))


def policies() -> st.SearchStrategy[Policy]:
    """A policy."""
    return st.deferred(lambda: st.sampled_from(pool()))


def paths() -> st.SearchStrategy[str]:
    """A policy's path."""
    exact = st.lists(st.sampled_from(SEGMENTS), max_size=3).map(lambda segments: "/" + "/".join(segments))
    return st.one_of(exact, exact.map(lambda path: path.rstrip("/") + "/*"), st.just("*"))


def request_paths() -> st.SearchStrategy[str]:
    """A decoded path as a request may have it, now and then one that has no policy."""
    segments = st.sampled_from((*SEGMENTS, ".", "..", "a\\b", "\0", "\ud83c", "*"))
    return st.lists(segments, max_size=4).map(lambda chosen: "/" + "/".join(chosen)) | st.text(max_size=6)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    """Rules of up to four policies."""
    all_paths = draw(st.lists(paths(), max_size=8, unique=True))
    count = draw(st.integers(0, min(4, len(all_paths))))
    shares: list[list[str]] = [all_paths[at::count] for at in range(count)]
    chosen = draw(st.lists(policies(), min_size=count, max_size=count))
    triples = [(f"policy-{at}", share, chosen[at]) for at, share in enumerate(shares)]
    return Rules(triples, description=draw(st.none() | st.text(max_size=8)))


# Expressions take milliseconds to compile, and paths have nothing to do with them.
PLAIN = [Policy(allow_origins=["https://a.example"], max_age=seconds) for seconds in range(4)]


@st.composite
def path_rules(draw: st.DrawFn) -> Rules:
    """Rules whose paths alone matter."""
    all_paths = draw(st.lists(paths(), max_size=8, unique=True))
    count = draw(st.integers(0, min(4, len(all_paths))))
    return Rules([(f"policy-{at}", all_paths[at::count], PLAIN[at]) for at in range(count)])
