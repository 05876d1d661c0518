"""E9805: ANY or $default with an authorizer, and no open route for OPTIONS beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from edgecors_doctor.fixes import preflight_route
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.apis import Api, Route
    from edgecors_doctor.facts import Facts


class AnyGuarded(CorsRule):
    """Said in API Gateway's guide, "CORS for an HTTP API with a $default route and an authorizer"."""

    id = "E9805"
    shortdesc = "ANY or $default demands credentials of preflights too"
    description = "A route that takes every method takes OPTIONS, and a preflight carries no credentials"
    tags = ("cors", "apigateway")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each such route of an API that pages of other origins call, as far as the template shows."""
        for api in facts.apis.values():
            # An OpenAPI document elsewhere may have the OPTIONS route; SAM's Cors makes one for each path.
            if api.opaque or not facts.uses_cors(api) or (api.cors and not api.is_http):
                continue
            routes = facts.routes_of(api)
            for route in routes:
                if route.method != "ANY" or not route.guard or any(_serves(other, route) for other in routes):
                    continue
                yield Finding(
                    route.node.path if route.by_default else route.guard_path,
                    f"{route.shown} of {api.shown} takes OPTIONS too and demands {route.guard}. A preflight carries no "
                    f"credentials, so each one is refused. Add an open route OPTIONS {_path(route)}.",
                    _fix(api, route),
                )


def _serves(other: Route, route: Route) -> bool:
    """Whether a preflight for the route is taken by the other one. An OPTIONS route with a guard is E9804's."""
    if other.method != "OPTIONS":
        return False
    if route.path == "$default":
        return other.path.endswith("+}")
    return shape(other.path) == shape(route.path)


def shape(path: str) -> str:
    """A path without the names of its variables."""
    return re.sub(r"\{[^{}]*?(\+?)\}", r"{\1}", path.rstrip("/"))


def _path(route: Route) -> str:
    return "/{proxy+}" if route.path == "$default" else route.path


def _fix(api: Api, route: Route) -> object:
    return preflight_route(api, _path(route), route.function)
