"""The risks that lint warns of: code -> why, in words that need no standard at hand. `{...}` are filled in.

They are beside the engine's catalogue of problems (`edgecors.problems.MESSAGES`) and share no code with it: what is
listed here is valid, and serves. A code is never reused or renamed; docs/problems.md lists them from this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import Problem

if TYPE_CHECKING:
    from typing import Any

# For how long, in seconds, browsers keep a preflight at most. Source: Chromium's services/network/public/cpp/cors,
# WebKit's CrossOriginPreflightResultCache.
CHROMIUM_CAP = 7_200
SAFARI_CAP = 600

RISKS = {
    # Who is let in
    "any-origin": "Every site on the web can read the answers and send {what}: right for public data only.",
    "public-suffix": "Anyone can register a name below {suffix}, and then read the answers.",
    "insecure-origin": "Whoever is on the network path can pose as an http origin and read the answers{detail}.",
    "localhost-in-production": "Every program on the visitor's machine that serves pages is let in{detail}.",
    "origin-trailing-dot": "With the dot it is another host: only pages opened with the dot in their address send it.",
    "regex-unescaped-dot": "A dot that is not escaped stands for any character. It also lets in {origin}, and whoever "
    "else registers such a name.",
    "regex-lets-in-others": "It also lets in {origin}, and whoever else registers such a name.",
    # What has no effect
    "origin-covered": "{other} it in already.",
    "entry-repeated": "It stands in the list already.",
    "path-never-used": "`/*` covers every path and is more specific, so nothing is left for `*`.",
    "path-covered": "`{other}` of the same policy covers it already.",
    "method-safelisted": "Pages can always send {method}: it needs no listing.",
    "method-options": "The browser's preflight needs no listing; this is for pages that send OPTIONS themselves.",
    "header-safelisted": "Pages can always set {header}: it needs no listing.",
    "expose-safelisted": "Pages can always read {header}: it needs no listing.",
    "flag-unused": "Nothing in the policy needs it, and what will be added would not be checked.",
    # What does less than it says
    "authorization-under-wildcard": "`*` does not cover Authorization: where pages send it, name it beside the `*`.",
    "max-age-over-cap": f"Chromium keeps a preflight for {CHROMIUM_CAP} s at most, Safari for {SAFARI_CAP}.",
}


def risk(code: str, field: str, value: object, hint: object = None, **details: Any) -> Problem:
    """The warning of a code, with its message filled in."""
    return Problem(code, field, value, RISKS[code].format(**details), hint)
