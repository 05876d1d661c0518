"""Imported rules beside the real npm cors: what a browser makes of the answers of both.

The rules never let a page read what npm's cors kept from it, but for what the report says was corrected; and whatever
they keep from a page that npm's cors let it read, the report has listed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.import_express.options import ASKED, FETCHES, cases
from edgecors import Policy, Rules
from edgecors.decision import actual_headers, allows_origin, preflight_headers
from edgecors_cli.importing import express
from edgecors_cli.importing.carrying import carry
from oracles.browser import Answer, fetch

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract.import_express.conftest import Answers
    from edgecors_cli.importing.model import Imported

_CASES = 120
_REFUSED = Answer(403, {})


def test_the_rules_never_let_in_more_and_what_they_lose_is_listed(
    npm_cors: Callable[[list[dict[str, Any]]], list[Answers]],
) -> None:
    sources = cases(_CASES)
    requests = _requests()
    keys = list(map(_key, requests))
    answers = npm_cors([{"options": source, "requests": requests} for source in sources])
    assert len(answers) == len(sources)
    wrong = []
    compared = 0
    for source, theirs in zip(sources, answers, strict=True):
        found = carry(express.read(f"app.use(cors({source}));"), name="cors", paths=["*"])
        policy = _policy(found)
        npm = functools.partial(_recorded, dict(zip(keys, theirs, strict=True)))
        told = _Report(found)
        for origin in ASKED:
            for method, headers, credentials in FETCHES:
                compared += 1
                old = fetch(npm, origin, method, headers, credentials)
                new = fetch(functools.partial(_answer, policy), origin, method, headers, credentials)
                more = _is_more(new.readable, old.readable)
                if more and not told.corrected(origin, method, headers, preflight=old.preflight is not None):
                    wrong.append(("more", source, origin, method, headers, credentials))
                if not more and _is_more(old.readable, new.readable) and not told.lost():
                    wrong.append(("less, unsaid", source, origin, method, headers, credentials))
    assert wrong == []
    assert compared == _CASES * len(ASKED) * len(FETCHES)


@dataclass
class _Report:
    """What an import's report says."""

    found: Imported

    def corrected(self, origin: str, method: str, headers: dict[str, str], *, preflight: bool) -> bool:
        """Whether it says that one of these is let in by a correction."""
        for item in self.found.carried:
            became = item.became or {}
            named = [name for names in became.values() if isinstance(names, list) for name in names]
            if item.code == "corrected" and (
                {origin, method, *headers} & {*named, *(str(name).lower() for name in named)}
            ):
                return True
            if preflight and "no preflight passed" in item.message:
                return True
        return False

    def lost(self) -> bool:
        """Whether it lists anything that is not carried over."""
        return bool(self.found.not_carried)


def _is_more(one: set[str] | None, other: set[str] | None) -> bool:
    """Whether a page reads more of one answer than of the other."""
    return one is not None and (other is None or not one - {"vary"} <= other)


def _recorded(answers: dict[str, dict[str, Any]], method: str, headers: dict[str, str]) -> Answer:
    """What npm's cors answered."""
    return Answer(**answers[_key(_request(method, headers))])


def _policy(found: Imported) -> Policy | None:
    if found.document is None:
        return None
    return Rules.parse(found.document).policy_for("/tea")


def _answer(policy: Policy | None, method: str, headers: dict[str, str]) -> Answer:
    """The engine's answer; a handler's is an empty one."""
    origin = headers["origin"]
    if policy is None or not allows_origin(policy, origin):
        return _REFUSED if method == "OPTIONS" else Answer(200, {"etag": "x", "x-total": "1"})
    if method == "OPTIONS":
        asked = headers["access-control-request-method"]
        sent = preflight_headers(policy, origin, asked, headers.get("access-control-request-headers"))
        return Answer(204, {name.lower(): value for name, value in sent.items()})
    return Answer(200, {"etag": "x", "x-total": "1", **_lower(actual_headers(policy, origin))})


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _requests() -> list[dict[str, Any]]:
    """Every request that a browser could send."""
    found: dict[str, dict[str, Any]] = {}

    def note(method: str, headers: dict[str, str]) -> Answer:
        request = _request(method, headers)
        found[_key(request)] = request
        lists = {
            "access-control-allow-methods": headers.get("access-control-request-method", ""),
            "access-control-allow-headers": headers.get("access-control-request-headers", ""),
        }
        allowed = {"access-control-allow-origin": headers["origin"], "access-control-allow-credentials": "true"}
        return Answer(204, {**allowed, **lists})

    for origin in ASKED:
        for method, headers, credentials in FETCHES:
            fetch(note, origin, method, headers, credentials)
    return list(found.values())


def _request(method: str, headers: dict[str, str]) -> dict[str, Any]:
    return {"method": method, "headers": headers}


def _key(request: dict[str, Any]) -> str:
    return f"{request['method']} {sorted(request['headers'].items())}"
