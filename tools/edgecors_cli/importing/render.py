"""The report of an import, as people see it and as --json has it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.text import Text

from edgecors_cli.render_problems import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgecors_cli.importing.model import Imported, Item

_COLOURS = {"carried over": "green", "not carried over": "red", "to know": "yellow"}
_WIDTH = 44  # of a value beside what it became
_LIMIT = 200  # lines of a section


def render(name: str, found: Imported) -> Iterator[Text]:
    """The lines, for a file of that name."""
    parts = [f"{len(found.carried)} carried over", f"{len(found.not_carried)} not"]
    if found.notes:
        parts.append(f"{len(found.notes)} to know")
    yield Text.assemble((f"{printable(name)}: ", "bold"), ", ".join(parts))
    yield from _section("carried over", found.carried)
    yield from _section("not carried over", found.not_carried)
    yield from _section("to know", found.notes)


def _section(title: str, items: Sequence[Item]) -> Iterator[Text]:
    if not items:
        return
    yield Text()
    yield Text(title, f"bold {_COLOURS[title]}")
    places = [f"{item.place.line}:{item.place.column}" for item in items]
    gutter = max(map(len, places))
    settings = max(len(item.setting) for item in items)
    values = min(_WIDTH, max(len(item.value) for item in items))
    for place, item in zip(places[:_LIMIT], items[:_LIMIT], strict=True):
        line = Text.assemble(f"  {place:>{gutter}}  ", f"{printable(item.setting):<{settings}}  ")
        if item.became is None:
            yield line.append(f"{printable(item.value)}  ").append(item.code, _COLOURS[title])
        else:
            yield line.append(f"{printable(item.value):<{values}}  ").append(_became(item.became))
        inner = " " * (gutter + 4)
        if item.became is not None and item.code != "same":
            yield Text.assemble(inner, (item.code, "yellow"), "  ", printable(item.message))
        elif item.message:
            yield Text(inner + printable(item.message))
        if item.fix is not None:
            yield Text.assemble(inner, ("fix", "green"), f"  {printable(item.fix)}")
    if len(items) > _LIMIT:
        yield Text(f"  and {len(items) - _LIMIT} more: --json has all of them")


def _became(fields: dict[str, object]) -> str:
    field, value = next(iter(fields.items()))
    shown = value if isinstance(value, list) else [value]
    entries = ", ".join(printable(json.dumps(entry, ensure_ascii=False)) for entry in shown)
    return f"{field}: {entries or 'nothing'}"


def as_json(found: Imported) -> dict[str, object]:
    """The outcome as --json has it."""
    return {
        "document": found.document,
        "carried": [{**_item(item), "became": item.became} for item in found.carried],
        "not_carried": [{**_item(item), "fix": item.fix} for item in found.not_carried],
        "notes": [{**_item(item), "fix": item.fix} for item in found.notes],
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "line": item.place.line,
        "column": item.place.column,
        "setting": item.setting,
        "value": item.value,
        "code": item.code,
        "message": item.message,
    }


def document_text(document: dict[str, object]) -> str:
    """The document as it is written to a file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
