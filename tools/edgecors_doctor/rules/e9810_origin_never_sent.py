"""E9810: an origin that no browser sends: with a path, a slash at the end, upper case, without a scheme, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from edgecors import Policy, PolicyError
from edgecors_doctor.rule import CorsRule, Finding
from edgecors_doctor.settings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edgecors import Problem
    from edgecors_doctor.facts import Facts
    from edgecors_doctor.nodes import Node
    from edgecors_doctor.settings import Setting

# Where `*` may be part of an origin: anywhere in S3 and CloudFront, alone behind the scheme in an HTTP API.
_WILDCARDS = ("s3", "cloudfront")
_LONGEST = 80
_ANY_OF_SCHEME = ("https://*", "http://*")


class OriginNeverSent(CorsRule):
    """What is wrong with an origin is the engine's knowledge: docs/problems.md."""

    id = "E9810"
    shortdesc = "An origin that no browser sends"
    description = "An Origin is a scheme, a host and a port as browsers write them; anything else never matches"
    tags = ("cors", "apigateway", "lambda", "s3", "cloudfront")

    def find(self, facts: Facts) -> Iterator[Finding]:
        """One for each origin, the first thing that is wrong with it."""
        for setting in facts.settings:
            for node in setting.origins:
                text = plain(node, quoted=setting.is_quoted)
                found = _wrong(text, setting) if text is not None else None
                if text is not None and found is not None:
                    message, hint = found
                    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
                    yield Finding(node.path, f"{setting.shown}: `{shown}`: {message}", _fix(setting, node, hint))


def _wrong(text: str, setting: Setting) -> tuple[str, str | None] | None:
    """Why no browser sends this, and what was meant."""
    if text == "*" or "," in text or (setting.kind == "http-api" and text in _ANY_OF_SCHEME):
        return None
    if setting.kind == "headers" and text.startswith(("method.", "integration.", "context.", "stageVariables.")):
        return None
    if "*" in text and setting.kind in _WILDCARDS:
        return None
    problem = _problem(text)
    if problem is not None:
        return problem.message, problem.hint if isinstance(problem.hint, str) else None
    if "*" in text:
        return "`*` is no wildcard here, it is compared as it stands. Let the function answer, by edgecors.", None
    return None


def _problem(text: str) -> Problem | None:
    try:
        Policy(allow_origins=[text])
    except PolicyError as error:
        # Lists are E9809's.
        return next((problem for problem in error.problems if problem.code != "origin-list"), None)
    return None


def _fix(setting: Setting, node: Node, hint: str | None) -> Any:
    if hint is None:
        return None
    value = f"'{hint}'" if setting.is_quoted else hint
    keys = [part for part in node.path if isinstance(part, str) and not part.startswith("Fn::")]
    return {keys[-1]: value if setting.is_quoted else [value]}
