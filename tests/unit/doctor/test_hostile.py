"""Whatever a template holds, the rules come to an end and raise nothing; what is no template is told in a sentence."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint.decode import decode_str  # type: ignore[import-untyped]

from cases.names import plain
from cases.templates.mistakes import MISTAKES
from edgecors_doctor.check import NotATemplateError, check
from edgecors_doctor.facts import Facts
from edgecors_doctor.rules import RULES
from edgecors_doctor.snippet import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTEAD: tuple[Any, ...] = (
    None,
    3,
    "",
    "x,y",
    [],
    {},
    [[]],
    {"Ref": "F"},
    {"Fn::If": ["C"]},
    {"Fn::If": ["C", {"Fn::If": ["C", "a", ["b"]]}, None]},
    {"Fn::Sub": ["${x}${A}", {"x": {"Fn::Sub": "${y}"}}]},
    {"Fn::Join": [",", {"Ref": "F"}]},
    {"Fn::GetAtt": [1]},
    [{"Statement": "x"}],
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(below, (*path, key))


def _with(template: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(template)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


def _plain(value: Any) -> Any:
    """Without the marks, which take time to copy."""
    if isinstance(value, dict):
        return {str(key): _plain(below) for key, below in value.items()}
    return [_plain(below) for below in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", MISTAKES)
def test_anything_anywhere(name: str) -> None:
    """Every third value of a template is replaced by one of the values above."""
    template = _plain(decode_str(MISTAKES[name])[0])
    rules = [rule() for rule in RULES]
    for number, path in enumerate(_paths(template), len(name)):
        if path and number % 3 == 0:
            facts = Facts(_with(template, path, _INSTEAD[number // 3 % len(_INSTEAD)]))
            for rule in rules:
                for finding in rule.find(facts):
                    as_text(finding.fix, is_json=number % 2 == 0)


def test_nothing_is_sent_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert check(MISTAKES["cors-of-a-rest-api"])


_NESTED = "[" * 200_000
# Ten times ten times ten ...
_BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))

_UNREADABLE = "This is neither YAML nor JSON that cfn-lint can read: "
_NO_RESOURCES = "This is no CloudFormation template: it has no mapping Resources."
_TOO_DEEP = "It is nested deeper than 100 levels, as no template is."

NO_TEMPLATES = [
    ("", _NO_RESOURCES),
    ("- a\n", _NO_RESOURCES),
    ("tea", _NO_RESOURCES),
    ("Resources: [1]", _NO_RESOURCES),
    ("Resources: {A: *b}", f"{_UNREADABLE}found undefined alias."),
    ("{", f"{_UNREADABLE}did not find expected node content."),
    ("? [a]\n: 1\n", f"{_UNREADABLE}Unhashable type"),
    ("A: 1\nA: 2\n", f"{_UNREADABLE}Duplicate found 'A' (line 1)."),
    ("\x00\x01", f"{_UNREADABLE}unacceptable character #x0000: control characters are not allowed."),
    ("Resources: &a {A: *a}", f"{_UNREADABLE}found unconstructable recursive node."),
    ("Resources: !!python/name:os.system x", f"{_UNREADABLE}could not determine a constructor for the tag "),
    (_BOMB, f"{_UNREADABLE}Template resolves to more than 250000 nodes once YAML aliases are expanded"),
    (_NESTED, _TOO_DEEP),
    ('{"Resources":\t' + _NESTED, _TOO_DEEP),
    ("Resources: {}\n---\nResources: {}\n", f"{_UNREADABLE}expected a single document in the stream."),
]


@pytest.mark.parametrize(("text", "message"), NO_TEMPLATES, ids=lambda value: plain(value)[:30])
def test_no_template(text: str, message: str) -> None:
    with pytest.raises(NotATemplateError) as caught:
        check(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


_SAM = "Transform: AWS::Serverless-2016-10-31\n"


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {}",
        "Resources: {A: 3, B: {}, C: {Type: [1]}, D: {Type: AWS::Serverless::Function, Properties: [x]}}",
        f"{_SAM}Globals: {{Function: 3, Api: [1]}}\nResources: {{A: {{Type: AWS::Serverless::Api}}}}",
        "Metadata: {cfn-lint: {config: {ignore_checks: {a: b}}}}\nResources: {A: {Type: AWS::Serverless::Api}}",
        "Transform: [{Name: Mine}, 3]\nResources: {A: {Type: AWS::Serverless::HttpApi, Properties: {Cors: 3}}}",
        "Resources: " + "{A: " * 90 + "1" + "}" * 90,
        'Resources: {L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: "a\\0b"}}}',
    ],
    ids=lambda value: plain(value)[:50],
)
def test_odd_templates(text: str) -> None:
    assert check(text, "template.yaml") == []
