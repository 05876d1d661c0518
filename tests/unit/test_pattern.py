"""Origin patterns: taken where they are right, diagnosed where they are not."""

from __future__ import annotations

import copy
import pickle
import unicodedata
from typing import Any

import idna
import pytest

from cases.patterns import HELD, VALID, WRONG
from edgecors import Policy, PolicyError, Problem, Regex, Rules, RulesError
from edgecors._diagnosis import _domain_to_ascii, corrected, diagnose
from edgecors._origin import parse
from edgecors._pattern import Pattern, are_plain, compile_pattern
from tables import each

Hint = str | list[str] | None


def patterns_of(hint: Hint) -> list[str]:
    return [] if hint is None else [hint] if isinstance(hint, str) else hint


@each("text", VALID)
def test_valid_patterns(text: str) -> None:
    pattern = compile_pattern(text)
    assert str(pattern) == text
    assert corrected(text) == text
    policy = Policy(allow_origins=[text])
    assert policy.allow_origins == (text,)


@each(("text", "codes", "hint"), WRONG)
def test_wrong_patterns(text: str, codes: tuple[str, ...], hint: Hint) -> None:
    assert compile_pattern(text) is None
    faults, meant = diagnose(text)
    assert (tuple(fault.code for fault in faults), meant) == (codes, hint)
    assert all(0 <= fault.start <= fault.end <= len(text) for fault in faults)
    # A hint is a pattern, and what names one origin is never taken for more.
    assert all(compile_pattern(pattern) is not None for pattern in patterns_of(hint))
    assert all(pattern.count("*") <= text.count("*") for pattern in patterns_of(hint))


@each(("text", "codes", "hint"), WRONG)
def test_wrong_patterns_in_a_policy(text: str, codes: tuple[str, ...], hint: Hint) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=["https://other.example", text])
    problems = caught.value.problems
    assert [problem.code for problem in problems] == list(dict.fromkeys(codes))
    assert {(problem.field, problem.value) for problem in problems} == {("allow_origins", text)}
    if codes != ("origin-looks-like-regex",):
        assert all(problem.hint == hint for problem in problems)


@each(("text", "codes", "hint"), WRONG)
def test_nothing_wrong_is_plain(text: str, codes: tuple[str, ...], hint: Hint) -> None:
    assert codes
    assert not are_plain([text])
    assert not are_plain(["https://a.example", text, "https://b.example"]), hint


def test_what_is_plain() -> None:
    plain = ["https://a.example", "https://b-1.x_y.example", "https://localhost", f"https://{'x' * 63}"]
    assert are_plain(plain)
    assert all(are_plain([text]) and compile_pattern(text) is not None for text in plain)
    closely = [*(text for text in VALID if "*" in text or not text.startswith("https:")), "*", None, Regex("https://a")]
    closely += ["https://a\nhttps://b", "https://a:1\nhttps//b", "https://a.1", "https://127.0.0.1", "https://0xab", ""]
    closely += [f"https://{'x' * 64}", f"https://{'x.' * 32}a", "https://xn--mnchen-3ya.example", "https://a.example."]
    for text in closely:
        assert not are_plain([text]), text
        assert not are_plain([*plain, text]), text
    assert not are_plain([])


def test_lists_are_looked_at_together_and_one_by_one_alike() -> None:
    plain = [f"https://t{n}.example" for n in range(2_500)]
    given: list[str | Regex] = [
        *plain,
        "https://*.a.example",
        *plain[::-1],
        Regex("https://x1"),
        "https://t7.example",
        "https://*.a.example",
    ]
    policy = Policy(allow_origins=given)
    assert policy.allow_origins == (*plain, "https://*.a.example", Regex("https://x1"))
    assert all(origin in policy._origins for origin in (plain[0], plain[-1], "https://x.a.example", "https://x1"))
    with pytest.raises(PolicyError) as caught:
        Policy(allow_origins=[*plain, "https://a/", 5, *plain, "https://b/"])  # type: ignore[list-item]
    assert [(problem.code, problem.value) for problem in caught.value.problems] == [
        ("origin-trailing-slash", "https://a/"),
        ("wrong-type", 5),
        ("origin-trailing-slash", "https://b/"),
    ]


def test_a_place_in_a_document() -> None:
    document = {
        "schema": "edgecors/1",
        "policies": [{"name": "a", "paths": ["*"], "allow_origins": ["https://a.example", "https://b.example/"]}],
    }
    with pytest.raises(RulesError) as caught:
        Rules.parse(document)
    message = "An Origin has no slash at the end, so this can never match."
    place = "/policies/0/allow_origins/1"
    assert caught.value.problems == (
        Problem("origin-trailing-slash", place, "https://b.example/", message, "https://b.example"),
    )


