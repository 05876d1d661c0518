"""E9804: a route or method for OPTIONS that demands credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.fixes import but, open_auth
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.apis import Api, Route
    from edgecors_doctor.facts import Facts


class OptionsGuarded(CorsRule):
    """Events of SAM, routes and methods of CloudFormation, operations of OpenAPI documents."""

    id = "E9804"
    shortdesc = "OPTIONS demands credentials"
    description = "A preflight carries no credentials, so an authorizer or an API key on it refuses every one"
    tags = ("cors", "apigateway")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each route."""
        for route in facts.routes:
            api = facts.apis.get(route.api)
            if route.method != "OPTIONS" or not route.guard:
                continue
            # Where SAM does it to the OPTIONS methods of Cors as well, E9803 tells, and its fix is one for all.
            if route.by_default and api is not None and api.cors:
                continue
            yield Finding(
                route.node.path if route.by_default else route.guard_path,
                f"{route.shown} demands {route.guard}. A preflight carries no credentials, so each one is refused. "
                "Leave OPTIONS open.",
                _fix(facts, route, api),
            )


def _fix(facts: Facts, route: Route, api: Api | None) -> object:
    key = route.guard_path[-1] if route.guard_path else ""
    if key == "security":
        return {"security": []}
    if key == "AuthorizationType":
        return {"AuthorizationType": "NONE"}
    if "API key" in (route.guard or ""):
        return {"Auth": {"ApiKeyRequired": False}} if api is not None and api.is_sam else {"ApiKeyRequired": False}
    if api is None or route.by_default:
        return {"Auth": {"Authorizer": "NONE"}}
    properties = facts.resources.at(route.guard_path[:-2]).value
    return {"Properties": {**but(properties, "Auth"), **open_auth(api)}}
