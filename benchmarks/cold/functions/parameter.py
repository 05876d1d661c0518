"""The bare handler, which reads the same parameter as edgecors, by Powertools."""

import os
from typing import Any

from aws_lambda_powertools.utilities import parameters


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    parameters.get_parameter(os.environ["EDGECORS_PARAMETER"], decrypt=True, max_age=60)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
