"""What the API says about itself at its root."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "Tea API"
DESCRIPTION = "Teas, how to brew them, and what people say about them."

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1.2rem}"
    "h1{margin-bottom:0}p{margin-top:.3rem}table{border-collapse:collapse;width:100%;margin-top:1.5rem}"
    "td{padding:.4rem .8rem .4rem 0;border-top:1px solid #8884;vertical-align:top}"
    "code{font:.9em ui-monospace,monospace;white-space:nowrap}small{opacity:.7}"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the route table; `path` with its parameters in braces."""

    method: str
    path: str
    summary: str
    admin: bool


def as_json(operations: Sequence[Operation]) -> str:
    """For programs."""
    return json.dumps(
        {
            "name": NAME,
            "description": DESCRIPTION,
            "routes": [
                {
                    "method": operation.method,
                    "path": operation.path,
                    "summary": operation.summary,
                    "auth": "basic" if operation.admin else None,
                }
                for operation in operations
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def as_html(operations: Sequence[Operation]) -> str:
    """For people: one page, no script, nothing loaded from elsewhere."""
    rows = "".join(
        f"<tr><td><code>{escape(operation.method)}</code></td><td><code>{escape(operation.path)}</code></td>"
        f"<td>{escape(operation.summary)}{' <small>admin</small>' if operation.admin else ''}</td></tr>"
        for operation in operations
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{NAME}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style>'
        f'<h1>{NAME}</h1><p>{DESCRIPTION} Start with <a href="tea">the teas</a>.</p>'
        f"<table>{rows}</table></html>"
    )


def prefers_html(accept: str | None) -> bool:
    """Whether an Accept header names HTML and no JSON, as a browser's address bar does."""
    return accept is not None and "text/html" in accept.lower() and "json" not in accept.lower()
