"""The few calls of SSM that publishing needs, typed, with every error as a StoreError."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from rules_store.errors import StoreError, translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from mypy_boto3_ssm import SSMClient

    from rules_store.limits import Tier

_NAMES_AT_ONCE = 10  # of GetParameters and DeleteParameters
_HISTORY_PAGE = 50
_PATH_PAGE = 10


@dataclass(frozen=True)
class Stored:
    """A version of a parameter. `modified` and `now` are of SSM's clock, `now` being when it answered."""

    name: str
    value: str
    version: int
    type: str
    modified: datetime
    now: datetime


@dataclass(frozen=True)
class Version:
    """A version of a parameter as its history has it. `user` is an ARN, or whatever SSM gives."""

    version: int
    value: str
    type: str
    modified: datetime
    user: str
    description: str
    labels: tuple[str, ...]
    tier: str


class Ssm:
    """SSM through a boto3 client."""

    def __init__(self, client: SSMClient) -> None:
        self._client = client

    @property
    def arn_prefix(self) -> str:
        """What a parameter's ARN has in front of its name, with digits of no account."""
        meta = self._client.meta
        return f"arn:{meta.partition}:ssm:{meta.region_name}:{'0' * 12}:parameter"

    def get(self, name: str, version: int | None = None) -> Stored | None:
        """The current version of a parameter, or the one given; None where there is none."""
        selected = name if version is None else f"{name}:{version}"
        try:
            with translated(f"ssm:GetParameter on {name}"):
                answer = self._client.get_parameter(Name=selected, WithDecryption=True)
        except StoreError as error:
            if error.code in ("not-found", "version-not-found"):
                return None
            raise
        return _stored(answer["Parameter"], answer)

    def get_many(self, names: Sequence[str]) -> dict[str, str]:
        """The values of those parameters that there are."""
        found: dict[str, str] = {}
        for batch in _batches(names):
            with translated(f"ssm:GetParameters on {batch[0]}"):
                answer = self._client.get_parameters(Names=batch)
            found |= {parameter["Name"]: parameter["Value"] for parameter in answer["Parameters"]}
        return found

    def history(self, name: str) -> list[Version]:
        """Every version that SSM still has, oldest first; empty for no parameter."""
        found: list[Version] = []
        token: dict[str, Any] = {}
        while True:
            try:
                with translated(f"ssm:GetParameterHistory on {name}"):
                    answer = self._client.get_parameter_history(
                        Name=name, WithDecryption=True, MaxResults=_HISTORY_PAGE, **token
                    )
            except StoreError as error:
                if error.code == "not-found":
                    return []
                raise
            found += [_version(parameter) for parameter in answer["Parameters"]]
            if not answer.get("NextToken"):
                return sorted(found, key=lambda version: version.version)
            token = {"NextToken": answer["NextToken"]}

    def below(self, path: str) -> Iterator[Stored]:
        """Every parameter below the path, as it is stored: a SecureString stays encrypted."""
        token: dict[str, Any] = {}
        while True:
            with translated(f"ssm:GetParametersByPath on {path}"):
                answer = self._client.get_parameters_by_path(Path=path, Recursive=True, MaxResults=_PATH_PAGE, **token)
            for parameter in answer["Parameters"]:
                yield _stored(parameter, answer)
            # A page may be empty and not be the last.
            if not answer.get("NextToken"):
                return
            token = {"NextToken": answer["NextToken"]}

    def put(self, name: str, value: str, *, overwrite: bool, tier: Tier, description: str) -> int:
        """Write a String; the version that it became. Always with a tier: the account's default may be a paid one."""
        with translated(f"ssm:PutParameter on {name}"):
            answer = self._client.put_parameter(
                Name=name, Value=value, Type="String", Overwrite=overwrite, Tier=tier, Description=description
            )
        return answer["Version"]

    def delete(self, names: Sequence[str]) -> None:
        """Delete those of the parameters that there are."""
        for batch in _batches(names):
            with translated(f"ssm:DeleteParameters on {batch[0]}"):
                self._client.delete_parameters(Names=batch)


def _batches(names: Sequence[str]) -> Iterable[list[str]]:
    return (list(names[start : start + _NAMES_AT_ONCE]) for start in range(0, len(names), _NAMES_AT_ONCE))


def _stored(parameter: Any, answer: Mapping[str, Any]) -> Stored:
    return Stored(
        name=parameter["Name"],
        value=parameter["Value"],
        version=parameter["Version"],
        type=parameter.get("Type", "String"),
        modified=parameter["LastModifiedDate"],
        now=_date(answer),
    )


def _version(parameter: Any) -> Version:
    return Version(
        version=parameter["Version"],
        value=parameter.get("Value", ""),
        type=parameter.get("Type", "String"),
        modified=parameter["LastModifiedDate"],
        user=parameter.get("LastModifiedUser", ""),
        description=parameter.get("Description", ""),
        labels=tuple(parameter.get("Labels", ())),
        tier=parameter.get("Tier", "Standard"),
    )


def _date(answer: Mapping[str, Any]) -> datetime:
    """When SSM answered, by its own clock: this machine's may be wrong, and ages are reckoned by SSM's dates."""
    header = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC)
