"""Pages at their true origins, what they fetch, and what the console says about it."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error

from serving import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Frame, Page

TICK = 50
"""Milliseconds between two looks at the console: its lines leave the browser another way than answers."""

# Nobody may read this, so that the console says so, and by then has said the rest.
THE_END = "https://the-end.example/"
CALL = "url => fetch(url, {mode: 'cors'}).catch(() => {})"

# A page whose frame has an origin of nobody's.
SANDBOX = '<iframe sandbox="allow-scripts" src="/"></iframe>'
DATA = "data:text/html,<title>page</title>"

# `form`: the fields of a multipart body, a file as {base64, type}.
FETCH = """async calls => Promise.all(calls.map(async ([url, {form, ...init}]) => {
  if (form) {
    init.body = new FormData();
    for (const [name, value] of Object.entries(form)) {
      const bytes = file => Uint8Array.from(atob(file.base64), character => character.charCodeAt(0));
      init.body.append(name, value.base64 ? new File([bytes(value)], name, {type: value.type}) : value);
    }
  }
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    return {status: response.status, headers: Object.fromEntries(response.headers), text};
  } catch (error) {
    return {error: `${error.name}: ${error.message}`};
  }
}))"""

BLOCKED = re.compile(r"(Access to |Mixed Content: ).* blocked")
# What Chromium gives up with when this machine gets or loses a network, which Docker makes and unmakes.
DISTURBED = "net::ERR_NETWORK_CHANGED"
ATTEMPTS = 10


class Visit:
    """A page that is open at an origin."""

    def __init__(self, frame: Frame, lines: list[str]) -> None:
        """`frame` is where scripts run; `lines` are the console's, as they come."""
        self.frame = frame
        self.lines = lines

    def fetch_all(self, calls: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """What fetch(url, init) gave for each call, all at once: `status`, `headers` and `text`, or `error`.

        `form` in place of a body: the fields of a multipart one.
        """
        seen: list[dict[str, Any]] = self.frame.evaluate(FETCH, calls)
        return seen

    def fetch(self, url: str, **init: Any) -> dict[str, Any]:
        """The same for one."""
        return self.fetch_all([(url, init)])[0]

    @property
    def disturbed(self) -> bool:
        """Whether a fetch failed for what has nothing to do with the test, so that the visit has to be paid anew."""
        return any(DISTURBED in line for line in self.lines)

    def hear(self, condition: Callable[[], bool]) -> None:
        """Listen to the console until it has said what is waited for."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "\n".join(["the console has not said it, but:", *self.lines])
            self.frame.page.wait_for_timeout(TICK)

    @property
    def blocked(self) -> list[str]:
        """The console's lines so far about what was blocked by CORS or as mixed content."""
        return [line for line in self.lines if BLOCKED.match(line) and THE_END not in line]

    def all_blocked(self) -> list[str]:
        """The same, once there is nothing more to come. The page must have no Content Security Policy."""
        last = f"{THE_END}{len(self.lines)}"
        self.frame.evaluate(CALL, last)
        self.hear(lambda: self.disturbed or any(f"'{last}'" in line for line in self.lines))
        return self.blocked


@contextmanager
def blank(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A blank page in a context of its own, without another's cache and cookies; the console's lines, as they come."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    try:
        lines: list[str] = []

        def note(message: ConsoleMessage) -> None:
            lines.append(message.text)

        context.on("console", note)
        yield context.new_page(), lines
    finally:
        context.close()


@contextmanager
def visiting(browser: Browser, origin: str, via: str = "navigation") -> Iterator[Visit]:
    """A plain page at an origin.

    `via`: how it comes by its origin; for `null`, a `sandbox` or a `data:` URL.
    """
    with blank(browser) as (page, lines):
        yield Visit(_opened(page, origin, via), lines)


def _opened(page: Page, origin: str, via: str) -> Frame:
    if via != "sandbox":
        go(page, DATA if via == "data" else f"{origin}/")
        return page.main_frame
    go(page, "https://page.example/")
    page.set_content(SANDBOX)
    frame = page.frames[1]
    frame.wait_for_load_state()
    return frame


def go(page: Page, url: str) -> None:
    """Open a page."""
    for attempt in range(ATTEMPTS):
        try:
            page.goto(url)
        except Error as error:
            if DISTURBED not in str(error) or attempt == ATTEMPTS - 1:
                raise
        else:
            return
