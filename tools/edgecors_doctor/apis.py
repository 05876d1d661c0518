"""The APIs of a template and their routes: of SAM's events, of CloudFormation's resources, of OpenAPI documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from edgecors_doctor import openapi
from edgecors_doctor.functions import FUNCTION_TYPES
from edgecors_doctor.nodes import Node, mentioned, target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from edgecors_doctor.functions import Function
    from edgecors_doctor.resources import Resources

SAM_HTTP, SAM_REST = "AWS::Serverless::HttpApi", "AWS::Serverless::Api"
CFN_HTTP, CFN_REST = "AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi"
_IMPLICIT = {"HttpApi": "ServerlessHttpApi", "Api": "ServerlessRestApi"}
_API_KEYS = {"HttpApi": "ApiId", "Api": "RestApiId"}
_DEFINITIONS = ("DefinitionUri", "BodyS3Location")


class Api(NamedTuple):
    """An API. `cors`: the platform's CORS settings that are on; `body`: its OpenAPI document, where it is in the
    template; `opaque`: whether it may have routes that the template does not show."""

    name: str
    is_http: bool
    is_sam: bool
    properties: Node
    cors: tuple[Node, ...]
    body: Node
    opaque: bool

    @property
    def shown(self) -> str:
        """How messages name it."""
        return f"API {self.name}"


class Route(NamedTuple):
    """A route of an API. `method`: in upper case, ANY for all; `path`: $default for what no other route takes.

    `guard`: what keeps a request without credentials out ("the authorizer Jwt"), "" where nothing does, None where
    that is not known; `guard_path`: where that is said; `by_default`: whether it is said for the whole API.
    """

    api: str
    method: str
    path: str
    function: str | None
    guard: str | None
    guard_path: tuple[str | int, ...]
    by_default: bool
    node: Node

    @property
    def shown(self) -> str:
        """How messages name it."""
        return self.path if self.path == "$default" else f"{self.method} {self.path}"


def read_apis(resources: Resources) -> dict[str, Api]:
    """The APIs by logical ID, those included that SAM makes for events that name none."""
    found = {}
    for name, properties in resources.of(SAM_HTTP, CFN_HTTP, SAM_REST, CFN_REST):
        kind = resources.types[name]
        if properties.get("ProtocolType").text not in (None, "HTTP"):
            continue
        found[name] = _api(name, properties, is_http=kind in (SAM_HTTP, CFN_HTTP), is_sam=kind in (SAM_HTTP, SAM_REST))
    for section, name in _IMPLICIT.items():
        found.setdefault(
            name, _api(name, resources.global_properties(section), is_http=section == "HttpApi", is_sam=True)
        )
    return found


def _api(name: str, properties: Node, *, is_http: bool, is_sam: bool) -> Api:
    body = properties.get("DefinitionBody" if is_sam else "Body")
    settings = properties.get("CorsConfiguration" if is_http else "Cors")
    if not is_http and not is_sam:
        settings = Node(None, settings.path)
    cors = [branch for branch in settings.branches() if not branch.is_false and branch.value != ""]
    cors += list(body.get("x-amazon-apigateway-cors").branches()) if is_http else []
    opaque = body.is_intrinsic or any(
        "Fn::Transform" in node.value for node in (body, body.get("paths")) if isinstance(node.value, dict)
    )
    opaque = opaque or any(properties.get(key).given for key in _DEFINITIONS)
    return Api(name, is_http, is_sam, properties, tuple(cors), body, opaque)


def read_routes(resources: Resources, functions: Mapping[str, Function], apis: Mapping[str, Api]) -> Iterator[Route]:
    """Every route that the template shows."""
    for function in functions.values():
        for _, event in function.properties.get("Events").children():
            route = _event_route(function.name, event, apis)
            if route is not None:
                yield route
    yield from _http_routes(resources)
    yield from _rest_methods(resources)
    for api in apis.values():
        yield from _body_routes(resources, api)


def _event_route(function: str, event: Node, apis: Mapping[str, Api]) -> Route | None:
    kind = event.get("Type").text
    if kind not in _IMPLICIT:
        return None
    properties = event.get("Properties")
    named = properties.get(_API_KEYS[kind])
    name = target(named.value) if named.given else _IMPLICIT[kind]
    api = apis.get(name or "")
    if api is None:
        return None
    path, method = properties.get("Path").text, (properties.get("Method").text or "ANY").upper()
    if kind == "HttpApi" and path in (None, "$default") and method in ("ANY", "*"):
        path = "$default"
    if path is None:
        return None
    method = "ANY" if method in ("*", "X-AMAZON-APIGATEWAY-ANY-METHOD") else method
    guard, guard_path, by_default = _sam_guard(api, method, properties)
    at = next((properties.get(key) for key in ("Method", "Path") if properties.get(key).given), event)
    return Route(api.name, method, path, function, guard, guard_path, by_default, at)


def _sam_guard(api: Api, method: str, properties: Node) -> tuple[str | None, tuple[str | int, ...], bool]:
    """What keeps others out of an event's route: the authorizer or the API key, the event's own or the API's."""
    for key, shown in (("Authorizer", "the authorizer {}"), ("ApiKeyRequired", "an API key")):
        if key == "ApiKeyRequired" and api.is_http:
            continue
        node, by_default = properties.get("Auth", key), False
        if not node.given:
            by_default = True
            node = api.properties.get("Auth", "DefaultAuthorizer" if key == "Authorizer" else key)
            exempt = (
                "AddDefaultAuthorizerToCorsPreflight" if key == "Authorizer" else "AddApiKeyRequiredToCorsPreflight"
            )
            if method == "OPTIONS" and (api.is_http or api.properties.get("Auth", exempt).is_false):
                continue
        for branch in node.branches():
            if branch.is_intrinsic:
                return None, branch.path, by_default
            if branch.text not in (None, "NONE") if key == "Authorizer" else branch.is_true:
                return shown.format(branch.text), branch.path, by_default
    return "", properties.path, False


