"""The cases to play; `seen` is still empty in all of them."""

from __future__ import annotations

from chromium_console.situations import access, preflight, requests, responses, urls

SITUATIONS = (*access.CASES, *preflight.CASES, *requests.CASES, *responses.CASES, *urls.CASES)
