"""The console in Chromium: what it predicts is what happens, and everybody can use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.console.feed import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from serving import Served

VIEWS = {"try": "#sequence ol", "live": "#view-live h1", "rules": "#underlay .line", "tea": "#twins iframe"}
AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
BAD = """{
  "schema": "edgecors/1",
  "policies": [
    {
      "name": "tea",
      "paths": ["*"],
      "allow_origins": ["https://victoria-lo.github.io/"],
      "allow_methods": ["delete"]
    }
  ]
}"""


class Console:
    """A page of the console, and what Chromium's own console says meanwhile."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.lines: list[str] = []
        page.on("console", lambda message: self.lines.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.lines.append(str(error)))

    def view(self, name: str) -> None:
        self.page.goto(f"{self.address}/#{name}")
        self.page.wait_for_selector(VIEWS[name])

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def settled(self) -> None:
        """Wait until what the form says has been explained."""
        self.page.wait_for_selector("#outcome[aria-busy=false]")

    def blocked(self) -> list[str]:
        """What Chromium said of CORS since it was asked last."""
        found, self.lines[:] = [line for line in self.lines if "CORS policy" in line], []
        return found


@pytest.fixture(scope="module")
def address(serve: Served) -> str:
    return f"http://console.localhost:{serve.app_port}"


@pytest.fixture(scope="module")
def console(browser: Browser, address: str) -> Iterator[Console]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        opened = Console(context.new_page(), address)
        opened.view("try")
        yield opened
        assert not [line for line in opened.lines if "CORS policy" not in line and "Failed to load" not in line]


# --- Try it -----------------------------------------------------------------------------------------------------

SITUATIONS = {
    "Read the teas": ("allowed", 1),
    "A look-alike reads them": ("origin-not-allowed", 1),
    "Comment, in JSON": ("allowed", 2),
    "Delete, with a password": ("allowed", 2),
    "A method not listed": ("method-not-allowed", 1),
    "A header not listed": ("header-not-allowed", 1),
    "With cookies": ("credentials-not-allowed", 1),
    "A sandboxed frame": ("origin-null", 1),
}


def test_each_situation_is_one(console: Console) -> None:
    assert console.page.locator("#situations button").all_inner_texts() == list(SITUATIONS)


@pytest.mark.parametrize(("situation", "code", "exchanges"), [(name, *rest) for name, rest in SITUATIONS.items()])
def test_the_browser_agrees(console: Console, situation: str, code: str, exchanges: int) -> None:
    page = console.page
    console.view("try")
    page.get_by_role("button", name=situation, exact=True).click()
    page.wait_for_selector(f"#verdict .code:text-is('{code}')")
    console.settled()
    # What is drawn before anything is sent: each answer is checked, and only the last check can fail.
    checks = page.locator(".checks")
    assert checks.count() == exchanges
    failed = page.locator(".checks .failed")
    assert failed.count() == (0 if code == "allowed" else 1)
    predicted = [] if code == "allowed" else [console.text("#verdict .chromium pre")]
    console.blocked()
    page.get_by_role("button", name="Do it for real").click()
    page.wait_for_selector(".agreed")
    assert console.text(".agreed").split("\n")[-1] == "The browser agreed."
    assert page.locator(".compared .differs").count() == 0
    assert page.locator(".tag.seen").count() == exchanges + 1  # the answers on the wire, and what the page got
    # Chromium writes its line when it likes.
    if predicted:
        page.wait_for_timeout(50)
    assert console.blocked() == predicted


def test_what_no_page_can_ask_is_said_where_it_is_wrong(console: Console) -> None:
    page = console.page
    console.view("try")
    origin = page.get_by_label("The page is at")
    origin.fill("http://app.localhost/tea")
    page.wait_for_selector("#origin[aria-invalid]")
    assert console.text("#origin-wrong").endswith("Did you mean http://app.localhost?")
    assert page.get_by_role("button", name="Do it for real").is_disabled()
    origin.fill("https://victoria-lo.github.io")
    page.wait_for_selector("#origin:not([aria-invalid])")
    assert not page.locator("#do").is_visible()  # nobody here is at that origin
    assert "is explained only" in console.text("#real-how")


