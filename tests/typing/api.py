"""The public API as users write it: `mypy` is the test (`make check`), nothing here runs.

Each `assert_type` and each ignored error is a promise: mypy, being strict, also fails on an ignore that it does not
need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_type

import edgecors
from edgecors import (
    Document,
    Explanation,
    FetchExplanation,
    Policy,
    PolicyError,
    Problem,
    Regex,
    Request,
    Rules,
    RulesError,
    Source,
    Step,
    cors,
    wrap,
)

Handler = Callable[[Any, Any], Any]

# --- A policy: sequences of either kind, keywords only ---------------------------------------------------------

policy = Policy(
    allow_origins=["https://a.example", Regex(r"https://[a-z]+\.b\.example")],
    allow_methods=("DELETE",),
    allow_headers=["Authorization"],
    expose_headers=("ETag",),
    allow_credentials=True,
    max_age=None,
    description="for people",
    dangerously_allow_insecure_origins=False,
    dangerously_allow_public_suffixes=False,
)
assert_type(policy.allow_origins, tuple[str | Regex, ...])
assert_type(policy.allow_methods, tuple[str, ...])
assert_type(policy.allow_headers, tuple[str, ...])
assert_type(policy.expose_headers, tuple[str, ...])
assert_type(policy.allow_credentials, bool)
assert_type(policy.max_age, int | None)
assert_type(policy.description, str | None)
assert_type(hash(policy), int)

Policy(["https://a.example"])  # type: ignore[call-arg]
Policy()  # type: ignore[call-arg]
Policy(allow_origins=["*"], allow_credential=True)  # type: ignore[call-arg]
Policy(allow_origins=["*"], max_age="600")  # type: ignore[arg-type]

# --- Rules -----------------------------------------------------------------------------------------------------

rules = Rules([("tea", ["/tea", "/tea/*"], policy)])
assert_type(Rules.parse({"schema": "edgecors/1", "policies": []}), Rules)
assert_type(Rules.parse("{}"), Rules)
assert_type(Rules.parse(b"{}", strict=False), Rules)
assert_type(rules.policy_for("/tea"), Policy | None)
assert_type(rules.document(), dict[str, object])
assert_type(rules.explain(Request("GET", "/tea", {"Origin": "https://a.example"})), Explanation)
assert_type(rules.explain_fetch("https://api.example/tea", "https://a.example"), FetchExplanation)


def explained(explanation: Explanation, fetched: FetchExplanation) -> None:
    """What an explanation has."""
    assert_type(explanation.allowed, bool)
    assert_type(explanation.code, str)
    assert_type(explanation.steps, tuple[Step, ...])
    assert_type(explanation.message, str)
    assert_type(fetched.allowed, bool)


def problems(error: PolicyError | RulesError) -> None:
    """What an error has."""
    assert_type(error.problems, tuple[Problem, ...])
    for problem in error.problems:
        assert_type(problem.code, str)
        assert_type(problem.field, str)
        assert_type(problem.message, str)


# --- The decorator ---------------------------------------------------------------------------------------------


@cors
def bare(event: dict[str, Any], context: object) -> dict[str, Any]:
    return {"statusCode": 200}


@cors()
def with_parentheses(event: Mapping[str, Any], context: Any) -> str:
    return "hello"


def check(origin: str, request: Request) -> bool:
    assert_type(request.method, str)
    assert_type(request.path, str)
    assert_type(request.headers, Mapping[str, str])
    return origin.endswith(".example")


@cors(
    rules=policy,
    enforce=True,
    on_error="respond",
    debug=None,
    preflight_status=200,
    preflight_continue=True,
    origin_check=check,
    base_path=["v1", "v2"],
)
def with_everything(event: Any, context: Any) -> Any:
    return None


class Resolver:
    """As Powertools has them."""

    def __call__(self, event: dict[str, Any], context: object) -> dict[str, Any]:
        return {}


class Mine:
    """A Source of one's own, by its shape alone."""

    def fetch(self) -> Document:
        return Document("{}", "1")


mine: Source = Mine()
assert_type(bare, Handler)
assert_type(with_parentheses, Handler)
assert_type(with_everything, Handler)
assert_type(cors(Resolver()), Handler)
assert_type(cors(Resolver(), rules=rules, base_path="v1"), Handler)
assert_type(cors(handler=Resolver(), rules={"schema": "edgecors/1", "policies": []}), Handler)
assert_type(cors(rules=Mine())(Resolver()), Handler)
assert_type(cors(rules="{}")(Resolver()), Handler)
assert_type(cors(rules=b"{}")(Resolver()), Handler)
assert_type(wrap, Handler)
assert_type(edgecors.wrap, Handler)

cors(7)  # type: ignore[call-overload]
cors(policy)  # type: ignore[call-overload]
cors(Resolver(), rules=7)  # type: ignore[call-overload]
cors(Resolver(), on_error="raise")  # type: ignore[call-overload]
cors(Resolver(), preflight_status=201)  # type: ignore[call-overload]
cors(Resolver(), origin_check=lambda origin: True)  # type: ignore[arg-type, misc]
cors(Resolver(), base_path=1)  # type: ignore[call-overload]
cors(Resolver(), nothing=True)  # type: ignore[call-overload]


async def later(origin: str, request: Request) -> bool:
    return True


cors(Resolver(), origin_check=later)  # type: ignore[arg-type]
