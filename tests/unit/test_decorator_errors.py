"""`cors`: what `on_error` makes of a handler that fails."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from cases.names import plain
from cases.sources import SOURCES, Source
from cases.wire import A, B, get
from edgecors import Policy, cors
from unit.decorated import ALLOWED, POLICY, UnspeakableError, event_of, fails, logged


class Context:
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_error_propagates_as_without_the_decorator(source: Source, capsys: pytest.CaptureFixture[str]) -> None:
    error = LookupError("tea")

    def raises(event: Any, context: Any) -> Any:
        raise error

    for wrapped in (cors(raises, rules=POLICY), cors(raises, rules=POLICY, on_error="propagate")):
        with pytest.raises(LookupError) as caught:
            wrapped(source.event("GET", "/tea", get(A).headers), None)
        assert caught.value is error
    assert logged(capsys) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
@pytest.mark.parametrize(("origin", "headers"), [(A, ALLOWED), (B, {"Vary": "Origin"}), (None, {"Vary": "Origin"})])
def test_an_error_is_answered_so_that_the_page_can_read_it(
    source: Source, origin: str | None, headers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    event = source.event("GET", "/tea", () if origin is None else get(origin).headers)
    answer = cors(fails, rules=POLICY, on_error="respond")(event, Context())
    body = (
        '{"type": "about:blank", "title": "Internal Server Error", "status": 500, '
        '"request_id": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}'
    )
    assert answer == source.reply(500, {"Content-Type": "application/problem+json", **headers}, body)
    assert len(logged(capsys)) == 1


def test_an_error_for_everyone_has_no_vary() -> None:
    answer = cors(fails, rules=Policy(allow_origins=["*"]), on_error="respond")(event_of(), None)
    assert answer["headers"] == {"Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*"}


def test_an_error_is_one_line_with_its_traceback_and_one_metric(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "tea")
    monkeypatch.setattr("time.time", lambda: 1795356131.5)
    cors(fails, rules=POLICY, on_error="respond")(event_of(A), Context())
    (line,) = logged(capsys)
    traceback = line.pop("traceback")
    assert traceback.startswith("Traceback (most recent call last):\n")
    assert ", in fails\n" in traceback
    assert traceback.endswith("LookupError: no tea\r\nX-Evil: y\x1b[31m\n")
    assert line == {
        "level": "ERROR",
        "logger": "edgecors",
        "message": "HandlerError",
        "function": "tea",
        "request_id": Context.aws_request_id,
        "error": "LookupError('no tea\\r\\nX-Evil: y\\x1b[31m')",
        "HandlerError": 1,
        "_aws": {
            "Timestamp": 1795356131500,
            "CloudWatchMetrics": [
                {
                    "Namespace": "edgecors",
                    "Dimensions": [["function"]],
                    "Metrics": [{"Name": "HandlerError", "Unit": "Count"}],
                }
            ],
        },
    }


@pytest.mark.parametrize("context", [None, object(), SimpleNamespace(aws_request_id=7), MagicMock()], ids=plain)
def test_a_context_without_a_request_id_is_no_error(context: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer = cors(fails, rules=POLICY, on_error="respond")(event_of(A), context)
    assert json.loads(answer["body"]) == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    assert [line["request_id"] for line in logged(capsys)] == [None]


def test_an_error_that_cannot_be_shown_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    def raises(event: Any, context: Any) -> Any:
        raise UnspeakableError

    answer = cors(raises, rules=POLICY, on_error="respond")(event_of(A), None)
    assert answer["statusCode"] == 500
    assert [line["error"] for line in logged(capsys)] == ["a value of type UnspeakableError"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_the_process_is_not_answered(error: type[BaseException]) -> None:
    def raises(event: Any, context: Any) -> Any:
        raise error

    with pytest.raises(error):
        cors(raises, rules=POLICY, on_error="respond")(event_of(A), None)


def test_an_answer_that_json_cannot_write_is_the_handlers_error(capsys: pytest.CaptureFixture[str]) -> None:
    async def later() -> None:
        """Never awaited."""

    coroutine = later()
    wrapped = cors(lambda event, context: coroutine, rules=POLICY, on_error="respond")
    assert wrapped(event_of(A), None)["statusCode"] == 500
    assert [line["error"] for line in logged(capsys)] == [
        "TypeError('Object of type coroutine is not JSON serializable')"
    ]
    with pytest.raises(TypeError, match="coroutine"):
        cors(lambda event, context: coroutine, rules=POLICY)(event_of(A), None)
    coroutine.close()
