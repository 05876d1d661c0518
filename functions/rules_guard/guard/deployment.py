"""Since when the guard is as it is: Lambda knows when the function's code or configuration was last changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def deployed_at(client: Any, function: str) -> datetime:
    """When the function (a name or an ARN) was deployed last, from `boto3.client("lambda")`.

    Nothing else tells: a template cannot write the time into a variable, a file's date is that of its archive,
    and the first run may be much later than the deployment. A change of any setting counts as a deployment too,
    GuardMode and the layer among them. The function may ask this about itself alone. Raises botocore's errors.
    """
    modified = client.get_function_configuration(FunctionName=function)["LastModified"]
    return datetime.fromisoformat(modified)  # 2026-11-22T14:00:00.000+0000
