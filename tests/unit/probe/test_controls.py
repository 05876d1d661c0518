"""Who else is asked for, and with what."""

from __future__ import annotations

import pytest

from edgecors_cli.probe.asking import converse, new_token
from edgecors_cli.probe.controls import control
from edgecors_cli.probe.fetch_steps import fetch
from edgecors_cli.probe.messages import Answer
from edgecors_cli.question import Question

TOKEN = "x0123456789ab"


def asked(origin: str, method: str = "GET", *echoed: str) -> list[tuple[str, str, str | None]]:
    """The kind, method and Origin of each request beside the page's."""

    def answer(origin: str | None) -> Answer:
        return Answer(200, (("Access-Control-Allow-Origin", origin),) if origin in echoed else ())

    question = Question("https://api.example/tea", origin, method, (("X-Tea", "1"),), "omit")
    outcome = converse(
        fetch(question, send_unsafe=False, may_follow=lambda url: False), lambda sent: answer(sent.headers["origin"])
    )
    found = converse(control(question, outcome, TOKEN), lambda sent: answer(sent.headers.get("origin")))
    assert all(one.exchange.sent.headers.get("origin") == one.origin for one in found)
    return [(one.kind, one.exchange.sent.method, one.origin) for one in found]


@pytest.mark.parametrize(
    ("origin", "look_alikes"),
    [
        ("https://app.shop.example", [f"https://app.shop.example.{TOKEN}.example", f"https://{TOKEN}shop.example"]),
        ("https://me.github.io:8443", [f"https://me.github.io.{TOKEN}.example", f"https://{TOKEN}me.github.io:8443"]),
        ("http://localhost:3000", [f"http://localhost.{TOKEN}.example", f"http://{TOKEN}localhost:3000"]),
        ("capacitor://localhost", [f"capacitor://localhost.{TOKEN}.example", f"capacitor://{TOKEN}localhost"]),
        ("http://127.0.0.1:3000", []),
        ("https://[::1]", []),
        ("https://a.example.", []),
        (f"https://{'a' * 60}.example", [f"https://{'a' * 60}.example.{TOKEN}.example"]),
    ],
)
def test_others(origin: str, look_alikes: list[str]) -> None:
    others = [f"https://{TOKEN}.example", "null", *look_alikes]
    assert [found for _, _, found in asked(origin)] == [*others, None]
    assert {method for _, method, _ in asked(origin)} == {"GET"}
    assert [(method, found) for _, method, found in asked(origin, "DELETE")] == [("OPTIONS", one) for one in others]


def test_null_is_no_page_to_look_like() -> None:
    assert [kind for kind, _, _ in asked("null")] == ["stranger", "none"]


def test_whoever_lets_in_everybody_is_not_asked_for_look_alikes() -> None:
    kinds = [kind for kind, _, _ in asked("https://a.example", "GET", f"https://{TOKEN}.example")]
    assert kinds == ["stranger", "null", "none"]


def test_nobody_asks_where_the_page_does_not() -> None:
    assert asked("https://api.example") == []


def test_tokens_are_nobodys() -> None:
    assert new_token() != new_token()
    assert new_token().isalnum()
    assert len(new_token()) == len(TOKEN)
