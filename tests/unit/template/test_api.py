"""Every request reaches the function, and API Gateway leaves CORS to it."""

from __future__ import annotations

from typing import Any

import pytest

from unit.template.reading import of_type


@pytest.fixture
def paths(resources: dict[str, Any]) -> dict[str, Any]:
    (api,) = of_type(resources, "AWS::ApiGatewayV2::Api")
    found: dict[str, Any] = api["Properties"]["Body"]["paths"]
    return found


def test_the_gateway_does_no_cors(written: dict[str, Any], resources: dict[str, Any]) -> None:
    assert "CorsConfiguration" not in written["Resources"]["TeaApi"]["Properties"]
    (api,) = of_type(resources, "AWS::ApiGatewayV2::Api")
    assert "CorsConfiguration" not in api["Properties"]
    assert "x-amazon-apigateway-cors" not in api["Properties"]["Body"]


def test_every_method_and_path_reaches_the_function_without_an_authorizer(paths: dict[str, Any]) -> None:
    assert paths.keys() == {"$default", "/tea/{name}"}
    methods = [(path, name, method) for path, item in paths.items() for name, method in item.items()]
    for path, name, method in methods:
        assert "security" not in method, (path, name)
        integration = method["x-amazon-apigateway-integration"]
        assert integration["payloadFormatVersion"] == "2.0"
        assert "TeaFunction" in str(integration["uri"])
    # /tea/{name} has a POST of its own and nothing else: its OPTIONS is $default's.
    assert [(path, name) for path, name, _ in methods] == [
        ("$default", "x-amazon-apigateway-any-method"),
        ("/tea/{name}", "post"),
    ]


def test_comments_are_throttled_on_the_default_stage(resources: dict[str, Any]) -> None:
    (stage,) = of_type(resources, "AWS::ApiGatewayV2::Stage")
    assert stage["Properties"]["StageName"] == "$default"
    assert stage["Properties"]["AutoDeploy"] is True
    settings = stage["Properties"]["RouteSettings"]
    assert settings.keys() == {"POST /tea/{name}"}
    assert settings["POST /tea/{name}"].keys() == {"ThrottlingBurstLimit", "ThrottlingRateLimit"}


def test_only_this_api_may_call_the_function_by_any_of_its_routes(resources: dict[str, Any]) -> None:
    permissions = of_type(resources, "AWS::Lambda::Permission")
    (permission,) = [p for p in permissions if p["Properties"]["FunctionName"] == {"Ref": "TeaFunction"}]
    assert permission["Properties"]["Principal"] == "apigateway.amazonaws.com"
    source, names = permission["Properties"]["SourceArn"]["Fn::Sub"]
    assert source.endswith(":${__ApiId__}/${__Stage__}/*")
    assert names == {"__ApiId__": {"Ref": "TeaApi"}, "__Stage__": "*"}


def test_access_is_logged_as_json(resources: dict[str, Any]) -> None:
    (stage,) = of_type(resources, "AWS::ApiGatewayV2::Stage")
    settings = stage["Properties"]["AccessLogSettings"]
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["AccessLogGroup", "Arn"]}
    # One line, or CloudWatch gets one event a line.
    assert "\n" not in settings["Format"]
