"""The mix: what it holds, and that its verdicts, written by hand, are those of both versions of the rules."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import unquote

import pytest

from edgecors import cors
from load.answers import NUMBER, Answer, raw
from load.cases import ROUTES, Case, mix
from load.rules import NOT_JSON, Version, document

UNIQUE = "0123456789"
LEARNED = {
    name: Answer(route.status, (("Content-Type", "application/json"), ("Vary", "Origin")), f'"{name}"')
    for name, route in ROUTES.items()
}
CASES = mix(LEARNED)


def event_of(case: Case) -> dict[str, Any]:
    """The request as the function gets it: headers that were sent twice are joined by then, the path is decoded."""
    head = case.request.replace(NUMBER.encode(), UNIQUE.encode()).split(b"\r\n\r\n")[0].decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ")
    headers: dict[str, str] = {}
    for line in lines:
        name, value = line.split(": ", 1)
        headers[name.lower()] = f"{headers[name.lower()]},{value}" if name.lower() in headers else value
    return {
        "version": "2.0",
        "rawPath": unquote(target.split("?")[0]),
        "headers": headers,
        "requestContext": {"stage": "$default", "http": {"method": method}},
    }


@pytest.mark.parametrize("version", ["even", "odd"])
def test_the_verdicts_are_what_the_rules_give(version: Version) -> None:
    handler = cors(rules=document(version))(lambda event, context: {"statusCode": 200})
    differing = [
        case.name
        for case in CASES
        if ("Access-Control-Allow-Origin" in handler(event_of(case), None)["headers"])
        is not (case.verdict in ("always", version))
    ]
    assert differing == []


def test_a_case_has_the_answers_that_its_verdict_can_lead_to() -> None:
    for case in CASES:
        assert (case.allowed is not None) is (case.verdict != "never")
        assert (case.refused is not None) is (case.verdict != "always")
        assert all("access-control-" not in text for text in [case.refused or ""])
        assert all("access-control-allow-origin: " in text for text in [case.allowed] if text)


def test_the_mix_has_preflights_hostile_origins_and_what_the_changes_decide() -> None:
    total = sum(case.weight for case in CASES)
    share = {kind: sum(c.weight for c in CASES if c.kind == kind) / total for kind in ("preflight", "request")}
    by_verdict: Counter[str] = Counter()
    for case in CASES:
        by_verdict[case.verdict] += case.weight
    assert len({case.name for case in CASES}) == len(CASES)
    assert 0.4 < share["preflight"] < 0.6
    assert 0.4 < by_verdict["never"] / total < 0.6
    assert by_verdict["even"] == by_verdict["odd"] > total / 20


def test_a_preflight_as_bytes_with_both_its_answers() -> None:
    case = next(case for case in CASES if case.name == f"preflight from https://{NUMBER}.even.example")
    assert case.request == (
        b"OPTIONS /tea/t{n} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://{n}.even.example\r\n"
        b"Access-Control-Request-Method: DELETE\r\nAccess-Control-Request-Headers: authorization,content-type\r\n\r\n"
    )
    assert (case.verdict, case.statuses) == ("even", (403, 204))
    assert case.allowed == (
        "204\n"
        "access-control-allow-headers: Authorization, Content-Type, If-None-Match\n"
        "access-control-allow-methods: DELETE, PUT\n"
        "access-control-allow-origin: https://{n}.even.example\n"
        "access-control-max-age: 300\n"
        "content-type: application/json\n"
        "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n"
        "\n"
    )
    assert case.refused == (
        "403\n"
        "content-type: application/json\n"
        "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n"
        "\n"
    )


def test_an_answer_is_compared_whole_but_for_what_the_server_adds() -> None:
    headers = (("Vary", "Origin"), ("Date", "today"), ("ETag", '"1"'), ("VARY", "Accept"), ("Content-Length", "2"))
    assert Answer(200, headers, "{}").text() == '200\netag: "1"\nvary: Accept\nvary: Origin\n\n{}'
    assert Answer(200, (), "").plus(("B", "2"), ("A", "1")).text() == "200\na: 1\nb: 2\n\n"


def test_a_request_with_a_body_says_its_length() -> None:
    assert (
        raw("POST", "/", {"A": "b"}, "xyz")
        == b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nA: b\r\nContent-Length: 3\r\n\r\nxyz"
    )


def test_what_is_no_rules_is_none() -> None:
    assert NOT_JSON.count("{") > NOT_JSON.count("}")
