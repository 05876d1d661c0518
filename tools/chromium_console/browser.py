"""Plays a case in Chromium and notes what the page and the console said."""

from __future__ import annotations

import asyncio
import html
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from playwright.async_api import async_playwright  # type: ignore[import-not-found, unused-ignore]

from chromium_console.shapes import Case, Line, Seen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import (  # type: ignore[import-not-found, unused-ignore]
        Browser,
        BrowserContext,
        ConsoleMessage,
        Frame,
    )

    from chromium_console.server import Server

SETTLE = 0.25
"""Seconds of silence after fetch() by which the console has told all; its lines leave the browser another way."""

FETCH = """async ([url, init, times, pause]) => {
  let seen;
  for (let call = 0; call < times; call++) {
    if (call) await new Promise(done => setTimeout(done, pause * 1000));
    try {
      const r = await fetch(url, init);
      seen = {status: r.status, type: r.type, readable: [...r.headers.keys()].sort()};
    } catch (e) {
      seen = {error: `${e.name}: ${e.message}`};
    }
  }
  return seen;
}"""


@asynccontextmanager
async def chromium(executable: str, server: Server) -> AsyncIterator[Browser]:
    """A headless Chromium for which every host is the server (and port 3000 of every host is this machine)."""
    ports = {80: server.http, 443: server.https, 3000: server.local, 8443: server.https}
    rules = ",".join(f"MAP *:{port} 127.0.0.1:{there}" for port, there in ports.items())
    public = ",".join(f"127.0.0.1:{port}=public" for port in (server.http, server.https))
    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--ignore-certificate-errors",
        f"--host-resolver-rules={rules}",
        # Chromium takes the server for one on the internet, or Local Network Access would come before CORS.
        f"--ip-address-space-overrides={public}",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=switches)
        try:
            yield browser
        finally:
            await browser.close()


async def play(case: Case, browser: Browser, server: Server, directory: Path) -> Seen:
    """What came of the case, in a context of its own, so that no cache and no cookie is left from another."""
    server.serve(case)
    context = await browser.new_context(ignore_https_errors=True)
    try:
        lines: list[Line] = []
        deprecations: list[str] = []

        def note_line(message: ConsoleMessage) -> None:
            lines.append(Line(message.type, message.text))

        def note_issue(event: dict[str, Any]) -> None:
            if event["issue"]["code"] == "DeprecationIssue":
                deprecations.append(event["issue"]["details"]["deprecationIssueDetails"]["type"])

        frame = await _page(case, context, directory)
        context.on("console", note_line)
        devtools = await context.new_cdp_session(frame.page)
        devtools.on("Audits.issueAdded", note_issue)
        await devtools.send("Audits.enable")
        init: dict[str, Any] = {
            "method": case.method,
            "headers": case.headers,
            "credentials": case.credentials,
        }
        init |= dict(case.init)
        if case.body is not None:
            init["body"] = case.body
        result = await frame.evaluate(FETCH, [case.url, init, case.times, case.pause])
        known = -1
        while known != len(lines):
            known = len(lines)
            await asyncio.sleep(SETTLE)
        return Seen(
            requests=server.sent(),
            console=tuple(lines),
            error=result.get("error"),
            status=result.get("status"),
            type=result.get("type"),
            readable=tuple(result["readable"]) if "readable" in result else None,
            deprecations=tuple(deprecations),
        )
    finally:
        await context.close()


async def _page(case: Case, context: BrowserContext, directory: Path) -> Frame:
    page = await context.new_page()
    if case.via == "navigation":
        await page.goto(f"{case.page}/page")
    elif case.via == "data":
        await page.goto("data:text/html,<title>page</title>")
    elif case.via == "file":
        path = directory / "page.html"
        path.write_text("<title>page</title>")
        await page.goto(path.as_uri())
    else:
        await page.goto("https://page.example/page")
        frame = f'<iframe sandbox="allow-scripts" src="{html.escape("https://page.example/frame")}"></iframe>'
        await page.set_content(frame)
        await page.frames[1].wait_for_load_state()
        return page.frames[1]
    return page.main_frame
