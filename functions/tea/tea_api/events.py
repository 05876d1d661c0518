"""Events as the routes want them: payload format 2.0 of an HTTP API's `$default` stage.

That is what the API's own gateway sends. The other sources of HTTP requests that edgecors knows are turned
into it, so that the function can stand behind any of them: a function URL, payload format 1.0 (REST and HTTP
APIs), a load balancer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Mapping


def request(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of payload format 2.0 with the same request. Raises ValueError for what is none of the above.

    Powertools' route patterns know letters and some signs, but not every character that a decoded path can
    have (an emoji, a combining mark, a quotation mark): the path is percent-encoded, whatever it was before,
    and each parameter is decoded where it is used. One trailing slash is taken off, as Express does. HEAD
    becomes GET.
    """
    context = event.get("requestContext") or {}
    if event.get("version") == "2.0" and "rawPath" in event:
        path, method = _path_2(event, context), context["http"]["method"]
        headers, query = event.get("headers"), event.get("queryStringParameters")
    elif "httpMethod" in event and "path" in event and context:
        path, method = _path_1(event, context), event["httpMethod"]
        headers = _flat(event.get("multiValueHeaders"), event.get("headers"))
        query = _flat(event.get("multiValueQueryStringParameters"), event.get("queryStringParameters"))
        if "elb" in context:
            query = {unquote_plus(name): unquote_plus(value) for name, value in query.items()}
    else:
        raise ValueError("this event is no HTTP request that the Tea API could answer")
    if len(path) > 1 and path.endswith("/"):
        path = path[:-1]
    return {
        "version": "2.0",
        "rawPath": quote(path, safe="/", errors="surrogatepass"),
        "headers": headers or {},
        "queryStringParameters": query or {},
        "body": event.get("body"),
        "isBase64Encoded": bool(event.get("isBase64Encoded")),
        "requestContext": {
            "stage": "$default",
            "http": {"method": "GET" if method == "HEAD" else method},
        },
    }


def response(event: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the source of `event` takes it: HEAD without a body, `cookies` in format 2.0 alone."""
    is_2 = event.get("version") == "2.0"
    answer = dict(answer) if is_2 else {key: value for key, value in answer.items() if key != "cookies"}
    if (event["requestContext"]["http"]["method"] if is_2 else event["httpMethod"]) == "HEAD":
        answer |= {"body": "", "isBase64Encoded": False}
    return answer


def _path_2(event: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    path: str = event["rawPath"]
    # A function URL passes the path on as it came; an HTTP API decodes it, and puts a named stage first.
    if ".lambda-url." in str(context.get("domainName")):
        return unquote(path)
    return _without_stage(path, context)


def _path_1(event: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    path: str = event["path"]
    # "version" is an HTTP API's; REST APIs and load balancers send neither it nor decoded paths.
    return _without_stage(path, context) if "version" in event else unquote(path)


def _without_stage(path: str, context: Mapping[str, Any]) -> str:
    stage = context.get("stage")
    if not stage or stage == "$default":
        return path
    if path == f"/{stage}":
        return "/"
    return path.removeprefix(f"/{stage}") if path.startswith(f"/{stage}/") else path


def _flat(several: Mapping[str, list[str]] | None, single: Mapping[str, str] | None) -> dict[str, str]:
    return {name: ",".join(values) for name, values in several.items()} if several else dict(single or {})
