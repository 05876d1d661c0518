"""`sam package`: what would be uploaded is what was built, and all of that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from samcli.yamlhelper import yaml_parse

from rehearsal.stack import Package, uploaded

if TYPE_CHECKING:
    from rehearsal.account import Account, Checkout
    from rehearsal.steps import Step

LIMIT = 250 * 1024 * 1024
"""Bytes of a function and its layers, unzipped (quotas of Lambda)."""


@pytest.fixture(scope="module")
def packages(account: Account, checkout: Checkout, deployed: Step) -> dict[str, Package]:
    """What `sam package` uploads, by logical id."""
    template = checkout.folder / "packaged.yaml"
    checkout.sam("package", "--resolve-s3", "--s3-prefix", "packaged", "--output-template-file", str(template))
    parsed: dict[str, Any] = yaml_parse(template.read_text("utf-8"))
    return uploaded(account, parsed)


def test_what_was_built_is_uploaded(checkout: Checkout, packages: dict[str, Package]) -> None:
    assert {name: package.files() for name, package in packages.items()} == checkout.built()


def test_the_layer_is_the_package_and_its_bytecode(packages: dict[str, Package]) -> None:
    names = packages["CorsLayer"].files()
    assert "python/edgecors/__init__.py" in names
    assert "python/edgecors/py.typed" in names
    assert not [name for name in names if not re.fullmatch(r"python/edgecors/.+\.(py|pyc|typed)", name)]


def test_function_and_layer_are_small_enough(packages: dict[str, Package]) -> None:
    sizes = {name: sum(map(len, package.files().values())) for name, package in packages.items()}
    for function in ("TeaFunction", "RulesGuardFunction"):
        assert sizes[function] + sizes["CorsLayer"] < LIMIT