def test_a_step_leads_to_its_rule(console: Console) -> None:
    page = console.page
    console.view("try")
    page.get_by_role("button", name="A method not listed", exact=True).click()
    page.locator("a[data-pointer='/policies/0/allow_methods']").click()
    page.locator("#draft:focus").wait_for()
    field = "document.querySelector('#draft')"
    assert page.evaluate(f"{field}.value.slice({field}.selectionStart, {field}.selectionEnd)") == "["
    assert "allow_methods" in page.evaluate(f"{field}.value.slice(0, {field}.selectionStart).split('\\n').at(-1)")


# --- Live -------------------------------------------------------------------------------------------------------


def test_requests_arrive_and_are_explained(console: Console, serve: Served) -> None:
    page = console.page
    console.view("live")
    path = "/tea/no-such-tea"
    evil = {"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"}
    serve.api("OPTIONS", path, evil)
    row = page.locator("#requests tr", has_text=path).filter(has_text="https://evil.example").first
    row.wait_for()
    assert row.locator("td").all_inner_texts()[1:5] == [
        f"OPTIONS {path}",
        "https://evil.example",
        "✗\nfailed\nrefused, origin-not-allowed",
        "403",
    ]
    assert page.locator("#by-origin tr", has_text="https://evil.example").count() == 1
    assert page.locator("#by-code tr", has_text="origin-not-allowed").count() == 1
    row.get_by_role("button", name="Why?").click()
    page.wait_for_selector("#verdict .code:text-is('origin-not-allowed')")
    assert page.input_value("#origin") == "https://evil.example"
    assert page.input_value("#method") == "DELETE"
    assert page.input_value("#path") == path


def test_it_can_be_stopped_to_be_read(console: Console, serve: Served) -> None:
    page = console.page
    console.view("live")
    page.get_by_role("button", name="Pause").click()
    before = page.locator("#requests tbody tr").count()
    serve.api("GET", "/tea/paused", {"Origin": "https://evil.example"})
    page.wait_for_timeout(300)
    assert page.locator("#requests tbody tr").count() == before < KEPT
    page.get_by_role("button", name="Go on").click()
    page.locator("#requests td", has_text="/tea/paused").wait_for()


# --- Rules ------------------------------------------------------------------------------------------------------


def write(console: Console, text: str, summary: str) -> None:
    console.page.get_by_role("textbox", name="Draft").fill(text)
    console.page.wait_for_selector(f"#draft-summary:text-is('{summary}')")


def test_problems_are_underlined_and_put_right(console: Console) -> None:
    page = console.page
    console.view("rules")
    write(console, BAD, "2 errors")
    assert page.locator("#underlay .bad").all_inner_texts() == ["/", '"delete"']
    assert page.locator("#problems .code").all_inner_texts() == ["origin-trailing-slash", "method-lower-case"]
    page.get_by_role("button", name="Fix method-lower-case in line 8").click()
    page.wait_for_selector("#draft-summary:text-is('1 error')")
    assert page.input_value("#draft") == BAD.replace('"delete"', '"DELETE"')
    page.keyboard.press("Control+z")
    page.wait_for_selector("#draft-summary:text-is('2 errors')")
    assert page.input_value("#draft") == BAD
    page.get_by_role("button", name="Fix all 2").click()
    page.wait_for_selector("#draft-summary:text-is('no problems, no risks')")
    signs = page.locator("#plan .sign").all_inner_texts()
    assert set(signs) == {"-"}  # the Tea App's own origin and the subdomains are gone, headers are
    page.get_by_role("button", name="Back to what is published").click()
    page.wait_for_selector("#plan-summary:text-is('The draft is what is published.')")


def test_the_text_and_its_painted_copy_are_in_the_same_places(console: Console) -> None:
    console.view("rules")
    for width in (1280, 390):
        console.page.set_viewport_size({"width": width, "height": 900})
        heights = console.page.evaluate(
            "[document.querySelector('#draft').scrollHeight, document.querySelector('#underlay').scrollHeight]"
        )
        assert heights[0] == heights[1]
    console.page.set_viewport_size({"width": 1280, "height": 900})


