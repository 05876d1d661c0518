"""What is done to the copy of the project and to its stack, step by step (tests/deploy/conftest.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rehearsal.stack import Stack


@dataclass(frozen=True)
class Step:
    """What a command wrote, and the stack after it."""

    output: str
    stack: Stack
    built: dict[str, dict[str, bytes]]
    """What the last `sam build` made of each function and the layer: file to content."""


PARAMETER = "/edgecors/tea/tea"
"""The name of the rules."""

TEMPLATE, GUARD = "template.yaml", "functions/rules_guard/guard/app.py"
LAYER = "layers/cors/python/edgecors/__init__.py"

PAGE = "https://rehearsal.example"
"""An origin that only the rules in SSM allow."""

LONG: dict[str, Any] = {
    "schema": "edgecors/1",
    "policies": [
        {
            "name": "tea",
            "paths": ["*"],
            "allow_origins": [PAGE, *(f"https://preview-{number}.example" for number in range(200))],
            "allow_methods": ["DELETE"],
        }
    ],
}
"""Rules of more than 4,096 bytes, which SSM keeps in chunks."""

NEXT, NEXT_BUT_ONE = "\n# The next release.\n", "\n# The release after that.\n"
SETTINGS = 'parameter_overrides = "LogLevel=DEBUG GuardMode=off AlarmEmail=tea@example.org"'

TAKEN = "somebody-s"
REFUSED = f"""
  Refused:
    Type: AWS::S3::Bucket
    DependsOn: [TeaFunction, RulesGuardFunction, TeaApi]
    Properties:
      BucketName: {TAKEN}

Outputs:
"""
"""A resource that CloudFormation comes to last, and that AWS refuses: there is such a bucket. By then the functions
have new code."""
