"""The usual request's shortest way against the whole way: the same answers, calls and reports, whatever is sent."""

from __future__ import annotations

import contextlib
import copy
import io
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.sources import HTTP_API
from cases.wire import EVIL, SUB, A, B
from edgecors import Policy, Regex, Rules
from edgecors.runtime.fast_path import wrapper_of
from edgecors.runtime.middleware import Middleware
from effort import examples


def mostly(usual: st.SearchStrategy[Any], else_: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of `else_` in eight: with everything broken at once, nothing would ever take the shortest way."""
    return st.integers(0, 7).flatmap(lambda drawn: usual if drawn else else_)


POLICIES = st.sampled_from(
    [
        Policy(allow_origins=[A], allow_methods=["PUT"], allow_headers=["X-Tea"]),
        Policy(allow_origins=[A, "https://*.a.example", "http://localhost:*"], expose_headers=["ETag"]),
        Policy(allow_origins=[Regex(r"https://r[0-9]+\.(x\.)?a\.example")], max_age=None),
        Policy(allow_origins=[A], allow_credentials=True, allow_methods=["*"], allow_headers=["*"]),
        Policy(allow_origins=["*"]),
        Policy(allow_origins=["*"], allow_headers=["*"], expose_headers=["*"]),
    ]
)
EVERYWHERE = POLICIES.map(Rules.of)
BY_PATH = st.lists(st.tuples(st.sampled_from(["*", "/tea", "/tea/*"]), POLICIES), max_size=2).map(
    lambda drawn: Rules([(f"p{n}", [path], policy) for n, (path, policy) in enumerate(dict(drawn).items())])
)
RULES = mostly(EVERYWHERE, st.none() | BY_PATH)
OPTIONS = st.fixed_dictionaries(
    {
        "enforce": st.booleans(),
        "respond": st.booleans(),
        "debug": st.booleans(),
        "preflight_status": st.sampled_from([200, 204]),
        "preflight_continue": st.booleans(),
        "origin_check": st.none() | st.just(lambda origin, _request: origin == B),
        "base_paths": st.sampled_from([(), ("v1",)]),
    }
)
# All of them off, as they mostly are.
USUAL = {
    "enforce": False,
    "respond": False,
    "debug": False,
    "preflight_status": 204,
    "preflight_continue": False,
    "origin_check": None,
    "base_paths": (),
}
VALUES = st.none() | st.sampled_from(["", 7, [A], {"a": "b"}])
ABSENT = object()
ORIGINS = mostly(
    st.sampled_from([A, A, B, SUB, EVIL, "http://localhost:3000", "null", "https://r7.x.a.example"]), VALUES
)
SITES = st.sampled_from(["same-origin", "cross-site", "cross-site"])


def rarely(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return mostly(st.just(ABSENT), value)


def maps(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Maps with these values, `_` standing for a hyphen in a name."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return st.fixed_dictionaries(named).map(lambda drawn: {name: v for name, v in drawn.items() if v is not ABSENT})


HEADERS = maps(
    origin=ORIGINS,
    Origin=rarely(ORIGINS),
    ORIGIN=rarely(ORIGINS),
    access_control_request_method=mostly(st.just("PUT"), st.just(ABSENT) | VALUES),
    Access_Control_Request_Method=rarely(st.just("DELETE") | VALUES),
    access_control_request_headers=st.sampled_from(["x-tea", "authorization,x-tea", ABSENT]),
    sec_fetch_site=mostly(SITES, st.just(ABSENT) | VALUES),
    Sec_Fetch_Site=rarely(SITES | VALUES),
    host=st.just("b.example"),
)
METHODS = mostly(st.sampled_from(["GET", "OPTIONS"]), VALUES)
EVENTS = maps(
    version=mostly(st.just("2.0"), st.sampled_from(["1.0", 2.0, ABSENT])),
    headers=mostly(HEADERS, VALUES),
    requestContext=mostly(maps(http=mostly(maps(method=METHODS), VALUES)), VALUES),
    rawPath=st.sampled_from(["/tea", "/tea/white", "/v1/tea", "/x", None]),
    routeArn=rarely(st.just("arn")),
    multiValueHeaders=rarely(st.just({"origin": [A]})),
)
NAMES = st.sampled_from(
    ["Content-Type", "etag", "Vary", "vary", "VARY", "Access-Control-Allow-Origin", "access-control-max-age", "X-Tea"]
)
ANSWERS = mostly(
    maps(
        statusCode=mostly(st.just(200), st.just(ABSENT)),
        headers=mostly(st.dictionaries(NAMES, st.sampled_from(["Accept", "*", "yes"]), max_size=3), VALUES),
        multiValueHeaders=rarely(st.dictionaries(NAMES, st.just(["Accept"]), max_size=2) | VALUES),
        cookies=rarely(st.just(["a=b"])),
    ),
    VALUES | st.just(LookupError("no tea")),
)


OK = {"statusCode": 200, "headers": {}}
ASKS = "Access-Control-Request-Method"


def got(origin: str, headers: dict[str, Any]) -> dict[str, Any]:
    """A GET of payload 2.0."""
    event = HTTP_API.event("GET", "/tea", [("origin", origin)])
    return event | {"headers": event["headers"] | headers}


def asked(origin: str, headers: dict[str, Any]) -> dict[str, Any]:
    """An OPTIONS of payload 2.0."""
    event = HTTP_API.event("OPTIONS", "/tea", [("origin", origin)])
    return event | {"headers": event["headers"] | headers}


SIMPLE: dict[str, Any] = {
    "rules": Rules.of(Policy(allow_origins=[A])),
    "fetched": False,
    "options": USUAL,
    "event": got(A, {}),
    "answer": OK,
}


def outcome(handle: Any, event: Any) -> tuple[Any, ...]:
    """What comes back, or is raised, and what is written."""
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        try:
            found = ("returned", handle(event, None))
        except LookupError as error:
            found = ("raised", str(error))
    lines = [line.partition('"_aws"')[0] for line in written.getvalue().splitlines() if "HandlerError" not in line]
    return (*found, lines)


@settings(max_examples=examples(300), derandomize=True, deadline=None)
@given(rules=RULES, fetched=st.booleans(), options=st.just(USUAL) | OPTIONS, event=EVENTS, answer=ANSWERS)
@example(**SIMPLE | {"answer": OK | {"headers": {"Vary": "Accept"}}})
@example(**SIMPLE | {"answer": OK | {"multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]}}})
@example(**SIMPLE | {"event": asked(EVIL, {"access-control-request-method": "PUT", ASKS: "DELETE"})})
@example(**SIMPLE | {"event": asked(EVIL, {"access-control-request-method": 7})})
@example(**SIMPLE | {"event": asked(A, {"access-control-request-method": None})})
@example(**SIMPLE | {"event": got(EVIL, {"sec-fetch-site": "same-origin", "Sec-Fetch-Site": "cross-site"})})
@example(**SIMPLE | {"event": got(EVIL, {"sec-fetch-site": "same-origin", "Sec-Fetch-Site": None})})
@example(**SIMPLE | {"event": got(EVIL, {"sec-fetch-site": None})})
def test_both_ways_say_the_same(
    rules: Rules | None, fetched: bool, options: dict[str, Any], event: dict[str, Any], answer: Any
) -> None:
    calls: list[tuple[Any, Any]] = []

    def handler(event: Any, context: Any) -> Any:
        calls.append((event, context))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def middleware() -> Middleware:
        fixed = None if fetched else rules
        return Middleware(handler, rules=(fixed, lambda _context: rules), **options)

    before = copy.deepcopy((event, answer)) if not isinstance(answer, Exception) else None
    shortest = outcome(wrapper_of(middleware()), event)
    called, calls = calls, []
    whole = outcome(middleware().answer, event)
    assert shortest == whole
    assert [(given is event, context) for given, context in called] == [(True, None)] * len(calls)
    assert before is None or (event, answer) == before
