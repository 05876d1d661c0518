"""`Policy`: what its fields may hold and become, what is wrong with the rest, and what kind of value it is."""

from __future__ import annotations

import copy
import pickle
from http import HTTPMethod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.policy_fields import INVALID, VALID, A, Invalid, Valid
from edgecors import Policy, PolicyError, Problem, Regex, Rules
from effort import examples
from tables import each

DEFAULTS: dict[str, Any] = {
    "allow_origins": (A,),
    "allow_methods": (),
    "allow_headers": (),
    "expose_headers": (),
    "allow_credentials": False,
    "max_age": 600,
    "description": None,
    "dangerously_allow_insecure_origins": False,
    "dangerously_allow_public_suffixes": False,
}
# For each field a value other than the default's.
OTHERS: dict[str, Any] = {
    "allow_origins": ("https://b.example",),
    "allow_methods": ("PUT",),
    "allow_headers": ("X-A",),
    "expose_headers": ("ETag",),
    "allow_credentials": True,
    "max_age": None,
    "description": "tea",
    "dangerously_allow_insecure_origins": True,
    "dangerously_allow_public_suffixes": True,
}
FULL = Policy(
    allow_origins=[A, "https://*.a.example", Regex(r"https://(\w+\.)?b\.example"), "http://localhost:*"],
    allow_methods=["PUT", "DELETE"],
    allow_headers=["Authorization", "X-A"],
    expose_headers=["ETag"],
    allow_credentials=True,
    max_age=0,
    description="tea",
)


def policy(**fields: Any) -> Policy:
    return Policy(**{"allow_origins": [A], **fields})


def fields_of(made: Policy) -> dict[str, Any]:
    return {name: getattr(made, name) for name in DEFAULTS}


def problems(**fields: Any) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        policy(**fields)
    return caught.value.problems


def faults(found: tuple[Problem, ...]) -> tuple[tuple[str, str, object, object], ...]:
    return tuple((problem.code, problem.field, problem.value, problem.hint) for problem in found)


# --- Fields --------------------------------------------------------------------------------------------------


@each("case", VALID, ids=lambda case: case.name)
def test_a_field_keeps_what_it_was_given(case: Valid) -> None:
    assert fields_of(policy(**case.given)) == DEFAULTS | dict(case.kept)


def test_any_iterable_is_a_list() -> None:
    made = policy(allow_origins={A: 1}.keys(), allow_methods=iter(("PUT",)), allow_headers={"X-A"})
    assert made == policy(allow_methods=["PUT"], allow_headers=["X-A"])


@each("case", INVALID, ids=lambda case: case.name)
def test_a_field_has_exactly_these_problems(case: Invalid) -> None:
    found = faults(problems(**case.given))
    assert found == case.faults
    # 1 == True: types are compared, too.
    assert [type(hint) for *_, hint in found] == [type(hint) for *_, hint in case.faults]


@each(
    "case",
    [case for case in INVALID if all(hint is not None for *_, hint in case.faults)],
    ids=lambda case: case.name,
)
def test_a_hint_is_right_where_it_stands(case: Invalid) -> None:
    fixed = dict(case.given)
    for _, field, value, hint in case.faults:
        if fixed[field] is value:
            fixed[field] = hint
        else:
            hints = hint if isinstance(hint, list) else [hint]
            fixed[field] = [part for entry in fixed[field] for part in (hints if entry is value else [entry])]
    policy(**fixed)


@pytest.mark.no_cover
@given(st.data())
@settings(derandomize=True, max_examples=examples(20), deadline=None)
def test_no_problem_hides_another(data: st.DataObject) -> None:
    """Problems of a field by itself are found whatever is wrong with the others."""
    alone = {
        field: [case for case in INVALID if case.given.keys() == {field}]
        for field in DEFAULTS
        if field != "allow_origins" and not field.startswith(("dangerously", "allow_cred"))
    }
    drawn = [data.draw(st.sampled_from(cases)) for cases in alone.values()]
    together = {field: value for case in drawn for field, value in case.given.items()}
    assert faults(problems(**together)) == tuple(fault for case in drawn for fault in case.faults)


NAMES = st.sampled_from(["X-A", "x-a", "X-B", "x-b", "ETag", "etag", "Authorization", "authorization"])