def test_a_pattern_is_a_value() -> None:
    pattern = compile_pattern("https://*.a.example:*")
    assert pattern == Pattern("https", "a.example", "*", True)
    assert pattern != "https://*.a.example:*"
    assert pattern != compile_pattern("https://*.a.example")
    assert hash(pattern) == hash(Pattern("https", "a.example", "*", True))
    assert repr(pattern) == "Pattern(host='a.example', port='*', scheme='https', subdomains=True)"
    assert copy.copy(pattern) is copy.deepcopy(pattern) is pattern
    assert pickle.loads(pickle.dumps(pattern)) == pattern
    with pytest.raises(AttributeError, match="immutable"):
        pattern.host = "b.example"
    with pytest.raises(AttributeError, match="immutable"):
        del pattern.host


A_LABELS = (
    "bücher",
    "BÜCHER",
    "straße",
    "faß",
    "βόλος",
    "ΒΌΛΟΣ",
    "日本語",
    "ｅｘａｍｐｌｅ１",
    "ﬁsch",
    "Ångström",
    "a\N{COMBINING RING ABOVE}b",
    "الأردن",
    "भारत",
    "ไทย",
    "中国",
    "Ἀθῆναι",
    "ÇELIK",
    "ꭰꭱꭲ",
    "Ⅷ",
    "½",
    "a\N{SOFT HYPHEN}b",
    "日本語。例え",
    "ö．ä",
    "é｡è",
    "ǅ",
    "ŉ",
    "ﷺ",
)


@each("host", A_LABELS)
def test_a_labels_as_idna_has_them(host: str) -> None:
    meant = diagnose(f"https://{host}.example")[1]
    try:
        expected = idna.encode(f"{host}.example", uts46=True, transitional=False).decode()
    except idna.IDNAError:
        return
    assert meant in (None, f"https://{expected}")


def is_changed(character: str) -> bool:
    return unicodedata.normalize("NFKC", character.casefold()) != character


@pytest.mark.no_cover
def test_mapping_of_characters_as_uts_46_has_it() -> None:
    """Where both we and `idna` map a character, we map it alike; nor is an A-label refused that UTS 46 has.

    Every character that any mapping changes, and one in 101 of the others. Those that this Python does not know yet
    get no hint.
    """
    known = (chr(point) for point in (*range(0x80, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x20000)))
    characters = [c for c in known if (ord(c) % 101 == 0 or is_changed(c)) and not c.isspace() and is_assigned(c)]
    hints = 0
    for character in characters:
        try:
            mapped = idna.uts46_remap(f"a{character}b", std3_rules=True, transitional=False)
        except idna.IDNAError:
            continue
        labels = [
            label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in mapped.split(".")
        ]
        expected = ".".join(labels)
        meant = _domain_to_ascii(f"a{character}b")
        assert meant in (None, expected), hex(ord(character))
        hints += meant is not None
        assert compile_pattern(f"https://{expected}") is not None, hex(ord(character))
    assert hints > 3_000


def is_assigned(character: str) -> bool:
    return unicodedata.category(character) not in ("Cn", "Co", "Cs")


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "https://" + "a" * 1_000_000,
        "https://" + "a." * 500_000,
        "https://a.example/" + "x" * 1_000_000,
        "https://a.example:" + "0" * 1_000_000 + "1",
        "https://a.example:" + "9" * 1_000_000,
        "https://a.example:" * 50_000,
        "https://" + "*." * 500_000,
        "*" * 1_000_000,
        ":" * 1_000_000,
        "https://[" + ":" * 1_000_000 + "]",
        "https://" + "0" * 1_000_000 + ".1",
        "https://" + "1." * 500_000 + "1",
        "https://" + "@" * 1_000_000,
        "https://" + "xn--" * 250_000,
        "https://xn--" + "9" * 1_000_000 + ".example",
        "https://" + "".join(map(chr, range(0x4E00, 0x9FFF))) * 45,
        "https://a" + "\u0301\u0327" * 500_000,
        "https://" + "\ufdfa" * 300_000,
        "https://a.example," * 50_000,
        "a.b " * 250_000,
        " " * 1_000_000,
        "\0" * 1_000_000,
        "\ud800" * 1_000_000,
        "[" * 1_000_000,
        "(" * 1_000_000,
        "//" * 500_000,
        "://" * 300_000,
        "https:" * 160_000,
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_megabyte_is_refused_in_linear_time(text: str) -> None:
    # Anything worse than linear would not come back within minutes.
    assert parse(text) is None
    assert compile_pattern(text) is None
    faults, meant = diagnose(text)
    assert faults
    assert all(compile_pattern(pattern) is not None for pattern in patterns_of(meant))


def problems_of(**fields: Any) -> tuple[Problem, ...]:
    try:
        Policy(**fields)
    except PolicyError as error:
        return error.problems
    return ()


