"""The stack from its first deployment on: the rules in SSM, an update, and one that fails."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from edgecors import Rules
from rehearsal import stack as stacks
from rehearsal.account import ROOT
from rehearsal.steps import LONG, PARAMETER

if TYPE_CHECKING:
    from rehearsal.stack import Stack
    from rehearsal.steps import Step

KEPT = f"rules     {PARAMETER} has some, which stay as they are"


def documents(stack: Stack) -> dict[str, tuple[int, str]]:
    """Name to version and value of the parameter and its chunks. The lock is no part of the rules."""
    return {name: (version, value) for name, version, value in stack.rules if not name.endswith("/.lock")}


# ---------------------------------------------------------------------------------------------------- the rules


def test_the_first_deployment_puts_the_shipped_rules(deployed: Step) -> None:
    shipped = (ROOT / "functions/tea/rules.json").read_text("utf-8").strip()
    assert documents(deployed.stack) == {PARAMETER: (1, shipped)}


def test_long_rules_are_a_manifest_and_chunks(used: Step) -> None:
    found = documents(used.stack)
    version, manifest = found.pop(PARAMETER)
    assert version == 2
    generation = json.loads(manifest)["generation"]
    assert list(found) == [f"{PARAMETER}/{generation}/{number}" for number in range(len(found))]
    assert Rules.parse(LONG)
    assert len(json.dumps(LONG)) > 4096


def test_no_deployment_writes_over_them(used: Step, updated: Step, failed: Step, repaired: Step) -> None:
    assert updated.stack.rules == failed.stack.rules == repaired.stack.rules == used.stack.rules
    assert KEPT in updated.output
    assert KEPT in repaired.output
    # What fails does not come as far.
    assert "rules     " not in failed.output


# ----------------------------------------------------------------------------------------------------- an update


def test_an_update_brings_the_new_code_and_settings(updated: Step, used: Step) -> None:
    before, after = used.stack, updated.stack
    assert after.status == "UPDATE_COMPLETE"
    assert after.packages["CorsLayer"].files() == updated.built["CorsLayer"] != used.built["CorsLayer"]
    assert after.packages["RulesGuardFunction"].files() == updated.built["RulesGuardFunction"]
    # What did not change is not even uploaded again.
    assert after.packages["TeaFunction"] == before.packages["TeaFunction"]
    layer = [{"Arn": after.outputs["CorsLayerArn"], "CodeSize": len(after.packages["CorsLayer"].content)}]
    tea, guard = before.functions["TeaFunction"], before.functions["RulesGuardFunction"]
    variables, guards = tea["Environment"]["Variables"], guard["Environment"]["Variables"]
    code = after.packages["RulesGuardFunction"]
    assert after.functions == {
        "TeaFunction": tea
        | {"Environment": {"Variables": variables | {"POWERTOOLS_LOG_LEVEL": "DEBUG"}}, "Layers": layer},
        "RulesGuardFunction": guard
        | {"Environment": {"Variables": guards | {"GUARD_MODE": "off"}}, "Layers": layer}
        | {"CodeSha256": code.sha256, "CodeSize": len(code.content)},
    }


def test_an_update_leaves_the_rest(updated: Step, used: Step) -> None:
    before, after = used.stack, updated.stack
    assert after.outputs == before.outputs | {"CorsLayerArn": after.outputs["CorsLayerArn"]}
    (old,), (new,) = (stack.of_type("AWS::Lambda::LayerVersion") for stack in (before, after))
    assert after.resources == stacks.but_for(before.resources, old) | {
        new: after.resources[new],
        "AlarmSubscription": after.resources["AlarmSubscription"],
    }
    assert (after.roles, after.items, after.images) == (before.roles, before.items, before.images)


def test_functions_of_other_stacks_keep_the_version_of_the_layer_that_they_name(updated: Step) -> None:
    assert [arn.rpartition(":")[2] for arn in updated.stack.layers] == ["1", "2"]
    assert updated.stack.outputs["CorsLayerArn"] == updated.stack.layers[1]


def test_the_guard_can_be_switched_off_and_an_address_be_told(updated: Step) -> None:
    parameters = updated.stack.parameters
    assert (parameters["GuardMode"], parameters["AlarmEmail"]) == ("off", "tea@example.org")
    assert updated.stack.states == {"RulesGuardFunctionChange": "DISABLED", "RulesGuardFunctionSchedule": "DISABLED"}
    assert updated.stack.subscribed == [("email", "tea@example.org", updated.stack.id("AlarmTopic"))]


# --------------------------------------------------------------------------------------------- an update that fails


def test_a_refused_update_says_so_and_is_rolled_back(failed: Step, updated: Step) -> None:
    assert failed.stack.status == "UPDATE_ROLLBACK_COMPLETE"
    assert "UPDATE_FAILED" in failed.output
    # But for the version of the layer that it had made already: what is to be retained is retained then, too.
    extra = updated.stack.outputs["CorsLayerArn"].removesuffix(":2") + ":3"
    expected = replace(updated.stack, status=failed.stack.status, layers=[*updated.stack.layers, extra])
    assert failed.stack == expected


def test_the_next_deployment_goes_on_from_there(repaired: Step, failed: Step) -> None:
    assert "No changes to deploy. Stack tea is up to date" in repaired.output
    assert repaired.stack == failed.stack
