"""What a cold start has to read: modules that `import edgecors` loads, and the size of the layer."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LAYER = Path(__file__).parent.parent / "layers" / "cors"


def modules() -> int:
    """Modules beyond those of a bare interpreter."""
    code = "import sys; seen = set(sys.modules); import edgecors; print(len(set(sys.modules) - seen))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": str(LAYER / "python")},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def zipped_bytes() -> int:
    """The layer as its own makefile builds it for this Python, zipped."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "built")
        shutil.copytree(LAYER, source, ignore=shutil.ignore_patterns("__pycache__"))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        subprocess.run(
            ["make", "-s", "build-CorsLayer"],
            cwd=source,
            env={**environment, "ARTIFACTS_DIR": str(target), "LAYER_PYTHON": sys.executable},
            check=True,
        )
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
            for path in sorted(target.rglob("*")):
                written.write(path, path.relative_to(target))
    return len(archive.getvalue())
