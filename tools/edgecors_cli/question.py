"""What a page asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from edgecors import FetchExplanation, Rules


class Question(NamedTuple):
    """A page's fetch(): the arguments of `Rules.explain_fetch`."""

    url: str
    origin: str
    method: str
    headers: tuple[tuple[str, str], ...]
    credentials: str

    def explain(self, rules: Rules, **options: Any) -> FetchExplanation:
        """`Rules.explain_fetch`. Raises ValueError for what no page can ask."""
        return rules.explain_fetch(*self, **options)


def reason(fetched: FetchExplanation) -> str:
    """Why the browser asks first, or does not: the beginning of the explanation's message."""
    last = fetched.actual or fetched.preflight
    return fetched.message.removesuffix(last.message).strip() if last is not None else fetched.message
