"""What the rules say about a request that was answered, in a word and a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgecors import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgecors import Rules
    from local.exchange import Exchange
    from local.rulebook import Published

ALLOW_ORIGIN = "access-control-allow-origin"
REQUEST_METHOD = "access-control-request-method"


@dataclass(frozen=True)
class Verdict:
    """`code` is the policy's name where it allows, else the engine's word for why not.

    `allowed` is None where CORS has no say: in a request without Origin, in one that failed.
    """

    allowed: bool | None
    word: str
    code: str


def judge(exchange: Exchange, versions: Iterable[Published]) -> Verdict:
    """The verdict of the version (newest first) that explains the answer's Access-Control-Allow-Origin.

    The function may use older rules for its TTL; where no version explains the answer, the answer counts.
    """
    if exchange.invocation is None:
        return Verdict(None, "gateway", "")
    if failure := exchange.invocation.failure:
        return Verdict(None, "failed", failure.type)
    if "origin" not in exchange.headers:
        return Verdict(None, "no origin", "")
    preflight = exchange.method == "OPTIONS" and REQUEST_METHOD in exchange.headers
    sent = exchange.answer_headers.get(ALLOW_ORIGIN)
    for version in versions:
        explained = version.rules.explain(Request(exchange.method, exchange.path, exchange.headers))
        would_send = {name.lower(): value for name, value in explained.headers.items()}.get(ALLOW_ORIGIN)
        if would_send == sent:
            word = "refused" if not explained.allowed else "preflight" if preflight else "allowed"
            code = policy_name(version.rules, exchange.path) if explained.allowed else explained.code
            return Verdict(explained.allowed, word, code)
    return Verdict(sent is not None, "allowed" if sent else "refused", "not-by-these-rules")


def policy_name(rules: Rules, path: str) -> str:
    """The name of the path's policy."""
    chosen = rules.policy_for(path)
    return next(name for name, _, policy in rules.policies if policy is chosen)
