"""A function's life: its cold start, its reuse, and the ways in which an invocation can fail.

The page reads errors only where the handler raises and the decorator answers. Where the process is killed or ends, or
the answer is too large, no code of the function runs any more: API Gateway answers with an error of its own, without
CORS headers, and the browser's console blames CORS.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from cases.sources import HTTP_API, sample
from contract.tea.support import CORS
from runtime.emulator import LIMIT, Answer, Settings
from runtime.pythons import ROOT
from runtime.tea_answers import broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from runtime.builds import Start
    from runtime.emulator import Function

TASK = ROOT / "tests/runtime/function"


@pytest.fixture(params=["propagate", "respond"])
def on_error(request: pytest.FixtureRequest) -> str:
    mode: str = request.param
    return mode


@pytest.fixture
def life(start: Start, on_error: str) -> Iterator[Function]:
    with start(Settings(TASK, f"life.{on_error}")) as function:
        yield function


def asked(command: str = "") -> dict[str, Any]:
    """A request of the page's with that body."""
    return sample("httpapi-get-allowed.json") | {"body": command}


def process_and_calls(function: Function) -> tuple[int, int]:
    """Which process answers, and how often it has been called."""
    answer = function.answer(asked())
    process, calls = json.loads(answer["body"])
    assert answer == {"statusCode": 200, "headers": CORS, "body": json.dumps([process, calls])}
    return process, calls


def test_a_process_starts_cold_and_is_used_again(life: Function) -> None:
    process, calls = process_and_calls(life)
    assert calls == 1
    assert [process_and_calls(life) for _ in range(3)] == [(process, 2), (process, 3), (process, 4)]
    assert life.starts == 1


@pytest.mark.parametrize("on_error", ["propagate"], indirect=True)
def test_what_a_handler_raises_goes_on_to_lambda(life: Function, opt: Path) -> None:
    process, _ = process_and_calls(life)
    error = life.answer(asked("raise"))
    places = [re.findall(r'^  File "(.+)", line \d+, in (\w+)\n', line) for line in error.pop("stackTrace")]
    assert error == {"errorMessage": "'no tea'", "errorType": "KeyError", "requestId": life.request_id}
    assert places == [[(f"{opt}/python/edgecors/runtime/fast_path.py", "wrapper")], [(f"{TASK}/life.py", "work")]]
    # The process is as good as before, and the engine has nothing to tell.
    assert process_and_calls(life) == (process, 3)
    assert not [line for line in life.lines() if "HandlerError" in line]


@pytest.mark.parametrize("on_error", ["respond"], indirect=True)
def test_what_a_handler_raises_is_an_answer_that_the_page_can_read(life: Function) -> None:
    process, _ = process_and_calls(life)
    assert life.answer(asked("raise")) == broken(HTTP_API, life.request_id)
    told = life.told("HandlerError")
    first, *_, last = told.pop("traceback").splitlines()
    assert (first, last) == ("Traceback (most recent call last):", "KeyError: 'no tea'")
    counted = {"Namespace": "edgecors", "Dimensions": [["function"]]}
    assert told == {
        "level": "ERROR",
        "logger": "edgecors",
        "message": "HandlerError",
        "function": "tea",
        "request_id": life.request_id,
        "error": "KeyError('no tea')",
        "_aws": {"CloudWatchMetrics": [{**counted, "Metrics": [{"Name": "HandlerError", "Unit": "Count"}]}]},
        "HandlerError": 1,
    }
    assert process_and_calls(life) == (process, 3)


def test_a_handler_that_takes_too_long_is_killed(start: Start, on_error: str) -> None:
    with start(Settings(TASK, f"life.{on_error}", timeout=2)) as function:
        process, _ = process_and_calls(function)
        # In AWS this is JSON: the `errorMessage` is this sentence, with the request's id before it.
        assert function.invoke(asked("sleep 60")) == Answer(200, "Task timed out after 2.00 seconds")
        after, calls = process_and_calls(function)
        assert (after != process, calls, function.starts) == (True, 1, 2)


def test_an_answer_of_6_mb_goes_through_and_no_byte_more(life: Function) -> None:
    process, _ = process_and_calls(life)
    around = len(life.invoke(asked("large 0")).text)
    largest = life.invoke(asked(f"large {LIMIT - around}"))
    assert largest.json() == {"statusCode": 200, "headers": CORS, "body": "x" * (LIMIT - around)}
    assert len(largest.text) == LIMIT
    assert process_and_calls(life) == (process, 4)

    refused = life.invoke(asked(f"large {LIMIT - around + 1}"))
    message = f"Response payload size exceeded maximum allowed payload size ({LIMIT} bytes)."
    assert (refused.status, refused.json()) == (
        502,
        {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message},
    )
    # The runtime's client takes the refusal for a failure of its own, and ends.
    after, calls = process_and_calls(life)
    assert (after != process, calls, life.starts) == (True, 1, 2)


def test_a_process_that_ends_is_replaced(life: Function) -> None:
    process, _ = process_and_calls(life)
    ended = life.invoke(asked("exit 3"))
    message = f"RequestId: {life.request_id} Error: Runtime exited with error: exit status 3"
    assert (ended.status, ended.json()) == (502, {"errorType": "Runtime.ExitError", "errorMessage": message})
    after, calls = process_and_calls(life)
    assert (after != process, calls, life.starts) == (True, 1, 2)


def test_rules_that_cannot_work_keep_a_function_from_starting(start: Start) -> None:
    """They are in its code, so whoever deploys it is told at once, with the corrected value, each time."""
    message = (
        "1 problem in the rules\n"
        '  /policies/0/allow_origins/0 "https://victoria-lo.github.io/Hashtag-TEA/": An Origin has no path, so this '
        'can never match. Fix: "https://victoria-lo.github.io" (origin-has-path)'
    )
    with start(Settings(TASK, "wrong.handler")) as function:
        for _ in range(2):
            found = function.invoke(asked())
            error = found.json()
            assert any(f'"{TASK}/wrong.py"' in line for line in error.pop("stackTrace"))
            assert (found.status, error) == (502, {"errorMessage": message, "errorType": "RulesError", "requestId": ""})
