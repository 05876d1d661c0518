"""Payload 2.0: a return value without `statusCode` is the body of a 200, as the Lambda runtime would write it.

The oracle is the runtime's own marshaller, as it is on this Python's managed runtime.
"""

from __future__ import annotations

import datetime
import enum
import json
import sys
from collections import OrderedDict, namedtuple
from decimal import Decimal
from typing import Any

import pytest
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.names import plain
from cases.sources import FUNCTION_URL, HTTP_API, Source
from cases.wire import A, get
from edgecors import Policy, cors
from effort import examples
from tables import each

POLICY = Policy(allow_origins=[A])
HEADERS = {"Content-Type": "application/json", "Access-Control-Allow-Origin": A, "Vary": "Origin"}


def marshalled(answer: Any) -> str:
    """What the runtime sends to API Gateway for an answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_EXECUTION_ENV", f"AWS_Lambda_python3.{sys.version_info.minor}")
        text, _ = LambdaMarshaller().marshal_response(answer)
    return text.decode() if isinstance(text, bytes) else str(text)


def through(answer: Any, source: Source = HTTP_API) -> Any:
    asked = get(A)
    return cors(lambda event, context: answer, rules=POLICY)(source.event("GET", "/tea", asked.headers), None)


class Colour(enum.IntEnum):
    GREEN = 1


class Name(enum.StrEnum):
    WHITE = "white"


class Half(float):
    """A float of one's own."""

    def __repr__(self) -> str:
        return "half"


class Tea:
    """No named tuple, but written like one."""

    def _asdict(self) -> dict[str, Any]:
        return {"name": "white", "price": Decimal("1.50")}


class Listed(list[int]):
    """`_asdict` goes before what a list is."""

    def _asdict(self) -> dict[str, Any]:
        return {"items": list(self)}


Point = namedtuple("Point", ["x", "y"])

ANSWERS: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    1e300,
    float("nan"),
    float("inf"),
    float("-inf"),
    Decimal("1.10"),
    Decimal("1E+5"),
    Decimal("NaN"),
    Decimal("-NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Colour.GREEN,
    Half(0.5),
    [],
    [1, "a", None, [True]],
    (1, 2),
    {},
    {"message": "hello", "headers": {"x": "y"}},
    {"body": "no status"},
    {"a": Decimal("0.1"), "b": [Decimal("NaN"), float("nan")], "c": (Point(1, Decimal("2.0")),)},
    {2: 1, 1.5: 2, True: 3, None: 4, "x": 5, Name.WHITE: 7},
    {Colour.GREEN: 6, False: 0},
    {b"bytes": b"text"},
    [b"\xc3\xbc", "\xfc", "\u2028\u2029", "\x7f\x00\x1f", "\U0001f375", '"\\/'],
    OrderedDict([("b", 1), ("a", 2)]),
    Point(1, 2),
    Point(Point(1, 2), [Point(3, 4)]),
    Tea(),
    [Tea(), Listed([1])],
    Listed([1, 2]),
]


@each("answer", ANSWERS, ids=plain)
@each("source", [HTTP_API, FUNCTION_URL], ids=lambda source: source.name)
def test_a_bare_value_is_the_body_as_the_runtime_writes_it(source: Source, answer: Any) -> None:
    assert through(answer, source) == {
        "statusCode": 200,
        "headers": HEADERS,
        "body": marshalled(answer),
        "isBase64Encoded": False,
    }


@pytest.mark.parametrize("text", ["", "hello", '{"a": 1}', "null", "tea \U0001f375", Name.WHITE], ids=plain)
def test_text_is_the_body_as_it_is(text: str) -> None:
    assert through(text) == {"statusCode": 200, "headers": HEADERS, "body": text, "isBase64Encoded": False}


@pytest.mark.parametrize(
    ("raw", "body"),
    [(b'{"a":1}', {"a": 1}), (b"[1, 2]", [1, 2]), (b"null", None), (b"1.5", 1.5), (b'{"body": "x"}', {"body": "x"})],
)
def test_bytes_are_json_that_is_written_already(raw: bytes, body: Any) -> None:
    answer = through(raw)
    assert json.loads(answer.pop("body")) == json.loads(marshalled(raw)) == body
    assert answer == {"statusCode": 200, "headers": HEADERS, "isBase64Encoded": False}


def test_bytes_of_a_json_text_are_that_text() -> None:
    assert through(b'"hello"')["body"] == "hello"


@pytest.mark.parametrize("status", [200, "201", None])
def test_a_response_without_body_or_headers_is_a_response(status: Any) -> None:
    assert through({"statusCode": status}) == {
        "statusCode": status,
        "headers": {"Access-Control-Allow-Origin": A, "Vary": "Origin"},
    }


@pytest.mark.parametrize(
    "answer",
    [{"set"}, object(), datetime.datetime(2026, 1, 1), [{"a": {1}}], {(1,): 1}, b"\xff".hex, [b"\xff"]],
    ids=plain,
)
def test_what_the_runtime_cannot_write_is_an_error_for_us_too(answer: Any) -> None:
    with pytest.raises(Exception, match="Unable to marshal response"):
        marshalled(answer)
    with pytest.raises((TypeError, ValueError)):
        through(answer)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | TEXT
    | TEXT.map(str.encode)
    | st.sampled_from([Colour.GREEN, Name.WHITE, Half(0.25)])
)
KEYS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | TEXT.map(str.encode)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.builds(Point, inner, inner)
    ),
    max_leaves=8,
)


@pytest.mark.no_cover
@settings(max_examples=examples(24), derandomize=True, deadline=None)
@given(answer=VALUES)
def test_any_value_is_written_as_the_runtime_writes_it(answer: Any) -> None:
    if isinstance(answer, bytes | str) or (isinstance(answer, dict) and "statusCode" in answer):
        return
    assert through(answer)["body"] == marshalled(answer)
