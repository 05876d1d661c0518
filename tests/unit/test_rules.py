"""`Rules`: the document that they are read from and written to."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.documents import WRONG, A, Wrong, policy, rules
from edgecors import Policy, PolicyError, Regex, Rules, RulesError
from effort import examples
from strategies import rules as generated
from tables import each

POLICY = Policy(allow_origins=[A])
ONE = Policy(allow_origins=[A], max_age=1)


def problems(document: Any, *, strict: bool = True) -> list[tuple[str, str, object, object]]:
    with pytest.raises(RulesError) as caught:
        Rules.parse(document, strict=strict)
    return [(problem.code, problem.field, problem.value, problem.hint) for problem in caught.value.problems]


# --- Wrong documents -----------------------------------------------------------------------------------------


@each("strict", [True, False])
@each("case", WRONG, ids=lambda case: case.name)
def test_a_wrong_document_has_exactly_these_problems(case: Wrong, strict: bool) -> None:
    assert problems(case.document, strict=strict) == list(case.faults)


@pytest.mark.no_cover
@each("case", [case for case in WRONG if isinstance(case.document, dict)], ids=lambda case: case.name)
def test_a_dict_and_its_json_have_the_same_problems(case: Wrong) -> None:
    text = json.dumps(case.document)
    faults = list(case.faults)
    if 5 in case.document:  # in JSON every key is text
        faults = [(code, field, "5", hint) for code, field, _, hint in faults]
    assert problems(text) == problems(text.encode()) == problems(bytearray(text.encode())) == faults
    assert problems("\ufeff" + text) == problems(b"\xef\xbb\xbf" + text.encode()) == faults


@each("case", WRONG, ids=lambda case: case.name)
def test_an_error_is_printable(case: Wrong) -> None:
    with pytest.raises(RulesError) as caught:
        Rules.parse(case.document)
    lines = str(caught.value).split("\n")
    assert len(lines) == 1 + len(case.faults)
    for line, problem in zip(lines[1:], caught.value.problems, strict=True):
        assert line.isascii()
        assert line.isprintable()
        assert line.endswith(f" ({problem.code})")
        if len(problem.field) < 80:
            assert line.startswith(f"  {problem.field or 'The document'}")


def test_an_error_names_all_problems() -> None:
    document = rules(policy(allow_origins=[f"{A}/"], allow_credentials="true"), schema=...)
    slash = "An Origin has no slash at the end, so this can never match."
    with pytest.raises(RulesError) as caught:
        Rules.parse(document)
    assert str(caught.value).splitlines() == [
        "3 problems in the rules",
        "  /schema: The key is required. (key-missing)",
        '  /policies/0/allow_credentials "true": It must be true or false. Fix: true (wrong-type)',
        f'  /policies/0/allow_origins/0 "{A}/": {slash} Fix: "{A}" (origin-trailing-slash)',
    ]
    with pytest.raises(RulesError) as caught:
        Rules.parse("nope")
    assert str(caught.value).splitlines() == [
        "1 problem in the rules",
        '  The document "nope": This is not JSON: expecting value (line 1, column 1). (json-invalid)',
    ]


def test_an_error_can_be_pickled() -> None:
    with pytest.raises(RulesError) as caught:
        Rules.parse("{}")
    loaded = pickle.loads(pickle.dumps(caught.value))
    assert (type(loaded), loaded.problems, str(loaded)) == (RulesError, caught.value.problems, str(caught.value))


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20)
)


@given(
    SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=5), SCALARS, max_size=2),
    st.sampled_from(
        ["schema", "policies", "description", *(f"policies.0.{key}" for key in [*policy(), "allow_methods", "max_age"])]
    ),
)
@settings(derandomize=True, max_examples=examples(20), deadline=None)
def test_a_value_of_any_kind_anywhere_is_taken_or_refused(value: Any, place: str) -> None:
    document: Any = rules(policy())
    *parents, key = place.split(".")
    target = document
    for parent in parents:
        target = target[int(parent)] if parent.isdigit() else target[parent]
    target[key] = value
    try:
        parsed = Rules.parse(json.dumps(document))
    except RulesError as caught:
        error = caught
    else:
        assert Rules.parse(parsed.document()) == parsed
        return
    assert all(problem.field.startswith("/") for problem in error.problems)
    assert str(error).isascii()


@given(st.text() | st.binary())
@settings(derandomize=True, max_examples=examples(40), deadline=None)
def test_text_that_is_no_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(RulesError):
        Rules.parse(text)


# --- Right documents -----------------------------------------------------------------------------------------


def test_a_document_becomes_policies() -> None:
    document = rules(
        policy(
            allow_origins=[A, {"regex": "https://b\\.example"}],
            allow_methods=["DELETE"],
            allow_headers=["X-A"],
            expose_headers=["ETag"],
            allow_credentials=True,
            max_age=None,
            description="for people",
            dangerously_allow_insecure_origins=True,
            dangerously_allow_public_suffixes=True,
        ),
        policy(name="Cup_2.x-y", paths=["/cup", "/cup/*", "*"]),
        description="all of it",
    )
    made = Policy(
        allow_origins=[A, Regex("https://b\\.example")],
        allow_methods=["DELETE"],
        allow_headers=["X-A"],
        expose_headers=["ETag"],
        allow_credentials=True,
        max_age=None,
        description="for people",
        dangerously_allow_insecure_origins=True,
        dangerously_allow_public_suffixes=True,
    )
    parsed = Rules.parse(document)
    assert parsed == Rules(
        [("tea", ["/tea"], made), ("Cup_2.x-y", ["/cup", "/cup/*", "*"], POLICY)], description="all of it"
    )
    assert parsed.policies == (("tea", ("/tea",), made), ("Cup_2.x-y", ("/cup", "/cup/*", "*"), POLICY))
    assert parsed.description == "all of it"
    assert parsed.warnings == ()
    assert parsed.document() == document


def test_defaults_are_left_out_of_a_document() -> None:
    assert Rules([("tea", ["/tea"], POLICY)]).document() == rules(policy())
    assert list(Rules([("tea", ["/tea"], POLICY)], description="x").document()) == ["schema", "description", "policies"]


@pytest.mark.parametrize("text", ["%s", "\ufeff%s", " \n%s\n\t"])
def test_text_and_bytes_are_documents(text: str) -> None:
    written = text % json.dumps(rules(policy()))
    assert Rules.parse(written) == Rules.parse(written.encode()) == Rules.parse(rules(policy()))


def test_no_policies_are_rules() -> None:
    for document in (rules(), json.dumps(rules()), rules(policies=())):
        parsed = Rules.parse(document)
        assert parsed == Rules() == Rules([])
        assert parsed.policy_for("/tea") is None
        assert parsed.document() == rules()


def test_null_stands_for_no_description() -> None:
    assert Rules.parse(rules(policy(description=None), description=None)) == Rules.parse(rules(policy()))


@each("name", ["a", "A", "0", "tea-1.2_x", "-", ".", "x" * 64])
def test_names(name: str) -> None:
    assert Rules.parse(rules(policy(name=name))).policies[0][0] == name


def test_names_compare_by_case() -> None:
    assert len(Rules.parse(rules(policy(name="tea"), policy(name="Tea", paths=["/cup"]))).policies) == 2


@each(
    "path",
    [
        "*",
        "/",
        "/*",
        "/tea",
        "/tea/",
        "/tea/*",
        "//",
        "/tea//",
        "/white tea",
        "/\u8336",
        "/.well-known",
        "/...",
        "/a:b",
        "/{name}",
        "/a&b=c;d,e@f!$'()+~",
        "/a\tb",
        "/ ",
    ],
)
def test_paths(path: str) -> None:
    assert Rules.parse(rules(policy(paths=[path]))).policies[0][1] == (path,)


def test_a_document_is_not_changed() -> None:
    document = rules(policy(allow_methods=["PUT", "PUT"]), description="x")
    before = copy.deepcopy(document)
    parsed = Rules.parse(document)
    document["policies"][0]["paths"].append("/cup")
    assert parsed.document() == rules(policy(allow_methods=["PUT"]), description="x")
    assert before["policies"][0]["allow_methods"] == document["policies"][0]["allow_methods"]


def test_a_written_document_is_ones_own() -> None:
    made = Rules([("tea", ["/tea"], POLICY)])
    document: Any = made.document()
    document["policies"][0]["allow_origins"].append("*")
    document["policies"].clear()
    assert made.document() == rules(policy())


@pytest.mark.no_cover
@given(generated.rules())
@settings(derandomize=True, max_examples=examples(16), deadline=None)
def test_rules_survive_their_document(made: Rules) -> None:
    document = made.document()
    text = json.dumps(document)
    assert Rules.parse(document) == Rules.parse(text) == Rules.parse(text.encode()) == made
    assert Rules.parse(document).document() == document
    assert hash(Rules.parse(text)) == hash(made)
    assert pickle.loads(pickle.dumps(made)) == made
    assert eval(repr(made), {"Rules": Rules, "Policy": Policy, "Regex": Regex}) == made


# --- Strict or not -------------------------------------------------------------------------------------------

SUFFIX = rules(
    policy(allow_origins=[A, "https://*.github.io"], allow_credentials=True),
    policy(
        name="cup",
        paths=["/cup"],
        allow_origins=[{"regex": "https://\\w+\\.github\\.io"}],
        allow_credentials=True,
    ),
)
SUFFIX_PROBLEMS = [
    ("public-suffix-with-credentials", "/policies/0/allow_origins/1", "https://*.github.io", None),
    ("public-suffix-with-credentials", "/policies/1/allow_origins/0", {"regex": "https://\\w+\\.github\\.io"}, None),
]


def test_what_depends_on_changing_data_is_refused_when_written_and_warned_of_when_read() -> None:
    assert problems(SUFFIX) == SUFFIX_PROBLEMS
    read = Rules.parse(SUFFIX, strict=False)
    warnings = [(warning.code, warning.field, warning.value, warning.hint) for warning in read.warnings]
    assert warnings == SUFFIX_PROBLEMS
    assert read.policy_for("/tea") is read.policies[0][2]
    assert read.document() == SUFFIX
    assert Rules.parse(read.document(), strict=False) == read


def test_everything_else_is_refused_when_read_too() -> None:
    document = copy.deepcopy(SUFFIX)
    document["policies"][0]["max_age"] = -1
    assert problems(document, strict=False) == [("max-age-range", "/policies/0/max_age", -1, 0)]
    assert problems(document) == [
        SUFFIX_PROBLEMS[0],
        ("max-age-range", "/policies/0/max_age", -1, 0),
        SUFFIX_PROBLEMS[1],
    ]


# --- Made in Python ------------------------------------------------------------------------------------------


def test_a_policy_of_every_path() -> None:
    made = Rules.of(POLICY)
    for path in ("/", "/tea", "", "..", "\0", None):
        assert made.policy_for(path) is POLICY


@pytest.mark.parametrize(
    ("triples", "expected"),
    [
        ([("a b", ["/tea"], POLICY)], [("name-invalid", "/policies/0/name", "a b", None)]),
        ([("tea", "/tea", POLICY)], [("list-expected", "/policies/0/paths", "/tea", ["/tea"])]),
        ([("tea", [], POLICY)], [("paths-empty", "/policies/0/paths", [], None)]),
        ([("tea", iter([]), POLICY)], [("paths-empty", "/policies/0/paths", [], None)]),
        (
            [("tea", ["tea"], POLICY), ("tea", ["/a", "/a"], POLICY)],
            [
                ("path-no-slash", "/policies/0/paths/0", "tea", "/tea"),
                ("name-duplicate", "/policies/1/name", "tea", None),
                ("path-duplicate", "/policies/1/paths/1", "/a", None),
            ],
        ),
    ],
)
def test_what_is_wrong_with_triples(triples: Any, expected: Any) -> None:
    with pytest.raises(RulesError) as caught:
        Rules(triples)
    assert [(problem.code, problem.field, problem.value, problem.hint) for problem in caught.value.problems] == expected


def test_the_description_is_text() -> None:
    with pytest.raises(RulesError) as caught:
        Rules([], description=5)  # type: ignore[arg-type]
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [("wrong-type", "/description")]


@pytest.mark.parametrize(
    "triple",
    [
        ("tea", ["/tea"]),
        ("tea", ["/tea"], {}),
        ("tea", ["/tea"], POLICY, 1),
        "tea",
        POLICY,
        None,
        ("tea", ["/tea"], Policy),
    ],
    ids=repr,
)
def test_what_is_no_triple_is_a_type_error(triple: Any) -> None:
    with pytest.raises(TypeError, match=r"policies\[1\]: a triple \(name, paths, Policy\) is expected, not "):
        Rules([("cup", ["/cup"], POLICY), triple])


def test_any_iterables_of_triples_and_paths() -> None:
    made = Rules((name, iter(paths), POLICY) for name, paths in [("tea", ["/tea"]), ("cup", ["/cup"])])  # type: ignore[misc]
    assert made == Rules([("tea", ["/tea"], POLICY), ("cup", ("/cup",), POLICY)])


def test_they_cannot_be_changed() -> None:
    made = Rules([("tea", ["/tea"], POLICY)])
    for name in ("policies", "description", "warnings", "_exact", "another"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(made, name, ())
    assert copy.copy(made) is copy.deepcopy(made) is made


def test_each_part_makes_a_difference() -> None:
    values = [
        Rules([("tea", ["/tea"], POLICY)]),
        Rules([("cup", ["/tea"], POLICY)]),
        Rules([("tea", ["/cup"], POLICY)]),
        Rules([("tea", ["/tea", "/cup"], POLICY)]),
        Rules([("tea", ["/tea"], ONE)]),
        Rules([("tea", ["/tea"], POLICY)], description="x"),
        Rules([("tea", ["/tea"], POLICY), ("cup", ["/cup"], POLICY)]),
        Rules([("cup", ["/cup"], POLICY), ("tea", ["/tea"], POLICY)]),
    ]
    assert len(set(values)) == len(values)
    assert Rules([("tea", ["/tea"], POLICY)]) != Rules([("tea", ["/tea"], POLICY)]).document()


def test_wrong_policies_in_python_are_the_policys_error() -> None:
    with pytest.raises(PolicyError):
        Rules([("tea", ["/tea"], Policy(allow_origins=[]))])
