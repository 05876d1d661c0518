"""A client of SSM in memory: as strict as AWS where moto is kind, fast enough to try every order of calls.

`test_fake_ssm.py` holds it against moto. What moto lets pass is as AWS's reference documents it: sizes in bytes,
`{{`, levels, tiers that never go back, types that stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC)
_WRITES = ("PutParameter", "DeleteParameters", "LabelParameterVersion")
_LIMITS = {"Standard": 4_096, "Advanced": 8_192}


def failure(code: str, operation: str, message: str = "as a test wants it", status: int = 400) -> ClientError:
    """An error as botocore raises it."""
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, operation)


class Clock:
    """SSM's clock. Nothing but the calls, `sleep` and tests move it."""

    def __init__(self) -> None:
        self.now = START

    def sleep(self, seconds: float) -> None:
        """In place of time.sleep."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Version:
    """A version of a parameter."""

    value: str
    type: str
    tier: str
    modified: datetime
    user: str
    description: str
    labels: list[str] = field(default_factory=list)


@dataclass
class Store:
    """The parameters of an account in a Region, shared by its clients: name -> version -> content."""

    clock: Clock = field(default_factory=Clock)
    parameters: dict[str, dict[int, Version]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The current value of a parameter."""
        return self.parameters[name][max(self.parameters[name])].value

    def version(self, name: str) -> int:
        """The current version, 0 for no parameter."""
        return max(self.parameters.get(name, {0: None}))

    def copy(self) -> Store:
        """The same parameters, by a clock of its own; versions themselves never change."""
        copied = Store(parameters={name: dict(versions) for name, versions in self.parameters.items()})
        copied.clock.now = self.clock.now
        return copied

    def snapshot(self) -> dict[str, tuple[int, str]]:
        """Name -> current version and value."""
        return {name: (self.version(name), self.value(name)) for name in self.parameters}


