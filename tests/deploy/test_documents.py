"""README and docs/deploying.md say what is so."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from rehearsal.account import ROOT
from rehearsal.steps import PARAMETER

README, DEPLOYING = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/deploying.md"))


def test_readme_names_what_is_retained() -> None:
    section = README.partition("### Taking it down")[2].partition("\n## ")[0]
    # What test_teardown finds after the end.
    for name in ("TableName", "BucketName", "tea-edgecors", PARAMETER, "aws-sam-cli-managed-default"):
        assert name in section, name


def test_the_commands_are_those_of_make_deploy() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ndeploy:")[2].partition("\n\n")[0].splitlines()[1:]
    commands = [line.strip().removeprefix("$(BIN)/").replace("$(STACK)", "tea") for line in recipe]
    written = re.findall(r"^\| `([^`]+)` \|", DEPLOYING.partition("| command |")[2].partition("\n\n")[0], re.MULTILINE)
    assert written == [command.removesuffix(" $(AWS_OPTIONS)") for command in commands]


def tables() -> list[list[tuple[str, str]]]:
    """Of each table that ends in a sum: arithmetic and amount of each row."""
    found = [table for table in DEPLOYING.split("\n\n") if "**together**" in table]
    return [re.findall(r"^\| [^|]+ \|\s*([^|]*?)\s*\| \**([\d.]+)\** \|", table, re.MULTILINE) for table in found]


@pytest.mark.parametrize("rows", tables())
def test_the_costs_add_up(rows: list[tuple[str, str]]) -> None:
    *parts, (_, total) = rows
    assert sum(Decimal(amount) for _, amount in parts) == Decimal(total)
    for arithmetic, amount in parts:
        if not arithmetic.strip():
            continue
        text = arithmetic.replace("/ million", "/ 1000000").replace("1 million", "1000000").replace(",", "")
        text = re.sub(r"(\d) (?:calls|traces|consistent reads|GB s|GB|s)\b", r"\1", text)
        assert re.fullmatch(r"[\d. x/+]+", text), text
        result = sum(product(term) for term in text.split("+"))
        assert round(result, 2) == Decimal(amount), arithmetic


def product(text: str) -> Decimal:
    """Of `a x b / c x d`, from left to right."""
    first, *rest = text.split()
    result = Decimal(first)
    for sign, number in zip(rest[::2], rest[1::2], strict=True):
        result = result / Decimal(number) if sign == "/" else result * Decimal(number)
    return result


def test_readme_s_sums_are_those() -> None:
    (idle, million) = (Decimal(rows[-1][1]) for rows in tables())
    assert f"about {idle:.1f}0 dollars a month" in README
    assert f"about {million:.1f}0 for a million requests" in README
