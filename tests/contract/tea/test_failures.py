"""When AWS fails in the middle: no half-made tea, no image that nothing points to, nothing left of a deletion."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from contract.tea.support import ADMIN, JSON, PNG, Context, done, event, found, multipart, refused
from tea_api import clients, routes, shop, table, validation
from tea_api import teas as teas_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract.tea.support import Api

UPLOAD = multipart({"name": "white"}, PNG)


@contextmanager
def failing(operation: str, *, after: bool = False, skip: int = 0) -> Iterator[list[str]]:
    """Let an operation such as `s3.PutObject` fail once: before it is done, or after, its answer lost."""
    service, name = operation.split(".")
    client: Any = {"s3": clients.s3, "dynamodb": clients.dynamodb, "secretsmanager": clients.secretsmanager}[service]()
    failed: list[str] = []
    calls = itertools.count()

    def fail(**_: Any) -> None:
        if next(calls) == skip:
            failed.append(operation)
            error = ReadTimeoutError if after else ConnectionClosedError
            raise error(endpoint_url="https://aws.example")

    hook = f"{'after' if after else 'before'}-call.{service}.{name}"
    client.meta.events.register(hook, fail)
    try:
        yield failed
    finally:
        client.meta.events.unregister(hook, fail)


@contextmanager
def meanwhile(operation: str, do: Callable[[], object]) -> Iterator[None]:
    """Do something right before the first call of an operation of DynamoDB's or S3's."""
    service, name = operation.split(".")
    client: Any = {"s3": clients.s3, "dynamodb": clients.dynamodb}[service]()
    left = [do]

    def hook(**_: Any) -> None:
        if left:
            left.pop()()

    client.meta.events.register(f"before-call.{service}.{name}", hook)
    try:
        yield
    finally:
        client.meta.events.unregister(f"before-call.{service}.{name}", hook)


def status(
    api: Api, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | str | None = None
) -> int:
    """The status alone: the engine's own 500 has no `cookies`."""
    sent = event(method, path, headers={**ADMIN, **(headers or {})}, body=body)
    payload: dict[str, Any] = api.handler(sent, Context())
    return int(payload["statusCode"])


def upload(api: Api) -> int:
    return status(api, "POST", "/tea", *UPLOAD)


def nothing(api: Api) -> bool:
    return (api.items(), api.images()) == ([], [])


# --------------------------------------------------------------------------------------------------- making a tea


@pytest.mark.parametrize("after", [False, True])
def test_no_tea_without_its_image(api: Api, after: bool) -> None:
    with failing("s3.PutObject", after=after):
        assert upload(api) == 500
    assert nothing(api)
    assert upload(api) == 201


def test_no_image_without_its_tea(api: Api) -> None:
    with failing("dynamodb.PutItem"):
        assert upload(api) == 500
    assert nothing(api)
    assert upload(api) == 201


def test_no_tea_where_the_table_fails(api: Api) -> None:
    with failing("dynamodb.PutItem"):
        assert status(api, "POST", "/tea", JSON, b'{"name": "white"}') == 500
    assert nothing(api)
    assert "s3.DeleteObject" not in api.calls


def test_a_write_whose_answer_was_lost_has_been_done(api: Api) -> None:
    with failing("dynamodb.PutItem", after=True) as failed:
        answer = api.upload({"name": "white"}, PNG)
    assert failed
    assert answer == done(201, answer.body, {"Location": "/tea/white"})
    assert api.get("/tea/white") == found(answer.body)
    assert api.images() == [answer.body["image"]]


def test_a_write_that_the_sdk_repeats_is_no_conflict_with_itself(api: Api) -> None:
    client = clients.dynamodb()

    def write_first(params: dict[str, Any], **_: Any) -> None:
        client.meta.events.unregister("provide-client-params.dynamodb.PutItem", write_first)
        client.put_item(**params)

    client.meta.events.register("provide-client-params.dynamodb.PutItem", write_first)
    answer = api.upload({"name": "white"}, PNG)
    assert answer == done(201, answer.body, {"Location": "/tea/white"})
    assert api.images() == [answer.body["image"]]


def test_of_two_at_once_one_is_first(api: Api) -> None:
    other = shop.Shop(table.TeaTable(api.dynamodb, api.table), routes.bucket())
    first: list[dict[str, Any]] = []

    def create() -> None:
        first.append(other.create(new_tea()).as_json([]))

    with meanwhile("s3.PutObject", create):
        assert api.upload({"name": "white"}, PNG) == refused(409, "There is a tea named 'white' already.")
    assert api.get("/tea") == found(first)
    assert api.images() == []


