"""The event sources: how each writes a request into an event, and reads a response out of an answer.

The events are those in `events/`, with the parts that CORS is about set anew, so that one table of requests serves
every source.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EVENTS = Path(__file__).parents[2] / "events"

Event = dict[str, Any]
# A response as a client sees it: status, lines of headers (lower-case names, sorted), body.
Response = tuple[int, list[tuple[str, str]], str]

PHRASES = {200: "OK", 201: "Created", 204: "No Content", 403: "Forbidden", 500: "Internal Server Error"}


@cache
def _text(file: str) -> str:
    return (EVENTS / file).read_text(encoding="utf-8")


def sample(file: str) -> Event:
    """A fresh copy of an event in `events/`."""
    event: Event = json.loads(_text(file))
    return event


def samples(folder: str = "") -> list[str]:
    """The names of the sample events in `events/`, or in a folder of it."""
    here = EVENTS / folder
    return sorted(str(path.relative_to(EVENTS)) for path in here.glob("*.json") if path.name != "env.json")


@dataclass(frozen=True)
class Source:
    """One event source. `shape`: the module of edgecors.aws that recognises its events."""

    name: str
    file: str
    shape: str

    def event(self, method: str, path: str, headers: Iterable[tuple[str, str]]) -> Event:
        """The event of a request."""
        raise NotImplementedError

    def answer(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        """A response as a handler for this source writes it."""
        raise NotImplementedError

    def reply(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        """A response as the engine itself is expected to write it."""
        raise NotImplementedError

    def response(self, answer: Any) -> Response:
        """What the client gets."""
        raise NotImplementedError

    @property
    def is_response(self) -> bool:
        """Whether the event comes when a response is there already: nothing can be refused then."""
        return False


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _lists(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in headers:
        lists.setdefault(name, []).append(value)
    return lists


def _lines(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return sorted((name.lower(), value) for name, value in pairs)


@dataclass(frozen=True)
class Payload2(Source):
    """HTTP API with payload format 2.0, or a function URL: lower-case names, repeated headers joined."""

    def event(self, method: str, path: str, headers: Iterable[tuple[str, str]]) -> Event:
        event = sample(self.file)
        event["rawPath"] = path
        event["requestContext"]["http"].update(method=method, path=path)
        event["headers"] = _joined((name.lower(), value) for name, value in headers)
        return event

    def answer(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return {"statusCode": status, "headers": dict(headers), "body": body, "isBase64Encoded": False}

    def reply(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return {"statusCode": status, "headers": dict(headers)} | ({"body": body} if body else {})

    def response(self, answer: Any) -> Response:
        return answer["statusCode"], _lines(answer["headers"].items()), answer.get("body", "")


@dataclass(frozen=True)
class Payload1(Source):
    """REST API, or HTTP API with payload format 1.0: headers twice, once with all values."""

    def event(self, method: str, path: str, headers: Iterable[tuple[str, str]]) -> Event:
        headers = list(headers)
        event = sample(self.file)
        event["path"] = path
        event["httpMethod"] = event["requestContext"]["httpMethod"] = method
        event["headers"] = dict(headers)
        event["multiValueHeaders"] = _lists(headers)
        return event

    def answer(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return {"statusCode": status, "headers": dict(headers), "body": body, "isBase64Encoded": False}

    def reply(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return {"statusCode": status, "headers": dict(headers), "body": body}

    def response(self, answer: Any) -> Response:
        lines = list((answer.get("headers") or {}).items())
        lines += [(name, value) for name, values in (answer.get("multiValueHeaders") or {}).items() for value in values]
        return answer["statusCode"], _lines(lines), answer.get("body", "")


@dataclass(frozen=True)
class LoadBalancer(Source):
    """Application Load Balancer with one value a header: the last one counts."""

    def event(self, method: str, path: str, headers: Iterable[tuple[str, str]]) -> Event:
        event = sample(self.file)
        event.update(httpMethod=method, path=path, headers={name.lower(): value for name, value in headers})
        return event

    def answer(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return self.reply(status, headers, body)

    def reply(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return {
            "statusCode": status,
            "statusDescription": f"{status} {PHRASES[status]}",
            "headers": dict(headers),
            "body": body,
            "isBase64Encoded": False,
        }

    def response(self, answer: Any) -> Response:
        return answer["statusCode"], _lines(answer["headers"].items()), answer["body"]


@dataclass(frozen=True)
class MultiValueLoadBalancer(LoadBalancer):
    """Application Load Balancer with all values of a header, both ways."""

    def event(self, method: str, path: str, headers: Iterable[tuple[str, str]]) -> Event:
        event = sample(self.file)
        lists = _lists((name.lower(), value) for name, value in headers)
        event.update(httpMethod=method, path=path, multiValueHeaders=lists)
        return event

    def reply(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        answer = super().reply(status, headers, body)
        del answer["headers"]
        return answer | {"multiValueHeaders": {name: [value] for name, value in headers.items()}}

    def response(self, answer: Any) -> Response:
        lines = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
        return answer["statusCode"], _lines(lines), answer["body"]


@dataclass(frozen=True)
class Edge(Source):
    """CloudFront: header maps of lower-case name to lines; a status is text."""

    def event(self, method: str, path: str, headers: Iterable[tuple[str, str]]) -> Event:
        event = sample(self.file)
        request = event["Records"][0]["cf"]["request"]
        request.update(method=method, uri=path, headers={})
        for name, value in headers:
            request["headers"].setdefault(name.lower(), []).append({"key": name, "value": value})
        return event

    def answer(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return self.reply(status, headers, body)

    def reply(self, status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
        return {
            "status": str(status),
            "statusDescription": PHRASES[status],
            "headers": {name.lower(): [{"key": name, "value": value}] for name, value in headers.items()},
        } | ({"body": body} if body else {})

    def response(self, answer: Any) -> Response:
        lines = [(line["key"], line["value"]) for lines in answer["headers"].values() for line in lines]
        return int(answer["status"]), _lines(lines), answer.get("body", "")

    @property
    def is_response(self) -> bool:
        return "-response-" in self.file


HTTP_API = Payload2("httpapi", "httpapi-get-allowed.json", "payload_v2")
FUNCTION_URL = Payload2("functionurl", "functionurl-get.json", "payload_v2")
HTTP_API_V1 = Payload1("httpapi-v1", "httpapi-v1-get.json", "payload_v1")
REST_API = Payload1("restapi", "restapi-get.json", "payload_v1")
ALB = LoadBalancer("alb", "alb-get.json", "alb")
ALB_MULTIPLE = MultiValueLoadBalancer("alb-multivalue", "alb-multivalue-get.json", "alb")
VIEWER_REQUEST = Edge("cloudfront-viewer-request", "cloudfront-viewer-request-get.json", "cloudfront")
ORIGIN_REQUEST = Edge("cloudfront-origin-request", "cloudfront-origin-request-get.json", "cloudfront")
VIEWER_RESPONSE = Edge("cloudfront-viewer-response", "cloudfront-viewer-response-get.json", "cloudfront")
ORIGIN_RESPONSE = Edge("cloudfront-origin-response", "cloudfront-origin-response-get.json", "cloudfront")

SOURCES: tuple[Source, ...] = (
    HTTP_API,
    FUNCTION_URL,
    HTTP_API_V1,
    REST_API,
    ALB,
    ALB_MULTIPLE,
    VIEWER_REQUEST,
    ORIGIN_REQUEST,
    VIEWER_RESPONSE,
    ORIGIN_RESPONSE,
)


def shape_of_sample(file: str) -> str:
    """The module of edgecors.aws that has to recognise a sample, by its name in `events/`."""
    kind = file.partition("-")[0]
    if kind in ("httpapi", "functionurl"):
        return "payload_v1" if file.startswith("httpapi-v1") else "payload_v2"
    return {"restapi": "payload_v1", "alb": "alb", "cloudfront": "cloudfront"}[kind]
