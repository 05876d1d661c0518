"""edgecors: who may read an API's answers from a browser, decided exactly, in front of a Lambda handler.

from edgecors import Policy, cors

@cors(rules=Policy(allow_origins=["https://a.example"]))
def handler(event, context): ...
"""

from __future__ import annotations

from edgecors._checks import Regex
from edgecors.policy import Policy
from edgecors.request import Request
from edgecors.rules import Rules
from edgecors.runtime.decorator import cors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from edgecors.explain import Explanation, Step
    from edgecors.explain_fetch import FetchExplanation
    from edgecors.problems import PolicyError, Problem, RulesError
    from edgecors.runtime.source import Source
    from edgecors.runtime.sources import Document

    wrap: Callable[[Any, Any], Any]

__all__ = [
    "Document",
    "Explanation",
    "FetchExplanation",
    "Policy",
    "PolicyError",
    "Problem",
    "Regex",
    "Request",
    "Rules",
    "RulesError",
    "Source",
    "Step",
    "cors",
]

__version__ = "0.1.0"

# Names that serving a request does not need, and where they are: imported when first asked for.
_LAZY = {
    "Document": "edgecors.runtime.sources",
    "Explanation": "edgecors.explain",
    "FetchExplanation": "edgecors.explain_fetch",
    "PolicyError": "edgecors.problems",
    "Problem": "edgecors.problems",
    "RulesError": "edgecors.problems",
    "Source": "edgecors.runtime.source",
    "Step": "edgecors.explain",
}


def __getattr__(name: str) -> Any:
    if name == "wrap":
        from edgecors.runtime.wrap import load  # noqa: PLC0415

        # Kept, so that the function behind it is imported once, in Lambda's init phase.
        globals()["wrap"] = load()
        return globals()["wrap"]
    if name in _LAZY:
        return getattr(__import__(_LAZY[name], fromlist=[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
