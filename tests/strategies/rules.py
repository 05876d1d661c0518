"""Rules that are valid, generated: every field, several policies, paths of every kind."""

from __future__ import annotations

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


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """A policy; with credentials now and then, and with the dangerous flags where its origins need them."""
    credentials = draw(st.booleans())
    fields: dict[str, Any] = {
        "allow_credentials": credentials,
        "allow_methods": draw(st.just(["*"]) | st.lists(st.sampled_from(METHODS), max_size=4)),
        "allow_headers": draw(
            st.sampled_from([["*"], ["*", "Authorization"]]) | st.lists(st.sampled_from(HEADERS), max_size=4)
        ),
        "max_age": draw(st.none() | st.integers(0, 86400)),
        "description": draw(st.none() | st.text(max_size=8)),
    }
    exposed = st.lists(st.sampled_from(EXPOSED), max_size=3)
    fields["expose_headers"] = draw(exposed if credentials else st.just(["*"]) | exposed)
    plain = st.sampled_from(ORIGINS) | st.sampled_from(EXPRESSIONS).map(Regex)
    if not credentials and draw(st.integers(0, 4)) == 0:
        return Policy(allow_origins=["*"], **fields)
    origins: list[str | Regex] = draw(st.lists(plain, min_size=1, max_size=4))
    if draw(st.booleans()):
        origins.append(draw(st.sampled_from(INSECURE)))
        fields["dangerously_allow_insecure_origins"] = True
    if draw(st.booleans()):
        origins.append(draw(st.sampled_from(SUFFIXES)))
        fields["dangerously_allow_public_suffixes"] = True
    return Policy(allow_origins=origins, **fields)


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
    triples = [(f"policy-{at}", share, draw(policies())) for at, share in enumerate(shares)]
    return Rules(triples, description=draw(st.none() | st.text(max_size=8)))


# Expressions take milliseconds to compile, and paths have nothing to do with them.
PLAIN = [Policy(allow_origins=["https://a.example"], max_age=seconds) for seconds in range(4)]


@st.composite
def path_rules(draw: st.DrawFn) -> Rules:
    """Rules whose paths alone matter."""
    all_paths = draw(st.lists(paths(), max_size=8, unique=True))
    count = draw(st.integers(0, min(4, len(all_paths))))
    return Rules([(f"policy-{at}", all_paths[at::count], PLAIN[at]) for at in range(count)])