@given(st.lists(NAMES, max_size=12), st.lists(st.sampled_from(["PUT", "Put", "ACL", "DELETE"]), max_size=8))
@settings(derandomize=True, max_examples=examples(20), deadline=None)
def test_each_entry_counts_once_in_order_and_spelling(names: list[str], methods: list[str]) -> None:
    made = policy(allow_headers=names, expose_headers=names, allow_methods=methods)
    once = [name for at, name in enumerate(names) if name.lower() not in map(str.lower, names[:at])]
    assert list(made.allow_headers) == list(made.expose_headers) == once
    assert list(made.allow_methods) == [method for at, method in enumerate(methods) if method not in methods[:at]]


@pytest.mark.parametrize("method", HTTPMethod)
def test_registered_methods_are_upper_case(method: HTTPMethod) -> None:
    if method in ("CONNECT", "TRACE"):
        assert [problem.code for problem in problems(allow_methods=[method])] == ["method-forbidden"]
    else:
        assert policy(allow_methods=[method]).allow_methods == (method.value,)
        assert faults(problems(allow_methods=[method.lower()])) == (
            ("method-lower-case", "allow_methods", method.lower(), method.value),
        )


def test_origins_count_once_in_order_and_spelling() -> None:
    expression = Regex(r"https://c\.example")
    entries = ["https://b.example", A, expression, "https://b.example", Regex(r"https://c\.example"), A]
    assert policy(allow_origins=entries).allow_origins == ("https://b.example", A, expression)
    assert policy(allow_origins=["*", "*"]).allow_origins == ("*",)


def test_a_string_type_of_ones_own_is_a_string() -> None:
    assert policy(allow_methods=[HTTPMethod.PUT]) == policy(allow_methods=["PUT"])


INSECURE, SUFFIX = "insecure-origin-with-credentials", "public-suffix-with-credentials"


@pytest.mark.parametrize(
    ("origin", "held"),
    [
        (A, []),
        ("http://localhost:3000", []),
        ("http://localhost:*", []),
        ("http://a.localhost", []),
        ("http://*.localhost:*", []),
        ("http://127.0.0.1", []),
        ("http://127.9.9.9:8080", []),
        ("http://[::1]", []),
        ("http://a.example", [INSECURE]),
        ("http://*.a.example", [INSECURE]),
        ("http://a.example:*", [INSECURE]),
        ("http://128.0.0.1", [INSECURE]),
        ("http://localhost.example", [INSECURE]),
        ("capacitor://localhost", []),
        ("https://*.github.io", [SUFFIX]),
        ("https://*.uk", [SUFFIX]),
        ("https://*.co.uk:*", [SUFFIX]),
        ("https://*.me.github.io", []),
        ("https://github.io", []),
        ("http://*.github.io", [INSECURE, SUFFIX]),
        (Regex(r"https://a\.example"), []),
        (Regex(r"https?://a\.example"), [INSECURE]),
        (Regex(r"http://localhost:\d+"), []),
        (Regex(r"https://\w+\.github\.io"), [SUFFIX]),
        (Regex(r"https?://\w+\.github\.io"), [INSECURE, SUFFIX]),
        ("*", ["wildcard-with-credentials"]),
    ],
    ids=str,
)
def test_what_credentials_forbid_and_each_flag_takes_back(origin: str | Regex, held: list[str]) -> None:
    insecure, suffixes = "dangerously_allow_insecure_origins", "dangerously_allow_public_suffixes"
    for flags in ({}, {insecure: True}, {suffixes: True}, {insecure: True, suffixes: True}):
        left = [code for code in held if not (code == INSECURE and insecure in flags)]
        left = [code for code in left if not (code == SUFFIX and suffixes in flags)]
        policy(allow_origins=[origin], **flags)
        if left:
            found = problems(allow_origins=[origin], allow_credentials=True, **flags)
            assert [problem.code for problem in found] == left
        else:
            policy(allow_origins=[origin], allow_credentials=True, **flags)


# --- What kind of call it takes ------------------------------------------------------------------------------


def test_only_names_are_taken() -> None:
    with pytest.raises(TypeError):
        Policy([A])  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="allow_origins"):
        Policy()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="allow_method"):
        policy(allow_method=["PUT"])


