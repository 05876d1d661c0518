"""Writes docs/doctor.md: every rule of edgecors_doctor, with the broken and the fixed template of the tests.

PYTHONPATH=layers/cors/python:tools:tests python -m docs.doctor
"""

from __future__ import annotations

import re
from pathlib import Path

from edgecors_doctor.rules import RULES

ROOT = Path(__file__).parents[2]
PATH = ROOT / "docs/doctor.md"
TEMPLATES = ROOT / "tests/cases/templates/rules"
# What a test wants to be underlined, in the comment that names the rule.
_WHAT = re.compile(r"(  # [EW]\d{4}): .*$", re.MULTILINE)

HEAD = """# CORS mistakes in templates

<!-- Made by tools/docs/doctor.py of the rules in tools/edgecors_doctor/rules: change those, not this. -->

    edgecors doctor template.yaml

finds them in SAM and CloudFormation templates, YAML or JSON, before anything is deployed: the line and the column, the
reason, the corrected part. Several templates may be named; `-` is standard input. Exit status 0: nothing, or warnings
only; 1: errors; 2: a file is no template. `--json` prints it all for programs. Nothing is sent anywhere; besides the
templates it looks only into the folders of layers that they name, for edgecors.

The same rules are for [cfn-lint](https://github.com/aws-cloudformation/cfn-lint), beside its own (tested with 1.58):

    cfn-lint --append-rules tools/edgecors_cfn_lint template.yaml

Its `--format sarif` is for code hosts. cfn-lint leaves E9xxx and W9xxx to its users; an ID is never renamed or reused.
E is an error, W a warning. Either tool is told to ignore a rule by the template's or a resource's `Metadata`:

    Metadata:
      cfn-lint:
        config:
          ignore_checks: [E9806]

What a template does not show is taken to be right: a role, an API or an OpenAPI document of elsewhere, a value that is
known only once the stack is deployed, what code does that is not in the template. A function is taken to have edgecors
if it has the layer (a layer of the template with edgecors in its name, its folder or its description, or an ARN with
that name), the handler `edgecors.wrap`, or a variable that begins with `EDGECORS_`. Both sides of an `Fn::If` are
looked at.
"""


def page() -> str:
    """The text of docs/doctor.md."""
    lines = [HEAD.rstrip("\n"), "", "| rule | finds |", "| --- | --- |"]
    lines += [f"| [{rule.id}](#{_anchor(rule.id, rule.shortdesc)}) | {rule.shortdesc} |" for rule in RULES]
    for rule in RULES:
        lines += ["", f"## {rule.id}: {rule.shortdesc}", "", f"{rule.description}.", ""]
        for state in ("broken", "fixed"):
            text = (TEMPLATES / f"{rule.id}-{state}.yaml").read_text(encoding="utf-8")
            lines += [f"{state.capitalize()}:", "", "```yaml", _WHAT.sub(r"\1", text.rstrip("\n")), "```", ""]
        lines.pop()
    return "\n".join(lines) + "\n"


def _anchor(identifier: str, title: str) -> str:
    """As code hosts make one of a heading."""
    return re.sub(r"[^\w -]", "", f"{identifier}: {title}".lower()).replace(" ", "-")


if __name__ == "__main__":
    PATH.write_text(page(), encoding="utf-8")
