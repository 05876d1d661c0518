"""The built layer: that of `sam build` where LAYER_DIR names it (`make build`), else one made here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from layer.building import ROOT, build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer made here. It is not to be written into."""
    target = tmp_path_factory.mktemp("layer") / "built"
    made = build(target)
    assert made.returncode == 0, made.stderr
    return target


@pytest.fixture(scope="session")
def layer(request: pytest.FixtureRequest) -> Path:
    """The folder that becomes /opt."""
    if "LAYER_DIR" in os.environ:
        return ROOT / os.environ["LAYER_DIR"]
    made: Path = request.getfixturevalue("built")
    return made


@pytest.fixture(scope="session")
def python() -> str:
    """The interpreter that the layer was compiled by."""
    return "python3.13" if "LAYER_DIR" in os.environ else sys.executable
