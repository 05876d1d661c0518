"""E9803: SAM puts the API's authorizer, or its API key, on the preflight methods that Cors makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts

_SWITCHES = {
    "DefaultAuthorizer": ("AddDefaultAuthorizerToCorsPreflight", "the authorizer"),
    "ApiKeyRequired": ("AddApiKeyRequiredToCorsPreflight", "the API key"),
}


class PreflightAuthorizer(CorsRule):
    """SAM does so unless it is told not to (aws/serverless-application-model#717, api_generator.py)."""

    id = "E9803"
    shortdesc = "SAM demands credentials of preflights"
    description = "A preflight carries no credentials, so an authorizer or an API key on it refuses every one"
    tags = ("cors", "apigateway", "sam")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each API and each of the two switches."""
        for api in facts.apis.values():
            if api.is_http or not api.is_sam or not api.cors:
                continue
            auth = api.properties.get("Auth")
            for key, (switch, shown) in _SWITCHES.items():
                value = next(auth.get(key).branches(), None)
                is_on = value is not None and (value.is_true if key == "ApiKeyRequired" else value.text != "NONE")
                node = auth.get(switch)
                if value is None or not is_on or node.is_false or any(one.is_intrinsic for one in node.branches()):
                    continue
                yield Finding(
                    node.path if node.given else value.path,
                    f"SAM puts {shown} on the OPTIONS methods of {api.shown} too. A preflight carries no credentials, "
                    f"so each one is refused. Set {switch} to false.",
                    {"Auth": {**auth.value, switch: False}},
                )
