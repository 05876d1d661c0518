"""A deployment from the first to the last command, on an AWS account on this machine: `make rehearse`.

The commands are those that a person types: `make deploy` in a copy of the project, which runs `sam build`, `sam deploy`
and `python -m deploy`; `sam delete` in the end. They reach moto's server instead of AWS, with what its CloudFormation
lacks of AWS's put in (rehearsal.cloudformation, rehearsal.resources).

What AWS does and nothing here shows:

- It validates each property, and refuses wrong ones. cfn-lint and SAM's own schema stand in for that (test_checks).
- It enforces policies. Here they are evaluated (rehearsal.policies, test_roles), and no call is ever refused for one.
- It enforces quotas, throttles, and takes minutes; roles and DNS names take seconds until everyone knows them.
- It asks API Gateway, EventBridge and CloudWatch to work: no request comes through the API, no event starts the guard,
  no alarm rings. The functions run in Lambda's own runtime all the same (test_running, and `make runtime`).
- It replaces resources whose changed properties want that. Nothing here changes one of those.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from rehearsal.account import Checkout, opened
from rehearsal.stack import look
from rehearsal.steps import GUARD, LAYER, LONG, NEXT, NEXT_BUT_ONE, REFUSED, SETTINGS, TAKEN, TEMPLATE, Step
from runtime.account import TEA, tea_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rehearsal.account import Account


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """AWS. No other account that this machine may have is ever asked."""
    with opened() as account, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in account.environment.items():
            patch.setenv(name, value)
        yield account


@pytest.fixture(scope="session")
def checkout(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The project, to deploy from."""
    return Checkout(tmp_path_factory.mktemp("project"), account)


@pytest.fixture(scope="session")
def deployed(account: Account, checkout: Checkout) -> Step:
    """`make deploy` for the first time."""
    return Step(checkout.make("deploy"), look(account), checkout.built())


@pytest.fixture(scope="session")
def used(account: Account, checkout: Checkout, deployed: Step) -> Step:
    """The stack in use: a tea and its picture, and other rules, too long for one parameter."""
    stack = deployed.stack
    account.client("dynamodb").put_item(TableName=stack.outputs["TableName"], Item=tea_item(TEA))
    account.client("s3").put_object(Bucket=stack.outputs["BucketName"], Key="uploads/white.png", Body=b"a picture")
    rules = checkout.folder.parent / "rules.json"
    rules.write_text(json.dumps(LONG), "utf-8")
    push = ("-m", "edgecors_cli", "push", str(rules), "--parameter", stack.outputs["RulesParameterName"], "--yes")
    return Step(checkout.run(".venv/bin/python", *push), look(account), checkout.built())


@pytest.fixture(scope="session")
def updated(account: Account, checkout: Checkout, used: Step) -> Step:
    """`make deploy` again, with other code in the layer and in the guard and other settings."""
    checkout.append(LAYER, NEXT)
    checkout.append(GUARD, NEXT)
    checkout.replace("samconfig.toml", "[default.deploy.parameters]", f"[default.deploy.parameters]\n{SETTINGS}")
    return Step(checkout.make("deploy"), look(account), checkout.built())


@pytest.fixture(scope="session")
def failed(account: Account, checkout: Checkout, updated: Step) -> Step:
    """`make deploy` of a change that AWS refuses half-way."""
    account.client("s3").create_bucket(Bucket=TAKEN, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    checkout.append(LAYER, NEXT_BUT_ONE)
    checkout.replace(TEMPLATE, "MemorySize: 512", "MemorySize: 1024")
    checkout.replace(TEMPLATE, "\nOutputs:\n", REFUSED)
    return Step(checkout.make("deploy", fails=True), look(account), checkout.built())


@pytest.fixture(scope="session")
def repaired(account: Account, checkout: Checkout, failed: Step) -> Step:
    """`make deploy` once more, without that change."""
    checkout.replace(LAYER, NEXT_BUT_ONE, "")
    checkout.replace(TEMPLATE, "MemorySize: 1024", "MemorySize: 512")
    checkout.replace(TEMPLATE, REFUSED, "\nOutputs:\n")
    return Step(checkout.make("deploy"), look(account), checkout.built())


@pytest.fixture(scope="session")
def deleted(account: Account, checkout: Checkout, repaired: Step) -> str:
    """`sam delete`, as README has it: what it wrote."""
    return checkout.sam("delete", "--stack-name", "tea", "--no-prompts", "--region", "eu-central-1")
