"""What publishing would change, by path; and never a gain with credentials that is not said to be one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgecors import Policy, Regex, Request, Rules
from edgecors_cli.changes import Change, compare, widens_credentials
from edgecors_cli.fallback import readmitted
from edgecors_cli.render_changes import summary

A, B = "https://a.example", "https://b.example"
PLAIN = {"allow_origins": [A]}


def rules(*policies: tuple[str, list[str], dict[str, Any]]) -> Rules:
    return Rules([(name, paths, Policy(**fields)) for name, paths, fields in policies])


def everywhere(**fields: Any) -> Rules:
    return rules(("tea", ["*"], {"allow_origins": [A], **fields}))


def short(changes: tuple[Change, ...]) -> list[str]:
    return [
        f"{'!' if change.credentialed else '+' if change.gained else '-'} {change.field} {change.value} "
        f"{' '.join(change.paths)}"
        for change in changes
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (everywhere(), everywhere(), []),
        (everywhere(), everywhere(description="x"), []),
        (everywhere(allow_origins=[A, B]), everywhere(allow_origins=[B, A]), []),
        (everywhere(allow_headers=["X-Tea"]), everywhere(allow_headers=["x-tea"]), []),
        (everywhere(), everywhere(allow_origins=[B]), [f"+ allow_origins {B} *", f"- allow_origins {A} *"]),
        (everywhere(), everywhere(allow_methods=["PUT"]), ["+ allow_methods PUT *"]),
        (everywhere(allow_methods=["PUT"]), everywhere(), ["- allow_methods PUT *"]),
        (everywhere(), everywhere(max_age=None), ["+ max_age none *", "- max_age 600 s *"]),
        (everywhere(), everywhere(allow_credentials=True), ["! allow_credentials true *"]),
        (everywhere(allow_credentials=True), everywhere(), ["- allow_credentials true *"]),
        (
            everywhere(allow_credentials=True),
            everywhere(allow_credentials=True, allow_origins=[A, B], expose_headers=["ETag"], max_age=5),
            [f"! allow_origins {B} *", "! expose_headers ETag *", "+ max_age 5 s *", "- max_age 600 s *"],
        ),
        (
            everywhere(allow_credentials=True, allow_origins=[A, B]),
            everywhere(allow_credentials=True),
            [f"- allow_origins {B} *"],
        ),
        (
            everywhere(allow_origins=[A]),
            everywhere(allow_origins=[A, Regex(r"https://x\d\.example")]),
            [r"+ allow_origins regex https://x\d\.example *"],
        ),
        (
            everywhere(allow_credentials=True),
            everywhere(allow_credentials=True, dangerously_allow_insecure_origins=True),
            ["! dangerously_allow_insecure_origins true *"],
        ),
        (
            everywhere(dangerously_allow_public_suffixes=True),
            everywhere(),
            ["- dangerously_allow_public_suffixes true *"],
        ),
        (None, everywhere(), [f"+ allow_origins {A} *"]),
        (
            None,
            everywhere(allow_credentials=True),
            [f"! allow_origins {A} *", "! allow_credentials true *"],
        ),
        (everywhere(allow_methods=["PUT"]), rules(), [f"- allow_origins {A} *"]),
        # A path of its own is compared with what covered it before, and what covers it after.
        (
            everywhere(),
            rules(("tea", ["*"], {"allow_origins": [A]}), ("b", ["/b/*", "/b"], {"allow_origins": [A, B]})),
            [f"+ allow_origins {B} /b/* /b"],
        ),
        (
            rules(("tea", ["/a/*"], {"allow_origins": [A], "allow_credentials": True}), ("b", ["/a/b"], PLAIN)),
            rules(("tea", ["/a/*"], {"allow_origins": [A], "allow_credentials": True})),
            ["! allow_credentials true /a/b"],
        ),
        (
            rules(("a", ["/a", "/a/*"], {"allow_origins": [A]}), ("root", ["/*"], {"allow_origins": [B]})),
            rules(("root", ["/*"], {"allow_origins": [B]})),
            [f"+ allow_origins {B} /a /a/*", f"- allow_origins {A} /a /a/*"],
        ),
        (
            rules(("a", ["/a/b/*"], {"allow_origins": [A]})),
            rules(("a", ["/a/b/c"], {"allow_origins": [A]})),
            [f"- allow_origins {A} /a/b/*"],
        ),
    ],
)  # fmt: skip
def test_what_changes(before: Rules | None, after: Rules, expected: list[str]) -> None:
    assert short(compare(before, after)) == expected
    assert widens_credentials(compare(before, after)) is any(line.startswith("!") for line in expected)


_ORIGINS = [A, B, "https://*.a.example", "https://x.a.example"]
_PATHS = ["*", "/*", "/a", "/a/*", "/a/b", "/a/b/*", "/ab"]
_POLICIES = st.builds(
    lambda origins, credentials, methods: Policy(
        allow_origins=origins, allow_credentials=credentials, allow_methods=methods
    ),
    st.lists(st.sampled_from(_ORIGINS), min_size=1, max_size=3),
    st.booleans(),
    st.lists(st.sampled_from(["PUT"]), max_size=1),
)


@st.composite
def _rules(draw: st.DrawFn) -> Rules:
    paths = draw(st.lists(st.sampled_from(_PATHS), unique=True, max_size=4))
    return Rules([(f"p{number}", [path], draw(_POLICIES)) for number, path in enumerate(paths)])


def _credentialed(rules: Rules, path: str, origin: str, method: str) -> bool:
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    explanation = rules.explain(Request("OPTIONS", path, headers))
    return explanation.allowed and explanation.headers.get("Access-Control-Allow-Credentials") == "true"


@settings(derandomize=True, deadline=None, max_examples=40)
@given(before=_rules(), after=_rules())
def test_no_gain_with_credentials_goes_unsaid(before: Rules, after: Rules) -> None:
    gains = {
        (path, origin, method)
        for path in ("/", "/x", "/a", "/a/", "/a/x", "/a/b", "/a/b/", "/a/b/c", "/ab")
        for origin in (A, B, "https://x.a.example", "https://y.a.example")
        for method in ("GET", "PUT")
        if _credentialed(after, path, origin, method) and not _credentialed(before, path, origin, method)
    }
    assert widens_credentials(compare(before, after)) or not gains


@settings(derandomize=True, deadline=None, max_examples=40)
@given(both=_rules())
def test_nothing_changes_between_equals(both: Rules) -> None:
    assert compare(both, both) == ()


def test_the_summary_counts_access_only() -> None:
    changes = compare(
        everywhere(allow_credentials=True), everywhere(allow_credentials=True, allow_origins=[B], max_age=5)
    )
    assert summary(changes) == "1 gain, 1 of them with credentials; 1 loss."


@pytest.mark.parametrize(
    ("removed", "fallback", "again"),
    [
        ([A], everywhere(), [(A, ("*",))]),
        ([A], rules(("tea", ["/tea"], {"allow_origins": [A]})), []),
        ([A], everywhere(allow_origins=[B]), []),
        ([A], everywhere(allow_origins=["*"]), [(A, ("*",))]),
        (["https://x.b.example"], everywhere(allow_origins=["https://*.b.example"]), [("https://x.b.example", ("*",))]),
        (["https://*.b.example"], everywhere(allow_origins=["https://*.b.example"]), [("https://*.b.example", ("*",))]),
        (["https://b.example:*"], everywhere(allow_origins=["https://b.example:*"]), [("https://b.example:*", ("*",))]),
        (["*"], everywhere(allow_origins=["*"]), [("*", ("*",))]),
        ([Regex(r"https://x\d\.b\.example")], everywhere(allow_origins=[Regex(r"https://x\d\.b\.example")]),
         [(r"regex https://x\d\.b\.example", ("*",))]),
        ([Regex(r"https://x\d\.b\.example")], everywhere(), []),
        ([Regex(r"https://x\d\.b\.example")], rules(), []),
        # Removed as text, and still covered: not removed.
        (["https://x.c.example"], everywhere(allow_origins=["https://x.c.example"]), []),
    ],
)  # fmt: skip
def test_what_the_shipped_rules_let_in_again(removed: list[Any], fallback: Rules, again: list[Any]) -> None:
    before = everywhere(allow_origins=removed)
    after = everywhere(allow_origins=["https://z.example", "https://*.c.example"])
    assert readmitted(compare(before, after), after, fallback) == again


def test_the_shipped_rules_are_asked_path_by_path() -> None:
    before = rules(("a", ["/a", "/a/*", "/b"], {"allow_origins": [A]}))
    after = rules(("a", ["/a", "/a/*", "/b"], {"allow_origins": [B]}))
    fallback = rules(("a", ["/a/*"], {"allow_origins": [A]}))
    assert readmitted(compare(before, after), after, fallback) == [(A, ("/a/*",))]
