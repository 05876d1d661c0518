"""W9814: preflights do not reach the function that would answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.fixes import preflight_route
from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.rules.e9805_any_guarded import shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.apis import Api, Route
    from edgecors_doctor.facts import Facts

# GET and HEAD are sent without a preflight as long as they have no unusual header.
_ASKED_FOR = ("POST", "PUT", "PATCH", "DELETE")


class OptionsNotRouted(CorsRule):
    """The engine answers preflights where they reach the function: API Gateway needs a route for them."""

    id = "W9814"
    shortdesc = "No route brings OPTIONS to the function"
    description = "API Gateway answers a preflight without a route itself, by an error without CORS headers"
    tags = ("cors", "apigateway", "edgecors")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each path of an API whose function has the engine and whose platform does not answer."""
        for api in facts.apis.values():
            if api.opaque or api.cors:
                continue
            routes, told = facts.routes_of(api), set()
            for route in routes:
                function = facts.functions.get(route.function or "")
                if function is None or not function.engine or route.method not in _ASKED_FOR:
                    continue
                if shape(route.path) in told or any(_takes(other, route, api) for other in routes):
                    continue
                told.add(shape(route.path))
                yield Finding(
                    route.node.path,
                    f"Function {function.name}, which {function.engine}, answers preflights, but no route of "
                    f"{api.shown} brings it OPTIONS {route.path}: API Gateway answers itself, without CORS headers.",
                    preflight_route(api, route.path, route.function),
                )


def _takes(other: Route, route: Route, api: Api) -> bool:
    """Whether a preflight for the route goes to the other one."""
    if other.method not in ("OPTIONS", "ANY"):
        return False
    mine, theirs = shape(route.path), shape(other.path)
    # A REST API looks for the resource first, so what is farther up does not count.
    farther_up = theirs.endswith("/{+}") and mine.startswith(theirs[: -len("{+}")])
    return theirs in ("$default", mine) or (api.is_http and farther_up)
