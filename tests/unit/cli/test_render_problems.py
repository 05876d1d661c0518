"""Problems as people see them."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from edgecors import Problem, Rules, RulesError
from edgecors_cli.render_problems import as_json, one_line, render, summary


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(RulesError) as caught:
        Rules.parse(text)
    return caught.value.problems


def lines_of(text: str, width: int = 100, limit: int = 50) -> list[str]:
    return [line.plain for line in render("rules.json", text, problems_of(text), width=width, limit=limit)]


def with_origins(*origins: object) -> str:
    policy = {"name": "a", "paths": ["*"], "allow_origins": list(origins)}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]}, ensure_ascii=False)


@pytest.mark.parametrize("width", [40, 60, 100, 200])
@pytest.mark.parametrize("position", [0, 3, 60, 119])
def test_long_lines_are_cut_around_the_place(width: int, position: int) -> None:
    origins = [f"https://host{number:03}.example" for number in range(120)]
    origins[position] += "/path"
    lines = lines_of(with_origins(*origins), width)
    line, marks = lines[2], lines[3]
    assert cell_len(line) <= width
    start = marks.index("^")
    assert line[start : start + 5] == "/path"
    assert marks[start : start + 6].rstrip() == "^^^^^"


def test_wide_characters_take_two_columns() -> None:
    lines = lines_of(with_origins("https://例え.テスト/道"))
    path = next(index for index, line in enumerate(lines) if "origin-has-path" in line)
    line, marks = lines[path - 1], lines[path]
    before = line[: line.index("/道")]
    assert marks.index("^") == cell_len(before)
    assert marks.count("^") == cell_len("/道")


def test_a_terminal_is_told_nothing_by_the_document() -> None:
    text = with_origins("https://a.example/\x1b[2J\u202e").replace("\\u001b", "\x1b")
    for line in lines_of(text):
        assert all(character.isprintable() for character in line), line


def test_tabs_do_not_shift_the_marks() -> None:
    text = with_origins("https://a.example/").replace('"https', '\t\t"https')
    lines = lines_of(text)
    assert lines[2][lines[3].index("^")] == "/"


def test_only_so_many_are_shown() -> None:
    text = with_origins(*(f"https://a{number}.example/" for number in range(9)))
    lines = lines_of(text, limit=4)
    assert sum("origin-trailing-slash" in line for line in lines) == 4
    assert lines[-1] == "and 5 more"
    assert lines[0] == "rules.json: 9 errors"


def test_a_code_that_does_not_fit_goes_below() -> None:
    lines = lines_of(with_origins("https://a-rather-long-name.example/"), 40)
    assert lines[3].rstrip().endswith("^")
    assert lines[4] == "    origin-trailing-slash"


def test_an_entry_that_should_be_several_is_shown_as_several() -> None:
    lines = lines_of(with_origins("https://a.example, https://b.example"))
    assert lines[-1] == '    fix  "https://a.example", "https://b.example"'


def test_what_should_be_a_list_is_shown_as_a_list() -> None:
    lines = lines_of('{"schema": "edgecors/1", "policies": [{"name": "a", "paths": ["*"], "allow_origins": "*"}]}')
    assert lines[-1] == '    fix  ["*"]'


def test_a_key_that_stands_twice_is_marked_where_it_counts() -> None:
    lines = lines_of('{"schema": "edgecors/1",\n "policies": [],\n "policies": []}')
    assert lines[2:4] == ['  3 |  "policies": []}', "    |  ^^^^^^^^^^  json-duplicate-key"]


def test_a_value_over_several_lines_is_marked_in_its_first() -> None:
    lines = lines_of('{"schema": {\n"a": 1},\n "policies": []}')
    assert lines[2:4] == ['  1 | {"schema": {', "    |            ^  schema-unknown"]


def test_warnings_are_marked_as_such() -> None:
    text = with_origins("https://a.example/").replace('"allow_origins"', '\n"allow_origins"')
    lines = [line.plain for line in render("rules.json", text, (), problems_of(text))]
    assert lines[0] == "rules.json: 1 warning"
    assert lines[3].endswith("^  origin-trailing-slash (warning)")


@pytest.mark.parametrize(
    ("counts", "text"),
    [((1, 0), "1 error"), ((2, 1), "2 errors, 1 warning"), ((0, 2), "2 warnings"), ((0, 0), "0 errors")],
)
def test_the_summary(counts: tuple[int, int], text: str) -> None:
    assert summary(*counts) == text


def test_one_line_each() -> None:
    (problem,) = problems_of(with_origins("https://a.example/"))
    assert "\n".join(one_line([problem])) == (
        "/policies/0/allow_origins/0  origin-trailing-slash: An Origin has no slash at the end, so this can never "
        'match. Fix: "https://a.example"'
    )
    assert as_json(problem)["hint"] == "https://a.example"
