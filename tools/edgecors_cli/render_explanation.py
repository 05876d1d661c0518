"""What becomes of a page's fetch(), as people see it: who asks what, each step, what the page gets, what to change."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Protocol

from rich.table import Table
from rich.text import Text

from edgecors._url import parse_url
from edgecors_cli.question import reason
from edgecors_cli.render_problems import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from edgecors import Explanation, FetchExplanation, Step
    from edgecors_cli.advice import Advice
    from edgecors_cli.question import Question

_RUNS_ALL_THE_SAME = (
    "The function runs all the same: the browser only hides its answer. @cors(enforce=True) refuses such a request."
)


def render(
    fetched: FetchExplanation, question: Question, advice: Advice, *, enforce: bool, answered: bool, width: int
) -> Iterator[RenderableType]:
    """The whole explanation. `answered`: whether it is known which headers the function sends."""
    last = fetched.actual or fetched.preflight
    path = printable(parse_url(question.url).path)
    if last is None:
        yield from wrapped(fetched.message, width)
    else:
        yield from wrapped(f"{reason(fetched).removesuffix('.')}:", width)
        if fetched.preflight is not None:
            yield from steps(f"OPTIONS {path}", fetched.preflight.steps)
        if fetched.actual is not None:
            yield from steps(f"{question.method} {path}", fetched.actual.steps)
    yield Text()
    if fetched.allowed:
        yield from wrapped(readable(fetched, question, answered=answered), width)
        return
    yield from refusal(fetched.console, width)
    if fetched.actual is not None and not enforce:
        yield Text()
        yield from wrapped(_RUNS_ALL_THE_SAME, width)
    yield from _advised(advice, width)


class Shown(Protocol):
    """What is shown of a step."""

    @property
    def name(self) -> str: ...
    @property
    def passed(self) -> bool: ...
    @property
    def detail(self) -> str: ...
    @property
    def code(self) -> str: ...


def steps(title: str, found: Iterable[Shown], remark: str = "") -> Iterator[RenderableType]:
    """One request and its steps, aligned. `remark` stands beside the title."""
    yield Text()
    yield Text.assemble("  ", (title, "bold"), f"  {remark}" if remark else "")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    for step in found:
        # "https://a.example by policy tea, pattern 1"
        detail, by, pattern = step.detail.partition(" by policy ")
        note = Text(f"policy {pattern}", "dim") if by else Text(step.code, "bold red")
        mark = Text("✓", "green") if step.passed else Text("✗", "bold red")
        table.add_row(f"    {step.name}", mark, Text(printable(detail)), note)
    yield table


def refusal(console: str, width: int) -> Iterator[RenderableType]:
    """What the page is left with, and Chromium's line."""
    yield Text("The page gets a network error, and the console says:")
    yield from wrapped(console, width, "  ")


def wrapped(text: str, width: int, indent: str = "") -> Iterator[Text]:
    """The lines of a paragraph. Words are never broken, so that a URL can be copied."""
    lines = textwrap.wrap(
        printable(text),
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from map(Text, lines)


def readable(fetched: FetchExplanation, question: Question, *, answered: bool) -> str:
    """What a page gets of an answer that it may read. `answered`: whether it is known which headers are sent."""
    if fetched.code != "same-origin" and answered:
        return (
            f"The page gets the answer, and can read of its headers: {', '.join(fetched.readable_headers) or 'none'}."
        )
    exposed = fetched.actual.headers.get("Access-Control-Expose-Headers", "") if fetched.actual is not None else ""
    if fetched.code == "same-origin" or (exposed == "*" and question.credentials != "include"):
        return "The page gets the answer, and can read all of its headers."
    more = f", and {exposed}" if exposed not in ("", "*") else ""
    return f"The page gets the answer, and can read those of its headers that are safelisted{more}."


def _advised(advice: Advice, width: int) -> Iterator[RenderableType]:
    if advice.edits:
        yield Text()
    if len(advice.edits) == 1:
        yield from wrapped(f"To allow it, {advice.edits[0]}.", width)
    elif advice.edits:
        yield Text("To allow it:")
        for edit in advice.edits:
            yield from wrapped(str(edit), width, "  ")
    if advice.sentence:
        yield Text()
        yield from wrapped(advice.sentence, width)


def as_json(fetched: FetchExplanation, question: Question, advice: Advice) -> dict[str, object]:
    """The same as --json has it."""
    return {
        "url": parse_url(question.url).text,
        "origin": question.origin,
        "method": question.method,
        "credentials": question.credentials,
        "allowed": fetched.allowed,
        "code": fetched.code,
        "message": fetched.message,
        "console": fetched.console,
        "readable_headers": list(fetched.readable_headers),
        "preflight": _explanation_as_json(fetched.preflight),
        "actual": _explanation_as_json(fetched.actual),
        "advice": {
            "edits": [
                {"pointer": edit.pointer, "add": list(edit.entries)}
                if edit.entries
                else {"pointer": edit.pointer, "set": True}
                for edit in advice.edits
            ],
            "sentence": advice.sentence,
        },
    }


def _explanation_as_json(explanation: Explanation | None) -> dict[str, object] | None:
    if explanation is None:
        return None
    return {
        "allowed": explanation.allowed,
        "code": explanation.code,
        "policy": explanation.policy,
        "status": explanation.status,
        "headers": dict(explanation.headers),
        "steps": [step_as_json(step) for step in explanation.steps],
        "message": explanation.message,
    }


def step_as_json(step: Step) -> dict[str, object]:
    """A step as --json has it."""
    return {
        "name": step.name,
        "passed": step.passed,
        "detail": step.detail,
        "code": step.code,
        "pointer": step.pointer,
        "reference": step.reference,
    }
