"""Kinds of resources that moto's CloudFormation lacks or makes in part, made by the services' own calls.

That is what CloudFormation does too; but for what is said below, a resource's properties are the call's arguments. moto
has no Alias, and keeps nothing of LoggingConfig.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

import boto3
from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket

Properties = dict[str, Any]
_endpoint = ""


def client(service: str, region: str) -> Any:
    """A client of this very server."""
    make: Any = boto3.client
    return make(service, endpoint_url=_endpoint, region_name=region)


class Kind(CloudFormationModel):
    """One resource; a subclass for each type."""

    type: ClassVar[str]
    service: ClassVar[str]

    def __init__(self, name: str, region: str) -> None:
        """`name` is made up from the stack's and the logical id, for what has no name in its properties."""
        self.name = name
        self.client = client(self.service, region)
        self.id = name
        self.attributes: dict[str, str] = {}

    def make(self, properties: Properties) -> None:
        """Create it; sets id, and attributes."""
        raise NotImplementedError

    def change(self, properties: Properties) -> None:
        """Make it again, unless a subclass knows better."""
        self.make(properties)

    def unmake(self) -> None:
        """Delete it. By default nothing: it goes with what it belongs to."""

    # What moto calls, with its own names.

    @property
    def physical_resource_id(self) -> str:
        return self.id

    @classmethod
    def cloudformation_type(cls) -> str:
        return getattr(cls, "type", "")

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.attributes[attribute_name]

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Properties, account_id: str, region_name: str, **_: Any
    ) -> Kind:
        made = cls(resource_name, region_name)
        made.make(cloudformation_json["Properties"])
        return made

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Kind,
        new_resource_name: str,
        cloudformation_json: Properties,
        account_id: str,
        region_name: str,
    ) -> Kind:
        original_resource.change(cloudformation_json["Properties"])
        return original_resource

    def delete(self, account_id: str, region_name: str) -> None:
        self.unmake()


class Function(Kind):
    type, service = "AWS::Lambda::Function", "lambda"

    def make(self, properties: Properties) -> None:
        self.client.create_function(FunctionName=self.id, **self.settings(properties))
        self.attributes["Arn"] = self.client.get_function(FunctionName=self.id)["Configuration"]["FunctionArn"]

    def change(self, properties: Properties) -> None:
        settings = self.settings(properties)
        self.client.update_function_code(FunctionName=self.id, **settings.pop("Code"))
        del settings["Architectures"], settings["Tags"]  # the first is the code's, the second has a call of its own
        self.client.update_function_configuration(FunctionName=self.id, **settings)

    def unmake(self) -> None:
        self.client.delete_function(FunctionName=self.id)

    @staticmethod
    def settings(properties: Properties) -> Properties:
        """The properties, the tags as a map."""
        return properties | {"Tags": {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}}


class LayerVersion(Kind):
    type, service = "AWS::Lambda::LayerVersion", "lambda"

    def make(self, properties: Properties) -> None:
        self.id = self.client.publish_layer_version(**properties)["LayerVersionArn"]

    def unmake(self) -> None:
        name, version = self.id.split(":")[-2:]
        self.client.delete_layer_version(LayerName=name, VersionNumber=int(version))


class Permission(Kind):
    type, service = "AWS::Lambda::Permission", "lambda"

    def make(self, properties: Properties) -> None:
        self.client.add_permission(StatementId=self.id, **properties)


class EventInvokeConfig(Kind):
    type, service = "AWS::Lambda::EventInvokeConfig", "lambda"

    def make(self, properties: Properties) -> None:
        self.client.put_function_event_invoke_config(**properties)


class Rule(Kind):
    """moto's own kind would make another rule at each update."""

    type, service = "AWS::Events::Rule", "events"

    def make(self, properties: Properties) -> None:
        settings = dict(properties)
        targets = settings.pop("Targets")
        if "EventPattern" in settings:
            settings["EventPattern"] = json.dumps(settings["EventPattern"])
        self.attributes["Arn"] = self.client.put_rule(Name=self.id, **settings)["RuleArn"]
        self.client.put_targets(Rule=self.id, Targets=targets)

    def unmake(self) -> None:
        ids = [target["Id"] for target in self.client.list_targets_by_rule(Rule=self.id)["Targets"]]
        self.client.remove_targets(Rule=self.id, Ids=ids)
        self.client.delete_rule(Name=self.id)


class Role(Kind):
    type, service = "AWS::IAM::Role", "iam"

    def make(self, properties: Properties) -> None:
        document = json.dumps(properties["AssumeRolePolicyDocument"])
        settings = {"AssumeRolePolicyDocument": document, "Description": properties.get("Description", "")}
        self.attributes["Arn"] = self.client.create_role(RoleName=self.id, **settings)["Role"]["Arn"]
        self.change(properties)

    def change(self, properties: Properties) -> None:
        for policy in properties["Policies"]:
            document = json.dumps(policy["PolicyDocument"])
            self.client.put_role_policy(RoleName=self.id, PolicyName=policy["PolicyName"], PolicyDocument=document)

    def unmake(self) -> None:
        for name in self.client.list_role_policies(RoleName=self.id)["PolicyNames"]:
            self.client.delete_role_policy(RoleName=self.id, PolicyName=name)
        self.client.delete_role(RoleName=self.id)


