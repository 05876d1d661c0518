"""Each event source: which events are whose, and what becomes of a handler's own headers, cookies and flags."""

from __future__ import annotations

import copy
import json
from typing import Any, NamedTuple

import pytest

from cases.names import plain
from cases.sources import (
    ALB,
    ALB_MULTIPLE,
    FUNCTION_URL,
    HTTP_API,
    HTTP_API_V1,
    ORIGIN_REQUEST,
    ORIGIN_RESPONSE,
    REST_API,
    SOURCES,
    VIEWER_REQUEST,
    VIEWER_RESPONSE,
    Source,
    sample,
    samples,
    shape_of_sample,
)
from cases.wire import A, B, get, preflight
from edgecors import Policy, cors
from edgecors.aws import SHAPES
from tables import each

POLICY = Policy(allow_origins=[A], expose_headers=["ETag"])
STAR = Policy(allow_origins=["*"])
CORS = {"Access-Control-Allow-Origin": A, "Access-Control-Expose-Headers": "ETag"}


def event_of(source: Source, origin: str | None = A) -> dict[str, Any]:
    asked = get() if origin is None else get(origin)
    return source.event(asked.method, asked.path, asked.headers)


def through(source: Source, answer: Any, policy: Policy = POLICY, origin: str | None = A) -> Any:
    """What becomes of a handler's answer, which is not changed by it."""
    before = copy.deepcopy(answer)
    merged = cors(lambda event, context: answer, rules=policy)(event_of(source, origin), None)
    assert answer == before
    return merged


# --- Whose events they are -----------------------------------------------------------------------------------

BEDROCK_AGENT = {
    "messageVersion": "1.0",
    "agent": {"name": "tea", "id": "A1", "alias": "live", "version": "1"},
    "actionGroup": "teas",
    "apiPath": "/tea",
    "httpMethod": "GET",
    "parameters": [],
}


