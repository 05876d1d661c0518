"""Templates with mistakes in other forms than those of `rules`, and templates that are nearly wrong.

The comment `# E9801: Cors` says that this line has the mistake E9801, and that `Cors` is what is underlined. A template
without such a comment has no mistake.
"""

from __future__ import annotations

_SAM = "Transform: AWS::Serverless-2016-10-31\n"
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
_HTTP = "      Events: {All: {Type: HttpApi, Properties: {ApiId: !Ref A}}}\n"
_REST = "      Events: {All: {Type: Api, Properties: {RestApiId: !Ref A, Path: /tea, Method: ANY}}}\n"
_ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
"""


def _sam(*parts: str) -> str:
    return f"{_SAM}Resources:\n" + "".join(parts)


def _plain(*parts: str) -> str:
    return "Resources:\n" + "".join(parts)


def _reads(name: str, *more: str) -> str:
    return _sam(THEIRS, f"      Environment: {{Variables: {{EDGECORS_PARAMETER: {name}}}}}", *more)


def _wrapped(*properties: str) -> str:
    """A function URL with these Cors settings."""
    return _sam(THEIRS, "      FunctionUrlConfig:\n        AuthType: NONE\n        Cors:\n", *properties)


def _rest(*properties: str) -> str:
    """A REST API with gateway responses and these properties."""
    headers = """{ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'*'"}}}"""
    return _sam(
        "  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n",
        f"      GatewayResponses: {{DEFAULT_4XX: {headers}, DEFAULT_5XX: {headers}}}\n",
        *properties,
    )


_BEHIND_HTTP = """
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
_CFN_HTTP = "  A: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: tea, ProtocolType: HTTP}}" + _BEHIND_HTTP


def _route(name: str, key: str, *more: str) -> str:
    target = "Target: !Sub 'integrations/${I}'"
    return f"""  {name}:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref A
      {target}
      RouteKey: {key}
""" + "".join(f"      {line}\n" for line in more)


_CFN_REST = """
  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: tea}}
  F:
    Type: AWS::Lambda::Function
    Properties:
      {Handler: a.b, Runtime: python3.13, Role: "arn:aws:iam::1:role/r", Layers: ["x:edgecors:1"], Code: {ZipFile: ""}}
  Tea:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref A, PathPart: tea, ParentId: !GetAtt A.RootResourceId}
"""
_CFN_RESPONSES = "".join(
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


def _method(name: str, verb: str, *more: str) -> str:
    return f"""  {name}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref A
      ResourceId: !Ref Tea
      Integration: {{Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub "arn:aws:x/${{F.Arn}}/invocations"}}
      HttpMethod: {verb}
""" + "".join(f"      {line}\n" for line in more)


def _distribution(domain: str, *behavior: str) -> str:
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


_BUCKET = """
  B:
    Type: AWS::S3::Bucket
    Properties: {CorsConfiguration: {CorsRules: [{AllowedMethods: [GET], AllowedOrigins: ["https://a.example"]}]}}
"""
_OPTIMIZED = "CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6"
_LOCKED = """
      Auth:
        DefaultAuthorizer: Jwt
"""
_A = "  A:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Description: tea\n"

MISTAKES = {
    # E9801
    "globals-and-inline-code": f"""{_SAM}Globals:
  HttpApi:
    CorsConfiguration: true  # E9801: CorsConfiguration
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      InlineCode: 'exports.handler = async () => ({{headers: {{"access-control-allow-origin": "*"}}}})'
      Events: {{All: {{Type: HttpApi}}}}
""",
    "http-api-of-cloudformation": _plain(
        """  A:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: tea
      ProtocolType: HTTP
      CorsConfiguration:  # E9801: CorsConfiguration
        AllowOrigins: ["https://a.example"]
""",
        _BEHIND_HTTP,
        _route("R", "$default"),
    ),
    "cors-in-openapi": _sam(
        "  A:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      DefinitionBody:\n",
        "        x-amazon-apigateway-cors: {allowOrigins: ['*']}  # E9801: x-amazon-apigateway-cors\n",
        "        paths:\n          $default:\n            x-amazon-apigateway-any-method:\n",
        "              x-amazon-apigateway-integration: {uri: !Sub 'arn:aws:${AWS::Region}:x/${A}/${F.Arn}'}\n",
        OURS,
    ),
    "one-of-two-cases": "Conditions: {C: !Equals [a, b]}\n"
    + _sam(_A, "      CorsConfiguration: !If [C, {AllowOrigins: ['*']}, !Ref AWS::NoValue]  # E9801: {\n", OURS, _HTTP),
    "another-api": _sam(_A, "      CorsConfiguration: true\n", OURS, _HTTP.replace("!Ref A", "!Ref B")),
    "cors-off": _sam(_A, "      CorsConfiguration: false\n", OURS, _HTTP),
    # E9802
    "cors-of-a-rest-api": _rest("      Cors: \"'https://a.example'\"  # E9802: \"'https://a.example'\"\n", OURS, _REST),
    "url-of-cloudformation": _plain(
        """  U:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
      TargetFunctionArn: !GetAtt F.Arn
      Cors:  # E9802: Cors
        AllowOrigins: ['*']
