"""What got past other CORS implementations does not get past this one."""

from __future__ import annotations

from typing import Any

import pytest

from cases.bypasses import ANSWERS, CONFIG_ERRORS, DENIED, FORGED_LINES, PATHS, Answer, ConfigError, Denied, Path
from edgecors import Policy, PolicyError, Request, Rules, RulesError, cors

PREFLIGHT = {"Access-Control-Request-Method": "GET"}


def name(case: ConfigError | Denied | Path | Answer) -> str:
    return case.id


def document(case: ConfigError | Denied) -> dict[str, Any]:
    policy = {"name": "a", "paths": ["*"], "allow_origins": list(case.allow_origins), **case.fields}
    return {"schema": "edgecors/1", "policies": [policy]}


@pytest.mark.parametrize("case", CONFIG_ERRORS, ids=name)
def test_rules_that_cannot_be_made(case: ConfigError) -> None:
    with pytest.raises(PolicyError) as in_code:
        Policy(allow_origins=case.allow_origins, **case.fields)  # type: ignore[arg-type]
    with pytest.raises(RulesError) as in_document:
        Rules.parse(document(case))
    assert tuple(problem.code for problem in in_code.value.problems) == case.codes
    assert tuple(problem.code for problem in in_document.value.problems) == case.codes


@pytest.mark.parametrize("case", DENIED, ids=name)
def test_origins_that_are_not_allowed(case: Denied) -> None:
    rules = Rules.parse(document(case))
    for origin in case.origins:
        for method, headers in (("GET", {}), ("OPTIONS", PREFLIGHT)):
            explanation = rules.explain(Request(method, "/", {"Origin": origin, **headers}))
            assert not explanation.allowed
            assert "Access-Control-Allow-Origin" not in explanation.headers


@pytest.mark.parametrize("case", PATHS, ids=name)
def test_paths(case: Path) -> None:
    policies = {policy: Policy(allow_origins=[f"https://{policy}.example"]) for policy in case.policies}
    rules = Rules([(policy, paths, policies[policy]) for policy, paths in case.policies.items()])
    found = rules.policy_for(case.path)
    assert found == (None if case.policy is None else policies[case.policy])


@pytest.mark.parametrize("case", ANSWERS, ids=name)
def test_answers(case: Answer) -> None:
    calls = []

    def handler(event: Any, context: Any) -> dict[str, Any]:
        calls.append(event)
        return {"statusCode": 200, "body": "tea"}

    event = {
        "version": "2.0",
        "rawPath": "/tea",
        "headers": case.headers,
        "requestContext": {"http": {"method": case.method, "path": "/tea"}, "stage": "$default"},
    }
    policy = Policy(allow_origins=case.allow_origins, **case.fields)  # type: ignore[arg-type]
    answer = cors(handler, rules=policy, **case.arguments)(event, None)
    assert (answer["statusCode"], answer["headers"], bool(calls)) == (case.status, case.answer, case.is_called)


@pytest.mark.parametrize(("origin", "path"), FORGED_LINES)
def test_no_request_forges_a_line(origin: str, path: str) -> None:
    rules = Rules([("a", ["/tea"], Policy(allow_origins=["https://a.example"]))])
    explanation = rules.explain(Request("GET", path, {"Origin": origin}))
    assert not explanation.allowed
    texts = [explanation.message, *(str(step) for step in explanation.steps), *explanation.headers.values()]
    lines = [line for text in texts for line in text.split("\n")]
    assert all(line.isprintable() and not line.startswith("INFO") for line in lines)