def _http_routes(resources: Resources) -> Iterator[Route]:
    for _, properties in resources.of("AWS::ApiGatewayV2::Route"):
        api, key = target(properties.get("ApiId").value), properties.get("RouteKey")
        if api is None or key.text is None:
            continue
        method, _, path = key.text.partition(" ")
        if not path:
            method, path = "ANY", key.text
        integrations = [
            resources.properties(found, "AWS::ApiGatewayV2::Integration")
            for found in mentioned(properties.get("Target").value)
        ]
        uris = [found.get("IntegrationUri").value for found in integrations if found is not None]
        kind = properties.get("AuthorizationType")
        guard = "" if not kind.given else _named(kind, "NONE")
        yield Route(api, method.upper(), path, _function(resources, uris), guard, kind.path, False, key)
    for name, properties in resources.of(CFN_HTTP):
        quick = properties.get("Target")
        if quick.given:
            method, _, path = (properties.get("RouteKey").text or "ANY $default").partition(" ")
            found = _function(resources, [quick.value])
            yield Route(name, method.upper() if path else "ANY", path or "$default", found, "", (), False, quick)


def _rest_methods(resources: Resources) -> Iterator[Route]:
    for _, properties in resources.of("AWS::ApiGateway::Method"):
        api, method = target(properties.get("RestApiId").value), properties.get("HttpMethod")
        if api is None or method.text is None:
            continue
        kind, key = properties.get("AuthorizationType"), properties.get("ApiKeyRequired")
        guard, at = ("" if not kind.given else _named(kind, "NONE")), kind
        if guard == "" and key.is_true:
            guard, at = "an API key", key
        path = _rest_path(resources, properties.get("ResourceId").value)
        function = _function(resources, [properties.get("Integration", "Uri").value])
        yield Route(api, method.text.upper(), path, function, guard, at.path, False, method)


def _rest_path(resources: Resources, resource: object) -> str:
    """A resource's path by the parts of its parents; of the API's root, /."""
    parts: list[str] = []
    for _ in range(64):
        name = target(resource)
        properties = resources.properties(name, "AWS::ApiGateway::Resource")
        if properties is None:
            break
        parts.insert(0, properties.get("PathPart").text or "?")
        resource = properties.get("ParentId").value
    return "/" + "/".join(parts)


def _body_routes(resources: Resources, api: Api) -> Iterator[Route]:
    for operation in openapi.operations(api.body):
        function = _function(resources, [operation.node.get("x-amazon-apigateway-integration", "uri").value])
        guard, guard_path, by_default = operation.guard, operation.guard_path, False
        if guard == "" and api.is_sam:
            guard, guard_path, by_default = _sam_guard(api, operation.method, Node(None, operation.node.path))
        path = "$default" if operation.path in ("$default", "/$default") else operation.path
        yield Route(api.name, operation.method, path, function, guard, guard_path, by_default, operation.node)


def _named(kind: Node, nothing: str) -> str | None:
    if kind.text is None:
        return None
    return "" if kind.text == nothing else f"the authorization {kind.text}"


def _function(resources: Resources, uris: list[object]) -> str | None:
    """The function that an integration leads to, through an alias or a version of it too."""
    for uri in uris:
        for name in sorted(mentioned(uri)):
            alias = resources.properties(name, "AWS::Lambda::Alias", "AWS::Lambda::Version")
            if alias is not None:
                return target(alias.get("FunctionName").value)
            if resources.types.get(name) in FUNCTION_TYPES:
                return name
    return None
