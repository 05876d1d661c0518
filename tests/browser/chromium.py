"""Chromium: where it is, and how it is started so that pages have their true origins and CORS is what it is."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from browser.web import Web

HTTPS_PORTS = (443, 8443)
HTTP_PORTS = (80, 3000, 8080)


def executable() -> Path | None:
    """Debian's Chromium, or the one that CHROMIUM names; None where there is none."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return Path(found) if found and Path(found).is_file() else None


@contextmanager
def launched(path: Path, web: Web, public: tuple[int, ...]) -> Iterator[Browser]:
    """A headless Chromium to which the web is all hosts there are, but for `localhost` on other ports.

    `public`: ports of this machine that count as the internet, as the web's do. Chromium would otherwise ask for a
    permission before a public page reaches this machine (Local Network Access), and that has nothing to do with CORS.
    """
    ports = dict.fromkeys(HTTPS_PORTS, web.https) | dict.fromkeys(HTTP_PORTS, web.http)
    spaces = ",".join(f"127.0.0.1:{port}=public" for port in (web.https, web.http, *public))
    switches = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--ignore-certificate-errors",
        f"--host-resolver-rules={','.join(f'MAP *:{port} 127.0.0.1:{here}' for port, here in ports.items())}",
        f"--ip-address-space-overrides={spaces}",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        try:
            yield browser
        finally:
            browser.close()