""",
        _CFN_HTTP,
    ),
    "cloudfront-overrides": _sam(
        OURS,
        "      FunctionUrlConfig: {AuthType: NONE}\n",
        _distribution("!GetAtt FUrl.FunctionUrl", "CachePolicyId: !Ref C", "ResponseHeadersPolicyId: !Ref P"),
        """  P:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        Name: p
        CorsConfig:
          AccessControlAllowOrigins: {Items: ['https://a.example']}
          AccessControlAllowCredentials: false
          OriginOverride: true  # E9802: OriginOverride
""",
    ),
    # E9803
    "api-key-and-authorizer": _rest(
        """      Cors: "'https://a.example'"
      Auth:
        DefaultAuthorizer: AWS_IAM
        AddDefaultAuthorizerToCorsPreflight: true  # E9803: AddDefaultAuthorizerToCorsPreflight
        ApiKeyRequired: true  # E9803: ApiKeyRequired
""",
        THEIRS,
        _REST,
    ),
    "no-cors-no-preflight": _rest("      Auth: {DefaultAuthorizer: AWS_IAM}\n", THEIRS, _REST),
    "not-known-before-deployment": _rest(
        "      Cors: !Ref Origin\n",
        "      Auth: {DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: !Ref Flag}\n",
        THEIRS,
        _REST,
    ),
    # E9804
    "options-of-cloudformation": _plain(
        _CFN_HTTP,
        _route("R", "$default"),
        _route("O", "OPTIONS /tea", "AuthorizationType: JWT  # E9804: JWT"),
        _route("Open", "OPTIONS /open", "AuthorizationType: NONE"),
        _route("Unknown", "OPTIONS /unknown", "AuthorizationType: !Ref Type"),
    ),
    "options-wants-a-key": _plain(
        _CFN_REST,
        _CFN_RESPONSES,
        _method("O", "OPTIONS", "AuthorizationType: NONE", "ApiKeyRequired: true  # E9804: ApiKeyRequired"),
    ),
    "options-by-default": _rest(
        "      Auth: {DefaultAuthorizer: AWS_IAM}\n",
        THEIRS,
        """      Events:
        O: {Type: Api, Properties: {RestApiId: !Ref A, Path: /, Method: options}}  # E9804: options
        Open: {Type: Api, Properties: {RestApiId: !Ref A, Path: /o, Method: options, Auth: {Authorizer: NONE}}}
""",
    ),
    "options-in-openapi": _plain(
        """  A:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        security: [{key: []}]  # E9804: security
        paths:
          /a: {options: {}}
          /b: {options: {security: []}}
          /c: {options: {security: [{key: []}, {}]}}
          /d:
            Fn::If:
              - C
              - options:
                  Fn::If:
                    - D
                    - security: []
                    - security: [{key: []}]  # E9804: security
              - !Ref AWS::NoValue
"""
    ),
    # E9805
    "any-needs-its-own-options": _plain(
        _CFN_HTTP,
        _route("R", "ANY /tea/{name}", "AuthorizationType: AWS_IAM  # E9805: AWS_IAM"),
        _route("O", "OPTIONS /{proxy+}"),
        _route("Other", "ANY /cup/{id}", "AuthorizationType: AWS_IAM"),
        _route("OtherOptions", "OPTIONS /cup/{name}"),
    ),
    "any-of-a-rest-api": _plain(
        _CFN_REST, _CFN_RESPONSES, _method("M", "ANY", "AuthorizationType: AWS_IAM  # E9805: AWS_IAM")
    ),
    "default-beside-cors-configuration": _sam(
        _A,
        "      CorsConfiguration: true",
        _LOCKED,
        THEIRS,
        "      Events:\n",
        "        All: {Type: HttpApi, Properties: {ApiId: !Ref A}}  # E9805: All\n",
    ),
    "no-sign-of-cors": _sam(_A, _LOCKED, THEIRS, _HTTP),
    # E9806
    "errors-of-cloudformation": _plain(
        _CFN_REST.replace("  A: {", "  A:  # E9806: A\n    {"), _method("M", "ANY", "AuthorizationType: NONE")
    ),
    "half-of-the-errors": _sam(
        "  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      Cors:  # E9806: Cors\n",
        """        AllowOrigin: "'*'"
      GatewayResponses:
        DEFAULT_4XX: {ResponseParameters: {Headers: {access-control-allow-origin: "'*'"}}}
        DEFAULT_5XX: {ResponseParameters: {Headers: {X-Tea: "'green'"}}}
