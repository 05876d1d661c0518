"""A parameter, the people and programs that write it, its guard, and those whom the guard tells."""

from __future__ import annotations

import json
import random
import string
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from edgecors import RulesError
from edgecors.manifest import ManifestError
from guard.guard import Guard
from rules_store import publish
from unit.rules_store.fake_ssm import START, FakeSsm, Store, failure
from unit.rules_store.support import NAME, document, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from guard.choice import Mode

# What has to pass on the clock of a world, as `monkeypatch.setattr` takes it.
SLEEPS = ("rules_store.waiting.sleep", "guard.guard.sleep")

JANE = "arn:aws:iam::123456789012:user/jane"
CI = "arn:aws:sts::123456789012:assumed-role/ci/main"
GUARD = "arn:aws:sts::123456789012:assumed-role/tea-RulesGuardRole/tea-RulesGuardFunction"


def _long() -> str:
    """Rules that take two chunks, quickly read: most of them is a description that does not compress."""
    letters = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=5_500))
    return json.dumps(json.loads(document("https://long.example")) | {"description": letters})


TEXTS = {
    "first": document("https://first.example"),
    "second": document("https://second.example", "https://*.second.example"),
    "third": document("https://third.example", credentials=True),
    "long": _long(),
    "slash": document("https://a.example/"),
    "star": document("*", credentials=True),
    "cut": '{"schema": "edgecors/1",',
    "suffix": document("https://*.github.io", credentials=True),
    "gone": '{"schema": "edgecors-manifest/1", "generation": "20261122t140000z-00000000", "chunks": 1, '
    f'"sha256": "{"0" * 64}", "size": 10}}',
    "unread": '{"schema": "edgecors-manifest/2"}',
}
BAD = ("slash", "star", "cut", "gone", "unread")
_NAMES = {text: name for name, text in TEXTS.items()}


class GuardSsm(FakeSsm):
    """FakeSsm with what the guard needs besides. The limits of labels are those of SSM's API reference."""

    def unlabel_parameter_version(self, **arguments: Any) -> Any:
        return self._call("UnlabelParameterVersion", arguments, self._unlabel_parameter_version)

    def _unlabel_parameter_version(self, Name: str, ParameterVersion: int, Labels: list[str]) -> dict[str, Any]:  # noqa: N803
        version = self._found(Name, "UnlabelParameterVersion")[ParameterVersion]
        removed = [label for label in Labels if label in version.labels]
        version.labels = [label for label in version.labels if label not in removed]
        return {"RemovedLabels": removed, "InvalidLabels": [label for label in Labels if label not in removed]}

    def _label_parameter_version(self, Name: str, ParameterVersion: int, Labels: list[str]) -> dict[str, Any]:  # noqa: N803
        versions = self._found(Name, "LabelParameterVersion")
        if ParameterVersion not in versions:
            raise failure("ParameterVersionNotFound", "LabelParameterVersion")
        if len({*versions[ParameterVersion].labels, *Labels}) > 10:
            raise failure("ParameterVersionLabelLimitExceeded", "LabelParameterVersion")
        return super()._label_parameter_version(Name, ParameterVersion, Labels)


@dataclass
class World:
    """`told`: subject and text of every message; `deployed`: since when the guard is as it is."""

    store: Store = field(default_factory=Store)
    told: list[tuple[str, str]] = field(default_factory=list)
    deployed: datetime = START - timedelta(days=1)
    client: Any = None
    before_notify: Callable[[], None] = lambda: None
    after_notify: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.client = GuardSsm(self.store, GUARD)

    # ------------------------------------------------------------------------------------------------- writers

    def edit(self, name: str, why: str = "", user: str = JANE) -> int:
        """By hand, without the lock, as the console does."""
        answer = GuardSsm(self.store, user).put_parameter(
            Name=NAME, Value=TEXTS[name], Type="String", Tier="Standard", Overwrite=True, Description=why
        )
        version: int = answer["Version"]
        return version

    def push(self, name: str, client: Any = None) -> int:
        """By `edgecors push`. Raises what that raises."""
        return publish(client or self._client(CI), NAME, TEXTS[name], description=f"push {name}").version

    def _client(self, user: str) -> Any:
        return GuardSsm(self.store, user)

    def delete(self) -> None:
        self.store.parameters.pop(NAME, None)

    def label(self, version: int, *labels: str) -> None:
        GuardSsm(self.store, JANE).label_parameter_version(Name=NAME, ParameterVersion=version, Labels=list(labels))

    def wait(self, seconds: float = 60) -> None:
        self.store.clock.sleep(seconds)

    # ------------------------------------------------------------------------------------------------- the guard

    def notify(self, subject: str, text: str) -> None:
        self.before_notify()
        self.told.append((subject, text))
        self.after_notify()

    def guard(self, mode: Mode = "revert") -> Guard:
        return Guard(self.client, NAME, mode, lambda: self.deployed, self.notify)

    def run(self, mode: Mode = "revert", *, deleted: bool = False, last: bool = False) -> str:
        """One run; its outcome."""
        return self.guard(mode).run(deleted=deleted, last=last)["outcome"]

    # ------------------------------------------------------------------------------------------------- what there is

    @property
    def published(self) -> str:
        """The name of the text that readers get."""
        text = read(self.store)
        assert text is not None
        return _NAMES[text]

    @property
    def published_or_bad(self) -> str:
        """The same, or `bad` for what no reader takes."""
        try:
            return self.published
        except (RulesError, ManifestError, KeyError):
            return "bad"

    @property
    def versions(self) -> list[str]:
        """Each version: its number, its text's name (`long` where it is in chunks), its labels."""
        return [
            " ".join([str(number), self._named(version.value), *sorted(version.labels)])
            for number, version in sorted(self.store.parameters.get(NAME, {}).items())
        ]

    def _named(self, value: str) -> str:
        return _NAMES.get(value, "long")

    @property
    def descriptions(self) -> list[str]:
        return [version.description for _, version in sorted(self.store.parameters[NAME].items())]

    @property
    def subjects(self) -> list[str]:
        return [subject.removeprefix(f"edgecors: {NAME} ") for subject, _ in self.told]


def lines(output: str) -> list[dict[str, Any]]:
    """What was logged."""
    return [json.loads(line) for line in output.splitlines()]


def brief(logged: Iterable[dict[str, Any]]) -> list[str]:
    """Level, event, version; each with its metric."""
    found = []
    for line in logged:
        (metric,) = line["_aws"]["CloudWatchMetrics"]
        assert metric["Namespace"] == "edgecors"
        assert metric["Metrics"] == [{"Name": line["message"], "Unit": "Count"}]
        assert metric["Dimensions"] == [["function"]]
        assert line[line["message"]] == 1
        assert line["parameter"] == NAME
        found.append(" ".join([line["level"], line["message"], *([str(line["version"])] if "version" in line else [])]))
    return found
