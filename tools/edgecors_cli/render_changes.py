"""Changes as people see them: one line each, what they gain with credentials marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from edgecors_cli.render_problems import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from edgecors_cli.changes import Change

_KINDS = {
    "allow_origins": "origin",
    "allow_methods": "method",
    "allow_headers": "request header",
    "expose_headers": "response header",
    "max_age": "max_age",
}


def render(changes: Sequence[Change], *, limit: int = 40) -> Iterator[RenderableType]:
    """A table of the changes, at most `limit` of them, and a line that counts them."""
    if not changes:
        yield Text("Nobody gains or loses anything.")
        return
    # Those that matter most are never among the ones that are left out.
    shown = set(sorted(changes, key=lambda change: not change.credentialed)[:limit])
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for change in (change for change in changes if change in shown):
        sign, style = _sign(change)
        what, kind = _described(change)
        table.add_row(Text(f"  {sign} {printable(what)}", style), kind, ", ".join(map(printable, change.paths)))
    yield table
    yield Text()
    more = f"{len(changes) - len(shown)} more are not shown. " if len(shown) < len(changes) else ""
    yield Text(more + summary(changes))


def _described(change: Change) -> tuple[str, str]:
    """What is gained or lost, and what it is."""
    if change.field not in _KINDS:
        return change.field, "for every origin there"  # a switch
    return change.value, _KINDS[change.field] + (", with credentials" if change.credentialed else "")


def summary(changes: Sequence[Change]) -> str:
    """`2 gains, 1 of them with credentials; 1 loss.` How long a browser keeps a preflight is neither."""
    access = [change for change in changes if change.field != "max_age"]
    gains = sum(change.gained for change in access)
    losses = len(access) - gains
    credentialed = sum(change.credentialed for change in changes)
    text = f"{gains} gain{'s' * (gains != 1)}"
    if credentialed:
        text += f", {credentialed} of them with credentials"
    return f"{text}; {losses} loss{'es' * (losses != 1)}."


def as_json(change: Change) -> dict[str, object]:
    """A change as --json has it."""
    return {
        "gained": change.gained,
        "field": change.field,
        "value": change.value,
        "credentialed": change.credentialed,
        "paths": list(change.paths),
        "policies": list(change.policies),
    }


def _sign(change: Change) -> tuple[str, str]:
    if not change.gained:
        return "-", "red"
    return ("!", "bold yellow") if change.credentialed else ("+", "green")