def test_an_error_names_all_problems() -> None:
    with pytest.raises(PolicyError) as caught:
        policy(allow_methods=["get", "TRACE"], max_age="600")
    message = caught.value.problems[0].message
    assert str(caught.value).splitlines() == [
        "3 problems in the policy",
        "  allow_methods 'get': " + message + " Fix: 'GET' (method-lower-case)",
        "  allow_methods 'TRACE': Pages can never send this method. (method-forbidden)",
        "  max_age '600': It must be a whole number of seconds, or null. Fix: 600 (wrong-type)",
    ]
    assert isinstance(caught.value, ValueError)


# --- What kind of value it is --------------------------------------------------------------------------------


def test_it_cannot_be_changed() -> None:
    made = policy()
    for name in (*DEFAULTS, "_preflight", "another"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(made, name, 5)
        with pytest.raises(AttributeError, match="immutable"):
            delattr(made, name)
    assert fields_of(made) == DEFAULTS
    assert not hasattr(made, "__dict__")


def test_it_keeps_nothing_of_what_it_was_given() -> None:
    origins, methods = [A], ["PUT"]
    made = policy(allow_origins=origins, allow_methods=methods)
    origins.append("https://evil.example")
    methods.clear()
    assert made == policy(allow_methods=["PUT"])


def test_equal_fields_make_equal_policies() -> None:
    one, other = policy(allow_methods=["PUT"]), policy(allow_methods=("PUT", "PUT"), max_age=600)
    assert one == other
    assert hash(one) == hash(other) == hash(one)
    assert len({one, other}) == 1


@pytest.mark.parametrize("field", DEFAULTS)
def test_each_field_makes_a_difference(field: str) -> None:
    assert policy() != policy(**{field: OTHERS[field]})
    assert len({policy(), policy(**{field: OTHERS[field]})}) == 2


def test_order_and_spelling_make_a_difference() -> None:
    assert policy(allow_headers=["X-A", "X-B"]) != policy(allow_headers=["X-B", "X-A"])
    assert policy(allow_headers=["X-A"]) != policy(allow_headers=["x-a"])


def test_it_equals_nothing_else() -> None:
    assert policy() != fields_of(policy())
    assert policy() != Rules.of(policy())
    assert Regex("a") != "a"


def test_its_repr_makes_it_again() -> None:
    assert eval(repr(FULL), {"Policy": Policy, "Regex": Regex}) == FULL


def test_copies_are_the_policy() -> None:
    assert copy.copy(FULL) is FULL
    assert copy.deepcopy(FULL) is FULL
    assert copy.deepcopy([FULL])[0] is FULL


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_it_can_be_pickled(protocol: int) -> None:
    loaded = pickle.loads(pickle.dumps(FULL, protocol))
    assert loaded == FULL
    assert hash(loaded) == hash(FULL)
    assert loaded._preflight == FULL._preflight


def test_what_was_read_can_be_pickled() -> None:
    """Rules that are read may hold what nobody could write any more."""
    document = {
        "schema": "edgecors/1",
        "policies": [
            {"name": "tea", "paths": ["*"], "allow_origins": ["https://*.github.io"], "allow_credentials": True}
        ],
    }
    read = Rules.parse(document, strict=False)
    assert pickle.loads(pickle.dumps(read)) == read


def test_what_is_no_policy_any_more_is_not_unpickled() -> None:
    dumped = pickle.dumps(policy(allow_methods=["BREW"]))
    with pytest.raises(PolicyError) as caught:
        pickle.loads(dumped.replace(b"BREW", b"B RW"))
    assert [problem.code for problem in caught.value.problems] == ["method-invalid"]


def test_an_error_can_be_pickled() -> None:
    with pytest.raises(PolicyError) as caught:
        policy(allow_methods=["get"], max_age=-1)
    loaded = pickle.loads(pickle.dumps(caught.value))
    assert type(loaded) is PolicyError
    assert loaded.problems == caught.value.problems
    assert str(loaded) == str(caught.value)


def test_an_expression_is_text() -> None:
    assert Regex("a").expression == "a"
    with pytest.raises(TypeError, match="text, not bytes"):
        Regex(b"a")  # type: ignore[arg-type]
    with pytest.raises(AttributeError, match="immutable"):
        Regex("a").expression = "b"
