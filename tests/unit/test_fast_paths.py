"""Short cuts give what the long way gives."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from cases.sources import HTTP_API
from cases.wire import A, get
from edgecors import Policy, cors
from edgecors._spec import MAX_REQUESTED_HEADERS
from edgecors.decision import _spaced, requested_headers
from edgecors.response import UNRELATED, is_cors_header, is_vary

LISTS = {
    "none": "",
    "one": "x-a",
    "browsers": "authorization,content-type,x-a",
    "spaces": "x-a, x-b ,\tx-c",
    "empty-first": ",x-a",
    "empty-last": "x-a,",
    "empty-inside": "x-a,,x-b",
    "commas": "," * 17,
    "many-commas": "," * MAX_REQUESTED_HEADERS,
    "inner-space": "x-a x-b",
    "no-token": "x-a,(x)",
    "not-ascii": "x-ä,x-b",
    "surrogate": "x-\ud800",
    "longest": ",".join(["x-abcde"] * (MAX_REQUESTED_HEADERS // 8)) + ",",
    "too-long": "x" * (MAX_REQUESTED_HEADERS + 1),
}


@pytest.mark.parametrize("value", LISTS.values(), ids=list(LISTS))
def test_a_list_seen_as_a_whole_is_the_list_of_its_tokens(value: str) -> None:
    assert _spaced(value) == ", ".join(requested_headers(value) or ())


def test_headers_that_are_not_looked_at_again_are_neither_cors_nor_vary() -> None:
    assert not [name for name in UNRELATED if is_cors_header(name) or is_vary(name)]


def test_a_handler_that_runs_in_one_thread_is_nobody_s_outer_one_in_another() -> None:
    event = HTTP_API.event("GET", "/", get(A).headers)
    answers: list[Any] = []

    @cors(rules=Policy(allow_origins=[A]))
    def inner(_event: Any, _context: Any) -> Any:
        return {"statusCode": 200}

    @cors(rules=Policy(allow_origins=["*"]))
    def outer(event: Any, context: Any) -> Any:
        thread = Thread(target=lambda: answers.append(inner(event, context)))
        thread.start()
        thread.join()
        answers.append(inner(event, context))
        return {"statusCode": 200}

    outer(event, None)
    headers = {"Access-Control-Allow-Origin": A, "Vary": "Origin"}
    assert answers == [{"statusCode": 200, "headers": headers}, {"statusCode": 200}]
