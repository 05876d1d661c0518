"""template.yaml, as it is written and as CloudFormation gets it."""

from __future__ import annotations

from typing import Any

import pytest

from local.template import read, to_cloudformation
from unit.template.reading import ROOT


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    """The template with `!Ref` and the like in their long form."""
    return read(ROOT / "template.yaml")


@pytest.fixture(scope="session")
def resources(written: dict[str, Any]) -> dict[str, Any]:
    """Logical name to resource, after SAM's transform."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        found: dict[str, Any] = to_cloudformation(written, {})["Resources"]
    return found
