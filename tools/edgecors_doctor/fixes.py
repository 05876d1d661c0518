"""Parts of templates as they should be, for the fixes of several rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from edgecors_doctor.apis import Api

_TYPES = {
    (True, True): "AWS::Serverless::HttpApi",
    (False, True): "AWS::Serverless::Api",
    (True, False): "AWS::ApiGatewayV2::Api",
    (False, False): "AWS::ApiGateway::RestApi",
}


def but(value: Any, key: str) -> Any:
    """A mapping without a key."""
    return {name: below for name, below in value.items() if name != key}


def without(api: Api, key: str) -> Any:
    """An API's resource without a property; of one that SAM makes, its part of Globals."""
    properties = but(api.properties.value, key)
    if api.properties.path[0] == "Globals":
        return {"Globals": {api.properties.path[-1]: properties}}
    resource: dict[str, Any] = {"Type": _TYPES[api.is_http, api.is_sam]}
    if properties:
        resource["Properties"] = properties
    return {api.name: resource}


def open_auth(api: Api) -> dict[str, Any]:
    """What makes an event for OPTIONS open: of an HTTP API it is; NONE is valid only beside a default."""
    if api.is_http or not api.properties.get("Auth", "DefaultAuthorizer").given:
        return {}
    return {"Auth": {"Authorizer": "NONE"}}


def preflight_route(api: Api, path: str, function: str | None) -> Any:
    """An open route for OPTIONS to the function, as an event of SAM's or as a resource."""
    if api.is_sam:
        properties: dict[str, Any] = {"Path": path, "Method": "OPTIONS", **open_auth(api)}
        if api.properties.path[0] != "Globals":
            properties = {"ApiId" if api.is_http else "RestApiId": {"Ref": api.name}, **properties}
        event = {"Preflight": {"Type": "HttpApi" if api.is_http else "Api", "Properties": properties}}
        return {"Events": event} if function is None else {function: {"Properties": {"Events": event}}}
    if api.is_http:
        return {
            "PreflightRoute": {
                "Type": "AWS::ApiGatewayV2::Route",
                "Properties": {
                    "ApiId": {"Ref": api.name},
                    "RouteKey": f"OPTIONS {path}",
                    "AuthorizationType": "NONE",
                    "Target": {"Fn::Sub": "integrations/${Integration}"},
                },
            }
        }
    return {
        "PreflightMethod": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {
                "RestApiId": {"Ref": api.name},
                "ResourceId": {"Ref": "Resource"},
                "HttpMethod": "OPTIONS",
                "AuthorizationType": "NONE",
                "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": "..."},
            },
        }
    }
