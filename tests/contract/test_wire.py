"""Every setting and request of the table, through every event source: whole answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.sources import SOURCES, Source
from cases.wire import SETTINGS, Exchange, Setting
from edgecors import Policy, Rules, cors
from tables import each

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = {"X-Handler": "yes"}


def wrapped(setting: Setting, source: Source) -> Callable[[Any, Any], Any]:
    rules = Rules([]) if setting.policy is None else Rules([("policy", setting.paths, Policy(**setting.policy))])
    return cors(lambda event, context: source.answer(200, OWN, "hello"), rules=rules, **setting.arguments)


def expected(source: Source, exchange: Exchange) -> dict[str, Any]:
    if exchange.status is None or source.is_response:
        # A response that is there already is neither refused nor replaced.
        headers = {name: value for name, value in exchange.headers.items() if name != "Content-Type"}
        return source.answer(200, OWN | headers, "hello")
    return source.reply(exchange.status, exchange.headers, exchange.body)


@each("source", SOURCES, ids=lambda source: source.name)
@each("setting", SETTINGS, ids=lambda setting: setting.name)
def test_answers_are_exactly_these(setting: Setting, source: Source) -> None:
    handler = wrapped(setting, source)
    answers = {}
    for exchange in setting.exchanges:
        asked = exchange.asked
        answers[exchange.name] = handler(source.event(asked.method, asked.path, asked.headers), None)
    assert answers == {exchange.name: expected(source, exchange) for exchange in setting.exchanges}
    assert len(answers) == len(setting.exchanges), "two exchanges have the same name"
