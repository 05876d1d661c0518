"""A plan as people see it: who gains and who loses what, on which paths; and as --json has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from edgecors import Regex
from edgecors._spec import SAFELISTED_METHODS
from edgecors_cli.render_problems import printable
from rules_analysis.access import SAFELISTED_RESPONSE_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rules_analysis.access import Names
    from rules_analysis.differences import Difference
    from rules_analysis.origin_rows import Origins

_MOST_DIFFERENCES = 40
_MOST_ORIGINS = 10
_MOST_ENTRIES = 4
_GAP = 3
# A column is no wider: what is longer pushes the rest of its line to the right.
_WIDEST = 60
# Names stand in a line of their own where what is gained would be longer.
_WIDEST_WHAT = 34
_INDENT = "      "
_SIGNS = {"gain": ("+", "green"), "loss": ("-", "red"), "max-age": ("~", "")}
_WITH_CREDENTIALS = ("!", "bold yellow")


def render(plan: Sequence[Difference]) -> Iterator[Text]:
    """The differences in columns, and a line that counts them. Those that matter most are never left out."""
    if not plan:
        yield Text("Nobody gains or loses anything.")
        return
    lines = [line for difference in plan[:_MOST_DIFFERENCES] for line in rows(difference)]
    cells = [line.cells for line in lines]
    widths = [min(_WIDEST, max(map(cell_len, column))) for column in zip(*cells, strict=True)]
    for line in lines:
        who, *others = (
            cell + " " * max(_GAP, width + _GAP - cell_len(cell))
            for cell, width in zip(line.cells, widths, strict=True)
        )
        text = Text.assemble((who, line.style), *others)
        text.rstrip()
        yield text
        yield from (Text(_INDENT + detail, "dim") for detail in line.details)
    yield Text()
    left_out = len(plan) - _MOST_DIFFERENCES
    yield Text((f"{left_out} more are not shown (--json has them). " if left_out > 0 else "") + summary(plan))


def summary(plan: Sequence[Difference]) -> str:
    """`2 gains, 1 of them with credentials; 1 loss.` How long a browser keeps a preflight is neither."""
    gains, credentialed, losses = counts(plan)
    text = f"{gains:,} gain{'s' * (gains != 1)}"
    if credentialed:
        text += f", {credentialed:,} of them with credentials"
    return f"{text}; {losses:,} loss{'es' * (losses != 1)}."


def counts(plan: Iterable[Difference]) -> tuple[int, int, int]:
    """How many gains there are, by patterns of origins; how many of them with credentials; and how many losses."""
    gains = credentialed = losses = 0
    for difference in plan:
        number = len(difference.origins)
        gains += number * (difference.kind == "gain")
        credentialed += number * difference.credentialed
        losses += number * (difference.kind == "loss")
    return gains, credentialed, losses


class Row(NamedTuple):
    """Of a table. `cells`: who (after a sign: + - ! ~), what, where, for example; `style`: of the first.

    `details`: what stands below it.
    """

    cells: tuple[str, str, str, str]
    style: str
    details: tuple[str, ...] = ()


def rows(difference: Difference) -> Iterator[Row]:
    """The lines of a difference; not all of its origins where there are many."""
    sign, style = _WITH_CREDENTIALS if difference.credentialed else _SIGNS[difference.kind]
    paths = _paths(difference)
    if difference.max_age is not None:
        before, after = difference.max_age
        yield Row((f"  {sign} max_age", f"{before} s -> {after} s", paths, ""), style)
        return
    what, lists = _what(difference)
    together = ", ".join(filter(None, (what, lists)))
    if cell_len(together) <= _WIDEST_WHAT:
        what, lists = together, ""
    elif not what:
        what = "more" if difference.kind == "gain" else "less"
    shown = difference.origins[:_MOST_ORIGINS]
    left_out = len(difference.origins) - len(shown)
    for origins in shown:
        who = "too many to compare" if origins.pattern is None else pattern_text(origins.pattern)
        details = _details(origins)
        if lists and origins is shown[-1] and not left_out:
            details += (lists,)
        yield Row((f"  {sign} {who}", what, paths, _example(origins)), style, details)
    if left_out:
        yield Row((f"  {sign} and {left_out:,} more", what, paths, ""), style, (lists,) if lists else ())


def _details(origins: Origins) -> tuple[str, ...]:
    within = f"of these {_some(map(pattern_text, origins.within))}" if origins.within else ""
    other_than = f"other than {_some(map(pattern_text, origins.other_than))}" if origins.other_than else ""
    return tuple(filter(None, (within, other_than)))


def pattern_text(pattern: str | Regex) -> str:
    """A pattern in a line."""
    if pattern == "*":
        return "* (every origin)"
    return printable(f"regex {pattern.expression}" if isinstance(pattern, Regex) else pattern)


def _example(origins: Origins) -> str:
    if origins.example is None:
        return "perhaps: it would take too long to tell"
    return f"e.g. {origins.example}" if origins.example != origins.pattern else ""


def _what(difference: Difference) -> tuple[str, str]:
    """What is gained or lost as a whole, and the names."""
    access = difference.access
    if access is None or (access.reads and difference.kind == "loss"):
        return "everything", ""
    whole = " ".join(["reads"] * access.reads + ["with credentials"] * access.credentials)
    lists = (
        _names("uses", "method", access.methods),
        _names("sends", "request header", access.headers),
        _names("sees", "response header", access.exposed),
    )
    return whole, ", ".join(filter(None, lists))


def _names(verb: str, kind: str, names: Names) -> str:
    if not names.all_but:
        return f"{verb} {_some(names.listed)}" if names.listed else ""
    # What everyone can do need not be said.
    known = [name for name in names.listed if name not in SAFELISTED_METHODS | SAFELISTED_RESPONSE_HEADERS]
    return f"{verb} every {kind}{f' but {_some(known)}' if known else ''}"


def _paths(difference: Difference) -> str:
    text = _some(difference.paths)
    return f"{text} but not {_some(difference.other_paths)}" if difference.other_paths else text


def _some(entries: Iterable[str]) -> str:
    """The entries in a line, not too many of them."""
    texts = [printable(entry) for entry in entries]
    more = f" and {len(texts) - _MOST_ENTRIES:,} more" if len(texts) > _MOST_ENTRIES else ""
    return ", ".join(texts[:_MOST_ENTRIES]) + more


def as_json(difference: Difference) -> dict[str, object]:
    """A difference as --json has it."""
    access = difference.access
    found: dict[str, object] = {"kind": difference.kind, "credentialed": difference.credentialed}
    if difference.max_age is not None:
        found["max_age"] = {"before": difference.max_age[0], "after": difference.max_age[1]}
    if access is not None:
        found["origins"] = [_origins_as_json(origins) for origins in difference.origins]
        found |= {
            "reads": access.reads,
            "credentials": access.credentials,
            "methods": _names_as_json(access.methods),
            "headers": _names_as_json(access.headers),
            "exposed": _names_as_json(access.exposed),
        }
    return found | {"paths": list(difference.paths), "other_paths": list(difference.other_paths)}


def _origins_as_json(origins: Origins) -> dict[str, object]:
    return {
        "pattern": _pattern_as_json(origins.pattern),
        "other_than": list(map(_pattern_as_json, origins.other_than)),
        "within": list(map(_pattern_as_json, origins.within)),
        "example": origins.example,
    }


def _pattern_as_json(pattern: str | Regex | None) -> object:
    return {"regex": pattern.expression} if isinstance(pattern, Regex) else pattern


def _names_as_json(names: Names) -> object:
    return {"all_but": list(names.listed)} if names.all_but else list(names.listed)
