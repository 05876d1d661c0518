"""Plans against a browser that asks for everything in a small world: what is said changes, and nothing else does."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from edgecors import Policy, Regex, Rules
from edgecors.decision import allows_origin
from effort import examples
from rules_analysis.differences import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rules_analysis.access import Access
    from rules_analysis.differences import Difference

SETTINGS = settings(derandomize=True, deadline=None, max_examples=examples(30))

PATHS = ("/", "/a", "/a/", "/a/b", "/a/b/c", "/ab")
ORIGINS = (
    "https://a.example",
    "https://x.a.example",
    "https://b.x.a.example",
    "https://y.a.example:1",
    "http://localhost",
)
METHODS, HEADERS, EXPOSED = ("GET", "PUT", "BREW"), ("X-Tea", "Authorization"), ("ETag", "X-Cup", "Expires")

Fields = dict[str, Any]
# One thing that a page can do: path, origin, credentials mode, what, name.
Deed = tuple[str, str, str, str, str]


def lists(*values: Any, least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=3, unique=True)


def valid(fields: Fields) -> Fields:
    """Without credentials where they are not possible."""
    impossible = "*" in fields["allow_origins"] or "*" in fields["expose_headers"]
    return fields | {"allow_credentials": fields["allow_credentials"] and not impossible}


FIELDS = st.fixed_dictionaries(
    {
        "allow_origins": st.just(["*"])
        | lists(
            *("https://a.example", "https://x.a.example", "https://*.a.example", "https://*.x.a.example"),
            *("http://localhost", "http://localhost:*", "https://*.a.example:*", "https://y.a.example:*"),
            Regex(r"https://(x|y)\.a\.example(:\d)?"),
            Regex(r"https://([\w-]+\.)*a\.example"),
            least=1,
        ),
        "allow_methods": st.just(["*"]) | lists("PUT", "BREW", "POST"),
        "allow_headers": st.sampled_from((["*"], ["*", "Authorization"])) | lists("X-Tea", "authorization", "x-milk"),
        "expose_headers": st.just(["*"]) | lists("ETag", "X-Cup", "expires"),
        "allow_credentials": st.booleans(),
        "max_age": st.sampled_from((None, 5, 600)),
    }
).map(valid)


@st.composite
def documents(draw: st.DrawFn) -> list[tuple[list[str], Fields]]:
    """Policies as (paths, fields)."""
    paths = draw(st.lists(st.sampled_from(("*", "/*", "/a", "/a/*", "/a/b", "/a/b/*")), unique=True, max_size=4))
    cut = draw(st.integers(0, len(paths)))
    return [(part, draw(FIELDS)) for part in (paths[:cut], paths[cut:]) if part]


def rules(policies: list[tuple[list[str], Fields]]) -> Rules:
    return Rules([(f"p{number}", paths, Policy(**fields)) for number, (paths, fields) in enumerate(policies)])


def deeds(document: Rules) -> set[Deed]:
    """All that pages can do, as a browser finds out: on one path of each policy."""
    known: dict[Policy | None, list[tuple[str, str, str, str]]] = {None: []}
    found = set()
    for path in PATHS:
        policy = document.policy_for(path)
        if policy not in known:
            known[policy] = list(_deeds(document, f"https://api.example{path}"))
        found |= {(path, *deed) for deed in known[policy]}
    return found


def _deeds(document: Rules, url: str) -> Iterator[tuple[str, str, str, str]]:
    sent = [(name, "x") for name in EXPOSED]
    for origin, mode in product(ORIGINS, ("omit", "include")):
        for method in METHODS:
            seen = document.explain_fetch(url, origin, method, credentials=mode, response_headers=sent)
            if seen.allowed:
                yield origin, mode, "uses", method
            if seen.allowed and method == "GET":
                for name in EXPOSED:
                    if name.lower() in seen.readable_headers:
                        yield origin, mode, "sees", name
                for name in HEADERS:
                    if document.explain_fetch(url, origin, headers=[(name, "x")], credentials=mode).allowed:
                        yield origin, mode, "sends", name


def said(plan: tuple[Difference, ...], kind: str, owner: Rules, allowed: set[Deed]) -> set[Deed]:
    """What the plan says is gained or lost; `owner`: the document that has it, and all that it allows."""
    found = set()
    for difference in plan:
        if difference.kind != kind or difference.access is None:
            continue
        access = difference.access
        where = Rules([("in", difference.paths, ANYONE), ("out", difference.other_paths or ["/nowhere"], NOBODY)])
        for deed in allowed:
            path, origin, mode, what, name = deed
            policy = owner.policy_for(path)
            if where.policy_for(path) is not ANYONE or policy is None or not names(difference, origin):
                continue
            all_of_it = access.reads if mode == "omit" else access.credentials
            if all_of_it or ((mode == "omit" or policy.allow_credentials) and has(access, what, name)):
                found.add(deed)
    return found


ANYONE, NOBODY = Policy(allow_origins=["*"]), Policy(allow_origins=["https://nobody.example"])


@cache
def names(difference: Difference, origin: str) -> bool:
    """Whether the difference is about the origin."""
    return any(
        one_of((origins.pattern,), origin)
        and (not origins.within or one_of(origins.within, origin))
        and not (origins.other_than and any(one_of((other,), origin) for other in origins.other_than))
        for origins in difference.origins
    )


@cache
def one_of(patterns: Any, origin: str) -> bool:
    return allows_origin(Policy(allow_origins=patterns), origin)


def has(access: Access, what: str, name: str) -> bool:
    return name in {"uses": access.methods, "sends": access.headers, "sees": access.exposed}[what]


@SETTINGS
@given(before=documents(), after=documents())
def test_what_is_said_is_what_changes(
    before: list[tuple[list[str], Fields]], after: list[tuple[list[str], Fields]]
) -> None:
    old, new = rules(before), rules(after)
    plan = compare(old, new)
    could, can = deeds(old), deeds(new)
    assert said(plan, "gain", new, can) == can - could
    assert said(plan, "loss", old, could) == could - can
    marked = said(tuple(difference for difference in plan if difference.credentialed), "gain", new, can)
    assert {deed for deed in can - could if deed[2] == "include"} <= marked
    for difference in plan:
        for origins in difference.origins if difference.access is not None and difference.access.reads else ():
            assert origins.example is not None
            gained = difference.kind == "gain"
            assert allows_origin(new.policy_for(difference.path), origins.example) is gained
            assert allows_origin(old.policy_for(difference.path), origins.example) is not gained


SAME: dict[str | Regex, list[str | Regex]] = {
    "https://*.a.example": [Regex(r"https://([a-z0-9_-]+\.)+a\.example"), "https://*.x.a.example", "https://*.a.example"],
    "https://*.x.a.example": [Regex(r"https://.+\.x\.a\.example")],
    "https://a.example": [Regex(r"https://[a]\.example")],
    "http://localhost:*": [Regex(r"http://localhost(:\d+)?"), "http://localhost:3000", "http://localhost:*"],
    "https://*.a.example:*": ["https://x.a.example:8443", "https://*.a.example:*", "https://*.a.example"],
    Regex(r"https://(x|y)\.a\.example(:\d)?"): [Regex(r"https://[xy]\.a\.example|https://[x-y]\.a\.example:[1-9]")],
}  # fmt: skip


def beside(names: list[str], name: str) -> list[str]:
    """The names, and one that adds nothing."""
    return names if "*" in names else [*names, name]


@st.composite
def rewritten(draw: st.DrawFn, policies: list[tuple[list[str], Fields]]) -> list[tuple[list[str], Fields]]:
    """The same in other words."""
    written = []
    for paths, fields in policies:
        origins: list[str | Regex] = []
        for pattern in fields["allow_origins"]:
            origins += SAME.get(pattern, [pattern]) if draw(st.booleans()) else [pattern]
        changed = fields | {
            "allow_origins": draw(st.permutations(origins)),
            "allow_methods": beside(fields["allow_methods"], "GET"),
            "allow_headers": [name.swapcase() for name in fields["allow_headers"]],
            "expose_headers": beside(fields["expose_headers"], "Pragma"),
            "max_age": draw(st.sampled_from((None, 5))) if fields["max_age"] in (None, 5) else fields["max_age"],
            "description": draw(st.sampled_from((None, "tea"))),
        }
        cut = draw(st.integers(0, len(paths)))
        written += [(part, draw(st.sampled_from((fields, changed)))) for part in (paths[:cut], paths[cut:]) if part]
    # Another path for what a wider one covers already.
    document = rules(policies)
    for path in draw(lists("/a/b/c", "/a/b/c/*", "/z")):
        policy = document.policy_for(path.replace("*", "d"))
        if policy is not None:
            fields = {name: getattr(policy, name) for name in FIELD_NAMES}
            written.append(([path], fields))
    return draw(st.permutations(written))


FIELD_NAMES = ("allow_origins", "allow_methods", "allow_headers", "expose_headers", "allow_credentials", "max_age")


@SETTINGS
@given(data=st.data(), document=documents())
def test_the_same_in_other_words_is_no_difference(
    data: st.DataObject, document: list[tuple[list[str], Fields]]
) -> None:
    other = data.draw(rewritten(document))
    assert compare(rules(document), rules(other)) == ()
    assert compare(rules(other), rules(document)) == ()
