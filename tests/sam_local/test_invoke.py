"""Every file in events/ through `sam local invoke`, and its whole answer: the one that Lambda's own runtime gives.

In what `sam local invoke` differs from AWS:

- Each invocation is a container of its own, so each is a cold start.
- What a function raises is written like an answer, and the command ends with the status 0 all the same.
- Lambda@Edge's events go into the function like any other, and nobody holds its answers to CloudFront's rules.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cases.names import plain
from cases.sources import HTTP_API, sample, samples
from contract.tea.support import ADMIN, CORS, done
from runtime.account import TEA, Guarded, with_one_tea
from runtime.pythons import ROOT
from runtime.tea_answers import ANSWERS, AUTHORIZED, COMMENT, FAILING, broken, payload, rooibos, source_of
from sam_local import readme
from sam_local.project import shell
from tables import each

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future, ThreadPoolExecutor

    from runtime.account import Account, Teas
    from sam_local.project import Invoked, Project

OURS = [file.removesuffix(".json") for file in samples()]
OTHERS = [file.removesuffix(".json") for file in samples("not-ours")]
GUARDS = [file.removesuffix(".json") for file in samples("guard")]
BROKEN = sorted(set(OTHERS) - {f"not-ours/{name}" for name in AUTHORIZED})
FORM = "httpapi-post-tea-multipart"
RULES = (ROOT / "functions/tea/rules.json").read_text("utf-8")
ID = re.compile(r"[0-9a-f]{24}")


def command(event: str, function: str = "TeaFunction") -> list[str]:
    """README's command with another event, and with another function for the guard's events."""
    return [*readme.beginning("sam", "local", "invoke")[0].words[:3], function, "--event", event]


@pytest.fixture(scope="session")
def commenting(account: Account) -> Teas:
    """A table for what writes."""
    return with_one_tea(account, "commented")


@pytest.fixture(scope="session")
def creating(account: Account) -> Teas:
    return with_one_tea(account, "created")


@pytest.fixture(scope="session")
def guarded(account: Account) -> Guarded:
    """Good rules in SSM, which the guard leaves alone."""
    return Guarded(account, "RulesGuardFunction", RULES)


@pytest.fixture(scope="session")
def invoked(
    project: Project, pool: ThreadPoolExecutor, teas: Teas, commenting: Teas, creating: Teas, guarded: Guarded
) -> Mapping[str, Future[Invoked]]:
    """What came of every sample event, by its file, and of README's own commands, by their text."""
    first, *rest = readme.beginning("sam", "local", "invoke")
    # One alone: it builds the image. It needs nothing of AWS.
    answers = {first.text: pool.submit(project.run, first.words, {})}
    answers[first.text].result()
    answers |= {command.text: pool.submit(project.run, command.words, shell(teas)) for command in rest}
    for name in OURS + OTHERS:
        variables = shell(commenting if name == COMMENT else teas)
        answers[name] = pool.submit(project.run, command(f"events/{name}.json"), variables)
    for name in GUARDS:
        variables = {key: value for key, value in guarded.variables.items() if not key.startswith("AWS_")}
        words = command(f"events/{name}.json", "RulesGuardFunction")
        answers[name] = pool.submit(project.run, words, variables)
    # As events/README.md says: the admin's own password in place of the sample's.
    signed = sample(f"{FORM}.json")
    signed["headers"].update(ADMIN)
    (project.folder / "signed.json").write_text(json.dumps(signed), "utf-8")
    answers["signed"] = pool.submit(project.run, command("signed.json"), shell(creating))
    return answers


def answer(invoked: Mapping[str, Future[Invoked]], name: str) -> Any:
    """The function's answer, or the error that it raised."""
    found = invoked[name].result()
    assert found.status == 0, found.log
    return json.loads(found.output)


def test_readmes_commands_do_what_it_says(invoked: Mapping[str, Future[Invoked]]) -> None:
    mine = readme.beginning("sam", "local", "invoke")
    answers = [ANSWERS[Path(command.words[-1]).stem] for command in mine]
    assert [answer(invoked, command.text) for command in mine] == answers
    assert [found["statusCode"] for found in answers] == [204, 200]


def test_every_sample_event_has_an_answer() -> None:
    assert sorted([*ANSWERS, *FAILING, COMMENT]) == sorted(OURS)


@each("name", sorted(ANSWERS), ids=plain)
def test_an_event_gets_its_whole_answer(invoked: Mapping[str, Future[Invoked]], name: str) -> None:
    assert answer(invoked, name) == ANSWERS[name]


@each("name", FAILING, ids=plain)
def test_what_the_api_cannot_answer_the_engine_does(invoked: Mapping[str, Future[Invoked]], name: str) -> None:
    assert answer(invoked, name) == broken(source_of(name), invoked[name].result().request_id)


def test_a_comment_is_made(invoked: Mapping[str, Future[Invoked]], commenting: Teas) -> None:
    found = answer(invoked, COMMENT)
    made = json.loads(found["body"])["comments"][-1]
    comment = {"_id": made["_id"], "text": "Best with a slice of lemon.", "date": made["date"]}
    assert ID.fullmatch(made["_id"])
    shown = TEA | {"comments": [*TEA["comments"], comment]}
    assert found == payload(HTTP_API, done(201, shown, cors=CORS))
    assert len(commenting.items()) == 3


def test_a_tea_with_a_picture_is_made_by_the_admin(invoked: Mapping[str, Future[Invoked]], creating: Teas) -> None:
    found = answer(invoked, "signed")
    made = json.loads(found["body"])
    assert ID.fullmatch(made["_id"])
    assert found == payload(HTTP_API, done(201, rooibos(made["_id"]), {"Location": "/tea/rooibos"}, CORS))
    assert len(creating.items()) == 3


@each("name", sorted(AUTHORIZED), ids=plain)
def test_an_authorizers_event_is_answered_without_the_engine(invoked: Mapping[str, Future[Invoked]], name: str) -> None:
    assert answer(invoked, f"not-ours/{name}") == AUTHORIZED[name]


@each("name", BROKEN, ids=plain)
def test_what_is_no_request_fails_in_the_open(invoked: Mapping[str, Future[Invoked]], name: str) -> None:
    error = answer(invoked, name)
    places = [re.findall(r'^  File "(.+)", line \d+, in (\w+)\n', line) for line in error.pop("stackTrace")]
    assert error == {
        "errorMessage": "this event is no HTTP request that the Tea API could answer",
        "errorType": "ValueError",
        "requestId": invoked[name].result().request_id,
    }
    assert places[0] == [("/opt/python/edgecors/runtime/fast_path.py", "wrapper")]
    assert places[-1] == [("/var/task/tea_api/events.py", "request")]


@each("name", GUARDS, ids=plain)
def test_the_guard_finds_good_rules_good(invoked: Mapping[str, Future[Invoked]], guarded: Guarded, name: str) -> None:
    assert answer(invoked, name) == {"parameter": guarded.name, "version": 1, "outcome": "good"}


def test_the_guard_has_changed_nothing(invoked: Mapping[str, Future[Invoked]], guarded: Guarded) -> None:
    for name in GUARDS:
        invoked[name].result()
    assert (guarded.versions(), guarded.received()) == ([(1, RULES, ["guard-seen", "last-good"])], [])


def test_each_had_a_container_of_its_own_which_is_gone(invoked: Mapping[str, Future[Invoked]], docker: Any) -> None:
    made = [container for future in invoked.values() for container in future.result().containers]
    assert len(set(made)) == len(invoked)
    assert set(made).isdisjoint(container.id for container in docker.containers.list(all=True))
