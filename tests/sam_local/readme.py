"""The commands of README's section on `sam local`. The tests run these, so that what it says is true."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from functools import cache

from runtime.pythons import ROOT

SECTION = "With sam local"


@dataclass(frozen=True)
class Command:
    """A line in a block: `text` as it stands there, its `words`, and the `remark` behind it."""

    text: str
    words: tuple[str, ...]
    remark: str


@cache
def section() -> str:
    """The section's text, without its heading."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"^## {SECTION}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no section {SECTION!r}"
    return found[1]


@cache
def commands() -> tuple[Command, ...]:
    """Each command in the section's blocks; one that ends in a backslash goes on in the next line."""
    blocks = re.findall(r"^```\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return tuple(
        Command(line, tuple(shlex.split(line, comments=True)), line.partition(" # ")[2].strip()) for line in lines
    )


def beginning(*words: str) -> list[Command]:
    """The commands that begin so."""
    return [command for command in commands() if command.words[: len(words)] == words]
