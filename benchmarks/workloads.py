"""What is asked: events of payload 2.0 as a browser and API Gateway send them, and the rules that they meet.

A workload is 1,000 requests in turn, through as many events as there are origins. They share what is the same in all:
an event that has just been parsed is in the processor's cache, and a thousand whole ones would not be.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Event = dict[str, Any]

EVENTS = Path(__file__).parent.parent / "events"
REQUESTS = 1_000
SHORT = 250  # in a lap whose difference to another one counts: as often as it takes through ten events
METHODS = ["GET", "POST", "DELETE"]
HEADERS = ["Authorization", "Content-Type"]
MAX_AGE = 600

EXACT = [f"https://app{n}.example" for n in range(10)]
WILDCARDS = [f"https://*.tenants{n}.example" for n in range(10)]
# The same for those who take regular expressions.
EXPRESSIONS = [f"^https://([a-z0-9_-]+\\.)+tenants{n}\\.example$" for n in range(10)]

UNLISTED = [f"https://stranger{n}.example" for n in range(10)]
BELOW_WILDCARDS = [f"https://customer{n}.tenants{n % 10}.example" for n in range(REQUESTS)]
STRANGERS = [f"https://customer{n}.strangers{n % 10}.example" for n in range(REQUESTS)]

# What the handlers behind all of this answer.
ANSWER: Event = {
    "statusCode": 200,
    "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
    "body": '{"name": "white"}',
}


def in_turn(events: list[Event], requests: int = REQUESTS) -> list[Event]:
    """So many requests through the events in turn."""
    return events * (requests // len(events))


def _sample(name: str) -> Event:
    event: Event = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return event


def _events(name: str, origins: list[str], headers: dict[str, str] | None = None) -> list[Event]:
    sample = _sample(name)
    common = sample["headers"] | (headers or {})
    return [{**sample, "headers": {**common, "origin": origin}} for origin in origins]


def preflights(origins: list[str], headers: dict[str, str] | None = None) -> list[Event]:
    """Preflights for DELETE from each of the origins."""
    return _events("httpapi-preflight-allowed", origins, {"access-control-request-method": "DELETE", **(headers or {})})


def gets(origins: list[str]) -> list[Event]:
    """Actual requests from each of the origins."""
    return _events("httpapi-get-allowed", origins)


def elsewhere(name: str, origins: list[str]) -> list[Event]:
    """The sample event of that name, from another source, from each of the origins."""
    sample = _sample(name)
    single, multiple = sample["headers"], sample.get("multiValueHeaders")
    events = [{**sample, "headers": {**single, "origin": origin}} for origin in origins]
    if multiple is not None:
        for event, origin in zip(events, origins, strict=True):
            event["multiValueHeaders"] = {**multiple, "origin": [origin]}
    return events


def without_origin() -> Event:
    """The sample event of a GET that no page of another origin makes."""
    return _sample("httpapi-get-no-origin")
