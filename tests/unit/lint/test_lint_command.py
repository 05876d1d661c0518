"""edgecors lint, as a person and as a program see it: tests/unit/lint/snapshots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from unit.cli.transcript import Shell

    Compare = Callable[[], None]

WRONG = """{
  "schema": "edgecors/1",
  "policies": [
    {
      "name": "tea",
      "paths": ["/tea", "/tea/*"],
      "allow_origins": [
        "https://victoria-lo.github.io/Hashtag-TEA/",
        "https://münchen.example",
        "http://localhost:5173",
        {"regex": "https://(.*\\\\.)?victoria-lo\\\\.github\\\\.io.*"}
      ],
      "allow_methods": ["DELETE"],
      "max_age": 86400
    }
  ]
}
"""
CLEAN = (
    '{"schema": "edgecors/1", "policies": [{"name": "a", "paths": ["*"], "allow_origins": ["https://a.example"]}]}\n'
)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8", newline="")


def document(*origins: Any, **fields: Any) -> str:
    policy = {"name": "tea", "paths": ["/tea"], "allow_origins": list(origins), **fields}
    return json.dumps({"schema": "edgecors/1", "policies": [policy]}, indent=2)


def test_help(shell: Shell, transcript: Compare) -> None:
    shell.run("lint --help")
    transcript()


def test_table(shell: Shell, transcript: Compare) -> None:
    write("rules.json", WRONG)
    write("clean.json", CLEAN)
    assert shell.run("lint rules.json").status == 1
    assert shell.run("lint clean.json").status == 0
    assert shell.run("lint --env prod clean.json rules.json").status == 1
    assert shell.run("lint -", typed=CLEAN.encode()).status == 0
    transcript()


def test_every_risk(shell: Shell, transcript: Compare) -> None:
    write(
        "rules.json",
        document(
            "https://*.vercel.app",
            "http://a.example",
            "http://localhost:3000",
            "https://b.example.",
            {"regex": "https://app.example\\.com"},
            {"regex": "https://preview-\\d\\.com"},
            {"regex": "https://[a-z]+\\.github\\.io"},
            "https://preview-1.com",
            "https://*.c.example",
            "https://x.c.example",
            allow_methods=["GET", "OPTIONS", "PUT", "PUT"],
            allow_headers=["*"],
            expose_headers=["Content-Type"],
            max_age=7201,
            paths=["/tea/*", "/tea/green", "*", "/*"],
            dangerously_allow_public_suffixes=False,
        ),
    )
    assert shell.run("lint --env prod rules.json").status == 0
    write("all.json", document("*", allow_methods=["DELETE"], dangerously_allow_insecure_origins=True))
    assert shell.run("lint all.json").status == 0
    transcript()


def test_witnesses(shell: Shell, transcript: Compare) -> None:
    write(
        "rules.json",
        document(
            {"regex": "/(.*\\.)?victoria-lo\\.github\\.io.*/"},
            {"regex": "https?://(.*-dot-)?test-client-site.appspot.com"},
            {"regex": ".*"},
            {"regex": "example\\.com$"},
            "https://trusted\\.com",
            {"regex": "http://10.0.0.1"},
        ),
    )
    assert shell.run("lint rules.json").status == 1
    transcript()


def test_fix(shell: Shell, transcript: Compare) -> None:
    write("rules.json", WRONG)
    assert shell.run("lint --fix rules.json").status == 0
    assert json.loads(Path("rules.json").read_bytes())["policies"][0]["allow_origins"] == [
        "https://victoria-lo.github.io",
        "https://xn--mnchen-3ya.example",
        "http://localhost:5173",
        "https://*.victoria-lo.github.io",
    ]
    write("clean.json", CLEAN)
    shell.run("lint --fix clean.json rules.json")
    write("not-all.json", document("https://a.example/", "https://*"))
    assert shell.run("lint --fix not-all.json").status == 1
    run = shell.run("lint --fix -", typed=document("https://a.example/").encode())
    assert run.out == document("https://a.example")
    write("unended.json", document("https://a.example/", max_age=86400))
    shell.run("lint --fix unended.json")
    transcript()


def test_as_json(shell: Shell, transcript: Compare) -> None:
    write("rules.json", WRONG)
    write("clean.json", CLEAN)
    assert shell.run("lint --json rules.json clean.json").status == 1
    assert shell.run("lint --json --fix rules.json").status == 0
    shell.run("lint --json --fix -", typed=document("https://a.example/").encode())
    shell.run("lint --json nothing.json")
    transcript()


def test_sarif(shell: Shell, transcript: Compare) -> None:
    write(
        "my rules.json", WRONG.replace('"name": "tea"', '"name": "tea", "description": "\N{GRINNING FACE}", "max": 7')
    )
    assert shell.run("lint --sarif 'my rules.json'").status == 1
    write("clean.json", CLEAN)
    assert shell.run("lint --sarif clean.json").status == 0
    transcript()


def test_sarif_fixes_are_those_of_fix(shell: Shell) -> None:
    """Whoever applies them all, from the end, has what --fix writes, in lines and UTF-16 columns."""
    text = WRONG.replace('"http://localhost', '"https://\N{GRINNING FACE}@c.example/", "http://localhost')
    # What is there twice once it is corrected goes in a second round.
    text = text.replace("https://victoria-lo.github.io/", "https://hashtag-tea.example/")
    write("rules.json", text)
    log = json.loads(shell.run("lint --sarif rules.json").out)
    assert log["version"] == "2.1.0"
    replacements = set()
    for result in log["runs"][0]["results"]:
        for fix in result.get("fixes", ()):
            for replacement in fix["artifactChanges"][0]["replacements"]:
                region = replacement["deletedRegion"]
                start, end = ((region[f"{side}Line"], region[f"{side}Column"]) for side in ("start", "end"))
                replacements.add((start, end, replacement["insertedContent"]["text"]))
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    for (line, column), (end_line, end_column), new in sorted(replacements, reverse=True):
        assert line == end_line
        units = lines[line - 1]
        lines[line - 1] = units[: 2 * column - 2] + new.encode("utf-16-le") + units[2 * end_column - 2 :]
    shell.run("lint --fix rules.json")
    assert Path("rules.json").read_text(encoding="utf-8") == "\n".join(line.decode("utf-16-le") for line in lines)


def test_wrong_calls(shell: Shell, transcript: Compare) -> None:
    write("clean.json", CLEAN)
    for command in ("lint", "lint nothing.json", "lint --env dev clean.json", "lint --json --sarif clean.json"):
        assert shell.run(command).status == 2
    transcript()


HOSTILE = (
    b"",
    b"\xff\xfe{",
    b'{"policies": [' + b'{"allow_origins": [[[[]]]], "paths": {}},' * 9 + b"7]}",
    b'{"policies": [{"paths": ["\\ud800", "/\x1b[31m"], "allow_origins": ["https://\\ud800/", "\x1b[2J"]}]}',
    b'{"policies": [{"a~1/b": 1, "": 2, "allow_origins": [{"regex": "\\\\"}, {"regex": ""}, {"regex": "$|^"}]}]}',
    b'{"schema": "edgecors/1", "policies": [{"max_age": 1e400, "max_age": ' + b"9" * 700 + b"}]}",
)


@pytest.mark.parametrize("options", ["", "--fix", "--json", "--sarif", "--fix --json"])
def test_hostile_documents(shell: Shell, options: str) -> None:
    for content in HOSTILE:
        run = shell.run(f"lint {options} -", typed=content)
        assert run.status == 1, content[:40]
        assert "mistake in edgecors" not in run.out + run.err


@pytest.mark.parametrize("content", [b"[" * 100_000, b'"' + b"x" * 200_000 + b'"'], ids=["deep", "long"])
def test_large_documents(shell: Shell, content: bytes) -> None:
    assert shell.run("lint --fix -", typed=content).status == 1
