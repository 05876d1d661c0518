"""Labels of the parameter's versions. They are marks: what cannot be marked is logged, and life goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from edgecors.runtime.events import report
from rules_store.errors import translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_ssm import SSMClient

# SSM drops the oldest of 100 versions for a new one, but not one with a label: it refuses the new one instead.
# A mark that lags behind as far as this is taken off, long before it can keep anyone from publishing.
LAGS = 50

# The version has ten labels already; it is not there any more, since someone deleted the parameter meanwhile.
_NO_MATTER = ("ParameterVersionLabelLimitExceeded", "ParameterVersionNotFound", "ParameterNotFound")


def mark(client: SSMClient, name: str, version: int, labels: Sequence[str]) -> None:
    """Put the labels onto the version; they leave the version that had them. Raises StoreError."""
    with translated(f"ssm:LabelParameterVersion on {name}"):
        try:
            answer = client.label_parameter_version(Name=name, ParameterVersion=version, Labels=list(labels))
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code not in _NO_MATTER:
                raise
            _unmarked(name, version, labels, code)
            return
    # What SSM does not take as a label comes back like this, with a 200.
    if answer.get("InvalidLabels"):
        _unmarked(name, version, answer["InvalidLabels"], "InvalidLabels")


def unmark(client: SSMClient, name: str, version: int, label: str) -> None:
    """Take the label off the version. Raises StoreError."""
    with translated(f"ssm:UnlabelParameterVersion on {name}"):
        client.unlabel_parameter_version(Name=name, ParameterVersion=version, Labels=[label])


def _unmarked(name: str, version: int, labels: Sequence[str], error: str) -> None:
    report("WARNING", "RulesGuardUnmarked", parameter=name, version=version, labels=list(labels), error=error)
