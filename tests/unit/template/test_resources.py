"""The function, its layer, what they keep, and that the files beside the template agree with it."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from unit.template.reading import ROOT, of_type

RUNTIMES = ["python3.11", "python3.12", "python3.13", "python3.14"]


def test_the_layer_is_for_every_runtime_and_outlives_its_stack(resources: dict[str, Any]) -> None:
    (layer,) = of_type(resources, "AWS::Lambda::LayerVersion")
    assert layer["DeletionPolicy"] == "Retain"
    assert layer["Properties"]["CompatibleRuntimes"] == RUNTIMES
    assert layer["Properties"]["CompatibleArchitectures"] == ["x86_64", "arm64"]


def test_the_layer_s_arn_is_an_output(written: dict[str, Any]) -> None:
    assert written["Outputs"]["CorsLayerArn"]["Value"] == {"Ref": "CorsLayer"}


def test_the_function_has_the_layer_its_parameters_and_traces(resources: dict[str, Any]) -> None:
    properties = resources["TeaFunction"]["Properties"]
    (layer,) = properties["Layers"]
    assert layer["Ref"].startswith("CorsLayer")
    assert properties["Handler"] == "app.handler"
    assert properties["Runtime"] == {"Ref": "Runtime"}
    assert properties["Architectures"] == [{"Ref": "Architecture"}]
    assert properties["TracingConfig"] == {"Mode": "Active"}
    assert properties["LoggingConfig"] == {"LogGroup": {"Ref": "TeaLogGroup"}}
    assert properties["Environment"]["Variables"]["POWERTOOLS_LOG_LEVEL"] == {"Ref": "LogLevel"}


def test_the_default_runtime_is_the_python_that_the_layer_is_compiled_by(written: dict[str, Any]) -> None:
    runtime = written["Parameters"]["Runtime"]
    assert runtime["AllowedValues"] == RUNTIMES
    assert runtime["Default"] == "python" + (ROOT / ".python-version").read_text("utf-8").strip()
    makefile = (ROOT / "layers/cors/Makefile").read_text("utf-8")
    assert re.findall(r"^LAYER_PYTHON \?= (\S+)$", makefile, re.MULTILINE) == [runtime["Default"]]


def test_every_log_group_ends(resources: dict[str, Any]) -> None:
    groups = of_type(resources, "AWS::Logs::LogGroup")
    assert len(groups) == 3
    for group in groups:
        assert group["Properties"]["RetentionInDays"] == 30


def test_deleting_the_stack_deletes_no_teas(resources: dict[str, Any]) -> None:
    for name in ("TeaTable", "TeaBucket"):
        assert resources[name]["DeletionPolicy"] == "Retain"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_the_table_is_on_demand_recoverable_and_encrypted(resources: dict[str, Any]) -> None:
    properties = resources["TeaTable"]["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]


def test_the_bucket_is_private_encrypted_and_spoken_to_in_tls_only(resources: dict[str, Any]) -> None:
    properties = resources["TeaBucket"]["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "BucketEncryption" in properties
    (policy,) = of_type(resources, "AWS::S3::BucketPolicy")
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [{"Fn::GetAtt": ["TeaBucket", "Arn"]}, {"Fn::Sub": "${TeaBucket.Arn}/*"}]


def test_the_secret_is_generated_for_admin(resources: dict[str, Any]) -> None:
    (secret,) = of_type(resources, "AWS::SecretsManager::Secret")
    generated = secret["Properties"]["GenerateSecretString"]
    assert json.loads(generated["SecretStringTemplate"]) == {"username": "admin"}
    assert generated["GenerateStringKey"] == "password"
    assert "SecretString" not in secret["Properties"]


def test_sam_local_gets_the_shipped_rules_and_no_parameter(written: dict[str, Any]) -> None:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]
    (name,) = {config[command]["parameters"]["env_vars"] for command in ("local_invoke", "local_start_api")}
    variables = json.loads((ROOT / name).read_text("utf-8"))["TeaFunction"]
    # sam local passes on only what the template has.
    assert variables.keys() <= written["Resources"]["TeaFunction"]["Properties"]["Environment"]["Variables"].keys()
    assert variables["EDGECORS_PARAMETER"] == ""
    assert json.loads(variables["EDGECORS_RULES"]) == json.loads((ROOT / "functions/tea/rules.json").read_text("utf-8"))
