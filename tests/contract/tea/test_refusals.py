"""What is wrong with a request, said whole: every answer a problem document, compared whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contract.tea.support import ADMIN, CORS, JSON, PAGE, PNG, Answer, Context, event, refused

if TYPE_CHECKING:
    from contract.tea.support import Api

KNOWN = "brew_time, description, image, keywords, name, origin, temperature"
NAME_REQUIRED = ("name", "required", "A tea needs a name.")
SLASH = ("name", "slash", "A name has no slash or backslash: it is one segment of a path.")
NAME_CHARACTERS = ("name", "characters", "A name has no control characters and no line breaks.")
TOO_LARGE = "An image has at most 1048576 bytes."
NO_IMAGE = "The image is no PNG, JPEG, GIF or WebP."

# JSON bodies of POST /tea that are objects, and what is wrong with each.
FIELDS: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("{}", [NAME_REQUIRED]),
    ('{"name": null}', [NAME_REQUIRED]),
    ('{"name": ""}', [NAME_REQUIRED]),
    ('{"name": " \\u00a0 "}', [NAME_REQUIRED]),
    ('{"name": 1}', [("name", "type", "name is text.")]),
    ('{"name": ["x"]}', [("name", "type", "name is text.")]),
    (json.dumps({"name": "x" * 65}), [("name", "too-long", "A name has at most 64 characters, not 65.")]),
    ('{"name": "a/b"}', [SLASH]),
    ('{"name": "a\\\\b"}', [SLASH]),
    ('{"name": "."}', [("name", "reserved", "'.' and '..' are no names: in a path, they mean folders.")]),
    ('{"name": ".."}', [("name", "reserved", "'.' and '..' are no names: in a path, they mean folders.")]),
    ('{"name": "a\\u0000b"}', [NAME_CHARACTERS]),
    ('{"name": "a\\nb"}', [NAME_CHARACTERS]),
    ('{"name": "a\\u2028b"}', [NAME_CHARACTERS]),
    ('{"name": "a\\ud800b"}', [NAME_CHARACTERS]),
    ('{"name": " a"}', [("name", "white-space", "A name does not begin or end with white space.")]),
    ('{"name": "a", "origin": 1}', [("origin", "type", "origin is text.")]),
    ('{"name": "a", "description": {}}', [("description", "type", "description is text.")]),
    (
        json.dumps({"name": "a", "keywords": "x" * 1001}),
        [("keywords", "too-long", "keywords has at most 1000 characters, not 1001.")],
    ),
    (
        '{"name": "a", "description": "a\\u001b[31mb"}',
        [("description", "characters", "description has no control characters but tabs and line ends.")],
    ),
    ('{"name": "a", "brew_time": "3"}', [("brew_time", "type", "brew_time is a number, in minutes.")]),
    ('{"name": "a", "brew_time": true}', [("brew_time", "type", "brew_time is a number, in minutes.")]),
    ('{"name": "a", "brew_time": []}', [("brew_time", "type", "brew_time is a number, in minutes.")]),
    ('{"name": "a", "brew_time": -1}', [("brew_time", "range", "brew_time is from 0 to 1440 minutes.")]),
    ('{"name": "a", "brew_time": 1440.5}', [("brew_time", "range", "brew_time is from 0 to 1440 minutes.")]),
    ('{"name": "a", "brew_time": 1e999999}', [("brew_time", "range", "brew_time is from 0 to 1440 minutes.")]),
    (
        f'{{"name": "a", "brew_time": {"9" * 5000}}}',
        [("brew_time", "range", "brew_time is from 0 to 1440 minutes.")],
    ),
    (
        '{"name": "a", "temperature": 100.1}',
        [("temperature", "range", "temperature is from 0 to 100 degrees Celsius.")],
    ),
    (
        '{"name": "a", "temperature": 1.0001}',
        [("temperature", "precision", "temperature has at most 3 decimal places.")],
    ),
    (
        f'{{"name": "a", "temperature": 1.{"0" * 40}1}}',
        [("temperature", "precision", "temperature has at most 3 decimal places.")],
    ),
    (
        '{"name": "a", "temperature": 1e-999999}',
        [("temperature", "precision", "temperature has at most 3 decimal places.")],
    ),
    ('{"name": "a", "brewTime": 3}', [("brewTime", "unknown", f"There is no such field; there are {KNOWN}.")]),
    ('{"name": "a", "\\ud800": 3}', [("?", "unknown", f"There is no such field; there are {KNOWN}.")]),
    (
        '{"name": "a", "image": "uploads/white.png"}',
        [("image", "type", "The image is a file: send it as multipart/form-data.")],
    ),
    (
        '{"name": "a/b", "origin": 1, "brew_time": "3", "temperature": 101, "comments": []}',
        [
            ("comments", "unknown", f"There is no such field; there are {KNOWN}."),
            SLASH,
            ("origin", "type", "origin is text."),
            ("brew_time", "type", "brew_time is a number, in minutes."),
            ("temperature", "range", "temperature is from 0 to 100 degrees Celsius."),
        ],
    ),
]


def invalid(errors: list[tuple[str, str, str]]) -> Answer:
    """The 400 for these fields."""
    if len(errors) == 1:
        return refused(400, errors[0][2], *errors)
    fields = ", ".join(dict.fromkeys(error[0] for error in errors))
    return refused(400, f"{len(errors)} things are wrong, with {fields}.", *errors)


@pytest.mark.parametrize(("body", "errors"), FIELDS, ids=lambda value: value[:48] if isinstance(value, str) else "")
def test_every_invalid_field_is_named_at_once(api: Api, body: str, errors: list[tuple[str, str, str]]) -> None:
    assert api.create(body) == invalid(errors)
    assert api.items() == []


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (None, "The body is not valid JSON."),
        ("", "The body is not valid JSON."),
        ("{", "The body is not valid JSON."),
        ("{'name': 'a'}", "The body is not valid JSON."),
        ('{"name": "a"} x', "The body is not valid JSON."),
        ('\ufeff{"name": "a"}', "The body is not valid JSON."),
        ('{"name": "a", "brew_time": NaN}', "The body is not valid JSON."),
        ('{"name": "a", "brew_time": -Infinity}', "The body is not valid JSON."),
        ('{"name": "a", "brew_time": 1e9999999999999999999}', "The body is not valid JSON."),
        ('{"name": "a", "name": "b"}', "The body is not valid JSON."),
        ("[" * 30_000, "The body is not valid JSON."),
        (b'{"name": "\xff"}', "The body is not valid JSON."),
        ('{"name": "a"}'.encode("utf-16"), "The body is not valid JSON."),
        ("[]", "The body must be a JSON object."),
        ("null", "The body must be a JSON object."),
        ('"name"', "The body must be a JSON object."),
        ("1", "The body must be a JSON object."),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("path", ["/tea", "/tea/white"])
def test_a_body_that_is_no_json_object(api: Api, path: str, body: str | bytes | None, detail: str) -> None:
    assert api.request("POST", path, headers={**JSON, **ADMIN}, body=body) == refused(400, detail)


def test_a_body_that_is_not_base64_although_the_event_says_so(api: Api) -> None:
    sent = event("POST", "/tea", headers={**JSON, **ADMIN}, body="!!!") | {"isBase64Encoded": True}
    answer = Answer.of(api.handler(sent, Context()))
    assert answer == refused(400, "The body is not what its encoding says.")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, ("comment", "required", "A comment needs a text.")),
        ("", ("comment", "required", "A comment needs a text.")),
        (" \n ", ("comment", "required", "A comment needs a text.")),
        (1, ("comment", "type", "comment is text.")),
        (["x"], ("comment", "type", "comment is text.")),
        ("x" * 501, ("comment", "too-long", "comment has at most 500 characters, not 501.")),
        ("a\0b", ("comment", "characters", "comment has no control characters but tabs and line ends.")),
        ("a\ud800b", ("comment", "characters", "comment has no control characters but tabs and line ends.")),
    ],
)
def test_a_comment_is_a_text(api: Api, text: object, error: tuple[str, str, str]) -> None:
    api.create({"name": "white"})
    assert api.comment("white", text) == invalid([error])
    assert api.get("/tea/white/comments").body == []


def test_a_comment_has_no_other_fields(api: Api) -> None:
    body = json.dumps({"comment": "", "date": "1970-01-01"})
    assert api.request("POST", "/tea/white", headers=JSON, body=body) == invalid(
        [
            ("date", "unknown", "There is no such field; there are comment."),
            ("comment", "required", "A comment needs a text."),
        ]
    )


# ------------------------------------------------------------------------------------------------------------- forms

FORMS: list[tuple[str, dict[str, str | bytes], bytes | None, Answer]] = [
    ("nothing", {}, None, invalid([NAME_REQUIRED])),
    (
        "numbers that are none",
        {"name": "a", "brew_time": "three", "temperature": "0x10"},
        None,
        invalid(
            [
                ("brew_time", "type", "brew_time is a number, in minutes."),
                ("temperature", "type", "temperature is a number, in degrees Celsius."),
            ]
        ),
    ),
    (
        "NaN",
        {"name": "a", "brew_time": "NaN"},
        None,
        invalid([("brew_time", "type", "brew_time is a number, in minutes.")]),
    ),
    (
        "٣",
        {"name": "a", "brew_time": "٣"},
        None,
        invalid([("brew_time", "type", "brew_time is a number, in minutes.")]),
    ),
    (
        "1e3",
        {"name": "a", "brew_time": "1e3"},
        None,
        invalid([("brew_time", "type", "brew_time is a number, in minutes.")]),
    ),
    (
        "a field of another encoding",
        {"name": b"th\xe9"},
        None,
        invalid([("name", "encoding", "This field is not in UTF-8.")]),
    ),
    (
        "image as text",
        {"name": "a", "image": "uploads/white.png"},
        None,
        invalid([("image", "type", "The image is a file: send it as multipart/form-data.")]),
    ),
    (
        "a button with a name",
        {"name": "a", "submit": "Send"},
        None,
        invalid([("submit", "unknown", f"There is no such field; there are {KNOWN}.")]),
    ),
    ("no image", {"name": "a"}, b"<svg xmlns='x'/>", refused(415, NO_IMAGE, ("image", "image-type", NO_IMAGE))),
    ("a renamed page", {"name": "a"}, b"<!doctype html>", refused(415, NO_IMAGE, ("image", "image-type", NO_IMAGE))),
    ("nothing in the file", {"name": "a"}, b"", refused(415, NO_IMAGE, ("image", "image-type", NO_IMAGE))),
    (
        "too large",
        {"name": "a"},
        PNG + bytes(1024 * 1024 - len(PNG) + 1),
        refused(413, TOO_LARGE, ("image", "too-large", TOO_LARGE)),
    ),
    (
        "too large, and more",
        {"name": ""},
        PNG + bytes(1024 * 1024),
        invalid([NAME_REQUIRED, ("image", "too-large", TOO_LARGE)]),
    ),
    ("no image, and more", {"name": ""}, b"text", invalid([NAME_REQUIRED, ("image", "image-type", NO_IMAGE)])),
]


@pytest.mark.parametrize(("fields", "image", "answer"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_a_form_that_is_wrong(api: Api, fields: dict[str, str | bytes], image: bytes | None, answer: Answer) -> None:
    assert api.upload(fields, image) == answer
    assert (api.items(), api.images()) == ([], [])


DISPOSITION = b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n"
END = b"--x--\r\n"


def test_a_field_twice_and_a_file_where_text_belongs(api: Api) -> None:
    part = DISPOSITION % b'name="name"' + b"a\r\n"
    file = DISPOSITION % b'name="origin"; filename="o.txt"' + b"China\r\n"
    headers = {"content-type": "multipart/form-data; boundary=x", **ADMIN}
    assert api.request("POST", "/tea", headers=headers, body=part + part + file + b"--x--\r\n") == invalid(
        [
            ("name", "duplicate", "This field is given more than once."),
            ("origin", "type", "This field is text, not a file."),
        ]
    )


MALFORMED: dict[str, tuple[str, bytes]] = {
    "empty": ("; boundary=x", b""),
    "no part": ("; boundary=x", b"--x\r\n"),
    "cut off": ("; boundary=x", DISPOSITION % b'name="name"' + b"white\r\n"),
    "an attachment": ("; boundary=x", b'--x\r\nContent-Disposition: attachment; name="name"\r\n\r\na\r\n' + END),
    "no disposition": ("; boundary=x", b"--x\r\nX: y\r\n\r\na\r\n" + END),
    "another boundary": ("; boundary=y", DISPOSITION % b'name="name"' + b"a\r\n" + END),
    "no boundary": ("", DISPOSITION % b'name="name"' + b"a\r\n" + END),
    "an empty boundary": ('; boundary=""', b"--\r\n"),
    "40 parts": ("; boundary=x", (DISPOSITION % b'name="a"' + b"\r\n") * 40 + END),
    "100 headers": ("; boundary=x", b"--x\r\n" + b"A: b\r\n" * 100 + b"\r\n\r\n" + END),
    "a long header": ("; boundary=x", b"--x\r\nContent-Disposition: " + b"a" * 10_000 + b"\r\n\r\n\r\n" + END),
}


@pytest.mark.parametrize(("parameters", "body"), MALFORMED.values(), ids=MALFORMED)
def test_a_form_that_is_malformed(api: Api, parameters: str, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data" + parameters, **ADMIN}
    answer = api.request("POST", "/tea", headers=headers, body=body)
    detail = answer.body["detail"]
    assert detail.startswith("The body is not a valid multipart form: ")
    assert answer == refused(400, detail)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "image/png"},
        {"content-type": "application/problem+json"},
        {"content-type": "json"},
        {"content-type": "application/json, text/plain"},
    ],
)
def test_a_tea_is_json_or_a_form(api: Api, headers: dict[str, str]) -> None:
    assert api.request("POST", "/tea", headers={**headers, **ADMIN}, body='{"name": "a"}') == refused(
        415,
        "The body must be application/json or multipart/form-data, and Content-Type must say so.",
        headers={"Accept-Post": "application/json, multipart/form-data"},
    )


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"content-type": "application/json; charset=iso-8859-1"}, "The body must be in UTF-8."),
        ({"content-type": "application/json", "content-encoding": "gzip"}, "The body must not be compressed."),
    ],
)
def test_a_body_is_plain_utf_8(api: Api, headers: dict[str, str], detail: str) -> None:
    accept = {"Accept-Post": "application/json, multipart/form-data"}
    assert api.request("POST", "/tea", headers={**headers, **ADMIN}, body="{}") == refused(415, detail, headers=accept)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"'],
)
def test_a_media_type_has_no_case_and_may_have_parameters(api: Api, content_type: str) -> None:
    headers = {"content-type": content_type, "content-encoding": "identity", **ADMIN}
    assert api.request("POST", "/tea", headers=headers, body='{"name": "a"}').status == 201


@pytest.mark.parametrize("as_bytes", [False, True])
@pytest.mark.parametrize(
    ("path", "content_type", "limit"),
    [
        ("/tea", "application/json", 65536),
        ("/tea/white", "application/json", 65536),
        ("/tea", "multipart/form-data; boundary=x", 1024 * 1024 + 65536),
    ],
)
def test_a_body_has_a_limit(api: Api, path: str, content_type: str, limit: int, as_bytes: bool) -> None:
    headers = {"content-type": content_type, **ADMIN}
    for size, status in ((limit, 400), (limit + 1, 413), (limit + 4, 413), (limit * 3, 413)):
        body: str | bytes = b" " * size if as_bytes else " " * size
        answer = api.request("POST", path, headers=headers, body=body)
        assert answer.status == status
        if status == 413:
            assert answer == refused(413, f"The body is over {limit} bytes.")


def test_a_limit_is_one_of_bytes(api: Api) -> None:
    body = json.dumps({"name": "a", "x": "é" * 32768}, ensure_ascii=False)
    assert len(body) < 65536
    assert api.create(body) == refused(413, "The body is over 65536 bytes.")


# ------------------------------------------------------------------------------------------------- paths and methods


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/tea", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/tea/", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/tea/earl grey", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/tea/🍵/", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("/tea/white/comments", "GET, HEAD, OPTIONS"),
        ("/tea/white/comments/0123456789abcdef01234567", "DELETE, OPTIONS"),
        ("/uploads/white.png", "GET, HEAD, OPTIONS"),
    ],
)
def test_the_methods_of_a_path(api: Api, path: str, allow: str) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "BREW"} - set(allow.split(", ")):
        detail = f"The methods of this path are {allow}."
        assert api.request(method, path, headers={**JSON, **ADMIN}) == refused(405, detail, headers={"Allow": allow})
    assert api.request("OPTIONS", path) == Answer(204, {"Allow": allow, "Vary": "Origin"}, None)
    with_origin = api.request("OPTIONS", path, headers={"origin": PAGE})
    assert with_origin == Answer(204, {"Allow": allow, **CORS}, None)
    assert api.calls == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "BREW"])
@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/tea//",
        "/TEA",
        "/teas",
        "/uploads",
        "/uploads/",
        "/uploads/a/b.png",
        "/favicon.ico",
        "/tea.json",
    ],
)
def test_no_such_path(api: Api, method: str, path: str) -> None:
    answer = refused(404, "There is nothing under this path.")
    if method == "HEAD":
        answer = Answer(answer.status, answer.headers, "")
    assert api.request(method, path, headers=ADMIN) == answer


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/tea/a/b", SLASH),
        ("/tea/a/b/c", SLASH),
        ("/tea/a//comments", SLASH),
        ("/tea/comments/a/b", SLASH),
        ("/tea/a\\b", SLASH),
        ("/tea/a\\b/comments", SLASH),
        ("/tea/..", ("name", "reserved", "'.' and '..' are no names: in a path, they mean folders.")),
        ("/tea/ ", NAME_REQUIRED),
        ("/tea/a\0b", NAME_CHARACTERS),
        ("/tea/a\ud800b", NAME_CHARACTERS),
        ("/tea/" + "x" * 65, ("name", "too-long", "A name has at most 64 characters, not 65.")),
    ],
    ids=ascii,
)
def test_a_path_with_what_can_be_no_name(api: Api, path: str, error: tuple[str, str, str]) -> None:
    assert api.get(path) == invalid([error])
    assert api.calls == []


@pytest.mark.parametrize("path", ["/", "/tea", "/tea/white", "/tea/white/comments", "/uploads/{image}", "/tea/nope"])
def test_head_is_get_without_the_body(api: Api, path: str) -> None:
    api.upload({"name": "white"}, PNG)
    path = path.replace("uploads/{image}", api.images()[0])
    get = api.get(path)
    assert api.request("HEAD", path) == Answer(get.status, get.headers, "")


# ----------------------------------------------------------------------------------------------------------- paging


@pytest.mark.parametrize("path", ["/tea", "/tea/white/comments"])
@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "1.5", "1e1", " 5", "5 ", "+5", "05", "٥", "5,5", "", "x", "9" * 5000]
)
def test_limit_is_from_1_to_100(api: Api, path: str, limit: str) -> None:
    assert api.get(path, {"limit": limit}) == invalid([("limit", "range", "limit is a whole number from 1 to 100.")])


@pytest.mark.parametrize("path", ["/tea", "/tea/white/comments"])
@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "eyJwayI6ICJTRUNSRVQifQ", "eyJwayI6ICJTRUNSRVQifQ==", "é", "../..", "\0", "A" * 5000]
)
def test_a_cursor_that_is_none(api: Api, path: str, cursor: str) -> None:
    api.create({"name": "white"})
    assert api.get(path, {"cursor": cursor}) == no_cursor()


def test_a_cursor_of_another_list(api: Api) -> None:
    cursors: dict[str, str] = {}
    for name in ("green", "white"):
        api.create({"name": name})
        for text in ("one", "two"):
            api.comment(name, text)
        link = api.get(f"/tea/{name}/comments", {"limit": "1"}).headers["Link"]
        cursors[f"/tea/{name}/comments"] = link.split("cursor=")[1].split(">")[0]
    cursors["/tea"] = api.get("/tea", {"limit": "1"}).headers["Link"].split("cursor=")[1].split(">")[0]
    for made_for in cursors:
        for path, cursor in cursors.items():
            answer = api.get(made_for, {"cursor": cursor})
            assert answer.status == 200 if path == made_for else answer == no_cursor()


def no_cursor() -> Answer:
    return invalid([("cursor", "cursor", "This is no cursor of this list: take it from the Link header.")])


def test_other_parameters_are_nobodys(api: Api) -> None:
    answer: Any = api.get("/tea", {"utm_source": "x", "Limit": "0"})
    assert answer.status == 200