def test_the_command_publishes_the_draft(console: Console, serve: Served, tmp_path: Path) -> None:
    page = console.page
    console.view("rules")
    published = page.input_value("#draft")
    version = int(console.text("#connection").removeprefix("rules version "))

    def push(text: str) -> None:
        page.get_by_role("textbox", name="Draft").fill(text)
        with page.expect_download() as download:
            page.get_by_role("link", name="Save rules.json").click()
        download.value.save_as(tmp_path / "rules.json")
        command = console.text("#push-command").replace("\n", " ").replace("\\ ", "")
        # What pip install makes.
        python = f"{sys.executable} -m edgecors_cli push"
        subprocess.run(
            command.replace("edgecors push", python),
            shell=True,
            cwd=tmp_path,
            check=True,
            capture_output=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )

    other = json.loads(published)
    other["policies"][0]["max_age"] = 60
    push(json.dumps(other, indent=2))
    page.wait_for_selector(f"#connection:text-is('rules version {version + 1}')")
    page.wait_for_selector(f"#draft-of:text('the same as version {version + 1} of')")
    push(published)
    page.wait_for_selector(f"#connection:text-is('rules version {version + 2}')")


# --- The Tea App, twice -----------------------------------------------------------------------------------------


def test_the_tea_app_at_two_origins(console: Console, serve: Served) -> None:
    console.view("tea")
    allowed, refused = (console.page.frame_locator("#twins iframe").nth(number) for number in (0, 1))
    allowed.locator(".tea .name").first.wait_for()
    assert allowed.locator("#reading").inner_text().split() == [serve.origin, "may", "read", "the", "Tea", "API"]
    refused.get_by_role("heading", name="The browser hid the answer").wait_for()
    assert refused.locator(".tea").count() == 0


# --- For everybody ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_every_view_can_be_read(browser: Browser, address: str, scheme: Any, width: int) -> None:
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844}) as context:
        console = Console(context.new_page(), address)
        found = {}
        for view in VIEWS:
            console.view(view)
            if view == "rules":
                write(console, BAD, "2 errors")
            if view == "try":
                console.page.get_by_role("button", name="A method not listed", exact=True).click()
                console.page.wait_for_selector(".checks .failed")
                console.settled()
            found[view] = console.page.evaluate(AUDIT)
        assert {view: wrong for view, wrong in found.items() if wrong} == {}


def test_the_keyboard_is_enough(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        Console(page, address).view("try")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "A look-alike reads them"
        page.keyboard.press("Space")
        page.wait_for_selector("#verdict .code:text-is('origin-not-allowed')")
        page.locator("nav a[href='#rules']").press("Enter")
        page.locator("#title-rules:focus").wait_for()
        assert page.title() == "Rules · edgecors console"


# --- Nobody else ------------------------------------------------------------------------------------------------


def test_pages_of_other_origins_learn_nothing(browser: Browser, serve: Served, address: str) -> None:
    # Without the policy of the page that they start from, which would keep it from trying.
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        statuses: list[tuple[str, int]] = []
        page.on("response", lambda r: statuses.append((r.url, r.status)) if r.url.startswith(address) else None)
        page.goto(serve.origin)
        outcomes = page.evaluate(
            """async (console) => {
                const body = '{"text": "{}"}';
                const json = { method: "POST", body, headers: { "Content-Type": "application/json" } };
                const plain = { method: "POST", body, mode: "no-cors" };
                const tries = [fetch(`${console}/api/rules`), fetch(`${console}/api/check`, json),
                               fetch(`${console}/api/rules`, { mode: "no-cors" }), fetch(`${console}/api/check`, plain),
                               import(`${console}/main.js`)];
                const events = new Promise((resolve, reject) => {
                    const source = new EventSource(`${console}/api/events`);
                    source.onmessage = resolve;
                    source.onerror = () => reject(source.close());
                });
                const done = await Promise.allSettled([...tries, events]);
                return done.map(({ status, value }) => value?.type ?? status);
            }""",
            address,
        )
        assert outcomes == ["rejected"] * 6
        assert {status for _, status in statuses} <= {403, 501}
        page.set_content(f'<iframe src="{address}/"></iframe>')
        page.wait_for_timeout(300)
        assert all(
            "See CORS happen" not in (frame.content() if frame.url.startswith(address) else "") for frame in page.frames
        )