""",
        THEIRS,
        _REST,
    ),
    # E9807
    "any-of-a-scheme": _sam(
        _A, '      CorsConfiguration: {AllowOrigins: ["https://*"], AllowCredentials: "true"}  # E9807: "https://*"\n'
    ),
    "origin-left-out": _rest("      Cors:\n        AllowCredentials: true  # E9807: AllowCredentials\n"),
    "reflected-by-errors": _plain(
        _CFN_REST,
        _CFN_RESPONSES,
        """  Unauthorized:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref A
      ResponseType: UNAUTHORIZED
      ResponseParameters:
        gatewayresponse.header.Access-Control-Allow-Credentials: "'true'"
        gatewayresponse.header.Access-Control-Allow-Origin:
          method.request.header.origin  # E9807: method.request.header.origin
""",
    ),
    "cloudfront-any": _plain(
        """  P:
    Type: AWS::CloudFront::ResponseHeadersPolicy
    Properties:
      ResponseHeadersPolicyConfig:
        CorsConfig:
          AccessControlAllowCredentials: true
          AccessControlAllowOrigins: {Items: ['*']}  # E9807: '*'
"""
    ),
    "not-at-the-same-time": "Conditions: {C: !Equals [a, b]}\n"
    + _wrapped(
        "          AllowOrigins: !If [C, ['*'], ['https://a.example']]\n",
        "          AllowCredentials: !If [C, false, true]\n",
    ),
    # E9808
    "cached-api": _sam(
        _A, OURS, _HTTP, _distribution("!Sub '${A}.execute-api.x'", f"{_OPTIMIZED}  # E9808: {_OPTIMIZED[15:]}")
    ),
    "cached-platform-cors": _sam(
        _A,
        "      CorsConfiguration: {AllowOrigins: ['https://a.example']}\n",
        _distribution("!Sub '${A}.execute-api.x'", "ForwardedValues:  # E9808: ForwardedValues", "  QueryString: true"),
    ),
    "cached-bucket": _plain(
        _BUCKET,
        _distribution(
            "!GetAtt B.DomainName",
            "ForwardedValues: {QueryString: false, Headers: [Host]}  # E9808: Headers",
        ),
    ),
    "nothing-cached": _plain(
        _BUCKET, _distribution("!GetAtt B.DomainName", "ForwardedValues: {QueryString: false}", "MaxTTL: 0")
    ),
    "same-for-everyone": _sam(
        _A, "      CorsConfiguration: true\n", _distribution("!Sub '${A}.execute-api.x'", _OPTIMIZED)
    ),
    # E9809
    "list-in-an-entry": _wrapped(
        "          AllowOrigins:\n",
        '            - "https://a.example https://b.example"  # E9809: "https://a.example https://b.example"\n',
        "            - https://c.example\n",
    ),
    "list-joined": _rest(
        "      Cors:\n",
        "        AllowOrigin: !Join [',', [\"'https://a.example\", !Ref Other, \"'\"]]  # E9809: AllowOrigin\n",
    ),
    # E9810
    "not-a-wildcard-here": _wrapped(
        "          AllowOrigins:\n",
        '            - "https://*.a.example"  # E9810: "https://*.a.example"\n',
        '            - "null"  # E9810: "null"\n',
        "            - capacitor://localhost\n",
    ),
    "origins-of-a-bucket": _plain(
        """  B:
    Type: AWS::S3::Bucket
    Properties:
      CorsConfiguration:
        CorsRules:
          - AllowedMethods: [GET]
            AllowedOrigins:
              - "https://*.a.example"
              - www.a.example  # E9810: www.a.example
"""
    ),
    "origins-in-headers": _plain(
        _CFN_REST,
        _CFN_RESPONSES,
        """  Preflight:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref A
      ResourceId: !Ref Tea
      HttpMethod: OPTIONS
      Integration:
        IntegrationResponses:
          - ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "'https://a.example/'"  # E9810: "'https://a.example/'"
""",
    ),
    # E9811
    "quotes-of-headers": _rest(
        "      Cors: '*'  # E9811: '*'\n",
        "      Tags: {a: b}\n",
    ),
    "a-number": _rest("      Cors:\n", "        AllowOrigin: \"'*'\"\n", "        MaxAge: 600  # E9811: MaxAge\n"),
    # E9812
    "another-parameter": _reads(
        "/edgecors/tea",
        "  # E9812: /edgecors/tea\n",
        "      Policies: [SSMParameterReadPolicy: {ParameterName: tea}]\n",
    ),
    "a-slash-too-many": _reads(
        "/tea", "  # E9812: /tea\n", "      Policies: [SSMParameterReadPolicy: {ParameterName: /tea}]\n"
    ),
    "only-the-chunks": _reads(
        "!Sub '/tea/${AWS::StackName}'",
        "  # E9812: EDGECORS_PARAMETER\n",
        """      Role: !GetAtt Role.Arn
