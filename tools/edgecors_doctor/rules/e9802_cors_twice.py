"""E9802: CORS both in the platform and in the function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor import cloudfront
from edgecors_doctor.fixes import but, without
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts


class CorsTwice(CorsRule):
    """Of a function URL, a SAM REST API and CloudFront; of an HTTP API it is E9801."""

    id = "E9802"
    shortdesc = "CORS is set twice: in the platform and in the function"
    description = "Two answers to one question: browsers refuse doubled headers, and preflights never reach the rules"
    tags = ("cors", "lambda", "apigateway", "cloudfront", "edgecors")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each URL, API or cache behavior."""
        for function, url in facts.urls():
            for node in url.get("Cors").branches():
                if function is not None and function.answers and node.is_together_with(function.sign):
                    yield Finding(
                        node.path,
                        "The function URL answers preflights itself and adds its own CORS headers to those of "
                        f"function {function.name}, which {function.answers}; browsers refuse two. Remove Cors.",
                        {url.path[-1]: but(url.value, "Cors")},
                    )
        for api in facts.apis.values():
            engine = next((function for function in facts.functions_behind(api) if function.engine), None)
            if engine is None or api.is_http:
                continue
            for node in [node for node in api.cors if node.is_together_with(engine.sign)][:1]:
                yield Finding(
                    node.path,
                    f"With Cors, SAM adds OPTIONS methods that answer preflights in place of function {engine.name}, "
                    f"which {engine.engine}: its rules are never asked. Remove Cors; route OPTIONS to the function.",
                    without(api, "Cors"),
                )
        for behavior in cloudfront.behaviors(facts):
            found = behavior.function(facts)
            policy = behavior.headers_policy(facts)
            if found is None or policy is None or not policy.get("CorsConfig", "OriginOverride").is_true:
                continue
            yield Finding(
                policy.get("CorsConfig", "OriginOverride").path,
                f"CloudFront replaces the CORS headers of function {found.name}, which {found.answers}. "
                "Remove CorsConfig from the policy, or let the origin's headers stand.",
                {"CorsConfig": {**policy.get("CorsConfig").value, "OriginOverride": False}},
            )
