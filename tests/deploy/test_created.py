"""What the first `make deploy` makes, resource by resource, as the services themselves show it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rehearsal.account import ACCOUNT, REGION
from rehearsal.stack import but_for
from rehearsal.steps import PARAMETER

if TYPE_CHECKING:
    from rehearsal.account import Account
    from rehearsal.stack import Stack
    from rehearsal.steps import Step

TYPES = {
    "AWS::ApiGatewayV2::Api": 1,
    "AWS::ApiGatewayV2::Stage": 1,
    "AWS::CloudWatch::Alarm": 5,
    "AWS::DynamoDB::Table": 1,
    "AWS::Events::Rule": 2,
    "AWS::IAM::Policy": 1,
    "AWS::IAM::Role": 2,
    "AWS::Lambda::EventInvokeConfig": 1,
    "AWS::Lambda::Function": 2,
    "AWS::Lambda::LayerVersion": 1,
    "AWS::Lambda::Permission": 3,
    "AWS::Logs::LogGroup": 3,
    "AWS::S3::Bucket": 1,
    "AWS::S3::BucketPolicy": 1,
    "AWS::SNS::Topic": 1,
    "AWS::SecretsManager::Secret": 1,
}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def test_everything_is_there_and_no_parameter_among_it(deployed: Step) -> None:
    assert deployed.stack.status == "CREATE_COMPLETE"
    # Nobody is subscribed without an address, and the rules are nobody's resource.
    assert Counter(kind for kind, _ in deployed.stack.resources.values()) == TYPES


def test_the_outputs_name_what_there_is(deployed: Step) -> None:
    stack = deployed.stack
    (layer,) = stack.of_type("AWS::Lambda::LayerVersion")
    assert stack.outputs == {
        "AdminSecretArn": stack.id("AdminSecret"),
        "AlarmTopicArn": stack.id("AlarmTopic"),
        "ApiUrl": f"https://{stack.id('TeaApi')}.execute-api.{REGION}.amazonaws.com",
        "BucketName": stack.id("TeaBucket"),
        "CorsLayerArn": stack.id(layer),
        "FunctionName": stack.id("TeaFunction"),
        "RulesGuardFunctionName": stack.id("RulesGuardFunction"),
        "RulesParameterName": PARAMETER,
        "TableName": stack.id("TeaTable"),
    }


def test_the_person_who_deploys_is_shown_them(deployed: Step) -> None:
    shown = deployed.output.rpartition("python -m deploy --stack tea")[2].splitlines()
    for name, value in deployed.stack.outputs.items():
        assert f"{name:22}  {value}" in shown
    assert f"rules     rules.json is in {PARAMETER} now" in shown


def test_the_functions_have_their_settings_and_the_layer(deployed: Step) -> None:
    stack = deployed.stack
    variables = {
        "ADMIN_SECRET_ARN": stack.id("AdminSecret"),
        "BUCKET_NAME": stack.id("TeaBucket"),
        "EDGECORS_FALLBACK": "rules.json",
        "EDGECORS_PARAMETER": PARAMETER,
        "EDGECORS_RULES": "",
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "POWERTOOLS_METRICS_NAMESPACE": "TeaApi",
        "POWERTOOLS_SERVICE_NAME": "tea",
        "TABLE_NAME": stack.id("TeaTable"),
    }
    guards = {"GUARD_MODE": "revert", "RULES_PARAMETER": PARAMETER, "TOPIC_ARN": stack.id("AlarmTopic")}
    expected = {
        "TeaFunction": settings(stack, "TeaFunction", "TeaRole", "app.handler", "The Tea API", 512, 15, variables),
        "RulesGuardFunction": settings(
            stack,
            *(
                "RulesGuardFunction",
                "RulesGuardRole",
                "guard.app.handler",
                "Puts rules back that functions cannot take",
            ),
            *(256, 180, guards),
        ),
    }
    expected["TeaFunction"]["TracingConfig"] = {"Mode": "Active"}
    assert stack.functions == expected


def settings(
    stack: Stack, name: str, role: str, handler: str, description: str, memory: int, seconds: int, variables: Any
) -> dict[str, Any]:
    """A function's, as Lambda shows them; moto does not keep its log group."""
    return {
        "Architectures": ["x86_64"],
        "CodeSha256": stack.packages[name].sha256,
        "CodeSize": len(stack.packages[name].content),
        "Description": description,
        "Environment": {"Variables": variables},
        "EphemeralStorage": {"Size": 512},
        "FunctionArn": arn("lambda", f"function:{stack.id(name)}"),
        "FunctionName": stack.id(name),
        "Handler": handler,
        "LastUpdateStatus": "Successful",
        "Layers": [
            {"Arn": stack.outputs["CorsLayerArn"], "CodeSize": len(stack.packages["CorsLayer"].content)},
        ],
        "MemorySize": memory,
        "PackageType": "Zip",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/{stack.id(role)}",
        "Runtime": "python3.13",
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "State": "Active",
        "Timeout": seconds,
        "TracingConfig": {"Mode": "PassThrough"},
        "Version": "$LATEST",
    }


def test_the_layer_in_lambda_is_the_one_that_was_built(account: Account, deployed: Step) -> None:
    name, version = deployed.stack.outputs["CorsLayerArn"].split(":")[-2:]
    shown = account.client("lambda").get_layer_version(LayerName=name, VersionNumber=int(version))
    package = deployed.stack.packages["CorsLayer"]
    assert (name, version) == ("tea-edgecors", "1")
    assert shown["Content"]["CodeSha256"] == package.sha256
    assert package.files() == deployed.built["CorsLayer"]
    assert shown["CompatibleRuntimes"] == ["python3.11", "python3.12", "python3.13", "python3.14"]
    assert shown["CompatibleArchitectures"] == ["x86_64", "arm64"]
    assert shown["LicenseInfo"] == "MIT"