@pytest.mark.parametrize("file", samples())
def test_exactly_one_shape_claims_each_sample(file: str) -> None:
    event = sample(file)
    claiming = [shape for shape in SHAPES if shape.method(event) is not None]
    assert [getattr(shape, "__name__", "") for shape in claiming] == [f"edgecors.aws.{shape_of_sample(file)}"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_events_of_the_tables_are_their_sources(source: Source) -> None:
    claiming = [shape for shape in SHAPES if shape.method(event_of(source)) is not None]
    assert [getattr(shape, "__name__", "") for shape in claiming] == [f"edgecors.aws.{source.shape}"]


NOT_OURS: list[Any] = [
    *map(sample, samples("not-ours")),
    BEDROCK_AGENT,
    {},
    {"Records": []},
    {"Records": [{"cf": {}}]},
    {"Records": [{"cf": {"request": {"method": None}}}]},
    {"Records": [None]},
    {"Records": sample("cloudfront-viewer-request-get.json")["Records"] * 2},
    {"version": "2.0", "requestContext": {"http": {}}},
    {"version": "2.0", "requestContext": {"http": {"method": None}}},
    {"version": "2.0", "requestContext": None},
    {"version": "2.0", "httpMethod": "GET", "requestContext": {}},
    {"httpMethod": 1, "headers": {"origin": A}},
    {"httpMethod": "GET", "requestContext": {"connectionId": "a="}},
    {"raw_path": "/tea", "method": "GET", "headers": {"origin": A}},
    None,
    "text",
    7,
    [sample("httpapi-get-allowed.json")],
]


@pytest.mark.parametrize("event", NOT_OURS, ids=plain)
def test_other_events_and_their_answers_go_through_untouched(event: Any) -> None:
    assert [shape for shape in SHAPES if isinstance(event, dict) and shape.method(event) is not None] == []
    before = copy.deepcopy(event)
    context, answer, given = object(), {"headers": {"Access-Control-Allow-Origin": "*"}}, []

    def handler(*arguments: Any) -> Any:
        given.append(arguments)
        return answer

    assert cors(handler, rules=POLICY, enforce=True, on_error="respond", debug=True)(event, context) is answer
    assert len(given) == 1
    assert given[0][0] is event
    assert given[0][1] is context
    assert event == before
    assert answer == {"headers": {"Access-Control-Allow-Origin": "*"}}


@pytest.mark.parametrize("event", NOT_OURS, ids=plain)
def test_other_events_keep_their_exceptions(event: Any, capsys: pytest.CaptureFixture[str]) -> None:
    error = LookupError("queue")

    def handler(event: Any, context: Any) -> Any:
        raise error

    with pytest.raises(LookupError) as caught:
        cors(handler, rules=POLICY, on_error="respond")(event, None)
    assert caught.value is error
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_event_is_handed_on_as_it_came(source: Source) -> None:
    event, context = event_of(source), object()
    before = copy.deepcopy(event)
    given = []

    def handler(*arguments: Any) -> Any:
        given.append(arguments)
        return source.answer(200, {}, "hello")

    cors(handler, rules=POLICY)(event, context)
    assert len(given) == 1
    assert given[0][0] is event
    assert given[0][1] is context
    assert event == before


# --- How a header is found -----------------------------------------------------------------------------------

ABSENT: Any = object()


def is_allowed(event: dict[str, Any]) -> bool:
    answer = cors(lambda event, context: {"statusCode": 200}, rules=POLICY)(event, None)
    return "Access-Control-Allow-Origin" in (answer.get("headers") or answer["multiValueHeaders"])


@pytest.mark.parametrize("name", ["origin", "Origin", "ORIGIN", "oRiGiN"])
@pytest.mark.parametrize(
    ("source", "maps"),
    [
        (HTTP_API, ["headers"]),
        (FUNCTION_URL, ["headers"]),
        (HTTP_API_V1, ["headers", "multiValueHeaders"]),
        (REST_API, ["headers", "multiValueHeaders"]),
        (ALB, ["headers"]),
        (ALB_MULTIPLE, ["multiValueHeaders"]),
    ],
    ids=plain,
)
def test_a_header_is_found_in_any_case_and_either_map(source: Source, maps: list[str], name: str) -> None:
    for where in maps:
        event = event_of(source, None)
        assert not is_allowed(event)
        event[where][name] = [A] if where == "multiValueHeaders" else A
        event[where]["x"] = ["y"]
        assert is_allowed(event)


@pytest.mark.parametrize("name", ["origin", "Origin", "ORIGIN"])
def test_cloudfront_finds_a_header_in_any_case(name: str) -> None:
    event = event_of(VIEWER_REQUEST, None)
    event["Records"][0]["cf"]["request"]["headers"][name] = [{"key": "Origin", "value": A}]
    answer = cors(lambda event, context: VIEWER_REQUEST.answer(200, {}, ""), rules=POLICY)(event, None)
    assert answer["headers"]["access-control-allow-origin"] == [{"key": "Access-Control-Allow-Origin", "value": A}]


@each(
    ("single", "multiple", "allowed"),
    [
        # Which of them counts is settled header by header.
        ({"origin": B}, {"origin": [A]}, True),
        ({"origin": A}, {"origin": [B]}, False),
        ({"origin": A}, {"Origin": [B]}, False),
        ({"Origin": B}, {"ORIGIN": [A]}, True),
        ({"origin": A}, {"host": ["b"]}, True),
        ({"origin": A}, {}, True),
        ({"origin": A}, {"origin": []}, True),
        ({"origin": A}, {"origin": None}, True),
        # Null and mistyped maps count as absent.
        ({"origin": A}, None, True),
        ({"origin": A}, "x", True),
        ({"origin": A}, [["origin", A]], True),
        (None, {"origin": [A]}, True),
        ("x", {"origin": [A]}, True),
        (7, {"origin": [A]}, True),
        (None, None, False),
        ([], [], False),
        # An Origin that is not text, or is given more than once, is not allowed.
        ({"origin": [A]}, None, False),
        ({"origin": {"value": A}}, None, False),
        ({"origin": 7}, None, False),
        ({"origin": True}, None, False),
        ({"origin": A}, {"origin": [A, A]}, False),
        ({"origin": A}, {"origin": [A, B]}, False),
        ({"origin": A}, {"origin": [None]}, False),
        ({"origin": A}, {"origin": [7]}, False),
        ({"origin": A}, {"origin": [[A]]}, False),
        ({"origin": A}, {"origin": {"0": A}}, False),
        ({"origin": A, "Origin": A}, None, False),
        ({"origin": A, "Origin": B}, None, False),
        ({"ORIGIN": A, "OrIgIn": B}, None, False),
        ({}, {"origin": [A], "Origin": [A]}, False),
        ({}, {"ORIGIN": [A], "oRIGIN": A}, False),
        ({"origin": None, "Origin": A}, None, True),
        ({"origin": A, "Origin": None}, None, True),
        # Keys that no JSON has.
        ({7: "x", None: "y", "ORIGIN": A}, None, True),
    ],
    ids=plain,
)
@each("source", [REST_API, HTTP_API_V1], ids=lambda source: source.name)
def test_which_origin_counts(source: Source, single: Any, multiple: Any, allowed: bool) -> None:
    event = event_of(source)
    event["headers"], event["multiValueHeaders"] = single, multiple
    assert is_allowed(event) is allowed


def test_maps_that_are_missing_are_absent() -> None:
    for source in (HTTP_API, FUNCTION_URL, HTTP_API_V1, REST_API, ALB, ALB_MULTIPLE):
        event = event_of(source)
        event.pop("headers", None)
        event.pop("multiValueHeaders", None)
        assert not is_allowed(event)


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        ([{"key": "Origin", "value": A}], True),
        ([{"value": A}], True),
        ([], False),
        ([{"key": "Origin", "value": A}, {"key": "Origin", "value": A}], False),
        ([{"key": "Origin"}], False),
        ([{"key": "Origin", "value": None}], False),
        ([{"key": "Origin", "value": [A]}], False),
        ([A], False),
        (None, False),
        ({"value": A}, False),
    ],
    ids=plain,
)
def test_which_origin_counts_at_cloudfront(lines: Any, allowed: bool) -> None:
    event = event_of(VIEWER_REQUEST)
    event["Records"][0]["cf"]["request"]["headers"] = {"origin": lines}
    answer = cors(lambda event, context: VIEWER_REQUEST.answer(200, {}, ""), rules=POLICY)(event, None)
    assert ("access-control-allow-origin" in answer["headers"]) is allowed
    event["Records"][0]["cf"]["request"]["headers"] = lines
    answer = cors(lambda event, context: VIEWER_REQUEST.answer(200, {}, ""), rules=POLICY)(event, None)
    assert "access-control-allow-origin" not in answer["headers"]


