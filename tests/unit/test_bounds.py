"""Work is bounded by what the engine allows itself, not by what a client sends. Counted, not timed."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from cases.sources import HTTP_API, REST_API, Source
from cases.wire import A, get, preflight
from edgecors import Policy, Regex, Rules, cors

POLICIES = {
    "exact": Policy(allow_origins=[A], allow_headers=["X-Tea"]),
    "patterns": Policy(allow_origins=["https://*.a.example", "http://localhost:*"]),
    "expression": Policy(allow_origins=[Regex(r"https://([a-z]+\.)*a\.example")]),
    "echo": Policy(allow_origins=[A], allow_methods=["*"], allow_headers=["*"], allow_credentials=True),
    "withheld": Policy(allow_origins=[A, "https://*.a.example"], allow_headers=["*"]),
}


def steps(policy: Policy, source: Source, asked: Any) -> int:
    """How many lines of Python an answer takes, comprehensions' turns included."""
    handler = cors(lambda event, context: {"statusCode": 200}, rules=policy, enforce=True)
    event = source.event(asked.method, asked.path, asked.headers)
    handler(event, None)
    count = 0

    def trace(frame: Any, what: str, argument: Any) -> Any:
        nonlocal count
        count += what == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        handler(event, None)
    finally:
        sys.settrace(before)
    return count


LONG = 8 * 1024
HOSTILE_ORIGINS = {
    "long host": "https://" + "a" * LONG + ".a.example",
    "many labels": "https://" + "a." * (LONG // 2) + "a.example",
    "many slashes": "https://" + "/" * LONG,
    "many colons": "https://" + ":" * LONG,
    "many brackets": "https://[" + ":0" * (LONG // 2) + "]",
    "many origins": ", ".join([A] * (LONG // 20)),
    "long scheme": "a" * LONG + "://a.example",
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("origin", HOSTILE_ORIGINS.values(), ids=HOSTILE_ORIGINS)
def test_a_long_origin_takes_no_more_than_a_short_one(name: str, origin: str) -> None:
    policy = POLICIES[name]
    for source in (HTTP_API, REST_API):
        usual = max(steps(policy, source, get(f"https://b.{host}")) for host in ("example", "a.example"))
        # Refused by its length, before it is parsed or matched.
        assert steps(policy, source, get(origin)) <= usual + 30


HOSTILE_LISTS = {
    # CVE-2025-47908: rs/cors took 121 MB for a list of commas.
    "commas": "," * LONG,
    "more commas": "," * (1024 * 1024),
    "one long name": "x" * LONG,
    "many names": ",".join(["x-tea"] * (LONG // 6)),
    "authorization and commas": "authorization" + "," * (LONG - 13),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("value", HOSTILE_LISTS.values(), ids=HOSTILE_LISTS)
def test_a_long_list_of_headers_is_one_pass(name: str, value: str) -> None:
    # The elements, once each in a few passes, and nothing that grows faster.
    limit = 500 + 8 * min(value.count(","), LONG)
    assert steps(POLICIES[name], HTTP_API, preflight(A, "PUT", value)) <= limit


def test_beyond_the_limit_a_list_is_not_looked_at() -> None:
    short = steps(POLICIES["echo"], HTTP_API, preflight(A, "PUT", "x-tea"))
    assert steps(POLICIES["echo"], HTTP_API, preflight(A, "PUT", "," * 8193)) <= short


def test_the_number_of_patterns_does_not_matter() -> None:
    few = Policy(allow_origins=["https://*.a.example", *(f"https://x{n}.example" for n in range(2))])
    many = Policy(
        allow_origins=[
            *(f"https://*.a{n}.example" for n in range(2000)),
            *(f"https://x{n}.example" for n in range(2000)),
            "https://*.a.example",
        ]
    )
    for origin in ("https://b.a.example", "https://b.example", "https://x1.example", "null"):
        for asked in (get(origin), preflight(origin)):
            assert steps(many, HTTP_API, asked) <= steps(few, HTTP_API, asked) + 10


def test_the_number_of_paths_does_not_matter() -> None:
    def rules(count: int) -> Rules:
        paths = [f"/p{number:05}/*" for number in range(count)]
        return Rules([("p", ["/tea", *paths], Policy(allow_origins=[A]))])

    def at(count: int, path: str) -> int:
        known = rules(count)
        found = 0

        def trace(frame: Any, what: str, argument: Any) -> Any:
            nonlocal found
            found += what == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            known.policy_for(path)
        finally:
            sys.settrace(before)
        return found

    for path in ("/tea", "/p00001/x", "/nothing", "/" * LONG):
        assert at(5000, path) == at(5, path)
