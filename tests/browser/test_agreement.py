"""The engine agrees with the browser: what `explain_fetch` says of made-up cases is what Chromium's fetch() does.

`make browser SEED=7` makes up other cases, `CASES=12000` ten times as many.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from browser.made_up import BODY, cases
from browser.visits import ATTEMPTS, visiting
from browser.web import Answer
from cases.sources import FUNCTION_URL, HTTP_API
from edgecors import cors

if TYPE_CHECKING:
    import pytest
    from playwright.sync_api import Browser

    from browser.made_up import Case
    from browser.web import Asked, Site, Web
    from edgecors import FetchExplanation

SEED = int(os.environ.get("SEED") or 1)
CASES = int(os.environ.get("CASES") or 1200)
SOURCES = {"httpapi": HTTP_API, "functionurl": FUNCTION_URL}
# Fewer would say little: so many of 1,200 cases are of each kind at least, whatever the seed.
ENOUGH = {
    ("allowed", True): 100,
    ("allowed", False): 50,
    ("same-origin", False): 20,
    ("mixed-content", False): 20,
    ("origin-not-allowed", True): 100,
    ("origin-not-allowed", False): 20,
    ("origin-null", True): 10,
    ("no-policy", True): 20,
    ("credentials-not-allowed", True): 40,
    ("wildcard-with-credentials", True): 5,
    ("method-not-allowed", True): 50,
    ("header-not-allowed", True): 50,
}


def site(case: Case) -> Site:
    """The case's API: a decorated handler behind a gateway."""

    def handler(event: Any, context: Any) -> Any:
        return source.answer(case.answer_status, dict(case.answer_headers), BODY)

    source = SOURCES[case.event]
    decorated = cors(handler, rules=case.rules, debug=case.debug, enforce=case.enforce)

    def answer(asked: Asked) -> Answer:
        path = asked.target.partition("?")[0]
        if case.event == "httpapi":
            path = unquote(path)
        # As gateways do: a browser tells an http URL nothing about same-site, so the engine looks at this.
        given = [*asked.headers, ("X-Forwarded-Proto", asked.scheme)]
        status, headers, body = source.response(decorated(source.event(asked.method, path, given), None))
        return Answer(status, headers, body.encode())

    return answer


def predicted(case: Case, explained: FetchExplanation) -> dict[str, Any]:
    """What Chromium is to do, by the engine."""
    requests = ["OPTIONS"] if explained.preflight else []
    if explained.actual or explained.code == "same-origin":
        requests.append(case.method.upper() if case.method in ("get", "put") else case.method)
    return {
        "allowed": explained.allowed,
        "readable": list(explained.readable_headers),
        "console": comparable(explained.console),
        "requests": requests,
    }


def comparable(line: str) -> str:
    """A line of the console without what is left open: which of several headers that are missing it names."""
    return re.sub(r"Request header field \S+ is", "Request header field ... is", line)


def explain(case: Case) -> FetchExplanation:
    """What the engine says of the case."""
    answered = [*case.answer_headers]
    if case.answer_status != 204:
        answered.append(("Content-Length", str(len(BODY))))  # the gateway's
    return case.rules.explain_fetch(
        case.url,
        case.origin,
        case.method,
        case.headers,
        case.credentials,
        debug=case.debug,
        enforce=case.enforce,
        response_headers=answered,
    )


def play(browser: Browser, internet: Web, together: list[Case]) -> list[dict[str, Any]]:
    """What came of cases of one origin, which one page fetches all at once."""
    calls = [
        (case.url, {"method": case.method, "headers": case.headers, "credentials": case.credentials})
        for case in together
    ]
    for _ in range(ATTEMPTS):
        begin = len(internet.asked)
        with visiting(browser, together[0].origin, together[0].via) as page:
            answers = page.fetch_all(calls)
            lines = page.all_blocked()
        if not page.disturbed:
            break
    requests = defaultdict(list)
    for asked in internet.asked[begin:]:
        requests["/" + asked.target.split("/")[1].partition("?")[0]].append(asked.method)
    said = {match[1]: line for line in lines if (match := re.search(r"(/c\d+)\b", line))}
    return [
        {
            "allowed": "error" not in answer,
            "readable": sorted(answer.get("headers", ())),
            "console": comparable(said.get(case.segment, "")),
            "requests": requests[case.segment],
        }
        for case, answer in zip(together, answers, strict=True)
    ]


def told(case: Case, explained: FetchExplanation, expected: Any, seen: Any) -> str:
    """A disagreement, with all that it takes to see it again."""
    show = partial(json.dumps, ensure_ascii=False)
    return "\n".join(
        (
            f"case {case.number} of seed {SEED}: {show(case.whole())}",
            f"  explained  {explained.code}: {explained.message}",
            f"  predicted  {show(expected)}",
            f"  Chromium   {show(seen)}",
        )
    )


def test_explain_fetch_says_what_chromium_does(
    browser: Browser, internet: Web, capsys: pytest.CaptureFixture[str]
) -> None:
    made_up = cases(SEED, CASES)
    by_page: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in made_up:
        by_page[case.origin, case.via].append(case)
        internet.sites[case.segment] = site(case)
    explained = {case.number: explain(case) for case in made_up}
    disagreements = []
    for together in by_page.values():
        for case, seen in zip(together, play(browser, internet, together), strict=True):
            expected = predicted(case, explained[case.number])
            if seen != expected:
                disagreements.append(told(case, explained[case.number], expected, seen))
    capsys.readouterr()  # what the engine logs of those that it refuses
    kinds = Counter((each.code, each.preflight is not None) for each in explained.values())
    with capsys.disabled():
        print(f"\n{len(made_up)} made-up cases of seed {SEED} (SEED=n for others), in {len(by_page)} pages:")
        for (code, asked_first), count in sorted(kinds.items()):
            print(f"  {count:5} {code}{', after a preflight' if asked_first else ''}")
    assert not disagreements, "\n\n".join([f"{len(disagreements)} disagreements", *disagreements[:5]])
    assert {kind: kinds[kind] for kind, least in ENOUGH.items() if kinds[kind] < least * CASES // 1200} == {}