def test_where_it_cannot_be_known_whether_the_tea_is_there_its_image_stays(api: Api) -> None:
    with failing("dynamodb.PutItem", after=True), failing("dynamodb.GetItem", skip=1):
        assert upload(api) == 500
    tea = api.get("/tea/white").body
    assert api.images() == [tea["image"]]


def test_an_image_that_cannot_be_taken_back_is_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    api.create({"name": "green"})
    with failing("dynamodb.PutItem"), failing("s3.DeleteObject"):
        assert upload(api) == 500
    (image,) = api.images()
    assert [record.__dict__["image"] for record in caplog.records if record.message == "image left behind"] == [image]


def new_tea() -> validation.NewTea:
    return validation.NewTea(name="white")


# ---------------------------------------------------------------------------------------------------------- comments


def test_two_comments_at_once_are_both_kept(api: Api) -> None:
    api.create({"name": "white"})
    other = shop.Shop(table.TeaTable(api.dynamodb, api.table), routes.bucket())
    with meanwhile("dynamodb.PutItem", lambda: other.comment("white", "second")):
        answer = api.comment("white", "first")
    assert sorted(comment["text"] for comment in answer.body["comments"]) == ["first", "second"]


@pytest.mark.parametrize("again", [False, True])
def test_a_comment_on_a_tea_that_is_just_being_deleted_is_not_kept(api: Api, again: bool) -> None:
    api.create({"name": "white"})
    other = shop.Shop(table.TeaTable(api.dynamodb, api.table), routes.bucket())
    made: list[dict[str, Any]] = []

    def delete() -> None:
        other.delete("white")
        if again:
            made.append(other.create(new_tea()).as_json([]))

    with meanwhile("dynamodb.PutItem", delete):
        assert api.comment("white", "Hm.") == refused(404, "There is no tea named 'white'.")
    assert api.get("/tea") == found(made)
    assert len(api.items()) == len(made)


# ---------------------------------------------------------------------------------------------------------- deletions


@pytest.mark.parametrize(
    "operation", ["dynamodb.Query", "dynamodb.BatchWriteItem", "s3.DeleteObject", "dynamodb.DeleteItem"]
)
@pytest.mark.parametrize("after", [False, True])
def test_what_a_deletion_left_behind_goes_with_the_next(api: Api, operation: str, after: bool) -> None:
    tea = api.upload({"name": "white"}, PNG).body
    api.put_comments(tea["_id"], 30)
    with failing(operation, after=after) as failed:
        assert status(api, "DELETE", "/tea/white") == 500
    assert failed
    assert api.get("/tea/white") == refused(404, "There is no tea named 'white'.")
    assert api.delete("/tea/white") == refused(404, "There is no tea named 'white'.")
    assert nothing(api)


def test_a_deletion_that_fails_at_once_deletes_nothing(api: Api) -> None:
    tea = api.upload({"name": "white"}, PNG).body
    with failing("dynamodb.TransactWriteItems"):
        assert status(api, "DELETE", "/tea/white") == 500
    assert api.get("/tea/white") == found(tea)
    assert api.images() == [tea["image"]]


def test_of_two_deletions_one_finds_nothing(api: Api) -> None:
    api.upload({"name": "white"}, PNG)
    other = shop.Shop(table.TeaTable(api.dynamodb, api.table), routes.bucket())
    with meanwhile("dynamodb.TransactWriteItems", lambda: other.delete("white")):
        assert api.delete("/tea/white") == refused(404, "There is no tea named 'white'.")
    assert nothing(api)


def test_deleting_all_counts_only_its_own(api: Api) -> None:
    for name in ("black", "green", "white"):
        api.upload({"name": name}, PNG)
    other = shop.Shop(table.TeaTable(api.dynamodb, api.table), routes.bucket())
    with meanwhile("dynamodb.TransactWriteItems", lambda: other.delete("green")):
        assert api.delete("/tea") == done(200, {"deleted": 2})
    assert nothing(api)


def test_more_teas_than_one_transaction_holds(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop, "TOGETHER", 3)
    empty = {"description": "", "keywords": "", "origin": ""}
    api.put_items({"pk": "TEA", "sk": f"{number}", "_id": f"{number}", **empty} for number in range(7))
    assert api.delete("/tea") == done(200, {"deleted": 7})
    assert api.calls.count("dynamodb.TransactWriteItems") == 3
    assert nothing(api)


def test_one_transaction_holds_what_dynamodb_allows(api: Api) -> None:
    teas = [teas_.Tea(id=f"{number}", name=f"{number}") for number in range(table.TOGETHER)]
    store = table.TeaTable(api.dynamodb, api.table)
    api.put_items({**text(tea), "description": "", "keywords": "", "origin": ""} for tea in teas)
    assert store.discard(*teas)
    assert store.teas() == []
    assert len(store.trash()) == 50


