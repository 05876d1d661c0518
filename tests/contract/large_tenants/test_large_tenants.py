"""Customers' origins in DynamoDB: who is let in, and what somebody with random origins can cause."""

from __future__ import annotations

import json
import random
import tracemalloc
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from examples.large_tenants import app, table
from examples.large_tenants.origins import TenantOrigins
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from edgecors import Request, cors
from effort import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

CUSTOMER, SUSPENDED, STRANGER = "https://shop.customer.example", "https://gone.example", "https://evil.example"
REQUEST = Request("GET", "/", [])
VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"


class Clock:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


class Database:
    """A look-up that counts, over origins that a test may change; `down`: it raises."""

    def __init__(self, *customers: str) -> None:
        self.customers = set(customers)
        self.down = False
        self.asked: list[str] = []

    def __call__(self, origin: str) -> bool:
        self.asked.append(origin)
        if self.down:
            raise OSError("no route")
        return origin in self.customers


def strangers(count: int, seed: int = 1) -> list[str]:
    """Different origins as long as origins are."""
    dice = random.Random(seed)
    return [f"https://{dice.randbytes(30).hex()}.{'a' * 60}.{'b' * 60}.{'c' * 60}.example" for _ in range(count)]


@pytest.fixture(scope="module")
def reads() -> Iterator[list[str]]:
    """A table with a customer and one that was suspended; the list grows by each GetItem's origin."""
    seen: list[str] = []
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "made-up")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        patch.setenv("TENANT_TABLE", "tenants")
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        dynamodb = boto3.client("dynamodb")
        dynamodb.create_table(
            TableName="tenants",
            BillingMode="PAY_PER_REQUEST",
            OnDemandThroughput={"MaxReadRequestUnits": 1_000},
            AttributeDefinitions=[{"AttributeName": "origin", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "origin", "KeyType": "HASH"}],
        )
        for origin, active in ((CUSTOMER, True), (SUSPENDED, False)):
            dynamodb.put_item(TableName="tenants", Item={"origin": {"S": origin}, "active": {"BOOL": active}})
        table.client.cache_clear()
        table.client().meta.events.register(
            "before-parameter-build.dynamodb.GetItem",
            lambda params, **_: seen.append(params["Key"]["origin"]["S"]),
        )
        yield seen
        table.client.cache_clear()


def event(origin: str, *, preflight: bool = False) -> dict[str, Any]:
    headers = {"origin": origin}
    if preflight:
        headers |= {"access-control-request-method": "PUT"}
    method = "OPTIONS" if preflight else "GET"
    http = {"method": method, "path": "/orders", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "x"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/orders",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"stage": "$default", "http": http},
        "isBase64Encoded": False,
    }


def test_a_customer_is_let_in_and_nobody_else(reads: list[str]) -> None:
    body = '{"path": "/orders"}'
    for origin, allowed in ((CUSTOMER, True), (SUSPENDED, False), (STRANGER, False), ("https://app.example", True)):
        acao = {"Access-Control-Allow-Origin": origin} if allowed else {}
        answer = app.handler(event(origin), None)
        assert answer == {"statusCode": 200, "headers": {**acao, "Vary": "Origin"}, "body": body}
        answer = app.handler(event(origin, preflight=True), None)
        lists = {
            "Access-Control-Allow-Methods": "PUT, DELETE",
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": "600",
        }
        expected = {**acao, **(lists if allowed else {}), "Vary": VARY}
        assert (answer["statusCode"], answer["headers"]) == (204 if allowed else 403, expected)
    # Each that no pattern names is looked up once.
    assert reads == [CUSTOMER, SUSPENDED, STRANGER]


