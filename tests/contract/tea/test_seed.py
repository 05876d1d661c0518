"""The twelve teas, loaded into a stack and served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from contract.tea.support import etag
from seed.__main__ import main
from seed.load import load_teas, seeds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract.tea.support import Api

NAMES = [
    "black", "chamomile", "green", "hibiscus", "jasmine", "matcha",
    "oolong", "peppermint", "pu-erh", "rooibos", "white", "yellow",
]  # fmt: skip


def resources(api: Api) -> dict[str, str]:
    api.store.written = True  # with clients of the seed's own
    return {"TeaTable": api.table, "TeaBucket": api.bucket, "Others": "x"}


def test_twelve_teas_with_pictures(api: Api) -> None:
    assert sorted(load_teas(resources(api))) == NAMES
    teas = api.get("/tea").body
    assert [tea["name"] for tea in teas] == NAMES
    assert {key: value for key, value in teas[10].items() if key not in {"_id", "description"}} == {
        "name": "white",
        "image": "uploads/white.png",
        "keywords": "delicate, floral, buds, low caffeine",
        "origin": "China",
        "brew_time": 4,
        "temperature": 80,
        "comments": [],
    }
    for tea, seed in zip(teas, sorted(seeds(), key=lambda seed: seed.new.name), strict=True):
        answer = api.get(f"/{tea['image']}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
        assert answer.headers["ETag"] == etag(seed.image.data)
        assert (answer.body, len(seed.image.data) < 30_000) == (seed.image.data, True)
        assert len(tea["description"]) > 60


def test_what_is_there_stays_as_it_is(api: Api) -> None:
    ours = api.create({"name": "white", "origin": "our garden"}).body
    assert "white" not in load_teas(resources(api))
    api.comment("green", "Mine.")
    before = api.get("/tea")
    assert load_teas(resources(api)) == []
    assert api.get("/tea") == before
    assert ours in before.body


def test_a_deleted_one_comes_back(api: Api) -> None:
    load_teas(resources(api))
    api.delete("/tea/white")
    assert load_teas(resources(api)) == ["white"]
    assert api.get("/uploads/white.png").status == 200


class Formation:
    """CloudFormation, as far as the command asks it; moto's would load all of moto."""

    def __init__(self, stacks: dict[str, dict[str, str]]) -> None:
        self.stacks = stacks

    def get_paginator(self, operation: str) -> Formation:
        assert operation == "list_stack_resources"
        return self

    def paginate(self, *, StackName: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        if StackName not in self.stacks:
            error: Any = {"Error": {"Code": "ValidationError", "Message": f"Stack with id {StackName} does not exist"}}
            raise ClientError(error, "ListStackResources")
        for logical, physical in self.stacks[StackName].items():
            yield {"StackResourceSummaries": [{"LogicalResourceId": logical, "PhysicalResourceId": physical}]}
        yield {"StackResourceSummaries": [{"LogicalResourceId": "NotYet"}]}


def test_the_command(api: Api, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    formation = Formation({"seeded": resources(api), "another": {"TeaTable": api.table}})
    real = boto3.Session.client

    def client(session: boto3.Session, service: Any, **options: Any) -> Any:
        return formation if service == "cloudformation" else real(session, service, **options)

    monkeypatch.setattr(boto3.Session, "client", client)
    stacks = ("seeded", "seeded", "another", "none")
    assert [main(["--stack", stack, "--region", "eu-central-1"]) for stack in stacks] == [0, 0, 1, 3]
    out, err = capsys.readouterr()
    first, second = (line for line in out.splitlines() if line.startswith("new: "))
    assert sorted(first.removeprefix("new: ").split(", ")) == NAMES
    assert second == "new: none; 12 were there already"
    assert err.splitlines()[0] == "seed: the stack another has no TeaBucket: is it the Tea API's?"
    assert err.splitlines()[1].startswith("seed: An error occurred (ValidationError)")


def test_a_call_that_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main([])
    assert raised.value.code == 2
    assert "--stack" in capsys.readouterr().err