# --- The handler's headers: one map ----------------------------------------------------------------------------

ONE_MAP: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, CORS | {"Vary": "Origin"}),
    ({"X-Tea": "white", "ETag": '"1"'}, CORS | {"X-Tea": "white", "ETag": '"1"', "Vary": "Origin"}),
    # CORS has one author.
    ({"Access-Control-Allow-Origin": "*"}, CORS | {"Vary": "Origin"}),
    (
        {
            "access-control-allow-origin": B,
            "ACCESS-CONTROL-ALLOW-CREDENTIALS": "true",
            "Access-control-Max-Age": "1",
            "aCCESS-cONTROL-aLLOW-pRIVATE-nETWORK": "true",
            "access-control-": "",
        },
        CORS | {"Vary": "Origin"},
    ),
    ({"X-Access-Control-Allow-Origin": "*"}, CORS | {"X-Access-Control-Allow-Origin": "*", "Vary": "Origin"}),
    # Vary is merged, in the handler's spelling, and nothing is in it twice.
    ({"Vary": "Accept-Encoding"}, CORS | {"Vary": "Accept-Encoding, Origin"}),
    ({"vary": "Accept-Encoding,Accept"}, CORS | {"vary": "Accept-Encoding, Accept, Origin"}),
    ({"VARY": "origin"}, CORS | {"VARY": "origin"}),
    ({"Vary": "Accept, ORIGIN"}, CORS | {"Vary": "Accept, ORIGIN"}),
    ({"Vary": " Accept ,, Accept\t,accept"}, CORS | {"Vary": "Accept, Origin"}),
    ({"Vary": "Accept", "vary": "Cookie"}, CORS | {"Vary": "Accept, Cookie, Origin"}),
    ({"Vary": "*"}, CORS | {"Vary": "*"}),
    ({"Vary": "Accept, *"}, CORS | {"Vary": "*"}),
    ({"Vary": ""}, CORS | {"Vary": "Origin"}),
    ({"Vary": None}, CORS | {"Vary": "Origin"}),
    ({"X-Vary": "Accept"}, CORS | {"X-Vary": "Accept", "Vary": "Origin"}),
    ({"Content-Length": 5, "X-None": None}, CORS | {"Content-Length": 5, "X-None": None, "Vary": "Origin"}),
]


