"""The layer's makefile, run as `sam build` runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build(target: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Build the layer into `target`, from a copy of its folder; `variables` are put into the environment."""
    source = target.with_name(target.name + "-source")
    shutil.copytree(ROOT / "layers/cors", source)
    # Not make's own variables: this may run below `make test`, whose options are none of this call's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["sh", "-c", "umask 077; exec make build-CorsLayer"],  # the strictest umask that people have
        cwd=source,
        env={**environment, "ARTIFACTS_DIR": str(target), "LAYER_PYTHON": sys.executable, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
