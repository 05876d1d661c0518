"""Rules against answers: the engine answers what its rules promise, and what is changed in its answers is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.explanations import DOCUMENT, V
from cases.sources import HTTP_API
from edgecors import Rules, cors
from edgecors_cli.probe.asking import converse
from edgecors_cli.probe.controls import control
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.look import find
from edgecors_cli.probe.messages import Answer, Exchange
from edgecors_cli.probe.promises import Difference, compare
from edgecors_cli.question import Question
from effort import examples
from strategies import rules as generated

if TYPE_CHECKING:
    from edgecors_cli.probe.messages import Sent

RULES = Rules.parse(DOCUMENT)
API = "https://api.example"


def served(rules: Rules, **options: Any) -> Any:
    """What sends a request to the engine around a handler."""

    def handler(event: Any, context: Any) -> dict[str, Any]:
        return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "tea"}

    wrapped = cors(handler, rules=rules, **options)

    def send(sent: Sent) -> Answer:
        answer = wrapped(HTTP_API.event(sent.method, sent.url.path, tuple(sent.headers.items())), None)
        return Answer(answer["statusCode"], tuple(answer["headers"].items()))

    return send


def exchanges(question: Question, send: Any) -> list[Exchange]:
    outcome = converse(fetch(question, send_unsafe=True, may_follow=lambda url: False), send)
    controls = converse(control(question, outcome, "x0123456789ab"), send)
    return [*outcome.exchanges, *(asked.exchange for asked in controls)]


@given(
    generated.rules(),
    st.sampled_from([V, "https://a.example", "https://x.a.example", "http://localhost:3000", "null"]),
    st.sampled_from(["GET", "PUT", "BREW"]),
    st.sampled_from([(), (("X-Tea", "1"),), (("Authorization", "x"), ("X-Cup", "1"))]),
    st.sampled_from(["same-origin", "include"]),
    st.sampled_from([{}, {"debug": True}, {"enforce": True}, {"preflight_status": 200}]),
)
@settings(derandomize=True, max_examples=examples(10), deadline=None)
def test_the_engine_keeps_what_its_rules_promise(
    rules: Rules,
    origin: str,
    method: str,
    headers: tuple[tuple[str, str], ...],
    credentials: str,
    options: dict[str, Any],
) -> None:
    question = Question(f"{API}/tea", origin, method, headers, credentials)
    send = served(rules, **options)
    assert compare(rules, exchanges(question, send)) == ()
    # And the verdict is that of the explanation.
    outcome = converse(fetch(question, send_unsafe=True, may_follow=lambda url: False), send)
    debug = bool(options.get("debug"))
    assert outcome.allowed == question.explain(rules, debug=debug).allowed
    assert outcome.console == question.explain(rules, debug=debug).console


@pytest.mark.parametrize("path", ["/tea", "/me", "/open", "/one", "/nope"])
@pytest.mark.parametrize("origin", [V, "https://shop.example", "https://one.example", "https://other.example"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("credentials", ["omit", "include"])
def test_nothing_is_found_in_what_the_engine_answers(path: str, origin: str, method: str, credentials: str) -> None:
    """But for what a policy may choose: to be for everyone, and not to say for how long."""
    question = Question(f"{API}{path}", origin, method, (), credentials)
    send = served(RULES)
    outcome = converse(fetch(question, send_unsafe=True, may_follow=lambda url: False), send)
    controls = converse(control(question, outcome, "x0123456789ab"), send)
    found = {finding.code for finding in find(outcome, controls, include=credentials == "include")}
    chosen = {"/me": {"max-age-missing"}, "/open": {"headers-wildcard-with-credentials"}}
    assert found <= chosen.get(path, set())


def told(*changed: tuple[str, str | None], status: int = 200) -> tuple[tuple[str, str, str], ...]:
    """What is told of the engine's answer where these headers are other ones, or none."""
    question = Question(f"{API}/tea", V, "DELETE", (), "omit")
    preflight, *_ = exchanges(question, served(RULES))
    headers = {name.lower(): (name, value) for name, value in preflight.answer.headers}
    for name, value in changed:
        headers.pop(name.lower(), None)
        if value is not None:
            headers[name.lower()] = (name, value)
    answer = Answer(status, tuple(headers.values()))
    found = compare(RULES, [preflight._replace(answer=answer)])
    assert {difference.where for difference in found} <= {f"OPTIONS /tea from {V}"}
    return tuple((difference.what, difference.promised, difference.found) for difference in found)


def test_what_differs_is_told() -> None:
    assert told(status=204) == ()
    assert told() == ()
    assert told(status=403) == (("status", "204", "403"),)
    assert told(("Access-Control-Allow-Origin", "*")) == (("Access-Control-Allow-Origin", V, "*"),)
    assert told(("Access-Control-Allow-Origin", None)) == (("Access-Control-Allow-Origin", V, ""),)
    assert told(("Access-Control-Allow-Credentials", "true")) == (("Access-Control-Allow-Credentials", "", "true"),)
    assert told(("Access-Control-Max-Age", "5")) == (("Access-Control-Max-Age", "600", "5"),)
    assert told(("vary", "origin")) == (
        ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers", "origin"),
    )


def test_what_means_the_same_is_not() -> None:
    assert told(("access-control-allow-headers", "x-cup,CONTENT-TYPE , ")) == ()
    assert told(("VARY", "*")) == ()
    assert told(("Vary", "Access-Control-Request-Headers, x, origin,Access-Control-Request-Method")) == ()
    assert told(("Access-Control-Allow-Methods", "delete")) == (("Access-Control-Allow-Methods", "DELETE", "delete"),)


@pytest.mark.parametrize(
    ("path", "base_path", "kept"),
    [
        ("/tea", "", True),
        ("/prod/tea", "prod", True),
        ("/prod/tea", "/prod/", True),
        ("/v1/prod/tea", "v1/prod", True),
        ("/prod/tea", "", False),
        ("/production/tea", "prod", False),
        ("/tea%2fx", "", False),
        ("/tea/%ff", "", False),
    ],
)
def test_the_apis_own_path(path: str, base_path: str, kept: bool) -> None:
    found, *_ = exchanges(Question(f"{API}/tea", V, "GET", (), "omit"), served(RULES))
    moved, *_ = exchanges(Question(f"{API}{path}", V, "GET", (), "omit"), lambda sent: found.answer)
    differences = compare(RULES, [moved], base_path)
    missing = (Difference(f"GET {path} from {V}", "Access-Control-Allow-Origin", "", V),)
    assert (differences == ()) == kept
    if not kept:
        assert differences[:1] == missing
