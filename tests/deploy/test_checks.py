"""The template under cfn-lint with our own rules and under checkov: nothing found, and a reason for what passes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from samcli.yamlhelper import yaml_parse

from rehearsal.account import PYTHONPATH, ROOT, SECONDS

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = ROOT / "template.yaml"
CHECKOV = ROOT / "build/checkov/bin/checkov"
SUPPRESSION = re.compile(r"checkov:skip=(\w+)(?:: *(.*))?")
INSECURE = """
Resources:
  Key:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: everyone
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A tool of the virtual environment, in the project. Nothing may be asked for in the network."""
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment | nowhere | {"PYTHONPATH": PYTHONPATH, "LOG_LEVEL": "ERROR", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_doctor_finds_nothing() -> None:
    done = run(sys.executable, "-m", "edgecors_cli", "doctor", "template.yaml")
    assert (done.returncode, done.stdout) == (0, "template.yaml: no CORS mistakes found\n"), done.stderr


def test_cfn_lint_with_our_rules_finds_nothing_and_is_told_to_pass_over_nothing() -> None:
    lint = os.path.join(os.path.dirname(sys.executable), "cfn-lint")  # noqa: PTH118, PTH120  not resolved: the venv's
    done = run(lint, "--append-rules", "tools/edgecors_cfn_lint", "--", "template.yaml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "cfn-lint" not in TEMPLATE.read_text("utf-8")


def test_cfn_lint_finds_nothing_in_what_sam_makes_of_it(tmp_path: Path) -> None:
    """Types, properties and values of the resources that AWS gets, as AWS's own schemas have them."""
    from local.template import read, to_cloudformation  # noqa: PLC0415  takes a second

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        made = to_cloudformation(read(TEMPLATE), {})
    path = tmp_path / "template.json"
    path.write_text(json.dumps(made), "utf-8")
    lint = os.path.join(os.path.dirname(sys.executable), "cfn-lint")  # noqa: PTH118, PTH120
    # W1020: SAM writes Fn::Sub around texts that have no variable, too.
    done = run(lint, "--ignore-checks", "W1020", "--", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def checkov(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Its results, by failed_checks, passed_checks and skipped_checks."""
    if not CHECKOV.is_file():
        pytest.fail(f"{CHECKOV.relative_to(ROOT)} is not there: make rehearse installs it")
    # It would ask its maker's server for descriptions and for its newest version.
    options = ("--framework", "cloudformation", "--skip-download", "--output", "json", "--compact")
    done = run(str(CHECKOV), "--file", str(path), *options)
    assert done.stdout.startswith("{"), done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["summary"]["parsing_errors"] == 0
    results: dict[str, list[dict[str, Any]]] = found["results"]
    assert done.returncode == (1 if results["failed_checks"] else 0)
    return results


def test_checkov_finds_nothing_but_what_is_let_pass_for_a_reason() -> None:
    found = checkov(TEMPLATE)
    assert found["failed_checks"] == []
    assert len(found["passed_checks"]) > 40
    # Each suppression in the template is of use, and says why.
    written = SUPPRESSION.findall(TEMPLATE.read_text("utf-8"))
    used = [(item["check_id"], item["check_result"]["suppress_comment"].strip()) for item in found["skipped_checks"]]
    assert sorted(used) == sorted(written)
    assert not [check for check, reason in written if len(reason.split()) < 4]


def test_checkov_does_look(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(INSECURE, "utf-8")
    assert yaml_parse(INSECURE)
    assert "CKV_AWS_24" in [item["check_id"] for item in checkov(path)["failed_checks"]]
