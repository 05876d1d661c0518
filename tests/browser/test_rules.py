"""Rules that change in SSM while pages are open, and rules that nobody can use."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from browser.tea import PAGE, PARAMETER, URL
from browser.visits import visiting
from edgecors import Rules
from local.stack import LOCAL_VARIABLES
from serving import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from browser.tea import Tea
    from browser.visits import Visit

TTL = float(LOCAL_VARIABLES["EDGECORS_TTL"])
PREVIEW = "https://preview.example"
# Enough at once for every process of the function: each has rules of its own, and its own time to look again.
CALLS: list[tuple[str, dict[str, Any]]] = [(f"{URL}/tea/white?{number}", {"cache": "no-store"}) for number in range(8)]


def reads(page: Visit) -> set[bool]:
    """Whether the page can read the API's answers: `{True}`, `{False}`, or both while processes differ."""
    return {"error" not in answer for answer in page.fetch_all(CALLS)}


def publish(tea_api: Tea, document: dict[str, Any], page: Visit, wanted: set[bool]) -> set[bool]:
    """Put rules into SSM; `reads` as soon as the TTL has passed.

    A process that gets no answer from SSM in half a second goes on with what it has and says so: then this machine is
    too busy, and the page looks again.
    """
    begin = len(tea_api.serve.lines)
    tea_api.publish(json.dumps(document))
    time.sleep(TTL)
    while (found := reads(page)) != wanted and any("RulesStale" in line for line in tea_api.serve.lines[begin:]):
        begin = len(tea_api.serve.lines)
        time.sleep(TTL)
    return found


@pytest.fixture
def document(tea_api: Tea) -> Iterator[dict[str, Any]]:
    """The published rules, which are put back afterwards."""
    text = tea_api.document()
    yield json.loads(text)
    begin = len(tea_api.serve.lines)
    tea_api.publish(text)
    tea_api.serve.line(rf" rules +{PARAMETER} ", begin)
    time.sleep(TTL)


def test_an_edit_in_ssm_takes_effect_within_the_ttl(browser: Browser, tea_api: Tea, document: dict[str, Any]) -> None:
    policy = document["policies"][0]
    more = policy | {"allow_origins": [*policy["allow_origins"], PREVIEW]}
    with visiting(browser, PREVIEW) as preview, visiting(browser, PAGE) as page:
        assert (reads(preview), reads(page)) == ({False}, {True})
        assert publish(tea_api, document | {"policies": [more]}, preview, {True}) == {True}
        assert reads(page) == {True}
        assert publish(tea_api, document, preview, {False}) == {False}
        assert reads(page) == {True}
        expected = tea_api.predicted(PREVIEW, CALLS) * 2
        assert sorted(preview.all_blocked()) == sorted(expected)
        assert page.all_blocked() == []


def test_rules_that_are_gone_change_nothing(browser: Browser, tea_api: Tea, document: dict[str, Any]) -> None:
    with visiting(browser, PREVIEW) as preview, visiting(browser, PAGE) as page:
        assert (reads(preview), reads(page)) == ({False}, {True})
        begin = len(tea_api.serve.lines)
        with tea_api.client("ssm") as ssm:
            ssm.delete_parameter(Name=PARAMETER)
        time.sleep(TTL)
        assert (reads(preview), reads(page)) == ({False}, {True})
        assert "the last good rules" in tea_api.serve.line("RulesStale", begin)
        assert (reads(preview), reads(page)) == ({False}, {True})


@pytest.mark.parametrize(
    "fault",
    ['{"schema": "edgecors/1", "policies": [', '{"schema": "edgecors/1", "policies": [{"name": "tea"}]}'],
    ids=["no JSON", "no rules"],
)
def test_rules_that_nobody_can_use_change_nothing_and_are_put_right(
    browser: Browser, tea_api: Tea, document: dict[str, Any], fault: str
) -> None:
    with visiting(browser, PREVIEW) as preview, visiting(browser, PAGE) as page:
        assert (reads(preview), reads(page)) == ({False}, {True})
        begin = len(tea_api.serve.lines)
        tea_api.publish(fault)

        def is_right() -> bool:
            assert (reads(preview), reads(page)) == ({False}, {True})
            return tea_api.document() != fault

        assert wait_until(is_right)
        tea_api.serve.line("put back in place of some that are not valid", begin)
        assert Rules.parse(tea_api.document()) == Rules.parse(document)
        time.sleep(TTL)
        assert (reads(preview), reads(page)) == ({False}, {True})
        assert page.all_blocked() == []
