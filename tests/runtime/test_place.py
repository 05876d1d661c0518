"""What a function finds where: the order of Lambda's own runtime, the layer, its bytecode."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from runtime.emulator import ARN, Settings
from runtime.pythons import BUILT_FOR, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.builds import Start
    from runtime.pythons import Python

TASK = ROOT / "tests/runtime/function"


def test_the_layer_is_between_the_function_and_the_runtime(start: Start, python: Python, opt: Path) -> None:
    with start(Settings(TASK, "place.handler")) as function:
        found = function.answer({})
    path, (own, machine) = found.pop("path"), found.pop("prefixes")
    library = f"{opt}/python/lib/python{python.version}/site-packages"
    assert path[:4] == [str(TASK), library, f"{opt}/python", str(python.runtime)]
    # Then the standard library, and an empty folder in place of what this machine has installed.
    rest = [
        place for place in path[4:] if not re.fullmatch(rf"{machine}/lib/python3[\d.]+(\.zip|/lib-dynload)?", place)
    ]
    assert rest == [f"{own}/lib/python{python.version}/site-packages"]
    assert found == {
        "folder": str(TASK),
        "modules": {
            "edgecors": f"{opt}/python/edgecors/__init__.py",
            "boto3": f"{python.runtime}/boto3/__init__.py",
        },
        "version": python.version,
        "bytecode": python.version == BUILT_FOR,
        "function": ARN.format("tea"),
    }


def test_running_a_layer_writes_nothing_into_it(start: Start, opt: Path) -> None:
    """In Lambda, it could not."""
    before = sorted((opt / "python").rglob("*"))
    with start(Settings(TASK, "place.handler")) as function:
        function.answer({})
    assert sorted((opt / "python").rglob("*")) == before
