"""Where a template itself says what is answered to pages of other origins: the platform's CORS settings and headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors_doctor import openapi
from edgecors_doctor.nodes import Node, target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.apis import Api
    from edgecors_doctor.facts import Facts

_HEADER_PREFIXES = ("gatewayresponse.header.", "method.response.header.")
_ORIGIN, _CREDENTIALS = "access-control-allow-origin", "access-control-allow-credentials"


class Setting(NamedTuple):
    """One such place. `kind`: http-api, rest, function-url, headers, cloudfront or s3; `shown`: how messages name it.

    `origins`: single ones, in the branches that they may have; `values`: everything that API Gateway wants in quotes
    of its own inside the text (kinds rest and headers).
    """

    kind: str
    shown: str
    node: Node
    origins: tuple[Node, ...]
    credentials: Node
    methods: tuple[Node, ...]
    headers: tuple[Node, ...]
    values: tuple[Node, ...] = ()
    api: str | None = None

    @property
    def is_quoted(self) -> bool:
        """Whether values have quotes of their own."""
        return self.kind in ("rest", "headers")


def read_settings(facts: Facts) -> Iterator[Setting]:
    """All of them."""
    for api in facts.apis.values():
        for node in api.cors:
            yield _http_api(api, node) if api.is_http else _rest(api, node)
    for function, url in facts.urls():
        for node in url.get("Cors").branches():
            shown = f"the URL of function {function.name}" if function is not None else "the function URL"
            yield _listed("function-url", f"Cors of {shown}", node, "AllowOrigins", "AllowMethods", "AllowHeaders")
    for _, headers in header_sets(facts):
        yield headers
    for name, properties in facts.resources.of("AWS::CloudFront::ResponseHeadersPolicy"):
        for node in properties.get("ResponseHeadersPolicyConfig", "CorsConfig").branches():
            yield Setting(
                "cloudfront",
                f"CorsConfig of {name}",
                node,
                tuple(node.get("AccessControlAllowOrigins", "Items").entries()),
                node.get("AccessControlAllowCredentials"),
                tuple(node.get("AccessControlAllowMethods", "Items").entries()),
                tuple(node.get("AccessControlAllowHeaders", "Items").entries()),
            )
    for name, properties in facts.resources.of("AWS::S3::Bucket"):
        for node in properties.get("CorsConfiguration", "CorsRules").entries():
            yield _listed(
                "s3", f"CorsConfiguration of {name}", node, "AllowedOrigins", "AllowedMethods", "AllowedHeaders"
            )


def _listed(
    kind: str, shown: str, node: Node, origins: str, methods: str, headers: str, api: str | None = None
) -> Setting:
    def entries(key: str) -> tuple[Node, ...]:
        return tuple(node.get(key).entries())

    credentials = node.get("allowCredentials" if origins == "allowOrigins" else "AllowCredentials")
    return Setting(kind, shown, node, entries(origins), credentials, entries(methods), entries(headers), api=api)


def _http_api(api: Api, node: Node) -> Setting:
    shown = f"CorsConfiguration of {api.shown}"
    if node.path[-1] == "x-amazon-apigateway-cors":
        shown = f"x-amazon-apigateway-cors of {api.shown}"
        return _listed("http-api", shown, node, "allowOrigins", "allowMethods", "allowHeaders", api.name)
    return _listed("http-api", shown, node, "AllowOrigins", "AllowMethods", "AllowHeaders", api.name)


def _rest(api: Api, node: Node) -> Setting:
    """SAM's Cors: the origin alone, or all of it."""
    origin = node if not isinstance(node.value, dict) or node.is_intrinsic else node.get("AllowOrigin")
    others = [node.get(key) for key in ("AllowMethods", "AllowHeaders", "MaxAge")]
    return Setting(
        "rest",
        f"Cors of {api.shown}",
        node,
        tuple(origin.branches()),
        node.get("AllowCredentials"),
        tuple(others[0].branches()),
        tuple(others[1].branches()),
        tuple(branch for value in (origin, *others) for branch in value.branches()),
        api.name,
    )


def header_sets(facts: Facts) -> Iterator[tuple[str, Setting]]:
    """The CORS headers of gateway responses and of answers that API Gateway makes up; the response's type, or ""."""
    for api in facts.apis.values():
        if api.is_http:
            continue
        for kind, response in _gateway_responses(api):
            yield from _headers(kind, f"{kind} of {api.shown}", response, api.name)
        for operation in openapi.operations(api.body):
            responses = operation.node.get("x-amazon-apigateway-integration", "responses")
            for _, response in responses.children():
                shown = f"{operation.method} {operation.path} of {api.shown}"
                yield from _headers("", shown, response.get("responseParameters"), api.name)
    for name, properties in facts.resources.of("AWS::ApiGateway::GatewayResponse"):
        kind = properties.get("ResponseType").text or ""
        yield from _headers(kind, name, properties.get("ResponseParameters"), target(properties.get("RestApiId").value))
    for name, properties in facts.resources.of("AWS::ApiGateway::Method"):
        for response in properties.get("Integration", "IntegrationResponses").entries():
            yield from _headers("", name, response.get("ResponseParameters"), target(properties.get("RestApiId").value))


def _gateway_responses(api: Api) -> Iterator[tuple[str, Node]]:
    for kind, response in api.properties.get("GatewayResponses").children():
        yield kind, response.get("ResponseParameters", "Headers")
    for kind, response in api.body.get("x-amazon-apigateway-gateway-responses").children():
        yield kind, response.get("responseParameters")


def _headers(kind: str, shown: str, node: Node, api: str | None) -> Iterator[tuple[str, Setting]]:
    found: dict[str, Node] = {}
    for key, value in node.children():
        name = key.lower()
        for prefix in _HEADER_PREFIXES:
            name = name.removeprefix(prefix)
        if name.startswith("access-control-"):
            found[name] = value
    if not found:
        return
    missing = Node(None, node.path)
    yield (
        kind,
        Setting(
            "headers",
            shown,
            node,
            tuple(found.get(_ORIGIN, missing).branches()),
            found.get(_CREDENTIALS, missing),
            tuple(found.get("access-control-allow-methods", missing).branches()),
            tuple(found.get("access-control-allow-headers", missing).branches()),
            tuple(branch for value in found.values() for branch in value.branches()),
            api,
        ),
    )


def plain(node: Node, *, quoted: bool) -> str | None:
    """A value's text, without the quotes of its own that it may have; None for what is no text."""
    text = node.text
    if text is not None and quoted and len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1]
    return text
