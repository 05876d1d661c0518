"""docs/publishing.md and docs/runbook.md: the policies allow what the commands do and no more, the commands exist."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from rules_store import history, publish, rollback
from unit.rules_store.fake_ssm import FakeSsm, Store
from unit.rules_store.support import document, long_document

if TYPE_CHECKING:
    from unit.cli.transcript import Shell

ROOT = Path(__file__).parents[3]
PUBLISHING = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
NAME = "/edgecors/tea/production"
Call = tuple[str, str]


def policy(title: str) -> set[Call]:
    """The pairs of action and resource that the policy below the heading allows."""
    block = re.search(rf"### {title}\n.*?```json\n(.*?)```", PUBLISHING, re.DOTALL)
    assert block is not None
    allowed = set()
    for statement in json.loads(block[1])["Statement"]:
        assert statement["Effect"] == "Allow"
        for action in _listed(statement["Action"]):
            allowed |= {(action, resource.partition(":parameter")[2]) for resource in _listed(statement["Resource"])}
    return allowed


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def allows(policy: set[Call], call: Call) -> bool:
    action, name = call
    return (action, name) in policy or any(
        action == allowed and resource.endswith("/*") and name.startswith(resource[:-1]) for allowed, resource in policy
    )


@pytest.fixture(scope="module")
def calls() -> set[Call]:
    """What every command does, long rules and old generations included."""
    made: set[Call] = set()

    def note(operation: str, arguments: dict[str, Any]) -> None:
        names = arguments.get("Names") or [arguments.get("Name") or arguments["Path"]]
        made.update((f"ssm:{operation}", name.partition(":")[0]) for name in names)

    client: Any = FakeSsm(Store())
    client.before = note
    for seed in range(12):
        publish(client, NAME, long_document(seed))
    publish(client, NAME, document("https://a.example"))
    rollback(client, NAME)
    history(client, NAME)
    return made


def test_the_publisher_may_do_what_the_commands_do_and_no_more(calls: set[Call]) -> None:
    allowed = policy("Publisher")
    assert [call for call in calls if not allows(allowed, call)] == []
    assert {action for action, _ in allowed} == {action for action, _ in calls}
    assert not allows(allowed, ("ssm:DeleteParameters", NAME))


def test_on_call_may_do_the_same_but_delete(calls: set[Call]) -> None:
    allowed = policy("On-call")
    assert {action for action, name in calls if not allows(allowed, (action, name))} == {"ssm:DeleteParameters"}


def test_readers_read_the_parameter_and_its_chunks() -> None:
    allowed = policy("Reader")
    assert {action for action, _ in allowed} == {"ssm:GetParameter", "ssm:GetParameters"}
    assert allows(allowed, ("ssm:GetParameter", NAME))
    assert allows(allowed, ("ssm:GetParameters", f"{NAME}/generation/0"))
    assert not allows(allowed, ("ssm:GetParameter", "/edgecors/tea/production2"))


def test_the_workflow_is_one() -> None:
    block = re.search(r"```yaml\n(.*?)```", PUBLISHING, re.DOTALL)
    assert block is not None
    workflow = yaml.safe_load(block[1])
    assert workflow["permissions"] == {}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    for step in steps:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]) if "uses" in step else step["run"]


_COMMANDS = sorted(
    {
        match[1]
        for text in (PUBLISHING, RUNBOOK)
        for match in re.finditer(
            r"(?:edgecors|edgecors_cli) ((?:plan|push|pull|history|rollback) [^`\n]*--parameter[^`\n]*)", text
        )
    }
)


@pytest.mark.parametrize("command", _COMMANDS)
def test_the_commands_take_what_they_are_shown_with(shell: Shell, command: str) -> None:
    """An option that is not there, or one too many argument, would be exit status 2."""
    words = shlex.split(command, comments=False)
    words = [word.replace("VERSION", "7") for word in words]
    run = shell.run(shlex.join([*words, "--help"]))
    assert run.status == 0
    unknown = [word for word in words if word.startswith("--") and f" {word}" not in run.out.replace(",", "")]
    assert unknown == []


def test_every_publishing_command_is_in_the_docs() -> None:
    assert {command.split()[0] for command in _COMMANDS} == {"plan", "push", "pull", "history", "rollback"}


def test_links_lead_somewhere() -> None:
    for text in (PUBLISHING, RUNBOOK):
        for target in re.findall(r"\]\((\w[^)#]*\.md)\)", text):
            assert (ROOT / "docs" / target).is_file(), target
