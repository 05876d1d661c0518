"""E9807: every origin, with credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.settings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors_doctor.facts import Facts
    from edgecors_doctor.nodes import Node
    from edgecors_doctor.settings import Setting

_ANY = ("*", "https://*", "http://*")
_REFLECTED = "method.request.header.origin"


class AnyWithCredentials(CorsRule):
    """Some platforms then echo whatever Origin they are sent: any site acts as the visitor."""

    id = "E9807"
    shortdesc = "Every origin is allowed with credentials"
    description = "Any site could act as the visitor; where `*` itself is sent, browsers refuse it with credentials"
    tags = ("cors", "security", "lambda", "apigateway", "cloudfront")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each setting."""
        for setting in facts.settings:
            allowed = [node for node in setting.credentials.branches() if _is_on(node)]
            node = next((node for node in setting.origins if _is_any(node, setting, allowed)), None)
            if allowed and setting.kind == "rest" and not setting.origins:
                node = allowed[0]  # SAM's default is '*'
            if node is not None:
                yield Finding(
                    node.path,
                    f"{setting.shown} allows every origin with credentials: any site could act as the visitor. "
                    "Name the origins, or leave credentials out.",
                    _fix(setting),
                )


def _is_on(credentials: Node) -> bool:
    return credentials.is_true or plain(credentials, quoted=True) == "true"


def _is_any(node: Node, setting: Setting, allowed: list[Node]) -> bool:
    """Whether it stands for every origin, in a case in which credentials are allowed."""
    if not any(node.is_together_with(credentials) for credentials in allowed):
        return False
    text = (plain(node, quoted=setting.is_quoted) or "").strip().lower()
    return text in _ANY or (setting.kind == "headers" and text == _REFLECTED)


def _fix(setting: Setting) -> object:
    example = "https://app.example.com"
    if setting.kind == "headers":
        return {"Access-Control-Allow-Origin": f"'{example}'", "Access-Control-Allow-Credentials": "'true'"}
    if setting.kind == "rest":
        return {"Cors": {"AllowOrigin": f"'{example}'", "AllowCredentials": True}}
    if setting.kind == "cloudfront":
        return {"AccessControlAllowCredentials": True, "AccessControlAllowOrigins": {"Items": [example]}}
    origins, credentials = (
        ("allowOrigins", "allowCredentials")
        if "allowOrigins" in setting.node.value
        else (
            "AllowOrigins",
            "AllowCredentials",
        )
    )
    return {setting.node.path[-1]: {origins: [example], credentials: True}}