class LogGroup(Kind):
    """Its Arn ends in `:*`, unlike what moto says."""

    type, service = "AWS::Logs::LogGroup", "logs"

    def make(self, properties: Properties) -> None:
        self.id = properties["LogGroupName"]
        self.client.create_log_group(logGroupName=self.id)
        self.client.put_retention_policy(logGroupName=self.id, retentionInDays=properties["RetentionInDays"])
        (group,) = self.client.describe_log_groups(logGroupNamePrefix=self.id)["logGroups"]
        self.attributes["Arn"] = group["arn"]

    def unmake(self) -> None:
        self.client.delete_log_group(logGroupName=self.id)


class Table(Kind):
    type, service = "AWS::DynamoDB::Table", "dynamodb"

    def make(self, properties: Properties) -> None:
        settings = dict(properties)
        recovery, encryption = settings.pop("PointInTimeRecoverySpecification"), settings.pop("SSESpecification")
        settings["SSESpecification"] = {"Enabled": encryption["SSEEnabled"]}
        self.attributes["Arn"] = self.client.create_table(TableName=self.id, **settings)["TableDescription"]["TableArn"]
        self.client.update_continuous_backups(TableName=self.id, PointInTimeRecoverySpecification=recovery)


class Bucket(Kind):
    type, service = "AWS::S3::Bucket", "s3"

    def make(self, properties: Properties) -> None:
        self.id = properties.get("BucketName", self.name.lower())
        self.attributes["Arn"] = f"arn:aws:s3:::{self.id}"
        place = {"LocationConstraint": self.client.meta.region_name}
        self.client.create_bucket(Bucket=self.id, CreateBucketConfiguration=place)
        if encryption := properties.get("BucketEncryption"):
            rules = [
                {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
                for rule in encryption["ServerSideEncryptionConfiguration"]
            ]
            settings = {"ServerSideEncryptionConfiguration": {"Rules": rules}}
            self.client.put_bucket_encryption(Bucket=self.id, **settings)
        if owned := properties.get("OwnershipControls"):
            self.client.put_bucket_ownership_controls(Bucket=self.id, OwnershipControls=owned)
        if block := properties.get("PublicAccessBlockConfiguration"):
            block = {key: str(value).lower() == "true" for key, value in block.items()}  # SAM's own bucket has texts
            self.client.put_public_access_block(Bucket=self.id, PublicAccessBlockConfiguration=block)

    def unmake(self) -> None:
        self.client.delete_bucket(Bucket=self.id)


class Secret(Kind):
    type, service = "AWS::SecretsManager::Secret", "secretsmanager"

    def make(self, properties: Properties) -> None:
        generate = dict(properties["GenerateSecretString"])
        key, template = generate.pop("GenerateStringKey"), json.loads(generate.pop("SecretStringTemplate"))
        template[key] = self.client.get_random_password(**generate)["RandomPassword"]
        made = self.client.create_secret(
            Name=self.name, Description=properties["Description"], SecretString=json.dumps(template)
        )
        self.id = made["ARN"]

    def change(self, properties: Properties) -> None:
        raise NotImplementedError("another GenerateSecretString would be another password")

    def unmake(self) -> None:
        self.client.delete_secret(SecretId=self.id, ForceDeleteWithoutRecovery=True)


class Api(Kind):
    type, service = "AWS::ApiGatewayV2::Api", "apigatewayv2"

    def make(self, properties: Properties) -> None:
        title = properties["Body"]["info"]["title"]
        self.id = self.client.create_api(
            Name=title, ProtocolType="HTTP", Description=properties.get("Description", "")
        )["ApiId"]
        self.change(properties)

    def change(self, properties: Properties) -> None:
        self.client.reimport_api(ApiId=self.id, Body=json.dumps(properties["Body"]))

    def unmake(self) -> None:
        self.client.delete_api(ApiId=self.id)


class Stage(Kind):
    type, service = "AWS::ApiGatewayV2::Stage", "apigatewayv2"

    def make(self, properties: Properties) -> None:
        self.client.create_stage(**properties)
        self.id = properties["StageName"]

    def change(self, properties: Properties) -> None:
        self.client.delete_stage(ApiId=properties["ApiId"], StageName=self.id)  # moto cannot update one
        self.make(properties)


class BucketPolicy(Kind):
    """Kept and not enforced: this project's, and the one of SAM's bucket, refuse who comes without TLS."""

    type, service = "AWS::S3::BucketPolicy", "s3"

    def make(self, properties: Properties) -> None:
        self.id = properties["Bucket"]
        self.client.put_bucket_policy(Bucket=self.id, Policy=json.dumps(properties["PolicyDocument"]))

    def unmake(self) -> None:
        self.client.delete_bucket_policy(Bucket=self.id)


class Subscription(Kind):
    type, service = "AWS::SNS::Subscription", "sns"

    def make(self, properties: Properties) -> None:
        self.id = self.client.subscribe(ReturnSubscriptionArn=True, **properties)["SubscriptionArn"]

    def unmake(self) -> None:
        self.client.unsubscribe(SubscriptionArn=self.id)


class Alarm(Kind):
    type, service = "AWS::CloudWatch::Alarm", "cloudwatch"

    def make(self, properties: Properties) -> None:
        self.client.put_metric_alarm(AlarmName=self.id, **properties)

    def unmake(self) -> None:
        self.client.delete_alarms(AlarmNames=[self.id])


KINDS = {kind.type: kind for kind in Kind.__subclasses__()}


def register(endpoint: str) -> None:
    """moto's CloudFormation makes these from now on; `endpoint` is this server's."""
    global _endpoint
    _endpoint = endpoint
    module: Any = parsing
    known = parsing.get_model_map() | KINDS
    module.get_model_map = lambda: known
    bucket: Any = FakeBucket
    bucket.get_permission = lambda *_: PermissionResult.NEUTRAL
