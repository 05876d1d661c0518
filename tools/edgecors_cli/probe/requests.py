"""The requests that a browser makes of a page's fetch(): their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgecors import __version__
from edgecors._lookalike import registrable
from edgecors._origin import is_localhost, parse
from edgecors_cli.probe.messages import Sent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edgecors._url import Url


def preflight(url: Url, page: str, origin: str, method: str, unsafe: list[str]) -> Sent:
    """Fetch, "CORS-preflight fetch", steps 1 to 5. `page`: the page's origin; `origin`: what is sent for it."""
    asked = {"access-control-request-method": method}
    if unsafe:
        asked["access-control-request-headers"] = ",".join(unsafe)
    return Sent("OPTIONS", url, _always(url, page, origin) | asked)


def actual(url: Url, page: str, origin: str | None, method: str, headers: Mapping[str, str]) -> Sent:
    """The request itself, without a body. `origin` None: as if the page were the API's own."""
    always = _always(url, page, origin)
    return Sent(method, url, always | dict(headers))


def _always(url: Url, page: str, origin: str | None) -> dict[str, str]:
    """What browsers send of themselves. The user agent says what this is."""
    headers = {
        "accept": "*/*",
        "accept-encoding": "gzip, deflate, br",
        "accept-language": "en",
        "user-agent": f"edgecors/{__version__} (probe)",
    }
    if origin is not None:
        headers["origin"] = origin
        if page != "null":
            headers["referer"] = f"{page}/"
    # Fetch Metadata, section 2: only to where nobody can listen.
    if url.scheme == "https" or is_localhost(url.host):
        site = "same-origin" if origin is None else _site(url, page)
        headers |= {"sec-fetch-dest": "empty", "sec-fetch-mode": "cors", "sec-fetch-site": site}
    return headers


def _site(url: Url, page: str) -> str:
    """HTML, "same site": the same scheme and registrable domain."""
    parts = parse(page)
    same = parts is not None and parts[0] == url.scheme and registrable(parts[1]) == registrable(url.host)
    return "same-site" if same else "cross-site"