@each(("headers", "expected"), ONE_MAP, ids=plain)
@each("source", [HTTP_API, FUNCTION_URL, HTTP_API_V1, REST_API, ALB], ids=lambda source: source.name)
def test_headers_of_a_handler_are_merged(source: Source, headers: dict[str, Any], expected: dict[str, Any]) -> None:
    answer = {"statusCode": 200, "headers": headers, "body": "hello", "isBase64Encoded": False}
    assert through(source, answer) == answer | {"headers": expected}


@each("headers", [None, [], "x", 7, ABSENT], ids=plain)
@each("source", [HTTP_API, FUNCTION_URL, HTTP_API_V1, REST_API, ALB], ids=lambda source: source.name)
def test_a_handler_without_headers_gets_ours(source: Source, headers: Any) -> None:
    answer = {"statusCode": 204} | ({} if headers is ABSENT else {"headers": headers})
    assert through(source, answer) == {"statusCode": 204, "headers": CORS | {"Vary": "Origin"}}


@pytest.mark.parametrize("headers", [None, [], 7, ABSENT], ids=plain)
def test_a_handler_without_headers_gets_ours_behind_a_multi_value_load_balancer(headers: Any) -> None:
    answer = {"statusCode": 204} | ({} if headers is ABSENT else {"multiValueHeaders": headers})
    merged = through(ALB_MULTIPLE, answer)
    assert merged == {
        "statusCode": 204,
        "multiValueHeaders": {name: [value] for name, value in (CORS | {"Vary": "Origin"}).items()},
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_for_everyone_vary_stays_the_handlers(source: Source) -> None:
    for headers in ({}, {"Vary": "Accept,Accept"}, {"vary": "Origin"}, {"VARY": "*"}):
        answer = source.answer(200, headers, "hello")
        assert through(source, answer, STAR) == source.answer(
            200, headers | {"Access-Control-Allow-Origin": "*"}, "hello"
        )


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
@pytest.mark.parametrize("origin", [B, None])
def test_cors_headers_of_a_handler_are_dropped_for_the_others_too(source: Source, origin: str | None) -> None:
    answer = source.answer(200, {"access-control-Allow-origin": B, "Access-Control-Max-Age": "5"}, "hello")
    assert through(source, answer, origin=origin) == source.answer(200, {"Vary": "Origin"}, "hello")


def test_cookies_and_flags_go_through() -> None:
    answer = {
        "statusCode": 201,
        "headers": {"Set-Cookie": "a=b"},
        "cookies": ["c=d; Secure", "e=f"],
        "body": "aGk=",
        "isBase64Encoded": True,
        "x": object,
    }
    merged = through(HTTP_API, answer)
    assert merged == answer | {"headers": CORS | {"Set-Cookie": "a=b", "Vary": "Origin"}}
    assert merged["cookies"] is answer["cookies"]


# --- Payload 1.0: two maps -------------------------------------------------------------------------------------


@each(
    ("single", "multiple", "merged_single", "merged_multiple"),
    [
        ({}, {}, {}, CORS | {"Vary": ["Origin"]}),
        (None, {}, None, CORS | {"Vary": ["Origin"]}),
        ({"X-Tea": "white"}, {"X-Tea": ["green"]}, {"X-Tea": "white"}, CORS | {"X-Tea": ["green"], "Vary": ["Origin"]}),
        (
            {"access-control-allow-origin": "*", "ETag": "1"},
            {"ACCESS-CONTROL-ALLOW-ORIGIN": ["*", B], "Set-Cookie": ["a=b", "c=d"]},
            {"ETag": "1"},
            CORS | {"Set-Cookie": ["a=b", "c=d"], "Vary": ["Origin"]},
        ),
        ({"Vary": "Accept"}, {}, {}, CORS | {"Vary": ["Accept, Origin"]}),
        ({"vary": "Accept"}, {"Vary": ["Cookie", "accept"]}, {}, CORS | {"vary": ["Accept, Cookie, Origin"]}),
        (
            {"vary": "Accept", "Vary": "Cookie"},
            {"X": ["y"]},
            {},
            CORS | {"X": ["y"], "vary": ["Accept, Cookie, Origin"]},
        ),
        ({}, {"vary": "Accept"}, {}, CORS | {"vary": ["Accept, Origin"]}),
        ({}, {"vary": None, "X": None, "Y": "y"}, {}, CORS | {"X": None, "Y": "y", "vary": ["Origin"]}),
        ({}, {"VARY": ["Accept", "*"]}, {}, CORS | {"VARY": ["*"]}),
    ],
    ids=plain,
)
@each("source", [REST_API, HTTP_API_V1], ids=lambda source: source.name)
def test_each_cors_header_stands_in_one_map(
    source: Source, single: Any, multiple: Any, merged_single: Any, merged_multiple: dict[str, Any]
) -> None:
    answer = {"statusCode": 200, "headers": single, "multiValueHeaders": multiple}
    lists = {name: [value] if name in CORS else value for name, value in merged_multiple.items()}
    assert through(source, answer) == {"statusCode": 200, "headers": merged_single, "multiValueHeaders": lists}


def test_a_handler_with_lists_alone_gets_no_other_map() -> None:
    answer = {"statusCode": 200, "multiValueHeaders": {"X": ["y"]}}
    lists = {"X": ["y"], "Vary": ["Origin"]} | {name: [value] for name, value in CORS.items()}
    assert through(REST_API, answer) == {"statusCode": 200, "multiValueHeaders": lists}


def test_lists_in_payload_2_are_nobodys_cors_headers() -> None:
    answer = {"statusCode": 200, "headers": {}, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"], "X": ["y"]}}
    assert through(HTTP_API, answer) == {
        "statusCode": 200,
        "headers": CORS | {"Vary": "Origin"},
        "multiValueHeaders": {"X": ["y"]},
    }


# --- Load balancer: one map, and the other carried over --------------------------------------------------------


@pytest.mark.parametrize(
    ("single", "multiple", "merged"),
    [
        ({"X": "y"}, None, {"X": "y", "Vary": "Origin"}),
        (None, {"X": ["y"]}, {"X": "y", "Vary": "Origin"}),
        ({"X": "y"}, {"Z": ["1", "2"]}, {"X": "y", "Z": "1, 2", "Vary": "Origin"}),
        ({"X": "y"}, {"x": ["other"]}, {"X": "y", "Vary": "Origin"}),
        ({}, {"X": []}, {"Vary": "Origin"}),
        ({}, {"X": "y", "Z": 7}, {"X": "y", "Z": 7, "Vary": "Origin"}),
        ({}, {"X": None}, {"Vary": "Origin"}),
        ({}, {"Vary": ["Accept", "Cookie"]}, {"Vary": "Accept, Cookie, Origin"}),
        ({"vary": "Accept"}, {"Vary": ["Cookie"]}, {"vary": "Accept, Cookie, Origin"}),
        ({}, {"access-control-allow-origin": ["*"]}, {"Vary": "Origin"}),
        # A line for each spelling is how one-value headers carry several cookies, which cannot be joined.
        (
            {},
            {"Set-Cookie": ["a=1", "b=2", "c=3"]},
            {"Set-Cookie": "a=1", "set-Cookie": "b=2", "SEt-Cookie": "c=3", "Vary": "Origin"},
        ),
        ({"set-cookie": "a=1"}, {"Set-Cookie": ["b=2"]}, {"set-cookie": "a=1", "Set-Cookie": "b=2", "Vary": "Origin"}),
        ({"Set-Cookie": "a=1"}, {"Set-Cookie": ["b=2"]}, {"Set-Cookie": "a=1", "set-Cookie": "b=2", "Vary": "Origin"}),
        ({"Set-Cookie": "a=1"}, {"set-cookie": ["a=1"]}, {"Set-Cookie": "a=1", "Vary": "Origin"}),
    ],
    ids=plain,
)
def test_a_load_balancer_with_one_value_gets_one_map(single: Any, multiple: Any, merged: dict[str, str]) -> None:
    answer = {"statusCode": 200, "headers": single, "multiValueHeaders": multiple, "body": "x"}
    assert through(ALB, answer) == {"statusCode": 200, "headers": CORS | merged, "body": "x"}


@pytest.mark.parametrize(
    ("single", "multiple", "merged"),
    [
        (None, {"X": ["y", "z"]}, {"X": ["y", "z"], "Vary": ["Origin"]}),
        ({"X": "y"}, None, {"X": ["y"], "Vary": ["Origin"]}),
        ({"X": "y", "Z": "1"}, {"x": ["2"]}, {"Z": ["1"], "x": ["2"], "Vary": ["Origin"]}),
        ({"Set-Cookie": "a=1"}, {}, {"Set-Cookie": ["a=1"], "Vary": ["Origin"]}),
        ({"Set-Cookie": "a=1"}, {"set-cookie": ["b=2"]}, {"set-cookie": ["b=2", "a=1"], "Vary": ["Origin"]}),
        ({"Set-Cookie": "b=2"}, {"set-cookie": ["b=2"]}, {"set-cookie": ["b=2"], "Vary": ["Origin"]}),
        ({"Vary": "Accept"}, {}, {"Vary": ["Accept, Origin"]}),
        ({"Vary": "Accept"}, {"vary": ["Cookie"]}, {"vary": ["Cookie, Accept, Origin"]}),
        ({"Access-Control-Allow-Origin": "*"}, {"access-control-allow-origin": ["*"]}, {"Vary": ["Origin"]}),
    ],
    ids=plain,
)
def test_a_load_balancer_with_several_values_gets_the_other_map(
    single: Any, multiple: Any, merged: dict[str, Any]
) -> None:
    answer = {"statusCode": 200, "headers": single, "multiValueHeaders": multiple, "body": "x"}
    lists = {name: [value] for name, value in CORS.items()} | merged
    assert through(ALB_MULTIPLE, answer) == {"statusCode": 200, "multiValueHeaders": lists, "body": "x"}


def test_a_load_balancer_carries_five_hundred_cookies() -> None:
    cookies = [f"c{number}=1" for number in range(600)]
    merged = through(ALB, {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": cookies}})
    carried = [value for name, value in merged["headers"].items() if name.lower() == "set-cookie"]
    assert carried == cookies[:512]  # there are no more ways to spell it


# --- CloudFront ------------------------------------------------------------------------------------------------


@each("source", [VIEWER_REQUEST, ORIGIN_REQUEST], ids=lambda source: source.name)
@each("asked", [get(A), get(B), get(), preflight(A)], ids=plain)
@each("policy", [POLICY, STAR], ids=plain)
def test_a_request_that_the_handler_hands_on_stays_untouched(source: Source, asked: Any, policy: Policy) -> None:
    event = source.event(asked.method, asked.path, asked.headers)
    request = event["Records"][0]["cf"]["request"]
    before = copy.deepcopy(request)
    handler = cors(lambda event, context: event["Records"][0]["cf"]["request"], rules=policy, preflight_continue=True)
    assert handler(event, None) is request
    assert request == before


@pytest.mark.parametrize("source", [VIEWER_RESPONSE, ORIGIN_RESPONSE], ids=lambda source: source.name)
@pytest.mark.parametrize(
    ("asked", "expected", "vary"),
    [
        (get(A), CORS, "Accept-Encoding, Origin"),
        (get(B), {}, "Accept-Encoding, Origin"),
        (get(), {}, "Accept-Encoding, Origin"),
        (
            preflight(A),
            {"Access-Control-Allow-Origin": A, "Access-Control-Max-Age": "600"},
            "Accept-Encoding, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
        (
            preflight(B),
            {},
            "Accept-Encoding, Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        ),
    ],
    ids=plain,
)
def test_the_headers_go_onto_a_response_that_is_there(
    source: Source, asked: Any, expected: dict[str, str], vary: str
) -> None:
    event = source.event(asked.method, asked.path, asked.headers)
    response = event["Records"][0]["cf"]["response"]
    response["headers"]["access-control-allow-origin"] = [{"key": "Access-Control-Allow-Origin", "value": "*"}]
    before = copy.deepcopy(event)
    merged = cors(lambda event, context: event["Records"][0]["cf"]["response"], rules=POLICY, enforce=True)(event, None)
    assert event == before
    headers = {name: lines for name, lines in response["headers"].items() if name != "access-control-allow-origin"}
    headers |= {name.lower(): [{"key": name, "value": value}] for name, value in expected.items()}
    assert merged == response | {"headers": headers | {"vary": [{"key": "Vary", "value": vary}]}}


@each(
    ("lines", "vary"),
    [
        ([{"key": "Vary", "value": "Accept"}, {"key": "Vary", "value": "Cookie"}], "Accept, Cookie, Origin"),
        ([{"key": "VARY", "value": "*"}], "*"),
        ([{"key": "Vary"}], "Origin"),
        ([None, "x"], "Origin"),
        (None, "Origin"),
        ("Accept", "Origin"),
        (7, "Origin"),
    ],
    ids=plain,
)
@each("name", ["vary", "Vary"])
def test_vary_is_merged_at_cloudfront(name: str, lines: Any, vary: str) -> None:
    merged = through(VIEWER_REQUEST, {"status": "200", "headers": {name: lines, "x": 7}})
    headers = {header.lower(): [{"key": header, "value": value}] for header, value in CORS.items()}
    assert merged == {
        "status": "200",
        "headers": headers | {"vary": [{"key": "Vary", "value": vary}], "x": 7},
    }


@pytest.mark.parametrize("headers", [None, [], "x", ABSENT], ids=plain)
def test_a_response_without_headers_gets_ours_at_cloudfront(headers: Any) -> None:
    answer = {"status": "200"} | ({} if headers is ABSENT else {"headers": headers})
    expected = CORS | {"Vary": "Origin"}
    assert through(VIEWER_REQUEST, answer) == {
        "status": "200",
        "headers": {name.lower(): [{"key": name, "value": value}] for name, value in expected.items()},
    }


# --- Answers of other kinds ------------------------------------------------------------------------------------


class Response(NamedTuple):
    """What the Lambda runtime writes as an object."""

    statusCode: int  # noqa: N815
    headers: dict[str, str]
    body: str


class Odd:
    """`_asdict` that gives no dict, which the runtime refuses."""

    def _asdict(self) -> list[int]:
        return []


@pytest.mark.parametrize("source", [HTTP_API, FUNCTION_URL, HTTP_API_V1, REST_API, ALB], ids=lambda source: source.name)
@pytest.mark.parametrize(
    "answer",
    [
        Response(200, {"X": "y"}, "hello"),
        json.dumps({"statusCode": 200, "headers": {"X": "y"}, "body": "hello"}).encode(),
    ],
    ids=plain,
)
def test_what_the_runtime_writes_as_an_object_is_one(source: Source, answer: Any) -> None:
    assert through(source, answer) == {
        "statusCode": 200,
        "headers": CORS | {"X": "y", "Vary": "Origin"},
        "body": "hello",
    }


@each(
    "source",
    [HTTP_API_V1, REST_API, ALB, ALB_MULTIPLE, VIEWER_REQUEST, VIEWER_RESPONSE],
    ids=lambda source: source.name,
)
@each("answer", [None, "text", 7, ["x"], b"\xff", Odd(), object()], ids=plain)
def test_what_is_no_response_is_left_to_its_source(source: Source, answer: Any) -> None:
    assert cors(lambda event, context: answer, rules=POLICY)(event_of(source), None) is answer


def test_bytes_that_are_no_json_are_left_to_api_gateway() -> None:
    for answer in (b"\xff", b"hello", b"[" * 100_000):
        assert cors(lambda event, context: answer, rules=POLICY)(event_of(HTTP_API), None) is answer  # noqa: B023
