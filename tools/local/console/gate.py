"""Who may ask the console: its own pages, and nobody else's.

Whoever can read it sees the rules and the requests of this machine, and any page of the web can send requests to
loopback. The server looks at the Host first (another one is DNS rebinding); this looks at where a request comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BODY = 256 * 1024  # bytes; rules documents are far smaller


def refusal(method: str, headers: Sequence[tuple[str, str]], own: str, *, asks: bool) -> str | None:
    """Why a request is refused, None where it is not.

    `headers`: as they came, repeated ones too; `own`: the console's origin; `asks`: whether it asks for data, and not
    for a page or a part of one. A page may be opened by a link on any other page: it shows nothing to that one.
    """
    named: dict[str, list[str]] = {}
    for name, value in headers:
        named.setdefault(name.lower(), []).append(value)
    origins = named.get("origin", [])
    if any(origin != own for origin in origins) or len(origins) > 1:
        return "This comes from another origin, and the console is there for its own pages only."
    if method == "POST" and not origins:
        return "A POST has to name its Origin."
    # By https://www.w3.org/TR/fetch-metadata/; who sends it not is no browser, or one that is older than 2023.
    sites = named.get("sec-fetch-site", ["same-origin"])
    opened = named.get("sec-fetch-mode") == ["navigate"] and named.get("sec-fetch-dest") == ["document"]
    if sites == ["same-origin"] or (not asks and method != "POST" and (opened or sites == ["none"])):
        return None
    return "This comes from another site, and the console is there for its own pages only."


def is_json(content_type: str) -> bool:
    """Whether a body is one that no page of another origin can send without being asked (a CORS preflight)."""
    return content_type.partition(";")[0].strip().lower() == "application/json"