def test_random_origins_cause_a_bounded_number_of_reads(reads: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    reads.clear()
    clock = Clock()
    check = TenantOrigins(table.is_active, rate=2, burst=20, clock=clock)
    handler = cors(app.handler.__wrapped__, rules=app.policy, origin_check=check)  # type: ignore[attr-defined]
    assert "Access-Control-Allow-Origin" in handler(event(CUSTOMER), None)["headers"]
    for number, origin in enumerate(strangers(150)):
        clock.now += 0.1
        assert handler(event(origin), None)["headers"] == {"Vary": "Origin"}
        if number % 30 == 0:  # whom it knows it lets in all the while
            assert handler(event(CUSTOMER), None)["headers"] == {
                "Access-Control-Allow-Origin": CUSTOMER,
                "Vary": "Origin",
            }
    # 15 s: twenty saved up and two a second, of 150.
    assert len(reads) == len(set(reads)) <= 20 + 2 * 15 + 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [line["count"] for line in lines if line["message"] == "TenantLookupsExhausted"]
    assert len(told) <= 2


def test_a_flood_is_bounded_in_look_ups_memory_and_log(capsys: pytest.CaptureFixture[str]) -> None:
    clock, database = Clock(), Database(CUSTOMER)
    check = TenantOrigins(database, clock=clock)
    assert check(CUSTOMER, REQUEST)
    flood = strangers(10_000)
    tracemalloc.start()
    try:
        for origin in flood:
            clock.now += 0.005  # 200 a second, for 50 seconds
            assert not check(origin, REQUEST)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(database.asked) - 1 == pytest.approx(50 + 10 * 50, abs=2)
    assert (len(check.strangers), len(check.customers)) == (len(database.asked) - 1, 1)
    assert held < 500_000
    assert check(CUSTOMER, REQUEST)
    assert len(capsys.readouterr().out.splitlines()) <= 6

    # However long it goes on: what is remembered stays within its bounds.
    small = TenantOrigins(database, customers=5, strangers=7, rate=1e9, burst=1e9, clock=clock)
    assert not any(small(origin, REQUEST) for origin in flood[:100])
    database.customers |= set(flood[100:200])
    assert all(small(origin, REQUEST) for origin in flood[100:200])
    assert (len(small.strangers), len(small.customers)) == (7, 5)


def test_memory_ends_at_six_megabytes() -> None:
    """Full of the longest origins that the engine asks about."""
    database = Database()
    check = TenantOrigins(database, rate=1e9, burst=1e9, clock=Clock())
    host = f"{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 53}."
    tracemalloc.start()
    try:
        for number in range(13_000):
            origin = f"{'s' * 64}://{number:07}.{host}:65000"
            assert len(origin) == 327
            database.customers = {origin} if number < 10_500 else set()
            database.asked.clear()
            assert check(origin, REQUEST) is (number < 10_500)
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert (len(check.customers), len(check.strangers)) == (10_000, 2_000)
    assert held < 6_000_000


def test_a_customer_through_a_day() -> None:
    clock, database = Clock(), Database(CUSTOMER)
    check = TenantOrigins(database, ttl=300, max_stale=3_600, stranger_ttl=30, clock=clock)
    seen = []
    began = clock.now
    for at, change in (
        (0, None),
        (299, None),  # remembered
        (300, None),  # looked up again
        (650, "down"),  # the database fails: still let in
        (650.5, None),  # within a second of a failure nobody is looked up
        (3_899, None),  # 3,599 s after it was last seen
        (3_900, None),  # too old: refused
        (3_901, "up"),
        (3_902, "leaves"),  # remembered for five minutes
        (4_202, None),
        (4_203, "comes back"),  # a stranger for half a minute
        (4_232, None),
    ):
        clock.now = began + at
        database.down = {"down": True, "up": False}.get(change or "", database.down)
        if change in ("leaves", "comes back"):
            database.customers ^= {CUSTOMER}
        before = len(database.asked)
        seen.append((at, check(CUSTOMER, REQUEST), len(database.asked) - before))
    assert seen == [
        (0, True, 1),
        (299, True, 0),
        (300, True, 1),
        (650, True, 1),
        (650.5, True, 0),
        (3_899, True, 1),
        (3_900, False, 1),
        (3_901, True, 1),
        (3_902, True, 0),
        (4_202, False, 1),
        (4_203, False, 0),
        (4_232, True, 1),
    ]


def test_a_database_that_fails_is_asked_once_a_second() -> None:
    clock, database = Clock(), Database(CUSTOMER)
    database.down = True
    check = TenantOrigins(database, clock=clock)
    for origin in strangers(1_000):
        clock.now += 0.01
        assert not check(origin, REQUEST)
    assert len(database.asked) <= 11
    assert (len(check.strangers), len(check.customers)) == (0, 0)


def test_only_true_itself_makes_a_customer() -> None:
    for answer in (1, "yes", object(), None):
        check = TenantOrigins(lambda origin, answer=answer: answer)  # type: ignore[misc]
        assert check(STRANGER, REQUEST) is False


ORIGINS = ("https://a.example", "https://b.example", "https://c.example", "https://d.example")
STEPS = st.tuples(
    st.sampled_from([0.0, 0.3, 2.0, 20.0, 70.0, 500.0, -5.0]),
    st.sampled_from(ORIGINS),
    st.sampled_from(["", "", "", "joins", "leaves", "down", "up"]),
)


@settings(derandomize=True, max_examples=examples(40), deadline=None)
@given(st.lists(STEPS, max_size=60))
def test_nobody_is_let_in_whom_the_database_did_not_name(steps: list[tuple[float, str, str]]) -> None:
    clock, database = Clock(), Database()
    named: dict[str, float] = {}

    def look_up(origin: str) -> bool:
        found = database(origin)
        named.pop(origin, None)
        if found:
            named[origin] = clock.now
        return found

    check = TenantOrigins(
        look_up, ttl=50, max_stale=100, stranger_ttl=10, customers=2, strangers=1, rate=0.1, burst=3, clock=clock
    )
    for passed, origin, change in steps:
        clock.now += passed
        {"joins": database.customers.add, "leaves": database.customers.discard}.get(change, str)(origin)
        database.down = {"down": True, "up": False}.get(change, database.down)
        if check(origin, REQUEST):
            assert origin in named
            assert 0 <= clock.now - named[origin] < 100
        assert len(check.customers) <= 2
        assert len(check.strangers) <= 1