def test_the_code_in_lambda_is_the_one_that_was_built(deployed: Step) -> None:
    # That Lambda's hash is this package's is among the settings above.
    for name in ("TeaFunction", "RulesGuardFunction"):
        assert deployed.stack.packages[name].files() == deployed.built[name], name


def test_every_request_goes_to_the_function(account: Account, deployed: Step) -> None:
    client, stack = account.client("apigatewayv2"), deployed.stack
    api = stack.id("TeaApi")
    assert "CorsConfiguration" not in client.get_api(ApiId=api)
    # moto writes the method of $default out; AWS does not.
    routes = {
        route["RouteKey"].removeprefix("X-AMAZON-APIGATEWAY-ANY-METHOD "): route
        for route in client.get_routes(ApiId=api)["Items"]
    }
    assert routes.keys() == {"$default", "POST /tea/{name}"}
    function = stack.functions["TeaFunction"]["FunctionArn"]
    for key, route in routes.items():
        assert route.get("AuthorizationType", "NONE") == "NONE", key
        made = client.get_integration(ApiId=api, IntegrationId=route["Target"].removeprefix("integrations/"))
        assert (made["IntegrationType"], made["PayloadFormatVersion"]) == ("aws_proxy", "2.0")
        assert made["IntegrationUri"] == (
            f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
        )


def test_the_stage_logs_and_throttles_comments(account: Account, deployed: Step) -> None:
    (stage,) = account.client("apigatewayv2").get_stages(ApiId=deployed.stack.id("TeaApi"))["Items"]
    assert (stage["StageName"], stage["AutoDeploy"]) == ("$default", True)
    assert stage["RouteSettings"] == {"POST /tea/{name}": {"ThrottlingBurstLimit": 20, "ThrottlingRateLimit": 10.0}}
    assert stage["AccessLogSettings"]["DestinationArn"] == arn("logs", "log-group:/aws/apigateway/tea:*")
    assert json.loads(stage["AccessLogSettings"]["Format"])["status"] == "$context.status"


def test_the_guard_is_called_by_changes_and_by_the_clock(account: Account, deployed: Step) -> None:
    client, stack = account.client("events"), deployed.stack
    rules = {rule["Name"]: rule for rule in client.list_rules()["Rules"]}
    change, schedule = (rules[stack.id(f"RulesGuardFunction{name}")] for name in ("Change", "Schedule"))
    assert json.loads(change["EventPattern"]) == {
        "source": ["aws.ssm"],
        "detail-type": ["Parameter Store Change"],
        "detail": {"name": [PARAMETER], "operation": ["Create", "Update", "Delete"]},
    }
    assert schedule["ScheduleExpression"] == "rate(15 minutes)"
    guard = stack.functions["RulesGuardFunction"]["FunctionArn"]
    for rule in (change, schedule):
        assert rule["State"] == "ENABLED"
        assert [target["Arn"] for target in client.list_targets_by_rule(Rule=rule["Name"])["Targets"]] == [guard]


def test_what_the_guard_cannot_do_and_what_goes_wrong_is_told(account: Account, deployed: Step) -> None:
    stack = deployed.stack
    config = account.client("lambda").get_function_event_invoke_config(FunctionName=stack.id("RulesGuardFunction"))
    assert config["MaximumRetryAttempts"] == 2
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": stack.id("AlarmTopic")}}
    alarms = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    watched = {alarm["MetricName"]: (alarm["Dimensions"], alarm["AlarmActions"]) for alarm in alarms}
    functions = dict.fromkeys(("HandlerError", "RulesMissing", "RulesRejected", "RulesStale"), "TeaFunction")
    assert watched == {
        metric: ([{"Name": "function", "Value": stack.id(function)}], [stack.id("AlarmTopic")])
        for metric, function in {**functions, "RulesGuardFailed": "RulesGuardFunction"}.items()
    }
    assert account.client("sns").list_subscriptions()["Subscriptions"] == []


def test_the_table_can_be_restored_and_is_encrypted(account: Account, deployed: Step) -> None:
    client, name = account.client("dynamodb"), deployed.stack.outputs["TableName"]
    table = client.describe_table(TableName=name)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    assert table["SSEDescription"]["Status"] == "ENABLED"
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_bucket_is_private_and_encrypted(account: Account, deployed: Step) -> None:
    client, bucket = account.client("s3"), deployed.stack.outputs["BucketName"]
    block = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    owned = client.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]
    assert owned == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    (rule,) = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_logs_end(account: Account, deployed: Step) -> None:
    groups = account.client("logs").describe_log_groups()["logGroups"]
    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == dict.fromkeys(
        ("/aws/apigateway/tea", "/aws/lambda/tea-rules-guard", "/aws/lambda/tea-tea"), 30
    )


def test_the_admin_has_a_password_that_needs_no_quoting(account: Account, deployed: Step) -> None:
    secret = account.client("secretsmanager").get_secret_value(SecretId=deployed.stack.id("AdminSecret"))
    admin = json.loads(secret["SecretString"])
    assert but_for(admin, "password") == {"username": "admin"}
    assert len(admin["password"]) == 32
    assert admin["password"].isalnum()
