"""`sam local start-api` over HTTP: the answers that a page or curl gets, whole.

In what it differs from API Gateway is in test_differences.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.names import plain
from cases.wire import FORBIDDEN, PREFLIGHT_VARY
from contract.tea.support import ADMIN, CORS, JSON, PAGE, PNG, Answer, done, etag, found, multipart, refused
from runtime.account import TEA
from runtime.tea_answers import PREFLIGHT, PROBLEM
from sam_local import readme
from sam_local.web import Response, of, parsed, shown
from tables import each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runtime.account import Account, Teas
    from sam_local.project import Project
    from sam_local.web import Web

LOOK_ALIKE = f"{PAGE}.evil.example"
PREFLIGHTED = {"Access-Control-Request-Method": "DELETE"}
METHODS = "DELETE, GET, HEAD, OPTIONS, POST"

REFUSED = shown(403, {**PROBLEM, "Vary": "Origin"}, FORBIDDEN.encode())
REFUSED_PREFLIGHT = shown(403, {"Vary": PREFLIGHT_VARY})


def asked(origin: str | None = PAGE, **more: str) -> dict[str, str]:
    return ({} if origin is None else {"Origin": origin}) | {name.replace("_", "-"): more[name] for name in more}


CASES: dict[str, tuple[str, str, Mapping[str, str], Response]] = {
    "preflight": ("OPTIONS", "/tea/white", asked() | PREFLIGHTED, shown(204, PREFLIGHT)),
    "preflight-of-the-root": ("OPTIONS", "/", asked() | PREFLIGHTED, shown(204, PREFLIGHT)),
    "preflight-of-the-throttled-route": (
        "OPTIONS",
        "/tea/white",
        asked(Access_Control_Request_Method="POST"),
        shown(204, PREFLIGHT),
    ),
    "preflight-refused": ("OPTIONS", "/tea/white", asked(LOOK_ALIKE) | PREFLIGHTED, REFUSED_PREFLIGHT),
    "preflight-of-null": ("OPTIONS", "/tea/white", asked("null") | PREFLIGHTED, REFUSED_PREFLIGHT),
    "options-is-no-preflight": (
        "OPTIONS",
        "/tea",
        asked(),
        shown(204, {"Allow": METHODS, **CORS}),
    ),
    "allowed": ("GET", "/tea", asked(), of(found([TEA], cors=CORS))),
    "subdomain": (
        "GET",
        "/tea",
        asked("https://preview.victoria-lo.github.io"),
        of(found([TEA], cors=CORS | {"Access-Control-Allow-Origin": "https://preview.victoria-lo.github.io"})),
    ),
    "look-alike": ("GET", "/tea", asked(LOOK_ALIKE), REFUSED),
    "look-alike-writes": ("POST", "/tea/white", asked(LOOK_ALIKE, **JSON), REFUSED),
    "null": ("GET", "/tea", asked("null"), REFUSED),
    "no-origin": ("GET", "/tea", asked(None), of(found([TEA]))),
    "own-origin": (
        "GET",
        "/tea",
        asked("https://www.google.com", Sec_Fetch_Site="same-origin"),
        of(found([TEA])),
    ),
    "one-tea": ("GET", "/tea/white", asked(), of(found(TEA, cors=CORS))),
    "percent": ("GET", "/tea/%77hite", asked(), of(found(TEA, cors=CORS))),
    "query": ("GET", "/tea?limit=1", asked(), of(found([TEA], cors=CORS))),
    "not-modified": (
        "GET",
        "/tea/white",
        asked(If_None_Match=etag(TEA)),
        shown(304, {"ETag": etag(TEA), "Cache-Control": "no-cache", **CORS}),
    ),
    "picture": (
        "GET",
        "/uploads/white.png",
        asked(),
        of(
            Answer(
                200,
                {
                    "Content-Type": "image/png",
                    "ETag": etag(PNG),
                    "Cache-Control": "public, max-age=31536000, immutable",
                    "X-Content-Type-Options": "nosniff",
                    **CORS,
                },
                PNG,
            )
        ),
    ),
    "nothing": ("GET", "/nowhere", asked(), of(refused(404, "There is nothing under this path.", cors=CORS))),
    "no-such-method": (
        "PUT",
        "/tea",
        asked(),
        of(refused(405, f"The methods of this path are {METHODS}.", headers={"Allow": METHODS}, cors=CORS)),
    ),
    "not-the-admin": (
        "DELETE",
        "/tea",
        asked(),
        of(
            refused(
                401,
                "Only the admin may do this.",
                headers={"WWW-Authenticate": 'Basic realm="tea", charset="UTF-8"'},
                cors=CORS,
            )
        ),
    ),
}
"""Method, path, headers, answer."""


def test_readmes_requests_get_what_it_says(web: Web, project: Project) -> None:
    answers = [shown(204, PREFLIGHT), REFUSED]
    curls = readme.beginning("curl")
    assert [command.remark for command in curls] == [str(answer.status) for answer in answers]
    for command, answer in zip(curls, answers, strict=True):
        words = [word.replace(":3000", f":{web.port}") for word in command.words]
        run = project.run(words, {})
        assert (run.status, parsed(run.output)) == (0, answer), run.log


@each("name", sorted(CASES), ids=plain)
def test_a_request_gets_its_whole_answer(web: Web, tea_of_the_api: Teas, name: str) -> None:
    method, path, headers, answer = CASES[name]
    assert web.send(method, path, headers.items()) == answer


def test_two_origins_are_none(web: Web) -> None:
    """Joined by a comma, as API Gateway does: nothing that a browser sends, so nobody's."""
    assert web.send("GET", "/tea", [("Origin", PAGE), ("Origin", PAGE)]) == REFUSED


