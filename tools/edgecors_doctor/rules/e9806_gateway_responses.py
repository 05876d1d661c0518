"""E9806: errors that a REST API makes itself carry no CORS headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.settings import header_sets, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.apis import Api
    from edgecors_doctor.facts import Facts

_KINDS = ("DEFAULT_4XX", "DEFAULT_5XX")


class GatewayResponses(CorsRule):
    """What comes before the function (authorizer, throttling, validation) and after it (502, 504)."""

    id = "E9806"
    shortdesc = "Gateway responses without CORS headers"
    description = (
        "A page cannot read a 401, 429 or 502 that API Gateway makes itself: it sees a CORS error in its place"
    )
    tags = ("cors", "apigateway")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each REST API that pages of other origins call."""
        has: dict[str | None, set[str]] = {}
        for kind, headers in header_sets(facts):
            if headers.origins:
                has.setdefault(headers.api, set()).add(kind)
        for api in facts.apis.values():
            missing = [kind for kind in _KINDS if kind not in has.get(api.name, set())]
            # Responses may be in an OpenAPI document elsewhere, or belong to an API that is named by a parameter.
            if api.is_http or api.opaque or not missing or not facts.uses_cors(api) or None in has:
                continue
            path = api.cors[0].path if api.cors else api.properties.path[:2]
            yield Finding(
                path,
                f"What API Gateway answers itself for {api.shown} (401, 403, 429, 502, ...) has no CORS headers "
                f"({' and '.join(missing)}): a page sees a CORS error and not the status. "
                "Add Access-Control-Allow-Origin.",
                _fix(api, missing, _origin(api)),
            )


def _origin(api: Api) -> str:
    """The one origin of the API if the template has it; these answers hold no data, so any may read them."""
    for node in api.cors:
        value = node if not isinstance(node.value, dict) else node.get("AllowOrigin")
        text = plain(value, quoted=True)
        if text and "," not in text and "'" not in text:
            return f"'{text}'"
    return "'*'"


def _fix(api: Api, missing: list[str], origin: str) -> Any:
    if api.is_sam:
        headers = {"Headers": {"Access-Control-Allow-Origin": origin}}
        return {"GatewayResponses": {kind: {"ResponseParameters": headers} for kind in missing}}
    return {
        f"{api.name}{kind.title().replace('_', '')}": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": api.name},
                "ResponseType": kind,
                "ResponseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": origin},
            },
        }
        for kind in missing
    }
