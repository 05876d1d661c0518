"""Where a redirect leads, and whether a browser follows it there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from edgecors._explain_origin import shown
from edgecors._url import parse_url
from edgecors_cli.probe.messages import Step

if TYPE_CHECKING:
    from edgecors._url import Url
    from edgecors_cli.probe.messages import Answer

_USER_INFO_PART = re.compile(r"//[^/?#\\]*@")
# Fetch, "redirect status".
_STATUSES = (301, 302, 303, 307, 308)
# Chromium's words.
_USER_INFO = "Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
_SCHEMES = (
    "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, "
    "chrome-extension, chrome-untrusted, data, http, https, isolated-app."
)


class Nowhere(NamedTuple):
    """A redirect that no browser follows.

    `code`: a stable word; `reason`: Chromium's, "" where it says nothing about CORS; `url`: of which it says it, ""
    for the one that redirects.
    """

    code: str
    reason: str = ""
    url: str = ""


def location(answer: Answer) -> str | None:
    """Where the answer redirects to, as it says so; None where it is no redirect."""
    found = answer.lines("location")
    return found[0] if answer.status in _STATUSES and found else None


def resolve(base: Url, given: str) -> Url | Nowhere:
    """The URL that a redirect leads to."""
    # Browsers take a backslash for a slash, up to the query.
    end = min((at for mark in "?#" if (at := given.find(mark)) >= 0), default=len(given))
    try:
        text = given[:end].replace("\\", "/") + given[end:]
        target = text if text.lower().startswith(("http://", "https://")) else urljoin(base.text, text)
        scheme, colon, rest = target.partition("://")
        if "@" in rest.partition("/")[0]:
            return Nowhere("redirect-user-info", _USER_INFO)
        if colon and scheme.lower() not in ("http", "https"):
            return Nowhere("redirect-invalid", _SCHEMES, target)
        return parse_url(target)
    except ValueError:
        return Nowhere("redirect-invalid")


def told(given: str) -> str:
    """Where a redirect leads, for people: a password in it is nobody's business."""
    return shown(_USER_INFO_PART.sub("//***@", given))


def step(answer: Answer, given: str, target: Url | Nowhere) -> Step:
    """The step of the redirect, for people."""
    if not isinstance(target, Nowhere):
        return Step("redirect", True, f"{answer.status} to {shown(target.text)}")
    why = "which has a user name" if target.reason == _USER_INFO else "which is no URL to go to"
    return Step("redirect", False, f"{answer.status} to {told(given)}, {why}", target.code)
