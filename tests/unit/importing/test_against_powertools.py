"""Imported rules beside the real Powertools: what a browser makes of the answers of both."""

from __future__ import annotations

import functools
from typing import Any

from edgecors import Policy, Rules
from edgecors.decision import actual_headers, allows_origin, preflight_headers
from edgecors_cli.importing import powertools
from edgecors_cli.importing.carrying import carry
from oracles.browser import Answer, fetch

_APP = """
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, CORSConfig
app = APIGatewayHttpResolver(cors=CORSConfig({arguments}))

@app.get("/tea")
@app.put("/tea")
@app.route("/tea", method=["DELETE"])
def tea():
    return {{}}
"""

# Arguments of CORSConfig -> the origins that are let in by a correction.
CONFIGURATIONS: dict[str, set[str]] = {
    "": set(),
    "allow_credentials=True": set(),
    "'https://a.example', ['https://b.example/'], ['X-Tea'], ['ETag'], 60, True": {"https://b.example"},
    "'https://a.example', extra_origins=['*']": set(),
    "extra_origins=['https://a.example'], allow_credentials=True, expose_headers=['*']": set(),
    "'https://*.a.example', allow_headers=['*']": set(),
    "'https://a.example', allow_headers=['*'], allow_credentials=True": set(),
}
ORIGINS = ["https://a.example", "https://b.example", "https://x.a.example", "null"]
FETCHES: list[tuple[str, dict[str, str], str]] = [
    ("GET", {}, "same-origin"),
    ("GET", {}, "include"),
    ("PUT", {"x-tea": "white"}, "same-origin"),
    ("DELETE", {"x-tea": "white"}, "include"),
    ("PATCH", {}, "same-origin"),
    ("PUT", {"authorization": "x"}, "include"),
]


def test_the_rules_never_let_in_more_and_what_they_lose_is_listed() -> None:
    wrong = []
    for arguments, corrected in CONFIGURATIONS.items():
        source = _APP.format(arguments=arguments)
        names: dict[str, Any] = {}
        exec(source, names)
        found = carry(powertools.read(source), name="tea")
        policy = Rules.parse(found.document).policy_for("/tea") if found.document is not None else None
        for origin in ORIGINS:
            for wanted in FETCHES:
                old = fetch(functools.partial(_theirs, names["app"]), origin, *wanted).readable
                new = fetch(functools.partial(_ours, policy), origin, *wanted).readable
                if new is not None and not (old is not None and new - {"vary"} <= old) and origin not in corrected:
                    wrong.append(("more", arguments, origin, wanted))
                if (
                    old is not None
                    and not (new is not None and old - {"content-type"} <= new)
                    and not found.not_carried
                ):
                    wrong.append(("less, unsaid", arguments, origin, wanted))
    assert wrong == []


def _theirs(app: Any, method: str, headers: dict[str, str]) -> Answer:
    http = {"method": method, "path": "/tea"}
    event = {
        "version": "2.0",
        "rawPath": "/tea",
        "headers": headers,
        "requestContext": {"http": http, "stage": "$default"},
    }
    answer = app.resolve(event, None)
    sent = {name.lower(): value for name, value in answer["headers"].items()}
    return Answer(answer["statusCode"], {**_own(method), **sent})


def _ours(policy: Policy | None, method: str, headers: dict[str, str]) -> Answer:
    origin = headers["origin"]
    if policy is None or not allows_origin(policy, origin):
        return Answer(403 if method == "OPTIONS" else 200, _own(method))
    sent = actual_headers(policy, origin)
    if method == "OPTIONS":
        asked = headers["access-control-request-method"]
        sent = preflight_headers(policy, origin, asked, headers.get("access-control-request-headers"))
    return Answer(200, {**_own(method), **{name.lower(): value for name, value in sent.items()}})


def _own(method: str) -> dict[str, str]:
    """The headers of the handler's own answer."""
    return {} if method == "OPTIONS" else {"etag": "x"}
