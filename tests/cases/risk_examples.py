"""One rules document for each warning of lint, for docs/problems.md: code -> a document that has it."""

from __future__ import annotations

from typing import Any

from cases.documents import policy, rules


def _origins(*origins: Any, **fields: Any) -> dict[str, Any]:
    return rules(policy(allow_origins=list(origins), **fields))


RISK_EXAMPLES: dict[str, dict[str, Any]] = {
    # Who is let in
    "any-origin": _origins("*", allow_methods=["DELETE"]),
    "public-suffix": _origins("https://*.vercel.app"),
    "insecure-origin": _origins("http://a.example"),
    "localhost-in-production": _origins("http://localhost:3000"),
    "origin-trailing-dot": _origins("https://a.example."),
    "regex-unescaped-dot": _origins({"regex": "https://app.example\\.com"}),
    "regex-lets-in-others": _origins({"regex": "https://preview-\\d\\.com"}),
    # What has no effect
    "origin-covered": _origins("https://*.a.example", "https://x.a.example"),
    "entry-repeated": _origins("https://a.example", "https://a.example"),
    "path-never-used": rules(policy(paths=["*", "/*"])),
    "path-covered": rules(policy(paths=["/tea/*", "/tea/green"])),
    "method-safelisted": rules(policy(allow_methods=["GET"])),
    "method-options": rules(policy(allow_methods=["OPTIONS"])),
    "header-safelisted": rules(policy(allow_headers=["Accept"])),
    "expose-safelisted": rules(policy(expose_headers=["Content-Type"])),
    "flag-unused": rules(policy(dangerously_allow_insecure_origins=True)),
    # What does less than it says
    "authorization-under-wildcard": rules(policy(allow_headers=["*"])),
    "max-age-over-cap": rules(policy(max_age=86_400)),
}
