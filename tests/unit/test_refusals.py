"""Refused origins in the logs: each is counted, few are told, none can break a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cases.reports import NOW, read
from cases.sources import ALB, HTTP_API
from cases.wire import A, B, get, preflight
from edgecors import Policy, Rules, cors
from edgecors.runtime.refusals import LINES_A_MINUTE, Refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.sources import Source

POLICY = Policy(allow_origins=[A])
RULES = Rules([("tea", ["/tea"], POLICY)])


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return read(capsys.readouterr().out, refusals=True)


def expected(count: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "level": "WARNING",
        "logger": "edgecors",
        "message": "OriginRefused",
        "function": "unknown",
        "policy": "tea",
        "code": "origin-not-allowed",
        "origin": B,
        "method": "GET",
        "OriginRefused": count,
        "_aws": {
            "Timestamp": int(NOW * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "edgecors",
                    "Dimensions": [["function", "policy"]],
                    "Metrics": [{"Name": "OriginRefused", "Unit": "Count"}],
                }
            ],
        },
    } | fields


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: NOW)
    monkeypatch.delenv("AWS_LAMBDA_FUNCTION_NAME", raising=False)


def answered(
    *, rules: Any = RULES, path: str = "/tea", method: str = "GET", headers: Any = (), **arguments: Any
) -> Any:
    wrapped = cors(lambda event, context: {"statusCode": 200}, rules=rules, **arguments)
    return wrapped(HTTP_API.event(method, path, headers), None)


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        ({"headers": get(B).headers}, {}),
        ({"method": "POST", "headers": [*get(B).headers, ("Sec-Fetch-Site", "cross-site")]}, {"method": "POST"}),
        ({"headers": [*get(B).headers, ("Host", "a.example")]}, {}),
        ({"method": "OPTIONS", "headers": preflight(B, "PUT").headers}, {"method": "PUT"}),
        ({"headers": get("null").headers}, {"origin": "null", "code": "origin-null"}),
        (
            {"headers": get("https://x/\r\n\x1b[31m").headers},
            {"origin": "https://x/\r\n\x1b[31m", "code": "origin-malformed"},
        ),
        ({"headers": get(A).headers, "path": "/other"}, {"origin": A, "policy": "none", "code": "no-policy"}),
        ({"headers": get("x" * 9_000).headers}, {"origin": "x" * 200, "code": "origin-malformed"}),
    ],
    ids=["actual", "cross-site", "of-another-host", "preflight", "null", "control-characters", "no-policy", "long"],
)
def test_a_refusal_is_a_line_and_a_metric(
    request_: Mapping[str, Any], fields: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    answered(**request_)
    assert lines(capsys) == [expected(**fields)]


@pytest.mark.parametrize(
    "request_",
    [
        {"headers": get(A).headers},
        {"headers": get().headers},
        {"method": "OPTIONS", "headers": preflight(A).headers},
        {"method": "POST", "headers": [*get(B).headers, ("Sec-Fetch-Site", "same-origin")]},
        {"method": "POST", "headers": [*get(B).headers, ("Host", "b.example")]},
    ],
    ids=["allowed", "no-origin", "preflight", "same-origin", "of-the-same-host"],
)
def test_nothing_else_is(request_: Mapping[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    answered(**request_)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("other", "count"), [(None, 0), ("cross-site", 1)], ids=["null", "another value"])
def test_a_site_that_is_spelled_twice_is_read_whole(
    other: str | None, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    event = HTTP_API.event("POST", "/tea", get(B).headers)
    event["headers"].update({"sec-fetch-site": "same-origin", "Sec-Fetch-Site": other})
    cors(lambda event, context: {"statusCode": 200}, rules=RULES)(event, None)
    assert lines(capsys) == [expected(method="POST")] * count


def test_few_are_told_and_all_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    refusals = Refusals(clock)
    for _ in range(1000):
        refusals.note(RULES, POLICY, B, "GET")
    assert lines(capsys) == [expected()] * LINES_A_MINUTE
    clock.now += 59
    refusals.note(RULES, None, B, "GET")
    assert lines(capsys) == []
    clock.now += 1
    for _ in range(2):
        refusals.note(RULES, POLICY, B, "GET")
    refusals.note(RULES, None, B, "GET")
    assert lines(capsys) == [
        expected(1000 - LINES_A_MINUTE + 1),
        expected(),
        expected(2, policy="none", code="no-policy"),
    ]


def test_a_clock_that_is_set_back_begins_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    refusals = Refusals(clock)
    for _ in range(LINES_A_MINUTE + 1):
        refusals.note(RULES, POLICY, B, "GET")
    clock.now -= 3600
    refusals.note(None, None, B, "M" * 99)
    assert lines(capsys)[LINES_A_MINUTE:] == [expected(policy="none", code="no-rules", method="M" * 32)]


def test_each_policy_has_its_own_count(capsys: pytest.CaptureFixture[str]) -> None:
    clock, other = Clock(), Policy(allow_origins=[B])
    rules = Rules([("tea", ["/tea"], POLICY), ("coffee", ["/coffee"], other)])
    refusals = Refusals(clock)
    for policy, times in ((POLICY, LINES_A_MINUTE + 5), (other, 3), (None, 1), (POLICY, 2), (other, 4)):
        for _ in range(times):
            refusals.note(rules, policy, B, "GET")
    assert lines(capsys) == [expected()] * LINES_A_MINUTE
    clock.now += 60
    for policy in (other, POLICY, None):
        refusals.note(rules, policy, B, "GET")
    assert [(line["policy"], line["OriginRefused"]) for line in lines(capsys)] == [
        ("coffee", 8),
        ("tea", 8),
        ("none", 2),
    ]


def test_a_flood_is_counted_whichever_way_its_requests_take(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of payload 2.0 are counted without a call; a load balancer's are not."""
    clock, other = Clock(), Policy(allow_origins=[A], allow_methods=["PUT"])
    monkeypatch.setattr("edgecors.runtime.refusals.Refusals", lambda: Refusals(clock))
    monkeypatch.setattr("edgecors.runtime.fast_path.time", clock)
    handler = cors(
        lambda event, context: {"statusCode": 200},
        rules=Rules([("tea", ["/tea"], POLICY), ("coffee", ["/coffee"], other)]),
    )

    def refuse(path: str, times: int, source: Source = HTTP_API) -> None:
        site = ("sec-fetch-site", "cross-site")
        for number in range(times):
            asked = preflight(B, "PUT") if number % 2 else get(B)
            handler(source.event(asked.method, path, [*asked.headers, site]), None)

    refuse("/tea", LINES_A_MINUTE)
    assert len(lines(capsys)) == LINES_A_MINUTE
    for path, times, source in (
        ("/tea", 5, HTTP_API),
        ("/tea", 3, ALB),
        ("/coffee", 4, HTTP_API),
        ("/tea", 2, HTTP_API),
    ):
        refuse(path, times, source)
    clock.now += 59
    refuse("/coffee", 1)
    assert lines(capsys) == []
    clock.now += 1
    refuse("/coffee", 1)
    refuse("/tea", LINES_A_MINUTE + 2)
    told = [(line["policy"], line["OriginRefused"]) for line in lines(capsys)]
    assert told == [("coffee", 6), ("tea", 11), *[("tea", 1)] * (LINES_A_MINUTE - 2)]
    clock.now -= 3600
    refuse("/tea", 1)
    assert [(line["policy"], line["OriginRefused"]) for line in lines(capsys)] == [("tea", 4)]
