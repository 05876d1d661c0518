"""The explanations against the decorator itself: what they say is sent is sent, and what they conclude is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.explanations import CASES, DOCUMENT, Case
from cases.sources import HTTP_API
from edgecors import Policy, Request, Rules, cors
from edgecors.explain import explain
from effort import examples
from oracles.browser import Answer, Outcome, fetch
from strategies import rules as generated
from tables import each

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES = Rules.parse(DOCUMENT)
OWN = {"Content-Type": "text/plain", "ETag": '"1"', "X-Tea": "1", "Set-Cookie": "a=b"}
ORIGINS = (
    "https://a.example",
    "https://x.a.example",
    "https://a.example.evil.example",
    "https://b.example:8443",
    "https://b.example",
    "https://x.c.example:1",
    "http://localhost:3000",
    "http://localhost",
    "http://127.0.0.1:8080",
    "https://[::1]",
    "capacitor://localhost",
    "https://shop.example",
    "https://eu.shop.example",
    "https://preview-12.a.example",
    "https://preview-12345.a.example",
    "http://a.example",
    "https://me.github.io",
    "null",
)
SETTABLE = {
    "content-type": ("text/plain", "application/json", "text/plain; charset=utf-8", "multipart/form-data;boundary=x"),
    "accept": ("*/*", "a" * 129, 'text/html;q="1"'),
    "accept-language": ("de, en;q=0.5", "de_DE"),
    "content-language": ("de", "d" * 128),
    "range": ("bytes=0-", "bytes=5-1", "bytes=-5", "bytes=0-9"),
    "authorization": ("Basic YQ==",),
    "x-tea": ("1",),
    "x-cup": ("1", ""),
    "if-none-match": ('"1"',),
    "x-anything": ("1",),
}


def wrapped(rules: Rules, **options: Any) -> Any:
    def handler(event: Any, context: Any) -> dict[str, Any]:
        return {"statusCode": 200, "headers": dict(OWN), "body": "hello"}

    return cors(handler, rules=rules, **options)


def sent(
    rules: Rules, method: str, path: str, headers: Mapping[str, str], **options: Any
) -> tuple[int, dict[str, str]]:
    """The status and the headers that are not the handler's own, of the real answer."""
    answer = wrapped(rules, **options)(HTTP_API.event(method, path, tuple(headers.items())), None)
    own = OWN | {"Content-Type": "application/problem+json"} if answer["statusCode"] == 403 else OWN
    return answer["statusCode"], {name: value for name, value in answer["headers"].items() if own.get(name) != value}


def explained(
    rules: Rules, method: str, path: str, headers: Mapping[str, str], **options: Any
) -> tuple[int, dict[str, str]]:
    explanation = explain(rules, Request(method, path, headers), **options)
    return explanation.status or 200, dict(explanation.headers)


@each("case", [case for case in CASES if not case.options.get("include")], ids=lambda case: case.name)
def test_what_is_explained_is_sent(case: Case) -> None:
    asked = case.asked
    assert explained(RULES, asked.method, asked.path, asked.headers, **case.options) == sent(
        RULES, asked.method, asked.path, asked.headers, **case.options
    )


@given(
    generated.rules(),
    st.sampled_from(["/tea", "/a/b", "/a", "/", "/tea/../a"]),
    st.sampled_from(["GET", "OPTIONS", "POST"]),
    st.fixed_dictionaries(
        {},
        optional={
            "origin": st.sampled_from(ORIGINS) | st.text(st.characters(codec="latin-1"), max_size=10),
            "access-control-request-method": st.sampled_from(["GET", "PUT", "BREW", "brew", "TRACE", "a b", ""]),
            "access-control-request-headers": st.sampled_from(
                ["", "x-tea", "authorization,x-tea", "content-type, X-Cup", "a b", "," * 20, "x-" + "a" * 9000]
            ),
        },
    ),
    st.sampled_from([{}, {"debug": True}, {"enforce": True}, {"debug": True, "enforce": True}]),
)
@settings(derandomize=True, max_examples=examples(30), deadline=None)
def test_whatever_is_asked_is_explained_as_it_is_sent(
    rules: Rules, path: str, method: str, headers: dict[str, str], options: dict[str, bool]
) -> None:
    assert explained(rules, method, path, headers, **options) == sent(rules, method, path, headers, **options)