def text(tea: teas_.Tea) -> dict[str, str]:
    return {"pk": "TEA", "sk": tea.name, "_id": tea.id}


def test_a_transaction_in_the_way_is_waited_for(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.create({"name": "white"})
    conflicts = ["TransactionConflict", "TransactionConflict"]
    cancel(monkeypatch, conflicts)
    assert api.delete("/tea/white") == done(200, {"deleted": 1})
    assert conflicts == []


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError"])
def test_a_transaction_that_is_refused_for_good(api: Api, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    api.create({"name": "white"})
    monkeypatch.setattr(table, "_wait", lambda attempt: None)
    cancel(monkeypatch, [reason] * 100)
    assert status(api, "DELETE", "/tea/white") == 500
    assert api.get("/tea/white").status == 200


def cancel(monkeypatch: pytest.MonkeyPatch, reasons: list[str]) -> None:
    """Let as many transactions be cancelled, for these reasons; moto cancels for failed conditions alone."""
    client = clients.dynamodb()
    real = client.transact_write_items

    def transact(**arguments: Any) -> Any:
        if reasons:
            response: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": [{"Code": "None"}, {"Code": reasons.pop()}],
            }
            raise client.exceptions.TransactionCanceledException(response, "TransactWriteItems")
        return real(**arguments)

    monkeypatch.setattr(client, "transact_write_items", transact)


def test_deletions_that_dynamodb_leaves_undone_are_tried_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    tea = api.create({"name": "white"}).body
    api.put_comments(tea["_id"], 30)
    unprocessed(monkeypatch, times=3)
    assert api.delete("/tea/white") == done(200, {"deleted": 1})
    assert nothing(api)


def test_deletions_that_dynamodb_leaves_undone_for_good(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    tea = api.create({"name": "white"}).body
    api.put_comments(tea["_id"], 3)
    monkeypatch.setattr(table, "_wait", lambda attempt: None)
    unprocessed(monkeypatch, times=100)
    assert status(api, "DELETE", "/tea/white") == 500
    assert len(api.items()) == 3  # the first deletion of three goes through, two never do, and the trash remembers


def unprocessed(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let BatchWriteItem do the first request of a batch only, so many times."""
    client = clients.dynamodb()
    real = client.batch_write_item
    left = [times]

    def write(RequestItems: dict[str, list[Any]]) -> Any:  # noqa: N803
        ((name, requests),) = RequestItems.items()
        if not left[0] or len(requests) == 2:
            return {"UnprocessedItems": RequestItems} if left[0] else real(RequestItems=RequestItems)
        left[0] -= 1
        real(RequestItems={name: requests[:1]})
        return {"UnprocessedItems": {name: requests[1:]}}

    monkeypatch.setattr(client, "batch_write_item", write)


# ----------------------------------------------------------------------------------------------------- everything else


def test_a_list_that_dynamodb_gives_in_parts_is_whole(api: Api) -> None:
    tea = api.create({"name": "white"}).body
    # 1.5 MB of comments: a query ends at 1 MB.
    api.put_comments(tea["_id"], 30, "x" * 50_000 + "{}")
    assert [comment["_id"] for comment in api.get("/tea/white/comments").body] == [f"{n:024x}" for n in range(30)]
    assert api.delete("/tea/white").status == 200
    assert nothing(api)


def test_a_page_that_would_be_too_large_ends_early(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    text = {"description": "x" * 1000, "keywords": "", "origin": ""}
    api.put_items({"pk": "TEA", "sk": f"{number}", "_id": f"{number}", **text} for number in range(7))
    for limit, sizes in ((1, [1] * 7), (2_500, [2, 2, 2, 1]), (10_000, [7])):
        monkeypatch.setattr(routes, "RESPONSE_LIMIT", limit)
        names: list[str] = []
        pages: list[int] = []
        query: dict[str, str] = {}
        while query or not pages:
            answer = api.get("/tea", query)
            names += [tea["name"] for tea in answer.body]
            pages.append(len(answer.body))
            link = answer.headers.get("Link", "")
            query = {"cursor": link.split("cursor=")[1].split(">")[0]} if link else {}
        assert (names, pages) == ([f"{number}" for number in range(7)], sizes)


def test_a_secret_that_cannot_be_read_lets_nobody_in(api: Api) -> None:
    api.create({"name": "white"})
    routes.admin.cache_clear()
    with failing("secretsmanager.GetSecretValue"):
        assert status(api, "DELETE", "/tea") == 500
    assert len(api.items()) == 1


def test_an_access_denied_is_not_a_missing_image(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "GetObject")

    monkeypatch.setattr(clients.s3(), "get_object", denied)
    assert status(api, "GET", "/uploads/white.png") == 500
