"""Requests as values: what `explain` is given and an `origin_check` sees."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from cases.wire import A, B
from edgecors import Request

REQUEST = Request("GET", "/tea", {"Origin": A, "X-Tea": "white"})


def test_names_are_in_lower_case_and_repeated_headers_are_joined() -> None:
    request = Request("GET", "/", [("Origin", A), ("ORIGIN", B), ("X-Tea", "white"), ("origin", "")])
    assert dict(request.headers) == {"origin": f"{A}, {B}, ", "x-tea": "white"}
    assert dict(Request("GET", "/").headers) == {}


def test_requests_are_compared_by_what_they_say() -> None:
    same = Request("GET", "/tea", [("x-tea", "white"), ("ORIGIN", A)])
    assert same == REQUEST
    assert hash(same) == hash(REQUEST)
    for other in (
        Request("POST", "/tea", REQUEST.headers),
        Request("GET", "/", REQUEST.headers),
        Request("GET", "/tea", {"Origin": A}),
        "GET /tea",
    ):
        assert other != REQUEST


def test_requests_can_be_copied_shown_and_pickled() -> None:
    assert copy.copy(REQUEST) == copy.deepcopy(REQUEST) == pickle.loads(pickle.dumps(REQUEST)) == REQUEST
    assert repr(Request("GET", "/", {"A": "b"})) == "Request(method='GET', path='/', headers={'a': 'b'})"


@pytest.mark.parametrize(
    ("method", "headers", "expected"),
    [
        ("OPTIONS", {"Origin": A, "Access-Control-Request-Method": "PUT"}, True),
        ("OPTIONS", {"origin": "", "access-control-request-method": ""}, True),
        ("OPTIONS", {"Origin": A}, False),
        ("OPTIONS", {"Access-Control-Request-Method": "PUT"}, False),
        ("options", {"Origin": A, "Access-Control-Request-Method": "PUT"}, False),
        ("GET", {"Origin": A, "Access-Control-Request-Method": "PUT"}, False),
    ],
)
def test_a_preflight_is_options_with_both_headers(method: str, headers: dict[str, Any], expected: bool) -> None:
    assert Request(method, "/", headers).is_preflight is expected