def simulated(
    rules: Rules, origin: str, method: str, headers: dict[str, str], credentials: str, **options: Any
) -> Outcome:
    """A browser's fetch() of /tea from the wrapped handler."""
    handler = wrapped(rules, **options)

    def send(method: str, headers: dict[str, str]) -> Answer:
        answer = handler(HTTP_API.event(method, "/tea", tuple(headers.items())), None)
        return Answer(answer["statusCode"], {name.lower(): value for name, value in answer["headers"].items()})

    return fetch(send, origin, method, headers, credentials)


@given(
    generated.rules(),
    st.sampled_from(ORIGINS),
    st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "delete", "PATCH", "patch", "BREW", "OPTIONS"]),
    st.lists(st.sampled_from(sorted(SETTABLE)), max_size=4, unique=True),
    st.sampled_from(["omit", "same-origin", "include"]),
    st.sampled_from([{}, {"debug": True}, {"enforce": True}]),
    st.data(),
)
@settings(derandomize=True, max_examples=examples(40), deadline=None)
def test_explain_fetch_concludes_what_the_fetch_standard_does(
    rules: Rules,
    origin: str,
    method: str,
    names: list[str],
    credentials: str,
    options: dict[str, bool],
    data: st.DataObject,
) -> None:
    headers = {name: data.draw(st.sampled_from(SETTABLE[name])) for name in names}
    outcome = simulated(rules, origin, method, headers, credentials, **options)
    fetched = rules.explain_fetch(
        "https://api.example/tea", origin, method, headers.items(), credentials, response_headers=OWN.items(), **options
    )
    assert fetched.allowed == (outcome.readable is not None)
    assert (fetched.preflight is None, fetched.actual is None) == (outcome.preflight is None, outcome.actual is None)
    if fetched.preflight is not None and outcome.preflight is not None:
        assert fetched.preflight.status == outcome.preflight.status
        assert {name.lower(): value for name, value in fetched.preflight.headers.items()} == outcome.preflight.headers
    if outcome.readable is not None:
        assert fetched.readable_headers == tuple(sorted(outcome.readable))
    assert (fetched.console == "") == fetched.allowed
    last = fetched.actual or fetched.preflight
    assert last is not None
    assert fetched.code == last.code


@each("credentials", ["omit", "same-origin", "include"])
@each("names", [(), ("authorization",), ("x-tea",), ("authorization", "x-tea")])
@each("allowed", [[], ["*"], ["*", "Authorization"], ["Authorization"], ["X-Tea"]], ids=str)
@each("allow_credentials", [False, True])
def test_every_way_to_allow_headers(
    allow_credentials: bool, allowed: list[str], names: tuple[str, ...], credentials: str
) -> None:
    origin = "https://a.example"
    rules = Rules.of(Policy(allow_origins=[origin], allow_headers=allowed, allow_credentials=allow_credentials))
    headers = dict.fromkeys(names, "1")
    fetched = rules.explain_fetch("https://api.example/tea", origin, "GET", headers.items(), credentials)
    outcome = simulated(rules, origin, "GET", headers, credentials)
    lowered = {name.lower() for name in allowed}
    # From the contract: `*` is any but Authorization without credentials, and any, by echo, with them.
    wanted = all(
        name in lowered or ("*" in lowered and (allow_credentials or name != "authorization")) for name in names
    )
    assert (
        fetched.allowed
        == (outcome.readable is not None)
        == (wanted and (allow_credentials or credentials != "include"))
    )
