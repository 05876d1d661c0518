"""W9815: a custom domain's base path that the engine does not know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.nodes import target
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.apis import Api
    from edgecors_doctor.facts import Facts
    from edgecors_doctor.functions import Function
    from edgecors_doctor.nodes import Node


class BasePath(CorsRule):
    """REST APIs only: what HTTP APIs hand on in format 2.0 lacks the mapping. Rules for every path do not mind."""

    id = "W9815"
    shortdesc = "A base path that the rules' paths do not have"
    description = (
        "Behind a custom domain's base path, REST APIs hand on paths that begin with it, so rules for paths miss"
    )
    tags = ("cors", "apigateway", "edgecors")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each mapping and each function behind it that has the engine."""
        for api in facts.apis.values():
            if api.is_http:
                continue
            engines = [function for function in facts.functions_behind(api) if function.engine]
            for mapping in _mappings(facts, api):
                base = (mapping.text or "").strip("/")
                for function in engines:
                    known = _known(function)
                    if base in ("", "(none)") or known is None or base in known:
                        continue
                    yield Finding(
                        mapping.path,
                        f"On the custom domain, the paths that function {function.name} gets begin with /{base}, and "
                        f"the rules' paths do not. Set EDGECORS_BASE_PATH to {base}.",
                        {"Environment": {"Variables": {"EDGECORS_BASE_PATH": ",".join([*known, base])}}},
                    )


def _mappings(facts: Facts, api: Api) -> Iterator[Node]:
    yield from api.properties.get("Domain", "BasePath").entries()
    for _, properties in facts.resources.of("AWS::ApiGateway::BasePathMapping"):
        if target(properties.get("RestApiId").value) == api.name:
            yield from properties.get("BasePath").branches()


def _known(function: Function) -> list[str] | None:
    """The base paths that the function is told; None where that is not known."""
    variable = function.variable("EDGECORS_BASE_PATH")
    if variable.given and variable.text is None:
        return None
    return [path.strip().strip("/") for path in (variable.text or "").split(",") if path.strip().strip("/")]
