"""The same function behind other sources of HTTP requests: the answers in their shapes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contract.tea.support import ADMIN, CORS, JSON, PAGE, ROOT, Context, event

if TYPE_CHECKING:
    from contract.tea.support import Api

SOURCES = ["httpapi-v1", "restapi", "functionurl", "alb", "alb-multivalue"]


def load(name: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads((ROOT / f"events/{name}.json").read_text(encoding="utf-8"))
    return result


@pytest.mark.parametrize("source", SOURCES)
def test_a_tea_is_read_through_any_source(api: Api, source: str) -> None:
    tea = api.create({"name": "white"}).body
    payload = api.handler(load(f"{source}-get"), Context())
    assert payload["statusCode"] == 200
    assert json.loads(payload["body"]) in (tea, [tea])
    assert ("cookies" in payload) == (source == "functionurl")
    headers = {
        **payload.get("headers", {}),
        **{n: ",".join(v) for n, v in payload.get("multiValueHeaders", {}).items()},
    }
    assert {name: headers[name] for name in CORS} == CORS
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("source", SOURCES)
def test_a_name_is_decoded_as_its_source_wants(api: Api, source: str) -> None:
    tea = api.create({"name": "100% чай"}).body
    sent = load(f"{source}-get")
    decoded = source == "httpapi-v1"
    path = "/tea/100% чай" if decoded else "/tea/100%25%20%D1%87%D0%B0%D0%B9"
    if "rawPath" in sent:
        sent["rawPath"] = path
    else:
        stage = f"/{sent['requestContext']['stage']}" if decoded else ""
        sent["path"] = stage + path if sent["path"].startswith(f"{stage}/") else path
    payload = api.handler(sent, Context())
    assert (payload["statusCode"], json.loads(payload["body"])) == (200, tea)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("limit", ["0", "1"])
def test_a_query_comes_through_any_source(api: Api, source: str, limit: str) -> None:
    sent = load(f"{source}-get")
    if "rawPath" in sent:
        sent["rawPath"] = "/tea"
    else:
        sent["path"] = "/tea"
    for name, value in (("queryStringParameters", limit), ("multiValueQueryStringParameters", [limit])):
        if name in sent or source == "functionurl":
            sent[name] = {"limit": value}
    assert api.handler(sent, Context())["statusCode"] == (400 if limit == "0" else 200)


@pytest.mark.parametrize("source", SOURCES)
def test_head_has_no_body_in_any_source(api: Api, source: str) -> None:
    sent = load(f"{source}-get")
    if "httpMethod" in sent:
        sent["httpMethod"] = "HEAD"
    else:
        sent["requestContext"]["http"]["method"] = "HEAD"
    assert api.handler(sent, Context())["body"] == ""


def test_a_named_stage_is_no_part_of_the_path(api: Api) -> None:
    api.create({"name": "tea"})
    for stage, path in (("prod", "/prod/tea/tea"), ("tea", "/tea/tea/tea"), ("prod", "/tea/tea"), ("te", "/tea/tea")):
        sent = event("GET", path)
        sent["requestContext"]["stage"] = stage
        assert json.loads(api.handler(sent, Context())["body"])["name"] == "tea"
    sent = event("GET", "/prod")
    sent["requestContext"]["stage"] = "prod"
    assert json.loads(api.handler(sent, Context())["body"])["name"] == "Tea API"


def test_a_form_of_another_case_of_headers(api: Api) -> None:
    """`sam local` has header names in title case."""
    sent = event("POST", "/tea", body='{"name": "white"}')
    sent["headers"] = {name.title(): value for name, value in {**JSON, **ADMIN, "origin": PAGE}.items()}
    payload = api.handler(sent, Context())
    assert (payload["statusCode"], payload["headers"]["Access-Control-Allow-Origin"]) == (201, PAGE)


@pytest.mark.parametrize("headers", [None, {}])
def test_no_headers_and_no_query(api: Api, headers: Any) -> None:
    sent = event("GET", "/tea") | {"headers": headers, "queryStringParameters": None}
    assert api.handler(sent, Context())["statusCode"] == 200


@pytest.mark.parametrize("name", ["sqs-message", "websocket-message"])
def test_what_is_no_http_request_fails_in_the_open(api: Api, name: str) -> None:
    with pytest.raises(ValueError, match="no HTTP request"):
        api.handler(load(f"not-ours/{name}"), Context())
