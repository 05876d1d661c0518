"""The image that `sam local` runs functions in: AWS's own where it is there, else a stand-in made on this machine.

AWS's cannot be pulled on a closed network. The stand-in has what the function sees of it: Python at /var/lang, AWS's
runtime client and boto3 at /var/runtime (both as in tests/runtime, by the lock file's hashes), the C library and a
shell. All comes from this machine, so it is made within seconds and nothing is kept.

What it lacks: all of Amazon Linux, and the versions of AWS's image. Which boto3 is in it does not matter here.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docker.errors import ImageNotFound

from runtime.pythons import BUILT_FOR, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = f"public.ecr.aws/lambda/python:{BUILT_FOR}-x86_64"
"""The name that SAM CLI builds upon, for the template's own runtime and architecture."""
OURS = "samcli/lambda-python"
"""Where SAM CLI puts what it builds: the base with the layer in it."""

_COMMANDS = ("sh", "mv", "chmod", "cp", "rm")  # those of SAM CLI's Dockerfile
_LEFT_OUT = re.compile(r"(^|/)(site-packages|test|idlelib|tkinter|turtledemo|ensurepip|config-[^/]*)(/|$)")
_FOLDERS = ("dev", "etc", "opt", "proc", "sys", "tmp", "var/task")
_BOOTSTRAP = f"""\
#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_python{BUILT_FOR}
export PYTHONPATH=/var/task:/opt/python/lib/python{BUILT_FOR}/site-packages:/opt/python:/var/runtime
exec /var/lang/bin/python{BUILT_FOR} -m awslambdaric "$_HANDLER"
"""
_SETTINGS = (
    "ENV PATH=/var/lang/bin:/bin LD_LIBRARY_PATH=/var/lang/lib LANG=en_US.UTF-8 TZ=:UTC",
    "ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime",
    "WORKDIR /var/task",
)


@contextlib.contextmanager
def provided(client: Any) -> Iterator[None]:
    """The base image is there. Afterwards the machine has the images that it had before."""
    before = _names(client)
    try:
        client.images.get(BASE)
    except ImageNotFound:
        with tempfile.TemporaryFile() as packed:
            _pack(packed)
            packed.seek(0)
            repository, _, tag = BASE.partition(":")
            pieces = iter(lambda: packed.read(1 << 20), b"")
            client.api.import_image_from_stream(pieces, repository=repository, tag=tag, changes=list(_SETTINGS))
        assert BASE in _names(client), "Docker did not take the image"
    try:
        yield
    finally:
        # Those that SAM CLI built upon ours first.
        for name in sorted(_names(client) - before, key=lambda name: name.startswith("public.")):
            client.images.remove(name, force=True)


def _names(client: Any) -> set[str]:
    """The images with which these tests have to do."""
    return {tag for image in client.images.list() for tag in image.tags if tag == BASE or tag.startswith(OURS)}


def _pack(target: Any) -> None:
    """The stand-in's files, as a tar archive."""
    python = prepared(BUILT_FOR)
    interpreter = python.executable.resolve()
    library = Path(_asked(interpreter, "import sysconfig; print(sysconfig.get_path('stdlib'))"))
    commands = {name: _command(name) for name in _COMMANDS}
    programs = [interpreter, *library.glob("lib-dynload/*.so"), *python.runtime.rglob("*.so"), *commands.values()]
    with tarfile.open(fileobj=target, mode="w", dereference=True) as archive:
        for folder in _FOLDERS:
            _add(archive, folder, tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755)
        for name, path in commands.items():
            archive.add(path, f"bin/{name}")
        archive.add(interpreter, f"var/lang/bin/python{BUILT_FOR}")
        archive.add(library, f"var/lang/lib/python{BUILT_FOR}", filter=_kept)
        archive.add(python.runtime, "var/runtime")
        for needed in _needed(programs):
            # The loader looks for the machine's own libraries where they are, and at LD_LIBRARY_PATH for Python's.
            own = needed.is_relative_to(interpreter.parents[1]) and interpreter.parents[1] != Path("/usr")
            archive.add(needed, f"var/lang/lib/{needed.name}" if own else str(needed).lstrip("/"))
        _add(archive, "var/runtime/bootstrap", tarfile.REGTYPE, 0o755, _BOOTSTRAP)
        _add(archive, "etc/passwd", tarfile.REGTYPE, 0o644, "root:x:0:0:root:/root:/bin/sh\n")


def _kept(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    return None if _LEFT_OUT.search(entry.name) else entry


def _add(archive: tarfile.TarFile, name: str, kind: bytes, mode: int, text: str = "") -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.size = kind, mode, len(text.encode())
    archive.addfile(entry, io.BytesIO(text.encode()))


def _command(name: str) -> Path:
    path = shutil.which(name)
    assert path is not None, f"this machine has no {name}"
    return Path(path)


def _asked(interpreter: Path, code: str) -> str:
    run = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return run.stdout.strip()


def _needed(programs: list[Path]) -> list[Path]:
    """The libraries that programs are linked with, and the loader, by the paths that they are loaded from."""
    run = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True, check=False, timeout=60)
    return sorted({Path(path) for path in re.findall(r"(?:=> |^\t)(/\S+) \(0x", run.stdout, re.MULTILINE)})