@each(("text", "codes", "hint", "suffix"), HELD)
def test_with_credentials(text: str, codes: tuple[str, ...], hint: str | None, suffix: str) -> None:
    problems = problems_of(allow_origins=[text], allow_credentials=True)
    assert tuple(problem.code for problem in problems) == codes
    for problem in problems:
        assert (problem.field, problem.value) == ("allow_origins", text)
        if problem.code == "public-suffix-with-credentials":
            assert problem.hint is None
            assert problem.message == f"Anyone can register a name below {suffix} and then act as the visitor."
        else:
            assert problem.hint == hint
            assert compile_pattern(str(hint)) is not None
            assert problem.message == (
                "Whoever is on the network path can pose as an http origin and act as the visitor."
            )


@each(("text", "codes", "hint", "suffix"), HELD)
def test_less_strictly(text: str, codes: tuple[str, ...], hint: str | None, suffix: str) -> None:
    del hint, suffix
    assert problems_of(allow_origins=[text]) == ()
    insecure, suffixes = "insecure-origin-with-credentials", "public-suffix-with-credentials"
    flags = {"dangerously_allow_insecure_origins": insecure, "dangerously_allow_public_suffixes": suffixes}
    for flag, allowed in flags.items():
        problems = problems_of(allow_origins=[text], allow_credentials=True, **{flag: True})
        assert tuple(problem.code for problem in problems) == tuple(code for code in codes if code != allowed)
    assert problems_of(allow_origins=[text], allow_credentials=True, **dict.fromkeys(flags, True)) == ()
    # The Public Suffix List changes, so it only warns where rules are read.
    policy = {"name": "a", "paths": ["*"], "allow_origins": [text], "allow_credentials": True}
    try:
        Rules.parse({"schema": "edgecors/1", "policies": [policy]}, strict=False)
    except RulesError as error:
        found = tuple(problem.code for problem in error.problems)
    else:
        found = ()
    assert found == tuple(code for code in codes if code != suffixes)


A = "https://a.example"
ENTRY = 'It must be an origin (text) or {"regex": "..."}.'
LIST = "It must be a list, even with one entry."


@each(
    ("given", "expected"),
    [
        ([], [("origins-empty", [], None)]),
        ((), [("origins-empty", (), None)]),
        ("", [("list-expected", "", None)]),
        (A, [("list-expected", A, [A])]),
        (f"{A}, https://b.example", [("list-expected", f"{A}, https://b.example", [A, "https://b.example"])]),
        ("*", [("list-expected", "*", ["*"])]),
        (Regex("a"), [("list-expected", Regex("a"), [Regex("a")])]),
        ({"regex": "a"}, [("list-expected", {"regex": "a"}, [{"regex": "a"}])]),
        ({}, [("list-expected", {}, None)]),
        (None, [("list-expected", None, None)]),
        (3, [("list-expected", 3, None)]),
        (b"*", [("list-expected", b"*", None)]),
        ([3], [("wrong-type", 3, None)]),
        ([None, A], [("wrong-type", None, None)]),
        ([[A]], [("wrong-type", [A], None)]),
        ([A.encode()], [("wrong-type", A.encode(), None)]),
        ([{"regex": 3}], [("wrong-type", {"regex": 3}, None)]),
        ([{"regex": "a", "flags": "i"}], [("wrong-type", {"regex": "a", "flags": "i"}, None)]),
        ([{}], [("wrong-type", {}, None)]),
        (["*", A], [("wildcard-not-alone", "*", None)]),
        ([A, "*", "*"], [("wildcard-not-alone", "*", None)]),
        (["*", Regex(r"https://a\.example")], [("wildcard-not-alone", "*", None)]),
        ([f"{A}/", f"{A}/"], [("origin-trailing-slash", f"{A}/", A)]),
    ],
)
def test_what_is_no_list_of_origins(given: Any, expected: list[tuple[str, object, object]]) -> None:
    problems = problems_of(allow_origins=given)
    assert [(problem.code, problem.value, problem.hint) for problem in problems] == expected
    assert {problem.field for problem in problems} == {"allow_origins"}
    messages = {"wrong-type": ENTRY, "list-expected": LIST}
    assert all(problem.message == messages.get(problem.code, problem.message) for problem in problems)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([A, A, "https://b.example", A], (A, "https://b.example")),
        (["*", "*"], ("*",)),
        ((entry for entry in (A, A)), (A,)),
        ({A: 1}.keys(), (A,)),
        ([{"regex": r"https://a\.example"}, Regex(r"https://a\.example"), A], (Regex(r"https://a\.example"), A)),
    ],
)
def test_lists_of_origins(given: Any, kept: tuple[str | Regex, ...]) -> None:
    assert Policy(allow_origins=given).allow_origins == kept
