"""Events of every source as one request; the sources themselves are in tests/contract/tea/test_sources.py."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tea_api import events
from unit.tea.attempts import steady

FUNCTION_URL = {"domainName": "x.lambda-url.eu-central-1.on.aws", "http": {"method": "GET"}}
PATHS = st.text(st.characters(), max_size=30).map("/{}".format)


def http_api(path: str, method: str = "GET", stage: str = "$default") -> dict[str, Any]:
    return {"version": "2.0", "rawPath": path, "requestContext": {"stage": stage, "http": {"method": method}}}


@steady
@given(PATHS)
def test_any_path_is_plain_ascii_and_decodes_to_what_it_was(path: str) -> None:
    request = events.request(http_api(path))
    assert request["rawPath"].isascii()
    assert not set(request["rawPath"]) & set(" \"#?\\<>`{}|^'()*+,;=:@&$!\0\n")
    expected = path[:-1] if len(path) > 1 and path.endswith("/") else path
    assert unquote(request["rawPath"], errors="surrogatepass") == expected


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (http_api("/prod/tea", stage="prod"), "/tea"),
        (http_api("/prod", stage="prod"), "/"),
        (http_api("/product", stage="prod"), "/product"),
        (http_api("/$default/tea"), "/%24default/tea"),
        (http_api("/a%20b"), "/a%2520b"),
        ({**http_api("/a%20b+c"), "requestContext": FUNCTION_URL}, "/a%20b%2Bc"),
        ({"path": "/a%20b", "httpMethod": "GET", "requestContext": {"stage": "prod"}}, "/a%20b"),
        ({"path": "/prod/a b", "httpMethod": "GET", "version": "1.0", "requestContext": {"stage": "prod"}}, "/a%20b"),
        ({"path": "/a%20b", "httpMethod": "GET", "requestContext": {"elb": {}}}, "/a%20b"),
    ],
)  # fmt: skip
def test_paths(event: dict[str, Any], path: str) -> None:
    assert events.request(event)["rawPath"] == path


def test_a_load_balancers_query_is_decoded() -> None:
    event = {
        "path": "/tea",
        "httpMethod": "GET",
        "requestContext": {"elb": {}},
        "multiValueQueryStringParameters": {"limit": ["1%30"], "a%20b": ["c+d"]},
        "multiValueHeaders": {"accept": ["text/html", "*/*"]},
    }
    request = events.request(event)
    assert request["queryStringParameters"] == {"limit": "10", "a b": "c d"}
    assert request["headers"] == {"accept": "text/html,*/*"}


def test_the_event_is_not_changed() -> None:
    event = http_api("/tea/", "HEAD")
    assert events.request(event)["requestContext"]["http"]["method"] == "GET"
    assert event == http_api("/tea/", "HEAD")


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"Records": []},
        {"version": "2.0"},
        {"httpMethod": "GET", "path": "/"},
        {"requestContext": {"eventType": "MESSAGE", "routeKey": "$default"}},
        {"version": "2.0", "type": "REQUEST", "routeArn": "x"},
    ],
)
def test_what_is_no_http_request(event: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no HTTP request"):
        events.request(event)
