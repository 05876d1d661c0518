"""Events of EventBridge in; parameters, messages, log lines and metrics out, through boto3 as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from contract.guard.conftest import NAME, ROOT, Account, deploy
from rules_store import publish
from unit.rules_store.support import document, long_document

if TYPE_CHECKING:
    import pytest

GOOD = document("https://victoria-lo.github.io")
BAD = document("https://victoria-lo.github.io/Hashtag-TEA/")
MARKS = ["guard-seen", "last-good"]


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_hand_edited_version_is_put_back(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.put(GOOD, "The Tea App's origins")
    assert account.send("create") == {"parameter": NAME, "version": 1, "outcome": "good"}
    assert account.versions() == [(1, GOOD, MARKS)]
    assert account.received() == []
    capsys.readouterr()

    account.put(BAD, "Let the page in")
    assert account.send("update") == {"parameter": NAME, "version": 3, "outcome": "reverted"}
    assert account.versions() == [(1, GOOD, []), (2, BAD, []), (3, GOOD, MARKS)]
    ((subject, text),) = account.received()
    assert subject == "edgecors: /edgecors/tea/tea version 2 is bad, version 1 is back"
    assert (
        '\n1 problem\n  /policies/0/allow_origins/0 "https://victoria-lo.github.io/Hashtag-TEA/": An Origin has no '
        'path, so this can never match. Fix: "https://victoria-lo.github.io" (origin-has-path)\n'
    ) in text
    assert "\nwith the reason: Let the page in\n" in text

    told, checked = lines(capsys)
    (version,) = [v for v in account.ssm.get_parameter_history(Name=NAME)["Parameters"] if v["Version"] == 2]
    assert told.pop("_aws")["CloudWatchMetrics"] == [
        {
            "Namespace": "edgecors",
            "Dimensions": [["function"]],
            "Metrics": [{"Name": "RulesGuardReverted", "Unit": "Count"}],
        }
    ]
    assert told == {
        "level": "ERROR",
        "logger": "edgecors",
        "message": "RulesGuardReverted",
        "function": "tea-RulesGuardFunction",
        "parameter": NAME,
        "version": 2,
        "date": version["LastModifiedDate"].isoformat(),
        "user": version["LastModifiedUser"],
        "description": "Let the page in",
        "published": 3,
        "source": 1,
        "restored": 3,
        "reason": "",
        "error": "",
        "problems": [
            {
                "code": "origin-has-path",
                "field": "/policies/0/allow_origins/0",
                "message": "An Origin has no path, so this can never match.",
                "hint": "https://victoria-lo.github.io",
            }
        ],
        "problem_count": 1,
        "RulesGuardReverted": 1,
    }
    assert {key: checked[key] for key in ("level", "message", "version", "outcome", "RulesGuardChecked")} == {
        "level": "INFO",
        "message": "RulesGuardChecked",
        "version": 3,
        "outcome": "reverted",
        "RulesGuardChecked": 1,
    }


def test_the_events_of_its_own_writes_come_to_nothing(account: Account) -> None:
    account.put(GOOD)
    account.put(BAD)
    account.send("update")
    before = account.versions()
    assert len(account.received()) == 1
    for event in ("update", "label", "lock", "chunk", "schedule", "update"):
        assert account.send(event) == {"parameter": NAME, "version": 3, "outcome": "good"}
    assert account.versions() == before
    assert account.received() == []


def test_a_lost_event_is_made_up_for_by_the_schedule(account: Account) -> None:
    account.put(GOOD)
    account.put(BAD)
    assert account.send("schedule")["outcome"] == "reverted"
    assert len(account.received()) == 1


def test_rules_in_chunks_are_put_back_as_chunks(account: Account) -> None:
    long = long_document(7, 5_000)
    publish(account.ssm, NAME, long)
    account.put(BAD)
    assert account.send("update")["outcome"] == "reverted"
    assert account.send("schedule")["outcome"] == "good"
    first, _, third = account.versions()
    assert json.loads(first[1])["sha256"] == json.loads(third[1])["sha256"]
    assert first[1] != third[1]


def test_what_was_there_before_the_deployment_is_told_and_left(account: Account) -> None:
    account.put(GOOD)
    account.put(BAD)
    # moto leaves LastModified as it is when a function is updated.
    account.function = deploy("deployed-later")
    for _ in range(2):
        assert account.send("update")["outcome"] == "refused"
    assert account.versions() == [(1, GOOD, []), (2, BAD, ["guard-told"])]
    ((_, text),) = account.received()
    assert "it is older than this deployment of the guard" in text


def test_a_deletion_is_told(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.put(GOOD)
    account.send("create")
    account.ssm.delete_parameter(Name=NAME)
    capsys.readouterr()
    assert account.send("delete") == {"parameter": NAME, "version": 0, "outcome": "missing"}
    assert account.send("schedule") == {"parameter": NAME, "version": 0, "outcome": "missing"}
    ((subject, _),) = account.received()
    assert subject == "edgecors: /edgecors/tea/tea has been deleted"
    assert [(line["level"], line["message"], line["RulesGuardMissing"]) for line in lines(capsys)] == [
        ("ERROR", "RulesGuardMissing", 1),
        ("WARNING", "RulesGuardMissing", 1),
    ]


def test_the_shipped_rules_are_in_order(account: Account) -> None:
    shipped = (ROOT / "functions/tea/rules.json").read_text("utf-8")
    publish(account.ssm, NAME, shipped)
    assert account.send("create")["outcome"] == "good"
