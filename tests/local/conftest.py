"""`make serve` for the tests of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from serving import Served, copy_project, descendants, request, running, serving, start, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One `make serve` for all tests that need one."""
    with serving(copy_project(tmp_path_factory.mktemp("project"))) as running_one:
        yield running_one


@pytest.fixture
def send() -> Any:
    """`request`."""
    return request


@pytest.fixture
def until() -> Any:
    """`wait_until`."""
    return wait_until


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project."""
    return copy_project(tmp_path)


@pytest.fixture
def launch() -> Any:
    """`start`."""
    return start


@pytest.fixture
def family() -> Any:
    """`descendants`."""
    return descendants


@pytest.fixture
def alive() -> Any:
    """`running`."""
    return running
