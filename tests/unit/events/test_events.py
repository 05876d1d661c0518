"""The sample events are whole and true to their sources: what a user tries, and every other test reads."""

from __future__ import annotations

import base64
import json
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

EVENTS = Path(__file__).parents[3] / "events"
OURS = sorted(path for path in EVENTS.glob("*.json") if path.name != "env.json")

Headers = dict[str, list[str]]


def load(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return event


def headers(event: dict[str, Any]) -> Headers:
    """Lower-case name to values, whatever the event's shape."""
    if "Records" in event:
        raw = event["Records"][0]["cf"]["request"]["headers"]
        return {name: [header["value"] for header in values] for name, values in raw.items()}
    many = event.get("multiValueHeaders") or {name: [value] for name, value in event["headers"].items()}
    return {name.lower(): values for name, values in many.items()}


def method(event: dict[str, Any]) -> str:
    if "Records" in event:
        return str(event["Records"][0]["cf"]["request"]["method"])
    return str(event.get("httpMethod") or event["requestContext"]["http"]["method"])


def test_there_is_one_for_each_case_and_source() -> None:
    httpapi = {
        *("preflight-allowed", "preflight-refused", "get-allowed", "get-refused", "get-lookalike"),
        *("get-no-origin", "post-comment", "post-tea-multipart"),
    }
    others = {"httpapi-v1", "restapi", "functionurl", "alb", "alb-multivalue"}
    others |= {"cloudfront-viewer-request", "cloudfront-origin-request"}
    expected = {f"httpapi-{case}" for case in httpapi}
    expected |= {f"{source}-{case}" for source in others for case in ("preflight", "get")}
    expected |= {"cloudfront-origin-response-get", "cloudfront-viewer-response-get"}
    assert {path.stem for path in OURS} == expected


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_its_name_tells_what_it_is(path: Path) -> None:
    event = load(path.stem)
    found = headers(event)
    if "preflight" in path.stem:
        assert method(event) == "OPTIONS"
        assert {"origin", "access-control-request-method"} <= found.keys()
    else:
        assert f"-{method(event).lower()}" in path.stem
        assert "access-control-request-method" not in found
    assert ("origin" in found) is ("no-origin" not in path.stem)


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("httpapi-get-allowed", "https://victoria-lo.github.io"),
        ("httpapi-preflight-refused", "https://evil.example"),
        ("httpapi-get-lookalike", "https://victoria-lo.github.io.evil.example"),
    ],
)
def test_the_origin_is_the_case_s(name: str, origin: str) -> None:
    assert headers(load(name))["origin"] == [origin]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_both_header_maps_and_the_length_agree(path: Path) -> None:
    event = load(path.stem)
    if event.get("headers") and event.get("multiValueHeaders"):
        assert {name: values[-1] for name, values in event["multiValueHeaders"].items()} == event["headers"]
    body = event.get("body") or ""
    raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    assert headers(event).get("content-length", [str(len(raw))]) == [str(len(raw))]


def test_the_comment_is_json_on_the_throttled_route() -> None:
    event = load("httpapi-post-comment")
    assert event["routeKey"] == event["requestContext"]["routeKey"] == "POST /tea/{name}"
    assert headers(event)["content-type"] == ["application/json"]
    assert json.loads(event["body"]).keys() == {"comment"}


def test_the_creation_is_a_form_with_a_picture_and_a_password_that_no_stack_has() -> None:
    event = load("httpapi-post-tea-multipart")
    found = headers(event)
    scheme, _, credentials = found["authorization"][0].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(credentials) == b"admin:replace-me"

    body = base64.b64decode(event["body"])
    form = message_from_bytes(b"Content-Type: " + found["content-type"][0].encode() + b"\r\n\r\n" + body)
    parts = {part.get_param("name", header="content-disposition"): part for part in form.walk() if part is not form}
    assert {"name", "image", "description", "brew_time"} <= parts.keys()
    image = parts["image"].get_payload(decode=True)
    assert isinstance(image, bytes)
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    assert image.endswith(b"IEND\xaeB`\x82")


def test_env_is_no_event_and_the_rest_has_a_folder() -> None:
    assert {path.name for path in EVENTS.iterdir() if path.suffix != ".json"} == {"README.md", "guard", "not-ours"}
    assert len(list((EVENTS / "not-ours").glob("*.json"))) >= 5
