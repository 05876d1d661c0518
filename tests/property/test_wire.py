"""Any event, however broken: never an error, never a header that breaks a line, never more than the oracle allows."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.sources import SOURCES, Source
from cases.wire import EVIL, MALFORMED, SETTINGS, SUB, A, B
from edgecors import Policy, Regex, Rules, cors
from effort import examples
from oracles.wire import Outcome, decide, read, shape

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = {"X-Handler": "yes"}


@dataclass(frozen=True)
class Front:
    """Policies by paths, and arguments of `cors`."""

    policies: list[tuple[list[str], dict[str, Any]]]
    arguments: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def rules(self) -> Rules:
        return Rules(
            [(f"p{number}", paths, Policy(**_engine(fields))) for number, (paths, fields) in enumerate(self.policies)]
        )


def _engine(fields: dict[str, Any]) -> dict[str, Any]:
    origins = [Regex(entry.pattern) if isinstance(entry, re.Pattern) else entry for entry in fields["allow_origins"]]
    return fields | {"allow_origins": origins}


def checked(origin: str) -> bool:
    """The `origin_check` of one of the fronts, by the oracle's reckoning."""
    return origin.endswith("b.example")


EXPRESSION = re.compile(r"https://r[0-9]+\.(x\.)?a\.example")
FRONTS = [
    *(
        Front([] if setting.policy is None else [(list(setting.paths), setting.policy)], setting.arguments)
        for setting in SETTINGS
    ),
    Front([(["*"], {"allow_origins": [EXPRESSION, B], "allow_credentials": True, "expose_headers": ["ETag"]})]),
    Front(
        [
            (["/tea", "/tea/*"], {"allow_origins": [A], "allow_methods": ["PUT"]}),
            (["/tea/white"], {"allow_origins": ["*"], "allow_headers": ["*"]}),
            (["*"], {"allow_origins": [B], "max_age": None}),
        ],
        {"enforce": True, "debug": True},
    ),
    Front([(["*"], {"allow_origins": [A], "allow_credentials": True})], {"origin_check": checked}),
    Front([(["*"], {"allow_origins": [A]})], {"origin_check": checked, "enforce": True, "preflight_status": 200}),
]

HOSTILE = st.text(st.sampled_from(list('ahttps:/.,-_ *\r\n\0\t\x7f\x85\u2028\xe9\ud800"<')), max_size=24)
ORIGINS = (
    st.sampled_from([A, B, EVIL, SUB, "https://r1.a.example", "https://r1.x.a.example", "http://b.example", *MALFORMED])
    | st.tuples(st.sampled_from([A, B, SUB]), HOSTILE).map("".join)
    | HOSTILE
)
METHODS = st.sampled_from(["GET", "POST", "OPTIONS", "OPTIONS", "OPTIONS", "DELETE", "options", "", "\r\n"])
REQUEST_HEADERS = st.sampled_from(
    [
        "",
        "x-tea",
        "authorization",
        "authorization,x-tea",
        "x-tea, AUTHORIZATION",
        "x-authorization",
        "x tea",
        "," * 17,
        "," * 18,
        "x-tea\r\nX-Evil: y",
        "x" * 8193,
        "*",
    ]
) | st.lists(st.sampled_from(["x-tea", " X-Tea\t", "", "authorization", "bad name", "\xe9"]), max_size=6).map(",".join)
SPELLINGS: list[Callable[[str], str]] = [str, str.lower, str.upper, str.title, str.swapcase]
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(SPELLINGS),
        st.one_of(
            st.tuples(st.just("Origin"), ORIGINS),
            st.tuples(st.just("Access-Control-Request-Method"), st.sampled_from(["PUT", "GET", "", "a b", "TRACE"])),
            st.tuples(st.just("Access-Control-Request-Method"), HOSTILE),
            st.tuples(st.just("Access-Control-Request-Headers"), REQUEST_HEADERS | HOSTILE),
            st.tuples(st.just("Sec-Fetch-Site"), st.sampled_from(["same-origin", "cross-site", "none", ""])),
            st.tuples(st.just("Host"), st.sampled_from(["b.example", "B.EXAMPLE", "a.example:8443", ""])),
            st.tuples(st.just("X-Forwarded-Proto"), st.sampled_from(["https", "http", "HTTPS", ""])),
            st.tuples(st.just("Vary"), HOSTILE),
        ),
    ).map(lambda drawn: (drawn[0](drawn[1][0]), drawn[1][1])),
    max_size=6,
)
PATHS = (
    st.sampled_from(["/tea", "/tea/", "/tea/white", "/", "", "/tea/../x", "/%74ea", "/tea%2Fwhite", "/%FF", "\\"])
    | HOSTILE
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | HOSTILE
    | st.just(A)
    | st.sampled_from(["2.0", "1.0", "GET", "OPTIONS"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("origin") | HOSTILE, inner, max_size=2),
    max_leaves=4,
)
PLACES = ["event", "requestContext", "http", "headers", "multiValueHeaders", "cf", "request", "response"]
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.integers(0, 30),
        st.sampled_from(["replace", "delete", "null", "swap case", "wrap", "add"]),
        JSON,
    ),
    max_size=4,
)


