"""The rules on templates: what they find and where, and what they leave alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cases.templates.mistakes import MISTAKES
from cases.templates.parts import OUR_LAYER
from docs import doctor as docs
from edgecors_doctor.check import check
from edgecors_doctor.rules import RULES
from unit.doctor.expectations import Found, expected, found

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "tests/cases/templates"
CLEAN = sorted((TEMPLATES / "clean").iterdir())


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_each_rule_has_a_broken_and_a_fixed_template(rule: str) -> None:
    broken = (TEMPLATES / f"rules/{rule}-broken.yaml").read_text(encoding="utf-8")
    assert found(broken) == expected(broken)
    assert {mistake.rule for mistake in check(broken)} == {rule}
    assert check((TEMPLATES / f"rules/{rule}-fixed.yaml").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_other_forms(name: str) -> None:
    template = MISTAKES[name]
    assert found(template) == expected(template)


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.name)
def test_documented_patterns_have_no_mistakes(path: Path) -> None:
    assert check(path.read_text(encoding="utf-8"), str(path)) == []


def test_enough_documented_patterns() -> None:
    assert len(CLEAN) >= 10


def test_our_own_template_has_no_mistakes() -> None:
    path = ROOT / "template.yaml"
    text = path.read_text(encoding="utf-8")
    assert check(text, str(path)) == []
    # Not because the rules would not see what it is about.
    wrong = text.replace("      StageName: $default\n", "      StageName: $default\n      CorsConfiguration: true\n", 1)
    wrong = wrong.replace("                  - ssm:GetParameter\n", "", 1)
    assert [mistake.rule for mistake in check(wrong, str(path))] == ["E9801", "E9812"]


def test_our_own_layer_is_known_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "shared/python/edgecors").mkdir(parents=True)
    (tmp_path / "shared/python/edgecors/decision.py").touch()
    template = MISTAKES["cors-of-a-rest-api"].replace(OUR_LAYER, "!Ref L")
    template += "  L:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n"
    ours, theirs = (f"{template}      ContentUri: {folder}\n" for folder in ("shared", "other"))
    assert [mistake.rule for mistake in check(ours, str(tmp_path / "template.yaml"))] == ["E9802"]
    assert check(theirs, str(tmp_path / "template.yaml")) == []
    assert check(ours) == []


def test_places_in_json() -> None:
    template = {
        "Resources": {
            "U": {
                "Type": "AWS::Lambda::Url",
                "Properties": {"Cors": {"AllowCredentials": True, "AllowOrigins": ["https://a.example/", "*"]}},
            }
        }
    }
    text = json.dumps(template, indent=2)
    wanted = [
        Found("E9810", 9, 13, '"https://a.example/"'),
        Found("E9807", 10, 13, '"*"'),
    ]
    assert found(text) == wanted
    # Tabs are no white space in YAML: cfn-lint's own JSON reader takes over, whose columns count a tab as one.
    assert [(one.rule, one.line, one.column) for one in check(json.dumps(template, indent="\t"))] == [
        ("E9810", 9, 7),
        ("E9807", 10, 7),
    ]


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_other_line_breaks(line_break: str) -> None:
    template = MISTAKES["url-of-cloudformation"]
    places = [(mistake.line, mistake.column) for mistake in check(template.replace("\n", line_break))]
    assert places == [(one.line, one.column) for one in expected(template)]


def test_places_behind_characters_of_several_bytes() -> None:
    text = 'Resources: {Ü𝄞: {Type: AWS::Lambda::Url, Properties: {Cors: {AllowOrigins: ["https://ü.example"]}}}}'
    assert found(text) == [Found("E9810", 1, 77, '"https://ü.example"')]
    assert check(text)[0].fix == {"AllowOrigins": ["https://xn--tda.example"]}


def test_what_comes_from_globals_is_told_once() -> None:
    template = """Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Handler: app.handler
    Environment:
      Variables:
        EDGECORS_PARAMETER: /tea
  HttpApi:
    CorsConfiguration:
      AllowOrigins: ["https://a.example/"]  # E9810: "https://a.example/"
Resources:
  A: {Type: AWS::Serverless::HttpApi}
  B: {Type: AWS::Serverless::HttpApi}
  F: {Type: AWS::Serverless::Function, Properties: {Policies: []}}
"""
    mistakes = check(template)
    assert [(one.rule, one.line) for one in mistakes] == [("E9812", 7), *[("E9810", 10)] * 3]
    assert len({one.message for one in mistakes}) == 4  # of A, of B, and of the API that SAM may make


def test_the_page_is_of_the_rules() -> None:
    """If not: PYTHONPATH=layers/cors/python:tools:tests python -m docs.doctor"""
    assert docs.PATH.read_text(encoding="utf-8") == docs.page()


def test_ids_and_texts() -> None:
    assert [rule.id for rule in RULES] == [
        *(f"E98{number:02}" for number in range(1, 13)),
        "W9813",
        "W9814",
        "W9815",
        "E9816",
    ]
    for rule in RULES:
        assert not rule.shortdesc.endswith(".")
        assert not rule.description.endswith(".")
