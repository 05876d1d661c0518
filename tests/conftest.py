"""Suites that need more than Python: a build, Docker, a browser. Each has a target of its own in the Makefile.

They are collected only where they are asked for by their path, as those targets do, and so never by `make test`.
Every suite is spared the search for garbage in what is kept to the end: modules, tests and their tables.
"""

from __future__ import annotations

import functools
import gc
import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.loaders import JSONFileLoader
from coverage import Coverage

import edgecors

if TYPE_CHECKING:
    from collections.abc import Generator

HERE = Path(__file__).parent
APART = {HERE / name for name in ("browser", "deploy", "runtime", "sam_local")}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if collection_path not in APART:
        return None
    start = config.invocation_params.dir
    asked = [Path(start, argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(collection_path in (path, *path.parents) for path in asked) else True


def pytest_configure() -> None:
    gc.set_threshold(50_000, 20, 20)  # objects, not 2,000: a tenth of the time
    read_once()


def read_once() -> None:
    """Megabytes of JSON say what the services can do, and every new session of boto3 would read them anew."""
    once = functools.cache(JSONFileLoader().load_file)
    setattr(JSONFileLoader, "load_file", lambda _, file_path: once(file_path))  # noqa: B010  no assignment for mypy


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Measure what the engine does as it is imported, and not all that the tests import around it."""
    measuring = Coverage.current()
    if measuring is None:
        return (yield)
    for module in pkgutil.walk_packages(edgecors.__path__, "edgecors."):
        importlib.import_module(module.name)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
