"""W9813: Authorization under `*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.settings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.settings import Setting

_WITH_TOKEN = ("the authorizer ", "the authorization ")


class AuthorizationNotCovered(CorsRule):
    """The Fetch standard: Authorization is never covered by `*`, and with credentials `*` is a header of that name."""

    id = "W9813"
    shortdesc = "`*` does not cover Authorization"
    description = "Access-Control-Allow-Headers: * does not let a page send Authorization; it has to be named"
    tags = ("cors", "apigateway", "lambda")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each setting of an API whose routes want a token, or that allows credentials."""
        for setting in facts.settings:
            names = [(plain(node, quoted=setting.is_quoted) or "").strip().lower() for node in setting.headers]
            if "*" not in names or setting.kind == "s3":
                continue
            node = setting.headers[names.index("*")]
            allowed = [branch for branch in setting.credentials.branches() if branch.is_true]
            with_credentials = any(node.is_together_with(branch) for branch in allowed)
            if not with_credentials and not _wants_token(facts, setting):
                continue
            if "authorization" in names and not with_credentials:
                continue
            why = (
                "with credentials browsers take `*` for a header of that name"
                if with_credentials
                else "`*` does not cover Authorization, which its routes want"
            )
            value = "'Authorization,Content-Type'" if setting.is_quoted else ["Authorization", "Content-Type"]
            key = next(part for part in reversed(node.path) if isinstance(part, str) and not part.startswith("Fn::"))
            yield Finding(node.path, f"{setting.shown}: {why}. Name the headers.", {key: value})


def _wants_token(facts: Facts, setting: Setting) -> bool:
    api = facts.apis.get(setting.api or "")
    return api is not None and any((route.guard or "").startswith(_WITH_TOKEN) for route in facts.routes_of(api))
