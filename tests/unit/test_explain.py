"""`Rules.explain`: the steps in the Fetch standard's order, the message, and what it never says."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.explanations import CASES, DOCUMENT, EXPLAINED, Case, V
from edgecors import Explanation, Policy, Regex, Request, Rules, Step
from edgecors.explain import explain
from effort import examples
from strategies import rules as generated
from tables import each

RULES = Rules.parse(DOCUMENT)
STEPS = ["origin", "credentials", "status", "method", "headers"]


def explained(case: Case) -> Explanation:
    return explain(RULES, Request(case.asked.method, case.asked.path, case.asked.headers), **case.options)


def as_text(explanation: Explanation) -> str:
    """The whole of an explanation but for the references."""
    lines = [f"{explanation.code} {explanation.status} {explanation.policy}"]
    for step in explanation.steps:
        what = f"{step.name} {'+' if step.passed else '-'} {step.detail}"
        lines.append(" | ".join(filter(None, (what, step.code, step.pointer))))
    lines += [f"{name}: {value}" for name, value in sorted(explanation.headers.items())]
    lines += [f"reason: {explanation.reason}"] * (explanation.reason != "")
    return "\n".join([*lines, explanation.message])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_whole_explanation(case: Case) -> None:
    assert as_text(explained(case)) == EXPLAINED[case.name]


def test_every_case_is_explained_once() -> None:
    assert [case.name for case in CASES] == list(EXPLAINED)


@each("case", CASES, ids=lambda case: case.name)
def test_steps_come_in_order_up_to_the_first_that_failed(case: Case) -> None:
    explanation = explained(case)
    names = [step.name for step in explanation.steps]
    assert names == sorted(names, key=STEPS.index)
    assert [step.passed for step in explanation.steps[:-1]] == [True] * len(explanation.steps[:-1])
    if explanation.steps:
        last = explanation.steps[-1]
        assert explanation.allowed == last.passed
        assert explanation.code == (last.code or "allowed")
    for step in explanation.steps:
        assert (step.code == "") == step.passed
        assert step.reference.startswith("Fetch, CORS")


@each("case", CASES, ids=lambda case: case.name)
def test_pointers_are_of_the_document(case: Case) -> None:
    for step in explained(case).steps:
        target: Any = DOCUMENT
        *parents, last = step.pointer.split("/")[1:] or [""]
        for parent in parents:
            target = target[int(parent)] if parent.isdigit() else target[parent]
        if last.isdigit():
            assert int(last) < len(target)
        else:  # a field that is not written has its default
            assert last == "" or last in {**target, "allow_methods": 1, "allow_headers": 1, "allow_credentials": 1}


@each("case", CASES, ids=lambda case: case.name)
def test_nothing_of_a_request_reaches_a_terminal_raw(case: Case) -> None:
    explanation = explained(case)
    texts = [explanation.message, explanation.reason, *(step.detail for step in explanation.steps)]
    assert all(text.isprintable() for text in texts)


@pytest.mark.no_cover
@given(
    st.sampled_from(["GET", "OPTIONS", "POST"]),
    st.text() | st.sampled_from(["/tea", "/me", "/open", "/one"]),
    st.dictionaries(
        st.sampled_from(["origin", "access-control-request-method", "access-control-request-headers"]),
        st.text() | st.sampled_from([V, "https://one.example", "PUT", "delete", "authorization", "x-a,x-b", "null"]),
    ),
    st.fixed_dictionaries({"include": st.booleans(), "debug": st.booleans(), "enforce": st.booleans()}),
)
@settings(derandomize=True, max_examples=examples(30), deadline=None)
def test_any_request_is_explained(method: str, path: str, headers: dict[str, str], options: dict[str, bool]) -> None:
    explanation = explain(RULES, Request(method, path, headers), **options)
    texts = [explanation.message, explanation.reason, *(step.detail for step in explanation.steps)]
    assert all(text.isprintable() for text in texts)
    assert all(value.isprintable() for value in explanation.headers.values())
    assert (explanation.reason == "") == explanation.allowed
    assert explanation.message.endswith(".")


# --- What it advises -----------------------------------------------------------------------------------------

LOOKALIKES = [
    # CVE-2026-37737, CVE-2022-3457, Kludex/starlette#800: the end is open
    ("https://trusted.example", "https://trusted.example.attacker.io"),
    ("https://*.example.com", "https://a.example.com.evil.io"),
    # GHSA-vhxv-fg4m-p2w8, middy 7.8.0, expressjs/cors#408: the beginning is open
    ("https://foo.com", "https://barfoo.com"),
    ("https://*.example.com", "https://evil-example.com"),
    ("https://*.example.com", "https://notexample.com"),
    # CVE-2019-25211: a prefix
    ("https://example.com", "https://example.community"),
    ("http://localhost", "http://localhost.example.com"),
    # google/clusterfuzz#5303: a dot that is any character
    ("https://test-client-site.appspot.com", "https://test-client-sitexappspot.com"),
    # drawn alike
    (V, "https://victoria-1o.github.io"),
    (V, "https://victoria-l0.github.io"),
    (V, "https://vvictoria-lo.github.io"),
    (V, "https://victoria_lo.github.io"),
    (V, "https://victorialo.github.io"),
    (V, "https://victoira-lo.github.io"),
    (V, "https://victoria-lo-github-io.evil.example"),
    (V, "https://www.victoria-lo.github.io.evil.example"),
    ("https://rnodern.example", "https://modern.example"),
    ("https://apple-store.example", "https://xn--pple-store-yqi.example"),  # Cyrillic a
    ("https://tea-store.example", "https://xn--tea-store-.example"),  # decodes to the same
    ("https://cafe-tea.example", "https://xn--caf-tea-dya.example"),  # e with an accent
    (V, "https://victoria-lo.github.io:8443.evil.example"),
    (Regex(r"https://(\w+\.)?a-shop\.example"), "https://a-shop.example.evil.example"),
    (Regex(r"https://(\w+\.)?a-shop\.example"), "https://evil-a-shop.example"),
    (Regex(r"https://[ab]+-shop\.tea\.example"), "https://a-shop.tea.example.evil.example"),
]


@pytest.mark.parametrize(("allowed", "lookalike"), LOOKALIKES, ids=str)
def test_nobody_is_told_to_let_a_lookalike_in(allowed: str | Regex, lookalike: str) -> None:
    rules = Rules.of(Policy(allow_origins=["https://unlike.example", allowed]))
    for headers in ({}, {"access-control-request-method": "PUT"}):
        explanation = rules.explain(Request("OPTIONS", "/", {"origin": lookalike, **headers}))
        assert not explanation.allowed
        assert "add" not in explanation.message.split()
        if explanation.code == "origin-not-allowed":
            assert explanation.message.endswith("belongs to someone else.")
        else:
            assert explanation.code == "origin-malformed"


UNLIKE = [
    ("https://a.example", "https://b.example", 'is not in policy default. To allow it, add "https://b.example" to'),
    ("https://tea.example", "https://tea.example:8443", "another port than https://tea.example. To allow it,"),
    ("https://tea.example", "https://www.tea.example", "a subdomain, and not the host itself, of https://tea.example."),
    (
        "https://*.tea.example",
        "https://tea.example",
        "tea.example is no subdomain of itself, as it would have to be for",
    ),
    ("https://shop.tea.example", "https://my-shop.tea.example", "is not in policy default. To allow it,"),
    ("https://app1.tea.example", "https://app2.tea.example", "is not in policy default. To allow it,"),
    ("https://192.0.2.1", "https://192.0.2.2", "is not in policy default. To allow it,"),
    ("https://[2001:db8::1]", "https://[2001:db8::2]", "is not in policy default. To allow it,"),
    ("http://localhost:3000", "http://localhost:5173", "another port than http://localhost:3000. To allow it,"),
    ("https://192.0.2.1", "https://192.0.2.11", "is not in policy default. To allow it,"),
    ("https://a.co.uk", "https://b.co.uk", "is not in policy default. To allow it,"),
    (Regex(r"https://a\.tea\.example"), "https://b.tea.example", "is not in policy default. To allow it,"),
]


@pytest.mark.parametrize(("allowed", "origin", "message"), UNLIKE, ids=str)
def test_others_can_be_added(allowed: str | Regex, origin: str, message: str) -> None:
    explanation = Rules.of(Policy(allow_origins=[allowed])).explain(Request("GET", "/", {"origin": origin}))
    assert message in explanation.message
    assert explanation.message.endswith(f'To allow it, add "{origin}" to /policies/0/allow_origins.')


def test_an_origin_that_could_be_no_pattern_is_not_advised() -> None:
    """Browsers send A-labels that decode to nothing; rules cannot name them."""
    rules = Rules.of(Policy(allow_origins=["https://tea-store.example"]))
    for origin in ("https://xn--a.example", "https://xn---eqh5.example"):
        explanation = rules.explain(Request("GET", "/", {"origin": origin}))
        assert explanation.message == f"The page cannot read the answer: {origin} is not in policy default."


def test_of_several_patterns_the_one_that_lacks_least_is_named() -> None:
    origins = [
        "https://tea.example.com",
        "https://tea.example",
        "https://*.shop.tea.example",
        "https://a.shop.tea.example:1",
    ]
    rules = Rules.of(Policy(allow_origins=origins))
    for origin, named in [
        ("https://tea.example.com:2", "another port than https://tea.example.com"),
        ("https://x.tea.example", "of https://tea.example"),
        ("https://a.shop.tea.example:2", "another port than https://*.shop.tea.example"),
        ("https://tea.example.community", "begins like tea.example.com,"),
    ]:
        assert named in rules.explain(Request("GET", "/", {"origin": origin})).message


@pytest.mark.no_cover
@given(generated.rules(), st.data())
@settings(derandomize=True, max_examples=examples(16), deadline=None)
def test_what_is_advised_works(made: Rules, data: st.DataObject) -> None:
    """Whoever does what the message says, step by step, is let in."""
    origins = [
        "https://a.example",
        "https://z.a.example",
        "https://b.example:8443",
        "https://new.example",
        "http://x.example",
    ]
    origin = data.draw(st.sampled_from(origins))
    method = data.draw(st.sampled_from(["GET", "PUT", "BREW", "PATCH"]))
    asked = data.draw(st.sampled_from(["", "x-tea", "authorization,x-new", "content-type"]))
    include = data.draw(st.booleans())
    headers = {"origin": origin, "access-control-request-method": method, "access-control-request-headers": asked}
    request = Request("OPTIONS", data.draw(st.sampled_from(["/tea", "/a/b"])), headers)
    document: Any = made.document()
    for _ in range(6):
        explanation = explain(Rules.parse(document), request, include=include)
        advice = explanation.message.partition("To allow it, ")[2]
        if not advice:
            break
        words = [word.strip('",.') for word in advice.split()]
        pointer = words[-1] if words[0] == "add" else words[1]
        if words[0] == "give":
            document["policies"].append({"name": "new", "paths": [words[-1]], "allow_origins": ["https://z.example"]})
            continue
        _, _, index, field = pointer.split("/")
        policy = document["policies"][int(index)]
        if words[0] == "set":
            policy[field] = True
        else:
            policy[field] = [*policy.get(field, []), *words[1:-2]]
    else:
        pytest.fail("the advice never ends")
    assert (
        explanation.allowed
        or explanation.code in ("wildcard-with-credentials", "credentials-not-allowed")
        or (explanation.code == "origin-not-allowed" and origin.startswith("http:"))
    )


# --- Several policies, several kinds of values ---------------------------------------------------------------


def test_one_policy_under_several_names_is_named_by_its_path() -> None:
    policy = Policy(allow_origins=["https://a.example"])
    rules = Rules(
        [("all", ["*"], policy), ("tea", ["/tea", "/tea/*"], policy), ("white", ["/tea/white/*", "/tea/"], policy)]
    )
    for path, name, index in [
        ("/", "all", 0),
        ("/tea", "tea", 1),
        ("/tea/x", "tea", 1),
        ("/tea/", "white", 2),
        ("/tea/white", "tea", 1),
        ("/tea/white/x", "white", 2),
    ]:
        explanation = rules.explain(Request("GET", path, {"origin": "https://a.example"}))
        assert explanation.policy == name
        assert explanation.steps[0].pointer == f"/policies/{index}/allow_origins/0"


def test_the_only_policy_is_that_of_any_path() -> None:
    rules = Rules.of(Policy(allow_origins=["https://a.example"]))
    for path in ("/tea/../x", "\0", "", "/\udc80"):
        explanation = rules.explain(Request("GET", path, {"origin": "https://a.example"}))
        assert (explanation.allowed, explanation.policy) == (True, "default")


def test_long_texts_are_cut() -> None:
    explanation = RULES.explain(Request("GET", "/tea", {"origin": "https://" + "a" * 5000}))
    assert "a..." in explanation.message
    assert len(explanation.message) < 400


def test_explanations_are_values() -> None:
    request = Request("OPTIONS", "/tea", {"origin": V, "access-control-request-method": "PUT"})
    one, other = RULES.explain(request), Rules.parse(DOCUMENT).explain(request)
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)
    assert eval(repr(one), {"Explanation": Explanation, "Step": Step}) == one
    assert one != RULES.explain(Request("OPTIONS", "/tea", {"origin": V, "access-control-request-method": "BREW"}))
    with pytest.raises(AttributeError, match="immutable"):
        one.allowed = True
    # What is sent to one is not shared with another.
    one.headers.clear()
    assert RULES.explain(request) == other
