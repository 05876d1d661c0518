"""E9801: CORS settings of an HTTP API whose function answers CORS itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.fixes import without
from edgecors_doctor.rule import CorsRule, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts


class HttpApiOverrides(CorsRule):
    """API Gateway: "if you configure CORS for an API, API Gateway ignores CORS headers returned from your backend"."""

    id = "E9801"
    shortdesc = "CORS settings of an HTTP API override the function's"
    description = "With CorsConfiguration, API Gateway answers preflights itself and drops the function's CORS headers"
    tags = ("cors", "apigateway", "edgecors")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each API."""
        for api in facts.apis.values():
            function = facts.answering(api) if api.is_http else None
            if function is None:
                continue
            for setting in [setting for setting in api.cors if setting.is_together_with(function.sign)][:1]:
                key = setting.path[-1] if isinstance(setting.path[-1], str) else "CorsConfiguration"
                yield Finding(
                    setting.path,
                    f"With {key}, API Gateway answers preflights itself and drops the CORS headers of function "
                    f"{function.name}, which {function.answers}. Remove {key}.",
                    without(api, "CorsConfiguration") if key == "CorsConfiguration" else None,
                )