""",
        _ROLE,
        """      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ssm:GetParameters, Resource: "*"}
              - {Effect: Deny, Action: ssm:GetParameter, Resource: "*"}
              - {Effect: Allow, Action: "ssm:Get*", Resource: !Sub "arn:aws:ssm:${AWS::Region}:1:parameter/cup/*"}
""",
    ),
    "nothing-allowed": _reads("/tea", "  # E9812: /tea\n", "      Policies: AWSLambdaBasicExecutionRole\n"),
    "allowed-by-a-pattern": _reads(
        "!Sub '/tea/${AWS::StackName}'",
        "\n",
        """      Policies:
        - Statement: {Effect: Allow, Action: "ssm:Get*", Resource: !Sub "arn:aws:ssm:*:*:parameter/tea/*"}
""",
    ),
    "a-policy-that-nobody-knows": _reads("/tea", "\n", "      Policies: [!Ref Policy]\n"),
    "a-role-of-another-stack": _reads("/tea", "\n", "      Role: !ImportValue role\n"),
    "a-condition-of-a-policy": _reads(
        "/tea", "\n", "      Policies: [{Statement: [{Effect: Allow, NotAction: s3:*}]}]\n"
    ),
    "a-policy-for-the-role-of-sam": _reads(
        "/tea",
        "\n",
        """
  P:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: p
      Roles: [!Ref FRole]
      PolicyDocument: {Statement: {Effect: Allow, Action: ssm:getparameter, Resource: "arn:aws:ssm:a:1:parameter/tea"}}
""",
    ),
    # W9813
    "headers-with-credentials": _wrapped(
        "          AllowOrigins: ['https://a.example']\n",
        "          AllowCredentials: true\n",
        "          AllowHeaders: ['*', authorization]  # W9813: '*'\n",
    ),
    "headers-of-a-rest-api": _rest(
        """      Cors:
        AllowOrigin: "'https://a.example'"
        AllowHeaders: "'*'"  # W9813: "'*'"
      Auth:
        DefaultAuthorizer: AWS_IAM
        AddDefaultAuthorizerToCorsPreflight: false
""",
        THEIRS,
        _REST,
    ),
    # W9814
    "options-of-another-path": _plain(
        _CFN_HTTP,
        _route("R", "PUT /tea/{name}  # W9814: PUT /tea/{name}"),
        _route("Same", "DELETE /tea/{id}"),
        _route("O", "OPTIONS /tea"),
        _route("Get", "GET /cup"),
    ),
    "options-farther-up": _plain(_CFN_HTTP, _route("R", "PUT /tea/{name}"), _route("O", "OPTIONS /tea/{proxy+}")),
    # W9815
    "base-path-of-cloudformation": _plain(
        _CFN_REST,
        _CFN_RESPONSES,
        _method("M", "ANY"),
        """  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties:
      DomainName: api.example.com
      RestApiId: !Ref A
      BasePath: /shop/v1  # W9815: /shop/v1
  Root: {Type: AWS::ApiGateway::BasePathMapping, Properties: {RestApiId: !Ref A, BasePath: (none)}}
""",
    ),
    # E9816
    "settings": _sam(
        """  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: edgecors.wrap  # E9816: edgecors.wrap
      Environment:
        Variables:
          EDGECORS_HANDLER: app.handler
          EDGECORS_PARAMTER: ""  # E9816: ""
          EDGECORS_NEW: "1"
  G:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Environment:
        Variables:
          EDGECORS_RULES: '{"schema": "edgecors/2"}'  # E9816: '{"schema": "edgecors/2"}'
          EDGECORS_PARAMETER: /tea
      Policies: []
  H:
    Type: AWS::Serverless::Function
    Properties:
      Handler: edgecors.wrap
      Environment: {Variables: !FindInMap [A, B, C]}
"""
    ),
    # Suppressed as cfn-lint does it
    "ignored-at-the-resource": _sam(
        _A.replace("Properties:", "Metadata: {cfn-lint: {config: {ignore_checks: [E9801]}}}\n    Properties:"),
        "      CorsConfiguration: true\n",
        OURS,
        _HTTP,
    ),
    "repeated-by-a-loop": """Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Resources:
  Fn::ForEach::Functions:
    - Name
    - [A]
    - ${Name}F:
        Type: AWS::Serverless::Function
        Properties:
          FunctionUrlConfig:
            AuthType: NONE
            Cors:
              AllowOrigins: ["https://a.example/"]  # E9810: "https://a.example/"
""",
    "ignored-in-the-template": "Metadata: {cfn-lint: {config: {ignore_checks: [E98]}}}\n"
    + _sam(_A, "      CorsConfiguration: true\n", OURS, _HTTP),
}
