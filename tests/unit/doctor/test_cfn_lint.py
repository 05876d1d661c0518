"""The rules in cfn-lint itself, from the folder that --append-rules is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from edgecors_doctor.check import check
from edgecors_doctor.rules import RULES

ROOT = Path(__file__).parents[3]
BROKEN = sorted((ROOT / "tests/cases/templates/rules").glob("*-broken.yaml"))

# What cfn-lint does with --append-rules, without its own rules, which take three seconds to load.
_CFN_LINT = """
import sys
from cfnlint.config import ConfigMixIn
from cfnlint.formatters import ParseableFormatter
from cfnlint.rules import Rules
from cfnlint.runner.template import run_template_by_file_paths
config = ConfigMixIn(["--append-rules", sys.argv[1], "--template", *sys.argv[2:]])
rules = Rules.create_from_directory(config.append_rules[-1])
found = list(run_template_by_file_paths(config, rules))
print(ParseableFormatter().print_matches(found, rules, config=config))
"""


def test_append_rules(tmp_path: Path) -> None:
    """Without a path set, as somebody would run it who has only cloned the repository; the same places come out."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        [sys.executable, "-c", _CFN_LINT, str(ROOT / "tools/edgecors_cfn_lint"), *map(str, BROKEN)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    wanted = [
        f"{path}:{one.line}:{one.column}:{one.end_line}:{one.end_column}:{one.rule}:{one.message}"
        for path in BROKEN
        for one in check(path.read_text(encoding="utf-8"))
    ]
    assert run.stderr == ""
    assert sorted(run.stdout.splitlines()) == sorted(wanted)
    assert {line.split(":")[5] for line in wanted} == {rule.id for rule in RULES}