class FakeSsm:
    """Stands for `boto3.client("ssm")`. `before` is called with each operation's name, and may raise; so may `after`,
    which is called when the operation is done."""

    def __init__(self, store: Store, user: str = "arn:aws:iam::123456789012:user/alice") -> None:
        self.store = store
        self.user = user
        self.calls: list[str] = []
        self.before: Callable[[str, dict[str, Any]], None] = lambda operation, arguments: None
        self.after: Callable[[str, dict[str, Any]], None] = lambda operation, arguments: None
        self.meta = SimpleNamespace(region_name="eu-central-1", partition="aws")

    # ------------------------------------------------------------------------------------------- operations

    def get_parameter(self, **arguments: Any) -> Any:
        return self._call("GetParameter", arguments, self._get_parameter)

    def get_parameters(self, **arguments: Any) -> Any:
        return self._call("GetParameters", arguments, self._get_parameters)

    def get_parameter_history(self, **arguments: Any) -> Any:
        return self._call("GetParameterHistory", arguments, self._get_parameter_history)

    def get_parameters_by_path(self, **arguments: Any) -> Any:
        return self._call("GetParametersByPath", arguments, self._get_parameters_by_path)

    def put_parameter(self, **arguments: Any) -> Any:
        return self._call("PutParameter", arguments, self._put_parameter)

    def delete_parameters(self, **arguments: Any) -> Any:
        return self._call("DeleteParameters", arguments, self._delete_parameters)

    def label_parameter_version(self, **arguments: Any) -> Any:
        return self._call("LabelParameterVersion", arguments, self._label_parameter_version)

    def _call(self, operation: str, arguments: dict[str, Any], action: Callable[..., dict[str, Any]]) -> Any:
        self.calls.append(operation)
        self.before(operation, arguments)
        self.store.clock.now += timedelta(milliseconds=20)
        answer = action(**arguments)
        self.after(operation, arguments)
        date = format_datetime(self.store.clock.now, usegmt=True)
        return answer | {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {"date": date}}}

    # --------------------------------------------------------------------------------------------- the work

    def _found(self, name: str, operation: str) -> dict[int, Version]:
        if name not in self.store.parameters:
            raise failure("ParameterNotFound", operation, f"Parameter {name} not found.")
        return self.store.parameters[name]

    def _shown(self, name: str, number: int) -> dict[str, Any]:
        version = self.store.parameters[name][number]
        return {
            "Name": name,
            "Type": version.type,
            "Value": version.value,
            "Version": number,
            "LastModifiedDate": version.modified,
            "ARN": f"arn:aws:ssm:eu-central-1:123456789012:parameter{name}",
            "DataType": "text",
        }

    def _get_parameter(self, Name: str, WithDecryption: bool = False) -> dict[str, Any]:  # noqa: N803
        name, _, number = Name.partition(":")
        versions = self._found(name, "GetParameter")
        chosen = int(number) if number else max(versions)
        if chosen not in versions:
            message = f"Systems Manager could not find version {number} of {name}. Verify the version and try again."
            raise failure("ParameterVersionNotFound", "GetParameter", message)
        return {"Parameter": self._shown(name, chosen)}

    def _get_parameters(self, Names: list[str], WithDecryption: bool = False) -> dict[str, Any]:  # noqa: N803
        assert 1 <= len(Names) <= 10
        there = sorted(name for name in Names if name in self.store.parameters)
        return {
            "Parameters": [self._shown(name, self.store.version(name)) for name in there],
            "InvalidParameters": sorted(set(Names) - set(there)),
        }

    def _get_parameter_history(
        self,
        Name: str,  # noqa: N803
        WithDecryption: bool = False,  # noqa: N803
        MaxResults: int = 50,  # noqa: N803
        NextToken: str = "0",  # noqa: N803
    ) -> dict[str, Any]:
        versions = self._found(Name, "GetParameterHistory")
        start = int(NextToken)
        numbers = sorted(versions)[start : start + MaxResults]
        shown = [
            self._shown(Name, number)
            | {
                "LastModifiedUser": versions[number].user,
                "Description": versions[number].description,
                "Labels": list(versions[number].labels),
                "Tier": versions[number].tier,
            }
            for number in numbers
        ]
        more = {"NextToken": str(start + MaxResults)} if start + MaxResults < len(versions) else {}
        return {"Parameters": shown, **more}

    def _get_parameters_by_path(
        self,
        Path: str,  # noqa: N803
        Recursive: bool = False,  # noqa: N803
        MaxResults: int = 10,  # noqa: N803
        NextToken: str = "",  # noqa: N803
    ) -> dict[str, Any]:
        assert Recursive
        assert 1 <= MaxResults <= 10
        names = [name for name in sorted(self.store.parameters) if name.startswith(Path.rstrip("/") + "/")]
        if NextToken == "":
            # An empty page first, as AWS may send: only the token tells that it is not the last.
            return {"Parameters": [], **({"NextToken": "0"} if names else {})}
        start = int(NextToken)
        page = names[start : start + MaxResults]
        more = {"NextToken": str(start + MaxResults)} if start + MaxResults < len(names) else {}
        return {"Parameters": [self._shown(name, self.store.version(name)) for name in page], **more}

    def _put_parameter(
        self,
        Name: str,  # noqa: N803
        Value: str,  # noqa: N803
        Type: str,  # noqa: N803
        Tier: str,  # noqa: N803
        Overwrite: bool = False,  # noqa: N803
        Description: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        versions = self.store.parameters.get(Name, {})
        _check_name(Name)
        if versions and not Overwrite:
            raise failure("ParameterAlreadyExists", "PutParameter", "The parameter already exists.")
        newest = versions[max(versions)] if versions else None
        if newest is not None and newest.tier == "Advanced" and Tier == "Standard":
            message = (
                "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
                "advanced-parameter tier to the standard-parameter tier."
            )
            raise failure("ValidationException", "PutParameter", message)
        if newest is not None and newest.type != Type:
            raise failure("HierarchyTypeMismatchException", "PutParameter")
        if Description is None:
            Description = newest.description if newest is not None else ""  # noqa: N806
        if len(Value.encode()) > _LIMITS[Tier] or "{{" in Value or not Value or len(Description) > 1_024:
            raise failure("ValidationException", "PutParameter", "1 validation error detected")
        if len(versions) == 100:
            if versions[min(versions)].labels:
                raise failure("ParameterMaxVersionLimitExceeded", "PutParameter")
            del versions[min(versions)]
        number = max(versions, default=0) + 1
        versions[number] = Version(Value, Type, Tier, self.store.clock.now, self.user, Description)
        self.store.parameters[Name] = versions
        return {"Version": number, "Tier": Tier}

    def _delete_parameters(self, Names: list[str]) -> dict[str, Any]:  # noqa: N803
        assert 1 <= len(Names) <= 10
        there = [name for name in Names if name in self.store.parameters]
        for name in there:
            del self.store.parameters[name]
        return {"DeletedParameters": there, "InvalidParameters": [name for name in Names if name not in there]}

    def _label_parameter_version(self, Name: str, ParameterVersion: int, Labels: list[str]) -> dict[str, Any]:  # noqa: N803
        for version in self._found(Name, "LabelParameterVersion").values():
            version.labels = [label for label in version.labels if label not in Labels]
        self.store.parameters[Name][ParameterVersion].labels += Labels
        return {"InvalidLabels": [], "ParameterVersion": ParameterVersion}


def _check_name(name: str) -> None:
    if not re.fullmatch(r"(/[A-Za-z0-9_.-]+)+", name) or name.lower().startswith(("/aws", "/ssm")):
        raise failure("ValidationException", "PutParameter", "Parameter name: can't be so")
    if name.count("/") > 15:
        raise failure("HierarchyLevelLimitExceededException", "PutParameter")
    if len(f"arn:aws:ssm:eu-central-1:123456789012:parameter{name}") > 1_011:
        raise failure("ValidationException", "PutParameter", "the name is too long")