def test_head_is_get_without_the_body(web: Web) -> None:
    got, head = (web.send(method, "/tea", asked().items()) for method in ("GET", "HEAD"))
    lines = [("Content-Length", "0") if name == "Content-Length" else (name, value) for name, value in got.headers]
    assert head == Response(200, lines, b"")


def test_teas_are_made_commented_and_deleted(web: Web, tea_of_the_api: Teas) -> None:
    """What the Tea App's page does, in one process."""
    headers, body = multipart({"name": "rooibos", "temperature": "100"})
    made = web.send("POST", "/tea", (asked(**headers) | ADMIN).items(), body)
    tea = json.loads(made.body)
    shape: dict[str, Any] = {"image": None, "description": "", "keywords": "", "origin": "", "brew_time": None}
    assert tea == {"_id": tea["_id"], "name": "rooibos", **shape, "temperature": 100, "comments": []}
    assert made == of(done(201, tea, {"Location": "/tea/rooibos"}, CORS))

    commented = web.send("POST", "/tea/rooibos", asked(**JSON).items(), '{"comment": "Röd 🍵"}'.encode())
    comments = json.loads(commented.body)["comments"]
    assert [comment["text"] for comment in comments] == ["Röd 🍵"]
    assert commented == of(done(201, tea | {"comments": comments}, cors=CORS))

    deleted = web.send("DELETE", "/tea/rooibos", (asked() | ADMIN).items())
    assert deleted == of(done(200, {"deleted": 1}, cors=CORS))
    assert len(tea_of_the_api.items()) == 2


def test_an_error_of_the_function_is_one_that_the_page_can_read(
    web: Web, account: Account, tea_of_the_api: Teas
) -> None:
    """The table is gone: the engine answers, and the next request finds the process as good as before."""
    dynamodb, name = account.client("dynamodb"), tea_of_the_api.variables["TABLE_NAME"]
    described = dynamodb.describe_table(TableName=name)["Table"]
    dynamodb.delete_table(TableName=name)
    broken = web.send("GET", "/tea", asked().items())
    keys = ("TableName", "KeySchema", "AttributeDefinitions")
    dynamodb.create_table(**{key: described[key] for key in keys}, BillingMode="PAY_PER_REQUEST")
    tea_of_the_api.reset()

    problem = json.loads(broken.body)
    request_id = problem.pop("request_id")
    assert problem == {"type": "about:blank", "title": "Internal Server Error", "status": 500}
    body = json.dumps({**problem, "request_id": request_id}).encode()
    assert broken == shown(500, {**PROBLEM, **CORS}, body)
    assert web.send("GET", "/tea", asked().items()) == of(found([TEA], cors=CORS))


def test_all_of_this_was_one_process(web: Web, started: Any) -> None:
    """By samconfig.toml, containers are warm: an invocation finds the one before's caches, as in AWS."""
    web.send("GET", "/tea", asked().items())
    entries = [json.loads(line) for line in started.read_text("utf-8").splitlines() if line.startswith('{"level":')]
    assert [entry["cold_start"] for entry in entries if "cold_start" in entry].count(True) == 1


@pytest.fixture(scope="session", autouse=True)
def _picture(account: Account, tea_of_the_api: Teas) -> None:
    """The one tea's."""
    account.client("s3").put_object(Bucket=tea_of_the_api.variables["BUCKET_NAME"], Key="uploads/white.png", Body=PNG)
