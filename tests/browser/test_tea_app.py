"""The Tea App as a person uses it, at its true origins: `make serve`'s own pages, only elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser.tea import ALLOWED, REFUSED
from browser.visits import Visit, blank, go
from serving import PATIENCE, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from browser.tea import Tea

PICTURE = ROOT / "tools/seed/pictures/green.png"
ELSEWHERE = [origin for origin, via in REFUSED if via == "navigation"]

expect.set_options(timeout=PATIENCE * 1000)


@contextmanager
def opened(browser: Browser, origin: str) -> Iterator[tuple[Page, Visit]]:
    """The Tea App at an origin."""
    with blank(browser) as (page, lines):
        go(page, f"{origin}/?app")
        yield page, Visit(page.main_frame, lines)


def teas(page: Page) -> Locator:
    """The cards of the teas."""
    return page.get_by_role("list", name="Teas", exact=True).locator("> *", has=page.get_by_role("heading", level=2))


@pytest.mark.parametrize("origin", ALLOWED)
def test_an_allowed_page_lists_comments_and_creates(browser: Browser, tea_api: Tea, origin: str) -> None:
    with opened(browser, origin) as (page, visit):
        expect(teas(page)).to_have_count(12)
        for card in teas(page).all():
            card.scroll_into_view_if_needed()
            expect(card.locator("img")).to_have_js_property("complete", value=True)
            assert card.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

        green = teas(page).filter(has=page.get_by_role("heading", name="green", exact=True))
        green.get_by_role("textbox", name="Comment on green").fill(f"seen at {origin}")
        green.get_by_role("button", name="Send").click()
        expect(green.get_by_role("listitem").filter(has_text=f"seen at {origin}")).to_have_count(1)

        page.get_by_role("button", name="Add a tea").click()
        dialog = page.get_by_role("dialog", name="Add a tea")
        dialog.get_by_label("Name").fill("Grüner König")
        dialog.get_by_label("Picture").set_input_files(PICTURE)
        dialog.get_by_label("Admin's password").fill("wrong")
        dialog.get_by_role("button", name="Add", exact=True).click()
        expect(dialog.get_by_role("status")).to_have_text("Only the admin may do this.")
        dialog.get_by_label("Admin's password").fill(tea_api.serve.match(r"admin +(\S+)"))
        dialog.get_by_role("button", name="Add", exact=True).click()
        expect(dialog).to_be_hidden()
        expect(page.get_by_role("heading", name="Grüner König", exact=True)).to_be_visible()

        admin = {"Authorization": tea_api.authorization()}
        gone = visit.fetch(
            f"http://127.0.0.1:{tea_api.serve.port}/tea/Gr%C3%BCner%20K%C3%B6nig", method="DELETE", headers=admin
        )
        assert gone["status"] == 200
        assert visit.blocked == []


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_refused_page_says_that_the_browser_hid_the_answer(browser: Browser, tea_api: Tea, origin: str) -> None:
    with opened(browser, origin) as (page, visit):
        expect(page.get_by_role("heading", name="The browser hid the answer")).to_be_visible()
        expect(teas(page)).to_have_count(0)
        call: tuple[str, dict[str, Any]] = (f"http://127.0.0.1:{tea_api.serve.port}/tea", {})
        visit.hear(lambda: bool(visit.blocked))
        assert visit.blocked == tea_api.predicted(origin, [call])
