"""Mistakes in origins, headers, policies and variables; and mistakes that are ignored."""

from __future__ import annotations

from cases.templates.parts import (
    API,
    BUCKET,
    CFN_RESPONSES,
    CFN_REST,
    HTTP,
    OPTIMIZED,
    OURS,
    REST,
    ROLE,
    THEIRS,
    distribution,
    plain,
    reads,
    rest,
    sam,
    wrapped,
)

VALUES = {
    # E9807
    "any-of-a-scheme": sam(
        API, '      CorsConfiguration: {AllowOrigins: ["https://*"], AllowCredentials: "true"}  # E9807: "https://*"\n'
    ),
    "origin-left-out": rest("      Cors:\n        AllowCredentials: true  # E9807: AllowCredentials\n"),
    "reflected-by-errors": plain(
        CFN_REST,
        CFN_RESPONSES,
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
    "cloudfront-any": plain(
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
    + wrapped(
        "          AllowOrigins: !If [C, ['*'], ['https://a.example']]\n",
        "          AllowCredentials: !If [C, false, true]\n",
    ),
    # E9808
    "cached-api": sam(
        API, OURS, HTTP, distribution("!Sub '${A}.execute-api.x'", f"{OPTIMIZED}  # E9808: {OPTIMIZED[15:]}")
    ),
    "cached-platform-cors": sam(
        API,
        "      CorsConfiguration: {AllowOrigins: ['https://a.example']}\n",
        distribution("!Sub '${A}.execute-api.x'", "ForwardedValues:  # E9808: ForwardedValues", "  QueryString: true"),
    ),
    "cached-bucket": plain(
        BUCKET,
        distribution(
            "!GetAtt B.DomainName",
            "ForwardedValues: {QueryString: false, Headers: [Host]}  # E9808: Headers",
        ),
    ),
    "nothing-cached": plain(
        BUCKET, distribution("!GetAtt B.DomainName", "ForwardedValues: {QueryString: false}", "MaxTTL: 0")
    ),
    "same-for-everyone": sam(
        API, "      CorsConfiguration: true\n", distribution("!Sub '${A}.execute-api.x'", OPTIMIZED)
    ),
    # E9809
    "list-in-an-entry": wrapped(
        "          AllowOrigins:\n",
        '            - "https://a.example https://b.example"  # E9809: "https://a.example https://b.example"\n',
        "            - https://c.example\n",
    ),
    "list-joined": rest(
        "      Cors:\n",
        "        AllowOrigin: !Join [',', [\"'https://a.example\", !Ref Other, \"'\"]]  # E9809: AllowOrigin\n",
    ),
    # E9810
    "not-a-wildcard-here": wrapped(
        "          AllowOrigins:\n",
        '            - "https://*.a.example"  # E9810: "https://*.a.example"\n',
        '            - "null"  # E9810: "null"\n',
        "            - capacitor://localhost\n",
    ),
    "origins-of-a-bucket": plain(
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
    "origins-in-headers": plain(
        CFN_REST,
        CFN_RESPONSES,
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
    "quotes-of-headers": rest(
        "      Cors: '*'  # E9811: '*'\n",
        "      Tags: {a: b}\n",
    ),
    "a-number": rest("      Cors:\n", "        AllowOrigin: \"'*'\"\n", "        MaxAge: 600  # E9811: MaxAge\n"),
    # E9812
    "another-parameter": reads(
        "/edgecors/tea",
        "  # E9812: /edgecors/tea\n",
        "      Policies: [SSMParameterReadPolicy: {ParameterName: tea}]\n",
    ),
    "a-slash-too-many": reads(
        "/tea", "  # E9812: /tea\n", "      Policies: [SSMParameterReadPolicy: {ParameterName: /tea}]\n"
    ),
    "only-the-chunks": reads(
        "!Sub '/tea/${AWS::StackName}'",
        "  # E9812: EDGECORS_PARAMETER\n",
        """      Role: !GetAtt Role.Arn
""",
        ROLE,
        """      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ssm:GetParameters, Resource: "*"}
              - {Effect: Deny, Action: ssm:GetParameter, Resource: "*"}
              - {Effect: Allow, Action: "ssm:Get*", Resource: !Sub "arn:aws:ssm:${AWS::Region}:1:parameter/cup/*"}
""",
    ),
    "nothing-allowed": reads("/tea", "  # E9812: /tea\n", "      Policies: AWSLambdaBasicExecutionRole\n"),
    "allowed-by-a-pattern": reads(
        "!Sub '/tea/${AWS::StackName}'",
        "\n",
        """      Policies:
        - Statement: {Effect: Allow, Action: "ssm:Get*", Resource: !Sub "arn:aws:ssm:*:*:parameter/tea/*"}
""",
    ),
    "a-policy-that-nobody-knows": reads("/tea", "\n", "      Policies: [!Ref Policy]\n"),
    "a-role-of-another-stack": reads("/tea", "\n", "      Role: !ImportValue role\n"),
    "a-condition-of-a-policy": reads(
        "/tea", "\n", "      Policies: [{Statement: [{Effect: Allow, NotAction: s3:*}]}]\n"
    ),
    "a-policy-for-the-role-of-sam": reads(
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
    "headers-with-credentials": wrapped(
        "          AllowOrigins: ['https://a.example']\n",
        "          AllowCredentials: true\n",
        "          AllowHeaders: ['*', authorization]  # W9813: '*'\n",
    ),
    "headers-of-a-rest-api": rest(
        """      Cors:
        AllowOrigin: "'https://a.example'"
        AllowHeaders: "'*'"  # W9813: "'*'"
      Auth:
        DefaultAuthorizer: AWS_IAM
        AddDefaultAuthorizerToCorsPreflight: false
""",
        THEIRS,
        REST,
    ),
    # E9816
    "settings": sam(
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
    "ignored-at-the-resource": sam(
        API.replace("Properties:", "Metadata: {cfn-lint: {config: {ignore_checks: [E9801]}}}\n    Properties:"),
        "      CorsConfiguration: true\n",
        OURS,
        HTTP,
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
    + sam(API, "      CorsConfiguration: true\n", OURS, HTTP),
}
