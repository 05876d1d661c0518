"""Writes docs/problems.md: every problem, with an example of tests/cases/problem_examples.py and its fix; and the short
table of them in README.md.

PYTHONPATH=layers/cors/python:tools:tests python -m docs.problems
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest import mock

from cases.problem_examples import EXAMPLES
from cases.risk_examples import RISK_EXAMPLES
from edgecors import Problem, Rules, RulesError, cors
from edgecors.problems import MESSAGES
from rules_analysis.fixes import edits_for
from rules_analysis.risk_catalogue import RISKS
from rules_analysis.risks import find_risks

ROOT = Path(__file__).parents[2]
PATH = ROOT / "docs/problems.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- problems: made by tools/docs/problems.py -->\n", "<!-- end of problems -->\n"

# The first code of each section, in the order of the catalogue.
SECTIONS = {
    "json-invalid": ("The document", "Its JSON, its keys, the types of its values."),
    "name-invalid": ("Names and paths", ""),
    "origins-empty": ("Origins", "Of `allow_origins`. An Origin is what a browser writes, byte for byte."),
    "regex-invalid": ("Expressions", 'Of `{"regex": "..."}` in `allow_origins`.'),
    "wildcard-not-alone": ("Combinations", "Values that are right by themselves."),
    "method-invalid": ("Methods, headers, max_age", ""),
}

HEAD = """# Problems

<!-- Made by tools/docs/problems.py of the catalogue in edgecors/problems.py: change that, not this. -->

What can be wrong with a policy or with rules. `PolicyError` and `RulesError` report all of it at once, in `problems`:
each with its place (`field`: the argument's name, in a document a JSON pointer), the `value` that stands there, a
`message`, and where it is certain the corrected value (`hint`). A code is never renamed or reused.
"""

RISKS_HEAD = """
# Warnings

What `edgecors lint` warns of beside: it is valid and serves, and yet lets in more than it seems, or has no effect. With
`--fix` it writes what changes nobody's access; everything else is shown only.

| code | why | for example | better | `--fix` |
| --- | --- | --- | --- | --- |"""


def example(code: str) -> Problem:
    """The problem of this code that its example has."""
    try:
        if EXAMPLES[code] is None:
            with mock.patch.dict(os.environ, clear=True):
                cors(print)
        else:
            Rules.parse(EXAMPLES[code])
    except RulesError as error:
        for problem in error.problems:
            if problem.code == code:
                return problem
    raise ValueError(f"the example of {code} has no such problem")


def risk_example(code: str) -> tuple[Problem, bool]:
    """The warning of this code that its example has, and whether --fix does something about it."""
    document = RISK_EXAMPLES[code]
    for problem in find_risks(document, production=True):
        if problem.code == code:
            return problem, problem in edits_for([problem], document)
    raise ValueError(f"the example of {code} has no such warning")


def page() -> str:
    """The text of docs/problems.md."""
    lines = [HEAD.rstrip("\n")]
    for code in MESSAGES:
        if code in SECTIONS:
            title, about = SECTIONS[code]
            lines += ["", f"## {title}", *filter(None, (about,)), ""]
            lines += ["| code | why | for example | fix |", "| --- | --- | --- | --- |"]
        problem = example(code)
        fix = "" if problem.hint is None else _cell(problem.hint)
        lines.append(f"| `{code}` | {_escaped(problem.message)} | {_what(problem)} | {fix} |")
    lines += [RISKS_HEAD]
    for code in RISKS:
        problem, is_fixed = risk_example(code)
        better = "" if problem.hint is None else _cell(problem.hint)
        fixed = "" if not is_fixed else "puts it right" if better else "takes it out"
        lines.append(f"| `{code}` | {_escaped(problem.message)} | {_what(problem)} | {better} | {fixed} |")
    return "\n".join(lines) + "\n"


def readme() -> str:
    """The text of README.md, with the table as it should be."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [f"| `{code}` | {_escaped(example(code).message)} |" for code in MESSAGES]
    table = ["| code | for example |", "| --- | --- |", *rows]
    summary = f"<details><summary>All {len(rows)} problems</summary>"
    return before + BEGIN + "\n".join(["", summary, "", *table, "", "</details>", "", ""]) + END + after


def _what(problem: Problem) -> str:
    """The key of the problem's place, and the value there."""
    key = next((f"`{part}`" for part in reversed(problem.field.split("/")) if part and not part.isdigit()), "")
    value = "" if problem.value is None or problem.code == "key-unknown" else _cell(problem.value)
    return ": ".join(filter(None, (key, value)))


def _cell(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= 60 else f"{text[:56]}..."
    return f"`{_escaped(text)}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
