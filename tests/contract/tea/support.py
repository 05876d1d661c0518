"""The Tea API as a client of API Gateway sees it: requests become events, and the handler's payloads answers."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).parents[3]
PAGE = "https://victoria-lo.github.io"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASSWORD = "oolong: 烏龍"
NO_CORS = {"Vary": "Origin"}
CORS = {
    "Access-Control-Allow-Origin": PAGE,
    "Access-Control-Expose-Headers": "ETag, Link, Location",
    "Vary": "Origin",
}
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
}


class Context:
    """Lambda's context, as far as Powertools and the engine read it."""

    function_name = "tea"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:tea"
    aws_request_id = "8c1b6f1e-6f43-4a55-9d4e-1f0c2f5a7b3d"

    def get_remaining_time_in_millis(self) -> int:
        return 15_000


@dataclass(frozen=True)
class Answer:
    """A whole payload: `body` parsed where it is JSON, bytes where it is base64; the other keys are checked."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @classmethod
    def of(cls, payload: dict[str, Any]) -> Answer:
        assert set(payload) == {"statusCode", "headers", "body", "isBase64Encoded", "cookies"}
        assert payload["cookies"] == []
        body = payload["body"]
        if payload["isBase64Encoded"]:
            body = base64.b64decode(body, validate=True)
        elif body and "json" in payload["headers"].get("Content-Type", ""):
            body = json.loads(body)
        return cls(payload["statusCode"], payload["headers"], body)


def etag(body: Any) -> str:
    """The tag of a JSON value as the API writes it, or of bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def found(body: Any, headers: Mapping[str, str] | None = None, cors: Mapping[str, str] = NO_CORS) -> Answer:
    """The answer to a GET of JSON."""
    return Answer(
        200,
        {
            "Content-Type": "application/json",
            "ETag": etag(body),
            "Cache-Control": "no-cache",
            **cors,
            **(headers or {}),
        },
        body,
    )


def done(status: int, body: Any, headers: Mapping[str, str] | None = None, cors: Mapping[str, str] = NO_CORS) -> Answer:
    """The answer to a write."""
    return Answer(
        status,
        {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {}), **cors},
        body,
    )


def refused(
    status: int,
    detail: str,
    *errors: tuple[str, str, str],
    headers: Mapping[str, str] | None = None,
    cors: Mapping[str, str] = NO_CORS,
) -> Answer:
    """A problem document; `errors` as (field, code, message)."""
    body: dict[str, Any] = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    if errors:
        body["errors"] = [{"field": name, "code": code, "message": text} for name, code, text in errors]
    return Answer(
        status,
        {"Content-Type": "application/problem+json", "Cache-Control": "no-store", **(headers or {}), **cors},
        body,
    )


def basic(username: str, password: str) -> dict[str, str]:
    """An Authorization header."""
    return {"authorization": "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()}


ADMIN = basic("admin", PASSWORD)
JSON = {"content-type": "application/json"}


def multipart(
    fields: Mapping[str, str | bytes], image: bytes | None = None, file: str = "tea.png"
) -> tuple[dict[str, str], bytes]:
    """A form as a browser sends it: its Content-Type, its bytes."""
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        + b"\r\n"
        for name, value in fields.items()
    ]
    if image is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{file}"\r\n'
        parts.append(f"{head}Content-Type: image/png\r\n\r\n".encode() + image + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return {"content-type": f"multipart/form-data; boundary={boundary}"}, body


def event(
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: str | bytes | None = None,
) -> dict[str, Any]:
    """An HTTP API's event, payload format 2.0: `path` decoded, bytes as base64."""
    result: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "tea.example", "x-forwarded-proto": "https", **(headers or {})},
        "requestContext": {
            "apiId": "a1b2c3d4e5",
            "domainName": "tea.example",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "tests",
            },
            "requestId": "Uf1abg7GliAEJ3Q=",
            "routeKey": "$default",
            "stage": "$default",
            "timeEpoch": 1795356131000,
        },
        "isBase64Encoded": isinstance(body, bytes),
    }
    if query:
        result["queryStringParameters"] = dict(query)
    if body is not None:
        result["body"] = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    return result


@dataclass
class Store:
    """A table and a bucket, and whether a test wrote into them."""

    table: str
    bucket: str
    written: bool = False


@dataclass
class Api:
    """The deployed function, with a table and a bucket of its own."""

    handler: Callable[[dict[str, Any], Any], Any]
    store: Store
    dynamodb: Any
    s3: Any
    calls: list[str] = field(default_factory=list)
    """AWS operations so far, such as `dynamodb.PutItem`."""

    @property
    def table(self) -> str:
        return self.store.table

    @property
    def bucket(self) -> str:
        return self.store.bucket

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: str | bytes | None = None,
    ) -> Answer:
        return Answer.of(self.handler(event(method, path, headers=headers, query=query, body=body), Context()))

    def get(self, path: str, query: Mapping[str, str] | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", path, headers=sent, query=query)

    def create(self, fields: Mapping[str, object] | str) -> Answer:
        """POST /tea with JSON, as the admin."""
        body = fields if isinstance(fields, str) else json.dumps(fields)
        return self.request("POST", "/tea", headers={**JSON, **ADMIN}, body=body)

    def upload(self, fields: Mapping[str, str | bytes], image: bytes | None = None, file: str = "tea.png") -> Answer:
        """POST /tea with a form, as the admin."""
        headers, body = multipart(fields, image, file)
        return self.request("POST", "/tea", headers={**headers, **ADMIN}, body=body)

    def comment(self, name: str, text: object) -> Answer:
        return self.request("POST", f"/tea/{name}", headers=JSON, body=json.dumps({"comment": text}))

    def delete(self, path: str, headers: Mapping[str, str] = ADMIN) -> Answer:
        return self.request("DELETE", path, headers=headers)

    def put_items(self, items: Iterable[Mapping[str, str]]) -> None:
        """Put items of text into the table, many at once."""
        puts = [{"PutRequest": {"Item": {name: {"S": value} for name, value in item.items()}}} for item in items]
        for first in range(0, len(puts), 25):
            self.dynamodb.batch_write_item(RequestItems={self.table: puts[first : first + 25]})

    def put_comments(self, tea_id: str, count: int, text: str = "{}") -> None:
        """Comments as the API keeps them, `text` with their numbers."""
        self.put_items(
            {
                "pk": f"COMMENTS#{tea_id}",
                "sk": f"{number:024x}",
                "text": text.format(number),
                "date": "2026-11-22T15:45:12.345Z",
            }
            for number in range(count)
        )

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        return [
            item
            for page in self.dynamodb.get_paginator("scan").paginate(TableName=self.table)
            for item in page["Items"]
        ]

    def images(self) -> list[str]:
        """The keys of everything in the bucket."""
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
