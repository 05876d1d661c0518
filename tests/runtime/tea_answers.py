"""What the built Tea API answers to each sample event, as Lambda hands it on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cases.sources import ALB_MULTIPLE, SOURCES
from cases.wire import FORBIDDEN, PREFLIGHT_VARY
from contract.tea.support import CORS, NO_CORS, PAGE, found, refused
from runtime.account import TEA

if TYPE_CHECKING:
    from cases.sources import Source
    from contract.tea.support import Answer

PROBLEM = {"Content-Type": "application/problem+json"}
PREFLIGHT = {
    "Access-Control-Allow-Origin": PAGE,
    "Access-Control-Allow-Methods": "DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",
    "Vary": PREFLIGHT_VARY,
}


def source_of(file: str) -> Source:
    """The source that a sample event comes from, by its name: the longest that fits."""
    return max((source for source in SOURCES if file.startswith(f"{source.name}-")), key=lambda found: len(found.name))


def payload(source: Source, answer: Answer) -> dict[str, Any]:
    """The API's own answer in the shape of its source."""
    headers = dict(answer.headers)
    several = {"multiValueHeaders": {name: [value] for name, value in headers.items()}}
    return {
        "statusCode": answer.status,
        "body": json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")),
        "isBase64Encoded": False,
        **(several if source is ALB_MULTIPLE else {"headers": headers}),
        **({"cookies": []} if source.shape == "payload_v2" else {}),
    }


def broken(source: Source, request_id: str) -> dict[str, Any]:
    """The engine's answer in place of an exception: the page can read it."""
    problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500, "request_id": request_id}
    return source.reply(500, {**PROBLEM, **CORS}, json.dumps(problem))


def _of_the_engine() -> dict[str, Any]:
    """Preflights and refusals, which the API never sees."""
    answers = {f"{source.name}-preflight": source.reply(204, PREFLIGHT, "") for source in SOURCES}
    http = source_of("httpapi-get-allowed")
    answers["httpapi-preflight-allowed"] = answers.pop("httpapi-preflight")
    answers["httpapi-preflight-refused"] = http.reply(403, {"Vary": PREFLIGHT_VARY}, "")
    for name in ("httpapi-get-refused", "httpapi-get-lookalike"):
        answers[name] = http.reply(403, {**PROBLEM, "Vary": "Origin"}, FORBIDDEN)
    # A browser's preflight never gets as far as a response of the origin.
    return {name: answer for name, answer in answers.items() if "-response-" not in name}


def _of_the_api() -> dict[str, Any]:
    http = source_of("httpapi-get-allowed")
    names = [f"{source.name}-get" for source in SOURCES if source.shape != "cloudfront" and source is not http]
    refusal = refused(
        401,
        "Only the admin may do this.",
        headers={"WWW-Authenticate": 'Basic realm="tea", charset="UTF-8"'},
        cors=CORS,
    )
    return {
        **{name: payload(source_of(name), found(TEA, cors=CORS)) for name in names},
        "httpapi-get-allowed": payload(http, found([TEA], cors=CORS)),
        "httpapi-get-no-origin": payload(http, found([TEA], cors=NO_CORS)),
        "httpapi-post-tea-multipart": payload(http, refusal),
    }


ANSWERS: dict[str, Any] = {**_of_the_engine(), **_of_the_api()}
"""File name without its end to the whole answer."""

FAILING = sorted(f"cloudfront-{side}-{event}-get" for side in ("viewer", "origin") for event in ("request", "response"))
"""The Tea API is no function of CloudFront's: the engine answers for it."""

COMMENT = "httpapi-post-comment"


def rooibos(made: str) -> dict[str, Any]:
    """What the event of a form with a picture adds, as the API shows it; `made`: its id."""
    return {
        "_id": made,
        "name": "rooibos",
        "image": f"uploads/{made}.png",
        "description": "Red, sweet and without caffeine.",
        "keywords": "red, herbal",
        "origin": "South Africa",
        "brew_time": 6,
        "temperature": 100,
        "comments": [],
    }


"""Its answer holds what is made by chance: the comment's id, its date."""

# As requests, these are in order. In AWS they never come: the template has no authorizer.
AUTHORIZED: dict[str, Any] = {
    name: {
        **payload(source_of("restapi-get" if name.startswith("restapi") else "httpapi-v1-get"), found(TEA, cors={})),
        **({"cookies": []} if name == "httpapi-authorizer" else {}),
    }
    for name in ("httpapi-authorizer", "httpapi-authorizer-v1", "restapi-authorizer-request")
}
"""Authorizers' events, which are not the engine's: nothing is added to the answers."""
