"""Every row of the route table, its success and its "else", whole payloads compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import pytest

from contract.tea.support import ADMIN, CORS, JSON, PAGE, PASSWORD, PNG, Answer, basic, done, etag, found, refused
from tea_api import routes
from tea_api.table import TeaTable

if TYPE_CHECKING:
    from contract.tea.support import Api

ID = re.compile(r"[0-9a-f]{24}")
DATE = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
EARL = {
    "name": "earl grey",
    "description": "With bergamot.",
    "keywords": "black, citrus",
    "origin": "England",
    "brew_time": 3.5,
    "temperature": 96,
}
# The names that break routers: white space, other scripts, combining marks, emoji, quotes, and URLs' own signs.
NAMES = [
    "earl grey",
    "pu-erh",
    "Žlutý čaj",
    "चाय",
    "煎茶",
    "שַׁי",
    "tea 🍵",
    "👩‍🌾 harvest",
    'the "best" & <b>',
    "100% mint",
    "%41 and %2F",
    "a+b",
    "what?",
    "#1",
    "a;b=c,d:e@f",
    "...",
    "comments",
    "~!$'()*[]{}|^`",
    "x" * 64,
    "🍵" * 64,
]


def tea(api: Api, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """A tea that was just made, as JSON."""
    answer = api.create(fields or EARL)
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body


# ---------------------------------------------------------------------------------------------------------- GET /tea


def test_no_teas(api: Api) -> None:
    assert api.get("/tea") == found([])


def test_teas_are_listed_by_name_with_their_comments(api: Api) -> None:
    names = ["white", "Assam", "black", "Ägypten", "earl grey"]
    teas = {name: tea(api, {"name": name}) for name in names}
    teas["black"] = api.comment("black", "Strong.").body
    teas["white"] = api.comment("white", "Pale.").body
    assert api.get("/tea") == found([teas[name] for name in ("Assam", "black", "earl grey", "white", "Ägypten")])


def test_the_list_is_read_in_pages(api: Api) -> None:
    teas = [tea(api, {"name": f"tea {number}"}) for number in range(5)]
    pages, query = [], {"limit": "2"}
    while query:
        answer = api.get("/tea", query)
        pages.append(answer.body)
        link = answer.headers.get("Link")
        assert answer == found(answer.body, {"Link": link} if link else {})
        match = re.fullmatch(r'<\?(limit=2&cursor=[\w-]+)>; rel="next"', link or "")
        query = dict(parse_qsl(match[1])) if match else {}
    assert pages == [teas[:2], teas[2:4], teas[4:]]


def test_a_full_last_page_has_no_link(api: Api) -> None:
    teas = [tea(api, {"name": f"tea {number}"}) for number in range(2)]
    assert api.get("/tea", {"limit": "2"}) == found(teas)


def test_a_page_without_limit_has_a_hundred_teas(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TeaTable, "newest_comments", lambda *_: [])  # a query each, of which moto makes much
    empty = {"_id": "", "description": "", "keywords": "", "origin": ""}
    api.put_items({"pk": "TEA", "sk": f"{number:03}", **empty} for number in range(101))
    first = api.get("/tea")
    assert [item["name"] for item in first.body] == [f"{number:03}" for number in range(100)]
    cursor = re.fullmatch(r'<\?cursor=([\w-]+)>; rel="next"', first.headers["Link"])
    assert cursor
    assert [item["name"] for item in api.get("/tea", {"cursor": cursor[1]}).body] == ["100"]


def test_a_cursor_outlives_its_tea(api: Api) -> None:
    for name in ("a", "b", "c"):
        tea(api, {"name": name})
    cursor = dict(parse_qsl(api.get("/tea", {"limit": "2"}).headers["Link"].split(">")[0][2:]))["cursor"]
    api.delete("/tea/b")
    assert [item["name"] for item in api.get("/tea", {"cursor": cursor}).body] == ["c"]


# --------------------------------------------------------------------------------------------------------- POST /tea


def test_a_tea_is_made_of_json(api: Api) -> None:
    answer = api.create(EARL)
    assert ID.fullmatch(answer.body["_id"])
    expected = {"_id": answer.body["_id"], "image": None, **EARL, "comments": []}
    assert answer == done(201, expected, {"Location": "/tea/earl%20grey"})
    assert list(answer.body) == [
        "_id", "name", "image", "description", "keywords", "origin", "brew_time", "temperature", "comments",
    ]  # fmt: skip
    assert api.get("/tea/earl grey") == found(answer.body)


def test_a_tea_needs_only_a_name(api: Api) -> None:
    answer = api.create({"name": "white", "origin": None})
    expected = {
        "_id": answer.body["_id"],
        "name": "white",
        "image": None,
        "description": "",
        "keywords": "",
        "origin": "",
        "brew_time": None,
        "temperature": None,
        "comments": [],
    }
    assert answer == done(201, expected, {"Location": "/tea/white"})


@pytest.mark.parametrize(
    ("number", "shown"), [("3", 3), ("3.0", 3), ("2.5", 2.5), ("1e2", 100), ("0.125", 0.125), ("-0.0", 0), ("0", 0)]
)
def test_numbers_are_json_numbers(api: Api, number: str, shown: float) -> None:
    body = api.create(f'{{"name": "white", "brew_time": {number}}}').body
    assert (body["brew_time"], type(body["brew_time"])) == (shown, type(shown))
    read = api.get("/tea/white").body["brew_time"]
    assert (read, type(read)) == (shown, type(shown))


def test_a_tea_is_made_of_a_form_with_an_image(api: Api) -> None:
    form = {name: str(value) for name, value in EARL.items()}
    answer = api.upload(form, PNG, file="../../etc/passwd")
    tea_id = answer.body["_id"]
    expected = {"_id": tea_id, **EARL, "image": f"uploads/{tea_id}.png", "comments": []}
    assert answer == done(201, expected, {"Location": "/tea/earl%20grey"})
    assert api.images() == [f"uploads/{tea_id}.png"]


def test_what_a_form_leaves_empty_is_not_given(api: Api) -> None:
    answer = api.upload({"name": "white", "brew_time": "", "origin": ""}, b"", file="")
    assert answer.status == 201
    assert (answer.body["image"], answer.body["brew_time"], answer.body["origin"]) == (None, None, "")


@pytest.mark.parametrize(
    ("data", "extension", "media_type"),
    [
        (PNG, "png", "image/png"),
        (b"\xff\xd8\xff\xe0 jpeg", "jpg", "image/jpeg"),
        (b"GIF89a gif", "gif", "image/gif"),
        (b"GIF87a gif", "gif", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "webp", "image/webp"),
        (PNG + bytes(1024 * 1024 - len(PNG)), "png", "image/png"),
    ],
    ids=["png", "jpeg", "gif89a", "gif87a", "webp", "1 MiB"],
)
def test_an_image_is_what_its_bytes_say(api: Api, data: bytes, extension: str, media_type: str) -> None:
    image = api.upload({"name": "white"}, data, file="picture.exe").body["image"]
    assert image.endswith(f".{extension}")
    assert api.get(f"/{image}") == Answer(
        200,
        {
            "Content-Type": media_type,
            "ETag": etag(data),
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Origin",
        },
        data,
    )


def test_a_name_is_taken_once(api: Api) -> None:
    first = tea(api)
    expected = refused(409, "There is a tea named 'earl grey' already.")
    assert api.create(EARL) == expected
    assert api.upload({"name": "earl grey"}, PNG) == expected
    assert api.get("/tea") == found([first])
    assert api.images() == []


def test_an_e_with_an_accent_is_one_name_however_it_was_typed(api: Api) -> None:
    composed, decomposed = "th\u00e9", "the\u0301"
    made = tea(api, {"name": decomposed})
    assert made["name"] == composed
    assert api.get(f"/tea/{decomposed}") == api.get(f"/tea/{composed}") == found(made)
    assert api.create({"name": composed}).status == 409


# ------------------------------------------------------------------------------------------------------- DELETE /tea


def test_all_teas_are_deleted_with_comments_and_images(api: Api) -> None:
    for name in ("white", "green", "black"):
        api.upload({"name": name}, PNG)
    api.comment("green", "Fresh.")
    assert api.delete("/tea") == done(200, {"deleted": 3})
    assert (api.items(), api.images()) == ([], [])
    assert api.delete("/tea") == done(200, {"deleted": 0})


# --------------------------------------------------------------------------------------------------- GET /tea/{name}


@pytest.mark.parametrize("name", NAMES)
def test_any_name_goes_the_whole_way(api: Api, name: str) -> None:
    answer = api.create({"name": name})
    assert answer.headers["Location"] == f"/tea/{quote(name, safe='')}"
    assert answer.body["name"] == name
    commented = api.comment(name, "Hm.")
    assert commented.status == 201
    assert api.get(f"/tea/{name}/") == found(commented.body)
    assert api.delete(f"/tea/{name}") == done(200, {"deleted": 1})
    assert api.items() == []


def test_no_such_tea(api: Api) -> None:
    assert api.get("/tea/white") == refused(404, "There is no tea named 'white'.")


@pytest.mark.parametrize(
    ("if_none_match", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"x", {tag}', 304),
        ('"x",W/{tag} ,"y"', 304),
        ("*", 304),
        ('"x"', 200),
        ("{bare}", 200),
        ('"x" {tag}', 200),
        ("", 200),
    ],
)
def test_a_tea_that_the_client_has_is_not_sent_again(api: Api, if_none_match: str, status: int) -> None:
    made = tea(api)
    tag = etag(made)
    answer = api.get("/tea/earl grey", if_none_match=if_none_match.format(tag=tag, bare=tag.strip('"')))
    not_modified = Answer(304, {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Origin"}, None)
    assert answer == (not_modified if status == 304 else found(made))


def test_a_comment_is_another_tag(api: Api) -> None:
    tag = etag(tea(api))
    api.comment("earl grey", "Hm.")
    assert api.get("/tea/earl grey", if_none_match=tag).status == 200


# -------------------------------------------------------------------------------------------------- POST /tea/{name}


def test_a_comment_is_appended(api: Api) -> None:
    made = tea(api)
    first = api.comment("earl grey", "Like a garden,\nin\tthe rain. 🌧")
    second = api.comment("earl grey", "x" * 500)
    comments = second.body["comments"]
    for comment in comments:
        assert ID.fullmatch(comment["_id"])
        assert DATE.fullmatch(comment["date"])
    assert [(sorted(comment), comment["text"]) for comment in comments] == [
        (["_id", "date", "text"], "Like a garden,\nin\tthe rain. 🌧"),
        (["_id", "date", "text"], "x" * 500),
    ]
    assert first == done(201, {**made, "comments": comments[:1]})
    assert second == done(201, {**made, "comments": comments})


def test_a_comment_on_no_tea(api: Api) -> None:
    assert api.comment("white", "Hm.") == refused(404, "There is no tea named 'white'.")
    assert api.items() == []


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_comment_is_json_so_that_browsers_ask_first(api: Api, content_type: str | None) -> None:
    tea(api)
    headers = {"content-type": content_type} if content_type else {}
    assert api.request("POST", "/tea/earl grey", headers=headers, body='{"comment": "Hm."}') == refused(
        415,
        "The body must be application/json, and Content-Type must say so.",
        headers={"Accept-Post": "application/json"},
    )


# ------------------------------------------------------------------------------------------ GET /tea/{name}/comments


def test_a_tea_shows_its_newest_twenty_comments_and_the_rest_is_a_list_of_its_own(api: Api) -> None:
    api.put_comments(tea(api)["_id"], 22)
    answer = api.comment("earl grey", "22")
    everything = api.get("/tea/earl grey/comments")
    assert [comment["text"] for comment in everything.body] == [f"{number}" for number in range(23)]
    assert everything == found(everything.body)
    assert answer.body["comments"] == api.get("/tea").body[0]["comments"] == everything.body[3:]

    pages, query = [], {"limit": "10"}
    while query:
        page = api.get("/tea/earl grey/comments", query)
        pages.append(page.body)
        link = page.headers.get("Link", "")
        query = dict(parse_qsl(link.split(">")[0][2:]))
    assert pages == [everything.body[:10], everything.body[10:20], everything.body[20:]]


def test_a_tea_without_comments_and_no_tea(api: Api) -> None:
    tea(api)
    assert api.get("/tea/earl grey/comments") == found([])
    assert api.get("/tea/white/comments") == refused(404, "There is no tea named 'white'.")


# --------------------------------------------------------------------------------- DELETE /tea/{name}/comments/{_id}


def test_a_comment_is_deleted(api: Api) -> None:
    tea(api)
    first, second = (api.comment("earl grey", text).body["comments"][-1] for text in ("Spam!", "Nice."))
    path = f"/tea/earl grey/comments/{first['_id']}"
    assert api.delete(path) == done(200, {"deleted": 1})
    assert api.get("/tea/earl grey").body["comments"] == [second]
    assert api.delete(path) == refused(404, f"There is no comment '{first['_id']}' on the tea 'earl grey'.")
    assert api.delete(f"/tea/white/comments/{second['_id']}") == refused(404, "There is no tea named 'white'.")


def test_a_comment_is_not_deleted_by_way_of_another_tea(api: Api) -> None:
    tea(api)
    tea(api, {"name": "white"})
    comment = api.comment("earl grey", "Nice.").body["comments"][0]
    assert api.delete(f"/tea/white/comments/{comment['_id']}").status == 404
    assert api.get("/tea/earl grey").body["comments"] == [comment]


@pytest.mark.parametrize("comment_id", ["x", "0" * 23, "0" * 25, "G" * 24, "0" * 23 + "\n", "٠" * 24])
def test_what_is_no_comments_id_is_not_looked_up(api: Api, comment_id: str) -> None:
    assert api.delete(f"/tea/white/comments/{comment_id}") == refused(404, "There is no such comment.")
    assert api.calls == []


# ------------------------------------------------------------------------------------------------ DELETE /tea/{name}


def test_a_tea_is_deleted_with_comments_and_image(api: Api) -> None:
    other = api.upload({"name": "white"}, PNG).body
    api.put_comments(api.upload({"name": "green"}, PNG).body["_id"], 60)
    assert api.delete("/tea/green") == done(200, {"deleted": 1})
    assert api.delete("/tea/green") == refused(404, "There is no tea named 'green'.")
    assert api.get("/tea") == found([other])
    assert api.images() == [other["image"]]
    assert len(api.items()) == 1


def test_a_tea_made_anew_has_no_old_comments(api: Api) -> None:
    old = tea(api)
    api.comment("earl grey", "Hm.")
    api.delete("/tea/earl grey")
    new = tea(api)
    assert new["_id"] != old["_id"]
    assert api.get("/tea/earl grey") == found(new)


# ------------------------------------------------------------------------------------------------ GET /uploads/{file}


@pytest.mark.parametrize(
    "file",
    [
        "white.png",
        "0123456789abcdef01234567.png",
        "..",
        ".",
        "..png",
        "%2e%2e%2fsecret.png",
        "..\\secret.png",
        "-.png",
        "white.PNG",
        "white.svg",
        "white.png\n",
        "white.png\0.png",
        "wh\u0131te.png",
        f"{'a' * 65}.png",
    ],
)
def test_no_such_image(api: Api, file: str) -> None:
    api.s3.put_object(Bucket=api.bucket, Key="secret.png", Body=PNG)
    assert api.get(f"/uploads/{file}") == refused(404, "There is no such image.")


def test_an_image_is_not_sent_again(api: Api) -> None:
    image = api.upload({"name": "white"}, PNG).body["image"]
    answer = api.get(f"/{image}", if_none_match=etag(PNG))
    assert (answer.status, answer.body) == (304, None)


# ----------------------------------------------------------------------------------------------------------- GET /


def test_the_root_says_what_this_is(api: Api) -> None:
    answer = api.get("/")
    assert answer == found(answer.body, {"Vary": "Accept, Origin"})
    assert answer.body["name"] == "Tea API"
    assert [(route["method"], route["path"], route["auth"]) for route in answer.body["routes"]] == [
        ("GET", "/", None),
        ("GET", "/tea", None),
        ("POST", "/tea", "basic"),
        ("DELETE", "/tea", "basic"),
        ("GET", "/tea/{name}", None),
        ("POST", "/tea/{name}", None),
        ("DELETE", "/tea/{name}", "basic"),
        ("GET", "/tea/{name}/comments", None),
        ("DELETE", "/tea/{name}/comments/{_id}", "basic"),
        ("GET", "/uploads/{file}", None),
    ]
    assert api.calls == []


def test_the_root_is_a_page_in_a_browser(api: Api) -> None:
    answer = api.get("/", accept="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert answer == Answer(
        200,
        {
            "Content-Type": "text/html; charset=utf-8",
            "ETag": etag(answer.body.encode()),
            "Cache-Control": "no-cache",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Vary": "Accept, Origin",
        },
        answer.body,
    )
    assert answer.body.startswith("<!doctype html>")
    assert "<code>/tea/{name}/comments/{_id}</code>" in answer.body


# ------------------------------------------------------------------------------------------------- every admin's route


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/tea"),
        ("DELETE", "/tea"),
        ("DELETE", "/tea/earl grey"),
        ("DELETE", "/tea/earl grey/comments/0123456789abcdef01234567"),
        ("DELETE", "/tea/no such tea"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic YWRtaW4="},
        {"authorization": "Bearer " + ADMIN["authorization"][6:]},
        {"authorization": ADMIN["authorization"][6:]},
        {"authorization": "Basic /////w=="},
        {"authorization": "Basic " + "QUFB" * 400},
        basic("admin", ""),
        basic("admin", PASSWORD[:-1]),
        basic("admin", PASSWORD + " "),
        basic("Admin", PASSWORD),
        basic("", PASSWORD),
    ],
    ids=lambda headers: headers.get("authorization", "none")[:24],
)
def test_only_the_admin(api: Api, method: str, path: str, headers: dict[str, str]) -> None:
    answer = api.request(method, path, headers={**JSON, **headers, "origin": PAGE}, body='{"name": "x"}')
    challenge = {"WWW-Authenticate": 'Basic realm="tea", charset="UTF-8"'}
    assert answer == refused(401, "Only the admin may do this.", headers=challenge, cors=CORS)
    assert api.calls == []


def test_the_scheme_has_no_case(api: Api) -> None:
    headers = {"authorization": "bASIC  " + ADMIN["authorization"][6:] + " "}
    assert api.delete("/tea", headers) == done(200, {"deleted": 0})


def test_the_secret_is_read_once_a_minute(api: Api) -> None:
    routes.admin.cache_clear()
    for _ in range(3):
        api.delete("/tea")
    assert api.calls.count("secretsmanager.GetSecretValue") == 1
