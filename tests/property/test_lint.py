"""What --fix writes never lets in more than the document's author meant, and changes nothing but what it fixes.

What is meant is asked of other code than ours: an entry that is an expression is searched for with Python's `re`, a
wrong origin is read as a URL by `urllib`, a valid one is what the engine makes of it.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any
from urllib.parse import urlsplit

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from edgecors import Policy, PolicyError, Regex, Rules, RulesError
from edgecors._spec import DEFAULT_PORTS
from edgecors.decision import allows_origin
from edgecors_cli.fixing import fix
from effort import examples
from rules_analysis.findings import examine
from rules_analysis.witness import witness

EXAMPLES = examples(5)
HOSTS = ("a.example", "b.example", "app.a.example", "x.victoria-lo.github.io", "localhost", "A.Example", "bücher.de")
SCHEMES = ("https://", "http://", "HTTPS://", "", "//")
TAILS = ("", "/", "/path", ":443", ":8443", ":8443/", ":80", "?q", "#top", ".", " ", ":*", ":08443")
TEXTS = st.builds(
    lambda scheme, front, host, tail: f"{scheme}{front}{host}{tail}",
    st.sampled_from(SCHEMES),
    st.sampled_from(("", "", "*.", "*", "me@", "**.")),
    st.sampled_from(HOSTS),
    st.sampled_from(TAILS),
)
EXPRESSIONS = st.builds(
    lambda scheme, front, host, tail: f"{scheme}{front}{host}{tail}",
    st.sampled_from(("https://", "https?://", "^https://", "", "/")),
    st.sampled_from(("", r"(.*\.)?", r".*\.", ".*", r"[a-z]+\.", r"(www\.)?", r"app.")),
    st.sampled_from((r"a\.example", "b.example.com", r"victoria-lo\.github\.io", r"(a|b)\.example", "localhost")),
    st.sampled_from(("", ".*", "$", "/", r"(:\d+)?", ":8443", "(/.*)?$")),
)
ORIGINS = st.one_of(TEXTS, TEXTS, EXPRESSIONS.map(lambda text: {"regex": text}), EXPRESSIONS)
METHODS = st.sampled_from(("GET", "PUT", "put", "DELETE", "PUT, PATCH", "TRACE", "OPTIONS", "*"))
HEADERS = st.sampled_from(("Authorization", "authorization", "X-Tea", "Accept", "Cookie", "*", "A, B", "Pragma"))
VALID_PATHS = ("*", "/*", "/tea", "/tea/", "/tea/*", "/tea/green", "/cup/*")
PATHS = st.sampled_from((*VALID_PATHS, "tea", "/tea/**", "/cup?x", "/a%20b"))


def lists(entries: st.SearchStrategy[Any], *, least: int = 0) -> st.SearchStrategy[list[Any]]:
    return st.lists(entries, min_size=least, max_size=4)


POLICIES = st.fixed_dictionaries(
    {"paths": lists(PATHS, least=1), "allow_origins": lists(ORIGINS, least=1)},
    optional={
        "allow_methods": lists(METHODS),
        "allow_headers": lists(HEADERS),
        "expose_headers": lists(HEADERS),
        "allow_credentials": st.sampled_from((True, False, "true", "false")),
        "max_age": st.sampled_from((0, 600, 86_400, 999_999, -1, "600")),
        "dangerously_allow_insecure_origins": st.booleans(),
        "dangerously_allow_public_suffixes": st.booleans(),
        "description": st.just("caf\\u00e9"),
    },
)
# What is valid, but for paths that stand twice, and has something to be warned of now and then.
VALID = st.fixed_dictionaries(
    {
        "paths": st.lists(st.sampled_from(VALID_PATHS), min_size=1, max_size=4),
        "allow_origins": lists(
            st.sampled_from(
                (
                    *("https://a.example", "https://x.a.example", "https://*.a.example", "https://*.x.a.example"),
                    *("https://a.example:*", "https://*.a.example:*", "https://a.example:8443", "http://b.example"),
                    *(
                        {"regex": expression}
                        for expression in (r"https://x\.a\.example", r"https://[a-z]+\.a\.example")
                    ),
                )
            ),
            least=1,
        ),
    },
    optional={
        "allow_methods": lists(st.sampled_from(("GET", "PUT", "DELETE", "OPTIONS"))),
        "allow_headers": lists(st.sampled_from(("Authorization", "X-Tea", "x-tea", "Accept"))),
        "dangerously_allow_insecure_origins": st.booleans(),
    },
)


def documents(policies: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(policies, min_size=1, max_size=2).map(
        lambda found: {
            "schema": "edgecors/1",
            "policies": [{"name": f"p{index}", **policy} for index, policy in enumerate(found)],
        }
    )


def is_meant(entry: Any, origin: str) -> bool:
    """Whether the origin is let in by the system that the entry of `allow_origins` was written for."""
    text = entry["regex"] if isinstance(entry, dict) else entry
    try:
        return allows_origin(Policy(allow_origins=[Regex(text) if isinstance(entry, dict) else text]), origin)
    except PolicyError:
        pass
    if isinstance(entry, dict) or re.search(r"[\\^$(]|\?://|/\.\*", text):
        if text[0] == text[-1] == "/":
            text = text[1:-1]
        return re.search(text, origin, re.ASCII) is not None
    text = text.strip().lower()
    scheme, _, rest = text.rpartition("//")
    wanted = urlsplit(f"//{rest}")
    got = urlsplit(origin)
    given = wanted.hostname or ""
    bare = given.lstrip("*.")
    any_front = "[^/:]*" * (bare != given) + r"\." * ("*." in given and not given.startswith("**."))
    host = any_front + re.escape(bare.encode("idna").decode())
    port = wanted.netloc.rpartition("@")[2].partition(":")[2]
    same_scheme = scheme.rstrip(":") in ("", got.scheme)
    port_of = DEFAULT_PORTS[got.scheme] if got.port is None else str(got.port)
    is_port = port == "*" or int(port or DEFAULT_PORTS[got.scheme]) == int(port_of)
    return same_scheme and is_port and re.fullmatch(host, got.hostname or "") is not None


def some_of(entry: Any, dice: random.Random) -> list[str]:
    """Origins that a valid entry lets in, those that are made of it."""
    if isinstance(entry, dict):
        found = witness(entry["regex"])
        return [found.shortest] if found is not None else []
    origin = entry.replace("://*.", f"://{dice.choice(('x', 'x.y', 'evil-a', 'www'))}.")
    return [origin.removesuffix(":*") + dice.choice((":3000", "")) if origin.endswith(":*") else origin]


def folded(names: Any) -> set[str]:
    return {name.lower() for entry in names for name in re.split(r"[, ]+", entry)}


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(documents(POLICIES), st.sampled_from((None, 1, 3)), st.randoms(use_true_random=False))
def test_fixes_never_widen(document: Any, indent: int | None, dice: random.Random) -> None:
    text = json.dumps(document, indent=indent)
    fixed = fix(text)
    after = json.loads(fixed.text)
    # Nothing is left to fix, and what was fixed is gone.
    again = fix(fixed.text)
    assert (again.text, again.fixed) == (fixed.text, ())
    assert examine(fixed.text) == fixed.findings
    # Every policy is there, with its name, and what is no list or number as it was.
    assert [policy["name"] for policy in after["policies"]] == [policy["name"] for policy in document["policies"]]
    for new, old in zip(after["policies"], document["policies"], strict=True):
        assert set(new) <= set(old)
        assert new.get("description") == old.get("description")
        assert list(new) == [key for key in old if key in new]
        for entry in new["allow_origins"]:
            if entry in old["allow_origins"]:
                continue
            for origin in some_of(entry, dice):
                assert any(is_meant(meant, origin) for meant in old["allow_origins"]), (entry, origin)
        for field in ("allow_methods", "allow_headers", "expose_headers"):
            assert folded(new.get(field, ())) <= folded(old.get(field, ()))
        assert new.get("allow_credentials", False) in (False, old.get("allow_credentials", False))
        assert not any(new.get(flag) and not old[flag] for flag in new if flag.startswith("dangerously"))


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(documents(VALID), st.lists(st.sampled_from(("/tea", "/tea/", "/tea/green", "/cup", "/x", "/")), min_size=1))
def test_fixes_of_valid_rules_change_no_decision(document: Any, paths: list[str]) -> None:
    """What only had warnings lets in the same origins, methods and headers on every path."""
    try:
        old = Rules.parse(document)
    except RulesError:
        return
    fixed = fix(json.dumps(document))
    new = Rules.parse(fixed.text)
    for path in paths:
        before, after = old.policy_for(path), new.policy_for(path)
        assert (before is None) == (after is None)
        if before is None or after is None:
            continue
        for entry in (*before.allow_origins, *after.allow_origins):
            if isinstance(entry, str):
                origin = entry.replace("*.", "x.").replace(":*", "")
                assert allows_origin(before, origin) == allows_origin(after, origin), entry
        safelisted = {"GET", "HEAD", "POST"}
        assert {*before.allow_methods} - safelisted == {*after.allow_methods} - safelisted
        assert before.allow_credentials == after.allow_credentials
