"""The origins that a policy allows."""

from __future__ import annotations

import pytest

from cases.bypasses import DENIED, Denied
from cases.matching import MATCHING, Matching
from cases.origins import MALFORMED
from edgecors import Policy, Regex, _match
from edgecors._match import OriginSet
from edgecors._pattern import Pattern
from edgecors.decision import allows_origin

Entry = str | dict[str, str]


def policy_of(entries: tuple[Entry, ...], fields: dict[str, object]) -> Policy:
    origins = [entry if isinstance(entry, str) else Regex(entry["regex"]) for entry in entries]
    return Policy(allow_origins=origins, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", MATCHING, ids=lambda case: case.name)
def test_policies_and_origins(case: Matching) -> None:
    policy = policy_of(case.allow_origins, case.fields)
    verdicts = {origin: allows_origin(policy, origin) for origin in (*case.allowed, *case.refused)}
    assert verdicts == {**dict.fromkeys(case.allowed, True), **dict.fromkeys(case.refused, False)}


@pytest.mark.parametrize("case", MATCHING, ids=lambda case: case.name)
def test_what_no_browser_sends_is_allowed_to_everyone_only(case: Matching) -> None:
    policy = policy_of(case.allow_origins, case.fields)
    verdicts = {allows_origin(policy, origin) for origin, _ in MALFORMED}
    assert verdicts == {case.allow_origins == ("*",)}


@pytest.mark.parametrize("case", DENIED, ids=lambda case: case.id)
def test_bypasses(case: Denied) -> None:
    policy = policy_of(case.allow_origins, case.fields)
    assert not any(allows_origin(policy, origin) for origin in case.origins)


def test_no_policy_allows_nobody() -> None:
    assert not allows_origin(None, "https://a.example")
    assert "https://a.example" not in OriginSet([], [], [])


def test_many_origins() -> None:
    count = 20_000
    patterns = [f"https://{'*.' * (n % 10 == 0)}t{n}.a.example{':*' * (n % 10 == 5)}" for n in range(count)]
    policy = Policy(allow_origins=patterns)
    assert len(policy.allow_origins) == count
    for n in (1, 10_001, 19_999):
        assert allows_origin(policy, f"https://t{n}.a.example")
        assert not allows_origin(policy, f"https://t{n}.a.example:1")
        assert not allows_origin(policy, f"https://x.t{n}.a.example")
    for n in (0, 10_000, 19_990):
        assert allows_origin(policy, f"https://x.y.t{n}.a.example")
        assert not allows_origin(policy, f"https://t{n}.a.example")
    for n in (5, 10_005, 19_995):
        assert allows_origin(policy, f"https://t{n}.a.example:1")
    assert not allows_origin(policy, "https://t20000.a.example")
    assert not allows_origin(policy, "https://a.example")


@pytest.mark.parametrize("case", MATCHING, ids=lambda case: case.name)
def test_that_the_last_ones_of_very_many_are_at_hand_changes_no_verdict(
    case: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_match, "_MANY", 0)
    monkeypatch.setattr(_match, "_RECENT", 1)
    policy = policy_of(case.allow_origins, case.fields)
    for origin in (*case.allowed, *case.refused, *case.allowed[::-1]):
        assert [allows_origin(policy, origin) for _ in range(2)] == [origin in case.allowed] * 2


def test_of_very_many_origins_the_last_found_are_at_hand_and_never_a_stranger() -> None:
    origins = OriginSet((f"https://t{n}.example" for n in range(100_001)), [], [])
    assert not origins.at_hand
    assert "https://t7.example" in origins
    assert "https://t100001.example" not in origins
    assert origins.at_hand == {"https://t7.example"}
    for n in range(100_001):
        assert f"https://t{n}.example" in origins
        assert f"https://t{n}.b.example" not in origins
        assert len(origins.at_hand) <= 4_096
    assert origins.at_hand <= origins.exact
    few = OriginSet(["https://a.example"], [], [])
    assert few.at_hand is few.exact


class Counted(set[str]):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, item: object) -> bool:
        Counted.asked += 1
        return super().__contains__(item)


def test_what_lies_below_a_wildcard_s_host_is_covered_in_any_order() -> None:
    patterns = [Pattern("https", host, "", True) for host in ("b.a.example", "a.example", "c.b.a.example", "x.example")]
    for given in (patterns, patterns[::-1]):
        origins = OriginSet([], given, [])
        for host in ("b.a", "x.b.a", "c.b.a", "y.c.b.a", "z.y.x.c.b.a", "z.a", "y.x", "a.b.c.d.e.f.x"):
            assert f"https://{host}.example" in origins
        for host in ("a", "x", "b", "a.b", "a.example.b"):
            assert f"https://{host}.example" not in origins


def test_look_up_costs_a_step_for_each_label_of_the_patterns_whatever_their_number() -> None:
    origins = OriginSet([], [Pattern("https", f"t{n}.a.example", "", True) for n in range(10_000)], [])
    origins._below = {beginning: Counted(endings) for beginning, endings in origins._below.items()}
    refused = ("https://x.y.z.b.example", "https://a.example", "https://" + "a." * 100 + "b")
    for origin, most in (("https://x.t9999.a.example", 1), *((origin, 1 + 3) for origin in refused)):
        Counted.asked = 0
        assert (origin in origins) is (origin not in refused)
        assert 0 < Counted.asked <= most
