"""The Tea App's requests, from plain pages at their true origins: who reads what, and what the console says."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest

from browser.tea import ALLOWED, PAGE, REFUSED, URL
from browser.visits import visiting
from serving import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from browser.tea import Tea
    from browser.visits import Visit

JSON = {"Content-Type": "application/json"}
PICTURE = base64.b64encode((ROOT / "tools/seed/pictures/white.png").read_bytes()).decode()
WIDTH = 480
PROBLEM = "application/problem+json"
# An image element that asks for CORS, as the Tea App's do; its width, or the failure.
SHOW = """async url => {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.src = url;
  try { await image.decode(); return image.naturalWidth; } catch { return "nothing to see"; }
}"""


@pytest.fixture(params=ALLOWED)
def page(request: pytest.FixtureRequest, browser: Browser, tea_api: Tea) -> Iterator[Visit]:
    """A page that the rules allow; whatever it does, the console has no word about CORS."""
    with visiting(browser, request.param) as visit:
        yield visit
        assert visit.all_blocked() == []


def problem(answer: dict[str, Any]) -> dict[str, Any]:
    """The problem that a page reads in an answer."""
    assert answer["headers"]["content-type"] == PROBLEM
    found: dict[str, Any] = json.loads(answer["text"])
    assert found["status"] == answer["status"]
    return found


class TestAnAllowedPage:
    def test_lists_the_teas(self, page: Visit) -> None:
        answer = page.fetch(f"{URL}/tea?limit=5")
        assert (answer["status"], len(json.loads(answer["text"]))) == (200, 5)
        # Those of every answer that a page may read anyway, and what the rules expose.
        assert sorted(answer["headers"]) == ["cache-control", "content-length", "content-type", "etag", "link"]
        following = page.fetch(urljoin(f"{URL}/tea", answer["headers"]["link"].split("<")[1].split(">")[0]))
        assert (following["status"], len(json.loads(following["text"]))) == (200, 5)

    def test_asks_whether_the_list_has_changed(self, page: Visit) -> None:
        first = page.fetch(f"{URL}/tea")
        again = page.fetch(f"{URL}/tea", headers={"If-None-Match": first["headers"]["etag"]}, cache="no-store")
        assert (again["status"], again["text"]) == (304, "")

    def test_shows_the_pictures(self, page: Visit) -> None:
        teas = json.loads(page.fetch(f"{URL}/tea")["text"])
        pictures = [f"{URL}/{tea['image']}" for tea in teas if tea["image"]]
        assert len(pictures) == 12
        assert {page.frame.evaluate(SHOW, picture) for picture in pictures} == {WIDTH}

    def test_comments(self, page: Visit, tea_api: Tea) -> None:
        begin = len(tea_api.internet.asked)
        said = page.fetch(f"{URL}/tea/white", method="POST", headers=JSON, body='{"comment": "schön"}')
        assert said["status"] == 201
        assert json.loads(said["text"])["comments"][-1]["text"] == "schön"
        first, second = tea_api.asked(begin)
        assert (first.method, first.header("access-control-request-headers")) == ("OPTIONS", "content-type")
        assert (second.method, second.body) == ("POST", '{"comment": "schön"}'.encode())

    def test_creates_a_tea_as_the_admin_and_deletes_it(self, page: Visit, tea_api: Tea) -> None:
        admin = {"Authorization": tea_api.authorization()}
        form = {"name": "König", "brew_time": "3", "image": {"base64": PICTURE, "type": "image/png"}}
        made = page.fetch(f"{URL}/tea", method="POST", headers=admin, form=form)
        assert (made["status"], made["headers"]["location"]) == (201, "/tea/K%C3%B6nig")
        new = json.loads(made["text"])
        assert (new["name"], new["brew_time"]) == ("König", 3)
        assert page.frame.evaluate(SHOW, f"{URL}/{new['image']}") == WIDTH
        gone = page.fetch(f"{URL}/tea/K%C3%B6nig", method="DELETE", headers=admin)
        assert (gone["status"], json.loads(gone["text"])) == (200, {"deleted": 1})

    def test_reads_what_was_wrong(self, page: Visit) -> None:
        empty = page.fetch(f"{URL}/tea/white", method="POST", headers=JSON, body='{"comment": ""}')
        assert (empty["status"], [each["field"] for each in problem(empty)["errors"]]) == (400, ["comment"])
        wrong = page.fetch(f"{URL}/tea", method="POST", headers={"Authorization": "Basic YTpi"}, form={"name": "a"})
        assert problem(wrong)["detail"] == "Only the admin may do this."
        assert problem(page.fetch(f"{URL}/tea/nothing"))["detail"] == "There is no tea named 'nothing'."

    def test_reads_that_the_api_is_broken(self, page: Visit, tea_api: Tea) -> None:
        with tea_api.client("dynamodb") as dynamodb:
            (table,) = dynamodb.list_tables()["TableNames"]
            key = {"pk": {"S": "TEA"}, "sk": {"S": "half a tea"}}
            dynamodb.put_item(TableName=table, Item=key)  # nothing of what a tea has: the code does not expect that
            try:
                answer = page.fetch(f"{URL}/tea/half%20a%20tea")
            finally:
                dynamodb.delete_item(TableName=table, Key=key)
        found = problem(answer)
        assert (answer["status"], found["title"]) == (500, "Internal Server Error")
        assert found["request_id"]  # by which the traceback is found in the log

    def test_asks_once_for_a_url(self, page: Visit, tea_api: Tea) -> None:
        url, other = f"{URL}/tea/once", f"{URL}/tea/twice"
        begin = len(tea_api.internet.asked)
        somebody = {"Authorization": "Basic YTpi"}
        answers = [
            page.fetch(url, method="POST", headers=JSON, body="{}"),
            page.fetch(url, method="DELETE", headers=somebody),
            page.fetch(url, method="DELETE"),
            page.fetch(url, headers=somebody | JSON),
        ]
        assert [answer["status"] for answer in answers] == [400, 401, 401, 404]
        assert [each.method for each in tea_api.asked(begin)] == ["OPTIONS", "POST", "DELETE", "DELETE", "GET"]
        begin = len(tea_api.internet.asked)
        assert page.fetch(other, method="DELETE")["status"] == 401
        assert [each.method for each in tea_api.asked(begin)] == ["OPTIONS", "DELETE"]


@pytest.mark.parametrize(("origin", "via"), REFUSED, ids=[origin for origin, _ in REFUSED])
def test_a_refused_page_sees_nothing_and_does_nothing(browser: Browser, tea_api: Tea, origin: str, via: str) -> None:
    with visiting(browser, PAGE) as allowed:
        before = allowed.fetch(f"{URL}/tea")["text"]
    admin = {"Authorization": tea_api.authorization()}
    calls: list[tuple[str, dict[str, Any]]] = [
        (f"{URL}/tea", {}),
        (f"{URL}/{json.loads(before)[0]['image']}", {}),
        (f"{URL}/tea/nothing", {}),
        (f"{URL}/tea/white", {"method": "POST", "headers": JSON, "body": '{"comment": "cheap"}'}),
        (f"{URL}/tea/white", {"method": "POST", "body": '{"comment": "cheap"}'}),
        (f"{URL}/tea", {"method": "POST", "headers": admin, "form": {"name": "cheap"}}),
        (f"{URL}/tea", {"method": "POST", "form": {"name": "cheap"}}),
        (f"{URL}/tea/white", {"method": "DELETE", "headers": admin}),
    ]
    begin = len(tea_api.internet.asked)
    with visiting(browser, origin, via) as page:
        assert page.fetch_all(calls) == [{"error": "TypeError: Failed to fetch"}] * len(calls)
        assert sorted(page.all_blocked()) == sorted(tea_api.predicted(origin, calls))
        assert page.frame.evaluate(SHOW, calls[1][0]) == "nothing to see"
    asked = tea_api.asked(begin)
    assert {each.header("origin") for each in asked} == {origin}
    # Where the browser asks first, the request itself is never sent.
    assert sorted(each.method for each in asked) == ["GET"] * 4 + ["OPTIONS"] * 3 + ["POST"] * 2
    with visiting(browser, PAGE) as allowed:
        assert allowed.fetch(f"{URL}/tea")["text"] == before
