"""Python of the layer's version, on the layer alone."""

from __future__ import annotations

import subprocess


def run(python: str, code: str, *arguments: str) -> str:
    """What the code prints in an interpreter that sees nothing of this one's packages or environment."""
    done = subprocess.run(
        [python, "-I", "-S", "-B", "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