def mutate(event: dict[str, Any], place: str, index: int, how: str, value: Any) -> None:
    """Breaks one place of an event, where there is such a place."""
    context = event.get("requestContext")
    cf: Any = event
    for key in ("Records", 0, "cf"):
        try:
            cf = cf[key]
        except (TypeError, LookupError):
            cf = None
    request = cf.get("request") if isinstance(cf, dict) else None
    target = {
        "event": event,
        "requestContext": context,
        "http": context.get("http") if isinstance(context, dict) else None,
        "headers": request.get("headers") if isinstance(request, dict) else event.get("headers"),
        "multiValueHeaders": event.get("multiValueHeaders"),
        "cf": cf,
        "request": request,
        "response": cf.get("response") if isinstance(cf, dict) else None,
    }[place]
    if not isinstance(target, dict) or not target:
        return
    # The interesting keys first, so that small indices break what is read.
    read_first = (
        "origin",
        "headers",
        "multiValueHeaders",
        "version",
        "httpMethod",
        "rawPath",
        "path",
        "method",
        "stage",
    )
    keys = sorted(target, key=lambda key: (str(key).lower() not in read_first and key not in read_first, str(key)))
    key = keys[index % len(keys)]
    if how == "delete":
        del target[key]
    elif how == "swap case":
        target[str(key).swapcase()] = target[key]
    elif how == "add":
        target[str(value)] = A
    else:
        target[key] = {"replace": value, "null": None, "wrap": [target[key]]}[how]


def lines(answer: Any) -> list[tuple[str, Any]]:
    """The header lines of an answer, whatever its shape, lower-case names, sorted."""
    found: list[tuple[str, Any]] = []
    if "status" in answer:
        found = [(line["key"], line["value"]) for listed in answer["headers"].values() for line in listed]
    else:
        found += answer.get("headers", {}).items()
        found += [(name, value) for name, listed in answer.get("multiValueHeaders", {}).items() for value in listed]
    return sorted((name.lower(), value) for name, value in found)


@settings(max_examples=examples(120), derandomize=True, deadline=None)
@given(
    front=st.sampled_from(FRONTS),
    source=st.sampled_from(SOURCES),
    method=METHODS,
    path=PATHS,
    headers=HEADERS,
    mutations=MUTATIONS,
)
@example(FRONTS[0], SOURCES[3], "GET", "/", [("origin", A), ("Origin", EVIL)], [])
@example(
    FRONTS[0], SOURCES[3], "OPTIONS", "/", [("Origin", f"{A}\r\nX: y"), ("access-control-request-method", "P")], []
)
def test_any_event_is_answered_as_the_oracle_says(
    front: Front,
    source: Source,
    method: str,
    path: str,
    headers: list[tuple[str, str]],
    mutations: list[tuple[str, int, str, Any]],
) -> None:
    event = source.event(method, path, headers)
    for mutation in mutations:
        mutate(event, *copy.deepcopy(mutation))
    before = copy.deepcopy(event)
    given_events: list[Any] = []

    def handler(event: Any, context: Any) -> Any:
        given_events.append(event)
        return source.answer(200, OWN, "hello")

    arguments = dict(front.arguments)
    if "origin_check" in arguments:
        arguments["origin_check"] = lambda origin, request: checked(origin)
    answer = cors(handler, rules=front.rules, **arguments)(event, None)
    assert event == before

    kind = shape(event)
    if kind is None:
        assert answer == source.answer(200, OWN, "hello")
        assert [id(given) for given in given_events] == [id(event)]
        return
    outcome = decide(front.policies, read(event, kind), **front.arguments)
    check(answer, outcome, [given is event for given in given_events])


def check(answer: Any, outcome: Outcome, called: list[bool]) -> None:
    sent = lines(answer)
    expected = dict(outcome.headers)
    if outcome.status is None:
        assert called == [True]
        assert sent == sorted((name.lower(), value) for name, value in (expected | OWN).items())
        return
    assert called == []
    assert int(answer.get("status", answer.get("statusCode"))) == outcome.status
    assert sent == sorted((name.lower(), value) for name, value in expected.items())
    for _, value in sent:
        assert all(" " <= character <= "~" for character in value), value


ANSWER_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | HOSTILE | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["headers", "multiValueHeaders", "statusCode", "status", "vary", "Vary", "Access-Control-Allow-Origin"]
            )
            | HOSTILE
            | st.integers(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
ANSWERS = ANSWER_VALUES | st.fixed_dictionaries(
    {"statusCode": st.just(200), "status": st.just("200")},
    optional={"headers": ANSWER_VALUES, "multiValueHeaders": ANSWER_VALUES, "body": ANSWER_VALUES},
)


@settings(max_examples=examples(30), derandomize=True, deadline=None)
@given(source=st.sampled_from(SOURCES), answer=ANSWERS, origin=st.sampled_from([A, B, None]))
def test_any_answer_of_a_handler_is_no_error(source: Source, answer: Any, origin: str | None) -> None:
    before = copy.deepcopy(answer)
    event = source.event("GET", "/", [] if origin is None else [("Origin", origin)])
    wrapped = cors(lambda event, context: answer, rules=Policy(allow_origins=[A]))
    try:
        merged = wrapped(event, None)
    except (TypeError, UnicodeDecodeError):
        # Only what the runtime could not write as JSON either.
        assert source.shape == "payload_v2"
        merged = None
    assert answer == before
    if not isinstance(merged, dict):
        return
    maps = ["headers"] if source.shape == "cloudfront" else ["headers", "multiValueHeaders"]
    for headers in (merged.get(name) for name in maps):
        for name, value in headers.items() if isinstance(headers, dict) else ():
            if isinstance(name, str) and name.lower().startswith("access-control-") and merged is not answer:
                assert origin == A
                assert A in str(value)
