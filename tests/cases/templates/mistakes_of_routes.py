"""Mistakes in what is answered by whom: E9801 to E9806, W9814, W9815."""

from __future__ import annotations

from cases.templates.parts import (
    API,
    BEHIND_HTTP,
    CFN_HTTP,
    CFN_RESPONSES,
    CFN_REST,
    HTTP,
    LOCKED,
    OUR_LAYER,
    OURS,
    REST,
    SAM,
    THEIRS,
    distribution,
    method,
    plain,
    rest,
    route,
    sam,
)

ROUTES = {
    # E9801
    "globals-and-inline-code": f"""{SAM}Globals:
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
    "http-api-of-cloudformation": plain(
        """  A:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: tea
      ProtocolType: HTTP
      CorsConfiguration:  # E9801: CorsConfiguration
        AllowOrigins: ["https://a.example"]
""",
        BEHIND_HTTP,
        route("R", "$default"),
    ),
    "cors-in-openapi": sam(
        "  A:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      DefinitionBody:\n",
        "        x-amazon-apigateway-cors: {allowOrigins: ['*']}  # E9801: x-amazon-apigateway-cors\n",
        "        paths:\n          $default:\n            x-amazon-apigateway-any-method:\n",
        "              x-amazon-apigateway-integration: {uri: !Sub 'arn:aws:${AWS::Region}:x/${A}/${F.Arn}'}\n",
        OURS,
    ),
    "one-of-two-cases": "Conditions: {C: !Equals [a, b]}\n"
    + sam(API, "      CorsConfiguration: !If [C, {AllowOrigins: ['*']}, !Ref AWS::NoValue]  # E9801: {\n", OURS, HTTP),
    "never-at-the-same-time": "Conditions: {C: !Equals [a, b]}\n"
    + sam(
        API,
        "      CorsConfiguration: !If [C, !Ref AWS::NoValue, {AllowOrigins: ['*']}]\n",
        THEIRS,
        f"      Layers: !If [C, [{OUR_LAYER}], !Ref AWS::NoValue]\n",
        HTTP,
    ),
    "another-api": sam(API, "      CorsConfiguration: true\n", OURS, HTTP.replace("!Ref A", "!Ref B")),
    "cors-off": sam(API, "      CorsConfiguration: false\n", OURS, HTTP),
    # E9802
    "cors-of-a-rest-api": rest("      Cors: \"'https://a.example'\"  # E9802: \"'https://a.example'\"\n", OURS, REST),
    "url-of-cloudformation": plain(
        """  U:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
      TargetFunctionArn: !GetAtt F.Arn
      Cors:  # E9802: Cors
        AllowOrigins: ['*']
""",
        CFN_HTTP,
    ),
    "cloudfront-overrides": sam(
        OURS,
        "      FunctionUrlConfig: {AuthType: NONE}\n",
        distribution("!GetAtt FUrl.FunctionUrl", "CachePolicyId: !Ref C", "ResponseHeadersPolicyId: !Ref P"),
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
    "api-key-and-authorizer": rest(
        """      Cors: "'https://a.example'"
      Auth:
        DefaultAuthorizer: AWS_IAM
        AddDefaultAuthorizerToCorsPreflight: true  # E9803: AddDefaultAuthorizerToCorsPreflight
        ApiKeyRequired: true  # E9803: ApiKeyRequired
""",
        THEIRS,
        REST,
    ),
    "no-cors-no-preflight": rest("      Auth: {DefaultAuthorizer: AWS_IAM}\n", THEIRS, REST),
    "not-known-before-deployment": rest(
        "      Cors: !Ref Origin\n",
        "      Auth: {DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: !Ref Flag}\n",
        THEIRS,
        REST,
    ),
    # E9804
    "options-of-cloudformation": plain(
        CFN_HTTP,
        route("R", "$default"),
        route("O", "OPTIONS /tea", "AuthorizationType: JWT  # E9804: JWT"),
        route("Open", "OPTIONS /open", "AuthorizationType: NONE"),
        route("Unknown", "OPTIONS /unknown", "AuthorizationType: !Ref Type"),
    ),
    "options-wants-a-key": plain(
        CFN_REST,
        CFN_RESPONSES,
        method("O", "OPTIONS", "AuthorizationType: NONE", "ApiKeyRequired: true  # E9804: ApiKeyRequired"),
    ),
    "options-by-default": rest(
        "      Auth: {DefaultAuthorizer: AWS_IAM}\n",
        THEIRS,
        """      Events:
        O: {Type: Api, Properties: {RestApiId: !Ref A, Path: /, Method: options}}  # E9804: options
        Open: {Type: Api, Properties: {RestApiId: !Ref A, Path: /o, Method: options, Auth: {Authorizer: NONE}}}
""",
    ),
    "options-in-openapi": plain(
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
    "any-needs-its-own-options": plain(
        CFN_HTTP,
        route("R", "ANY /tea/{name}", "AuthorizationType: AWS_IAM  # E9805: AWS_IAM"),
        route("O", "OPTIONS /{proxy+}"),
        route("Other", "ANY /cup/{id}", "AuthorizationType: AWS_IAM"),
        route("OtherOptions", "OPTIONS /cup/{name}"),
    ),
    "any-of-a-rest-api": plain(
        CFN_REST, CFN_RESPONSES, method("M", "ANY", "AuthorizationType: AWS_IAM  # E9805: AWS_IAM")
    ),
    "default-beside-cors-configuration": sam(
        API,
        "      CorsConfiguration: true",
        LOCKED,
        THEIRS,
        "      Events:\n",
        "        All: {Type: HttpApi, Properties: {ApiId: !Ref A}}  # E9805: All\n",
    ),
    "no-sign-of-cors": sam(API, LOCKED, THEIRS, HTTP),
    # E9806
    "errors-of-cloudformation": plain(
        CFN_REST.replace("  A: {", "  A:  # E9806: A\n    {"), method("M", "ANY", "AuthorizationType: NONE")
    ),
    "half-of-the-errors": sam(
        "  A:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      Cors:  # E9806: Cors\n",
        """        AllowOrigin: "'*'"
      GatewayResponses:
        DEFAULT_4XX: {ResponseParameters: {Headers: {access-control-allow-origin: "'*'"}}}
        DEFAULT_5XX: {ResponseParameters: {Headers: {X-Tea: "'green'"}}}
""",
        THEIRS,
        REST,
    ),
    # W9814
    "options-of-another-path": plain(
        CFN_HTTP,
        route("R", "PUT /tea/{name}  # W9814: PUT /tea/{name}"),
        route("Same", "DELETE /tea/{id}"),
        route("O", "OPTIONS /tea"),
        route("Get", "GET /cup"),
    ),
    "options-farther-up": plain(CFN_HTTP, route("R", "PUT /tea/{name}"), route("O", "OPTIONS /tea/{proxy+}")),
    # W9815
    "base-path-of-cloudformation": plain(
        CFN_REST,
        CFN_RESPONSES,
        method("M", "ANY"),
        """  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties:
      DomainName: api.example.com
      RestApiId: !Ref A
      BasePath: /shop/v1  # W9815: /shop/v1
  Root: {Type: AWS::ApiGateway::BasePathMapping, Properties: {RestApiId: !Ref A, BasePath: (none)}}
""",
    ),
}
