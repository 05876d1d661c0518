"""Writes docs/images/console-*.png: the console of make serve, in Chromium.

PYTHONPATH=layers/cors/python:functions/rules_guard:tools python -m docs.screenshots [--all FOLDER] [PICTURE ...]

It starts make serve on its usual ports. --all puts every view into a folder instead: light, dark, as wide as a phone.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from docs import png

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1200, "height": 820}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1200, "height": 820}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
    "phone-dark": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2},
}
VIEWS = ("try", "live", "rules", "tea")
# Those that stand in the README, by name: the view, the look, and whether the whole page is shown.
SHOWN = {
    "try": ("try", "light", True),
    "live": ("live", "light", False),
    "rules": ("rules", "dark", False),
    "tea": ("tea", "light", False),
    "phone-live": ("live", "phone", False),
    "phone-rules": ("rules", "phone-dark", False),
}
DRAFT = """{
  "schema": "edgecors/1",
  "policies": [
    {
      "name": "tea",
      "paths": ["/tea", "/tea/*"],
      "allow_origins": [
        "https://victoria-lo.github.io/Hashtag-TEA/",
        {"regex": "https://(.*\\\\.)?victoria-lo\\\\.github\\\\.io.*"},
        "http://app.localhost:8080"
      ],
      "allow_methods": ["delete"],
      "allow_headers": ["Authorization", "Content-Type"],
      "max_age": 86400
    }
  ]
}"""


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """make serve; the console's address."""
    with subprocess.Popen(
        [sys.executable, "-m", "local"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101  PIPE above
            said = []
            for line in process.stdout:
                said.append(line)
                if found := re.search(r"console +(http://\S+)", line):
                    yield found[1]
                    return
            raise SystemExit("".join(said))
        finally:
            process.terminate()
            process.communicate()


def prepare(page: Page, view: str, address: str) -> None:
    """Bring the view into the state that is shown."""
    page.goto(f"{address}/#{view}")
    if view == "try":
        page.get_by_role("button", name="A method not listed", exact=True).click()
        page.wait_for_selector(".checks .failed")
        page.get_by_role("button", name="Do it for real").click()
        page.wait_for_selector(".agreed")
    elif view == "live":
        # Something to see.
        for situation in (
            "A look-alike reads them",
            "Comment, in JSON",
            "A sandboxed frame",
            "Delete, with a password",
        ):
            page.goto(f"{address}/#try")
            page.get_by_role("button", name=situation, exact=True).click()
            page.wait_for_selector("#outcome[aria-busy=false]")
            page.get_by_role("button", name="Do it for real").click()
            page.wait_for_selector(".agreed")
        page.goto(f"{address}/#live")
    elif view == "rules":
        page.get_by_role("textbox", name="Draft").fill(DRAFT)
        page.wait_for_selector("#problems li")
        page.get_by_role("textbox", name="Draft").blur()
    else:
        allowed, refused = (page.frame_locator("#twins iframe").nth(number) for number in (0, 1))
        refused.locator("#notice h2").wait_for()
        for number in (0, 1):
            picture = allowed.locator(".tea img").nth(number)
            picture.wait_for()
            picture.evaluate("image => image.decode()")
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(600)


def shot(browser: Browser, address: str, view: str, look: str, *, whole: bool) -> bytes:
    """A picture of a view."""
    with browser.new_context(**LOOKS[look]) as context:
        page = context.new_page()
        prepare(page, view, address)
        return page.screenshot(full_page=whole)


def main() -> None:
    """Write the pictures."""
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots")
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    parser.add_argument("pictures", nargs="*", metavar="PICTURE", help=f"of {', '.join(SHOWN)}; all if none is named")
    chosen = parser.parse_args()
    folder: Path | None = chosen.all
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        if folder is None:
            for name in chosen.pictures or SHOWN:
                view, look, whole = SHOWN[name]
                picture = shot(browser, address, view, look, whole=whole)
                (IMAGES / f"console-{name}.png").write_bytes(png.smaller(picture))
        else:
            for view, look in itertools.product(VIEWS, LOOKS):
                # Frames of other processes are drawn only as far as the window goes.
                picture = shot(browser, address, view, look, whole=view != "tea")
                (folder / f"{view}-{look}.png").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    main()
