"""What the templates of `mistakes_of_routes` and `mistakes_of_values` are made of."""

from __future__ import annotations

SAM = "Transform: AWS::Serverless-2016-10-31\n"
THEIRS = """
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src
"""
OUR_LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:edgecors:3"
OURS = f"{THEIRS}      Layers: [{OUR_LAYER}]\n"
# Everything goes to F, through the API A.
HTTP = "      Events: {All: {Type: HttpApi, Properties: {ApiId: !Ref A}}}\n"
REST = "      Events: {All: {Type: Api, Properties: {RestApiId: !Ref A, Path: /tea, Method: ANY}}}\n"
ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
"""


def sam(*parts: str) -> str:
    """A SAM template of these resources."""
    return f"{SAM}Resources:\n" + "".join(parts)


def plain(*parts: str) -> str:
    """A CloudFormation template of these resources."""
    return "Resources:\n" + "".join(parts)


def reads(name: str, *more: str) -> str:
    """A function whose EDGECORS_PARAMETER is this; `more` goes on in the same line."""
    return sam(THEIRS, f"      Environment: {{Variables: {{EDGECORS_PARAMETER: {name}}}}}", *more)


def wrapped(*properties: str) -> str:
    """A function whose URL has these Cors settings."""
    return sam(THEIRS, "      FunctionUrlConfig:\n        AuthType: NONE\n        Cors:\n", *properties)


def rest(*properties: str) -> str:
    """A REST API with gateway responses and these properties."""
    headers = """{ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'*'"}}}"""
    return sam(
        "  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n",
        f"      GatewayResponses: {{DEFAULT_4XX: {headers}, DEFAULT_5XX: {headers}}}\n",
        *properties,
    )


BEHIND_HTTP = """
  L: {Type: AWS::Lambda::LayerVersion, Properties: {LayerName: edgecors, Content: {S3Bucket: b, S3Key: k}}}
  F:
    Type: AWS::Lambda::Function
    Properties:
      {Handler: a.b, Runtime: python3.13, Role: "arn:aws:iam::1:role/r", Layers: [!Ref L], Code: {ZipFile: ""}}
  Live: {Type: AWS::Lambda::Alias, Properties: {Name: live, FunctionName: !Ref F, FunctionVersion: "1"}}
  I:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationUri: !Ref Live}
"""
CFN_HTTP = "  A: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: tea, ProtocolType: HTTP}}" + BEHIND_HTTP


def route(name: str, key: str, *more: str) -> str:
    """A route of the HTTP API A to the function F, with more properties."""
    target = "Target: !Sub 'integrations/${I}'"
    return f"""  {name}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref A
      {target}
      RouteKey: {key}
""" + "".join(f"      {line}\n" for line in more)


CFN_REST = """
  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tea}}
  F:
    Type: AWS::Lambda::Function
    Properties:
      {Handler: a.b, Runtime: python3.13, Role: "arn:aws:iam::1:role/r", Layers: ["x:edgecors:1"], Code: {ZipFile: ""}}
  Tea:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref A, PathPart: tea, ParentId: !GetAtt A.RootResourceId}
"""
CFN_RESPONSES = "".join(
    f"""
  R{kind}:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref A
      ResponseType: DEFAULT_{kind}XX
      ResponseParameters: {{gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}}
"""
    for kind in "45"
)


def method(name: str, verb: str, *more: str) -> str:
    """A method of /tea of the REST API A to the function F, with more properties."""
    return f"""  {name}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref A
      ResourceId: !Ref Tea
      Integration: {{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:x/${{F.Arn}}/invocations"}}
      HttpMethod: {verb}
""" + "".join(f"      {line}\n" for line in more)


def distribution(domain: str, *behavior: str) -> str:
    """A CloudFront distribution before this domain, with these lines in its default cache behavior."""
    return f"""
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{{Id: o, DomainName: {domain}}}]
        DefaultCacheBehavior:
          TargetOriginId: o
          ViewerProtocolPolicy: https-only
""" + "".join(f"          {line}\n" for line in behavior)


BUCKET = """
  B:
    Type: AWS::S3::Bucket
    Properties: {CorsConfiguration: {CorsRules: [{AllowedMethods: [GET], AllowedOrigins: ["https://a.example"]}]}}
"""
OPTIMIZED = "CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6"
LOCKED = """
      Auth:
        DefaultAuthorizer: Jwt
"""
API = "  A:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Description: tea\n"
