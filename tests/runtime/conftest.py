"""Built functions in Lambda's own runtime, without Docker: `make runtime`.

These tests run on the output of `sam build` (BUILD_DIR, .aws-sam/build if it is not set), for each Python in turn.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local.aws import Moto, environment
from runtime.account import Account
from runtime.builds import resources
from runtime.emulator import running
from runtime.pythons import ROOT, VERSIONS, Python, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from runtime.builds import Start
    from runtime.emulator import Function, Settings


@pytest.fixture(scope="session", params=VERSIONS)
def python(request: pytest.FixtureRequest) -> Python:
    """Each managed runtime of Lambda."""
    return prepared(request.param)


@pytest.fixture(scope="session")
def build() -> Path:
    """What `sam build` made."""
    folder = ROOT / os.environ.get("BUILD_DIR", ".aws-sam/build")
    if not (folder / "template.yaml").is_file():
        pytest.fail(f"{folder} has no template.yaml: `make runtime` builds it, and so does `sam build`")
    return folder


@pytest.fixture(scope="session")
def opt(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/opt with the layer in it."""
    folder = tmp_path_factory.mktemp("opt")
    layers = resources(build, "AWS::Serverless::LayerVersion")
    (folder / "python").symlink_to(build / layers["CorsLayer"]["ContentUri"] / "python")
    return folder


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """moto's server. No account that this machine may have is ever asked."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in environment({}).items():
            patch.setenv(name, value)
        moto = Moto()
        try:
            yield Account(moto.endpoint)
        finally:
            moto.stop()


@pytest.fixture(scope="session")
def start(python: Python, opt: Path, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Starts a function in the emulator, on the Python of the test."""

    def begin(settings: Settings) -> AbstractContextManager[Function]:
        return running(python, settings, opt, tmp_path_factory.mktemp("log") / "log")

    return begin
