"""The command: where it reads and writes, what it is told, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edgecors import Rules
from edgecors_cli.commands import import_
from unit.snapshots import check

if TYPE_CHECKING:
    from unit.cli.transcript import Shell

_SNAPSHOTS = Path(__file__).parent / "snapshots"
OPTIONS = "app.use(cors({ origin: 'https://a.example' }));\n"
SEVERAL = "app.use(cors({ origin: 'https://a.example' }));\napp.use(cors()); app.get('/b', cors({ origin: true }));\n"


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def test_help(shell: Shell) -> None:
    shell.run("import --help")
    check(_SNAPSHOTS / "help.txt", shell.text())


def test_wrong_calls(shell: Shell) -> None:
    write("cors.js", OPTIONS)
    write("rules.json", "{}")
    write("latin.js", "")
    Path("latin.js").write_bytes(b"// caf\xe9\n")
    Path("zeros.js").write_bytes(b"\xff\xfe\0\0")
    Path("folder").mkdir()
    for command in (
        "import",
        "import express",
        "import rails cors.js",
        "import express nothing.js",
        "import express folder",
        "import express latin.js",
        "import sam zeros.js --json",
        "import express cors.js -o rules.json",
        "import express cors.js -o nowhere/rules.json",
        "import express cors.js --at 7",
        "import express cors.js --at x",
        "import express cors.js --pth /tea",
        "import express cors.js --path tea",
        "import express cors.js --path /tea --path /tea",
        "import express cors.js --name 'a b'",
    ):
        assert shell.run(command).status == 2, command
    assert Path("rules.json").read_text(encoding="utf-8") == "{}"
    check(_SNAPSHOTS / "wrong-calls.txt", shell.text())


def test_writing(shell: Shell) -> None:
    write("cors.js", OPTIONS)
    shell.run("import express cors.js --output rules.json --name tea --path /tea --path '/tea/*'")
    shell.run("import express cors.js --output rules.json --force --json")
    document = json.loads(Path("rules.json").read_text(encoding="utf-8"))
    Rules.parse(document)
    assert document["policies"][0]["paths"] == ["*"]
    shell.run("import express -", typed=OPTIONS.encode())
    check(_SNAPSHOTS / "writing.txt", shell.text())


def test_json_is_one_object_also_where_nothing_can_be_written(shell: Shell) -> None:
    write("cors.js", OPTIONS)
    run = shell.run("import express cors.js -o nowhere/rules.json --json")
    assert (run.status, json.loads(run.out)["error"]["code"]) == (2, "file-unwritable")


def test_choosing(shell: Shell) -> None:
    write("cors.js", SEVERAL)
    for more in ("", "--at 1", "--at 2", "--at 2:9", "--at 2:32", "--at 2:32 --path /b", "--path /a"):
        shell.run(f"import express cors.js {more}")
    check(_SNAPSHOTS / "choosing.txt", shell.text())


HOSTILE = {
    "express": [
        *(
            "",
            "\0",
            "[" * 9_000,
            "cors(" * 900,
            "cors();" * 1_200,
            "cors({});" * 120,
            "const a = [...a]; cors({origin: a})",
        ),
        *(
            '{"a":' * 5_000,
            '{"origin": "\\ud800\\u0000"}',
            '{"origin": {"origin": []}}',
            "{",
            "{]}",
            '{"maxAge": 1e999}',
        ),
        "cors({origin: [" + "'https://a.example/', /x/," * 20 + "]})",
        "cors({origin: /" + "(a|b)*" * 200 + "/, methods: [[['a']], {}, 1], allowedHeaders: {}, credentials: []})",
        "cors({origin: '\x1b[31m\\u202e', methods: '\\x1b'})",
        "cors({origin: ['https://" + "a" * 5_000 + ".example/', 'https://[::1', '//', 'https://\\u{1f600}.example']})",
    ],
    "sam": [
        *(
            "",
            "\t",
            "{a: " * 1_500,
            "a: *b",
            "a: &a [*a]",
            "a\n---\nb",
            "Resources: 1",
            "\x01",
            "Resources: {A: 1}",
        ),
        "Resources: {A: {Type: AWS::Lambda::Url, Properties: {Cors: {AllowOrigins: &x [*x], AllowMethods: 1}}}}",
        "Resources: {A: {Type: AWS::Serverless::Api, Properties: {Cors: [1, {a: b}]}}}",
        "Resources:\n"
        + "".join(f"  A{n}: {{Type: AWS::Lambda::Url, Properties: {{Cors: {{}}}}}}\n" for n in range(102)),
        "a: &a [x]\n" + "".join(f"b{n}: &a [*a, *a, *a]\n" for n in range(30)) + "Resources: {A: *a}",
    ],
    "powertools": [
        *(
            "",
            "\0",
            "(" * 300,
            "-" * 9_000,
            "CORSConfig()\n" * 101,
            "a = [*a]\nCORSConfig(a)",
            "CORSConfig(1, [2], 3, 4, 5, 6, 7)",
        ),
        "CORSConfig(max_age=9 ** 9 ** 9, allow_origin='a' * 10 ** 9, allow_credentials='yes', no_such=1, **x)",
        "CORSConfig('\\ud800', ['\\x1b[31m'], [{}], expose_headers={1: 2}, max_age=1.5)",
        "@app.route('/', method=[M])\n@app.route()\n@app.get(cors=C)\ndef f(): ...\nCORSConfig()",
    ],
    "starlette": [
        *("", "x = (", "add_middleware(CORSMiddleware, 1, 2, 3, 4, 5, 6, 7)", "CORSMiddleware(allow_origin_regex='(')"),
        "CORSMiddleware(allow_origins=None, allow_methods=None, allow_headers=None, max_age='x', no_such=1)",
        "CORSMiddleware(allow_origins='https://a.example', allow_origin_regex=x, **y)",
        "CORSMiddleware(allow_origin_regex='" + "(a|b)*" * 200 + "', allow_methods='*', allow_headers='*')",
    ],
}


@pytest.mark.parametrize("system", sorted(HOSTILE))
def test_hostile_files(shell: Shell, system: str) -> None:
    for text in HOSTILE[system]:
        write("file", text)
        run = shell.run(f"import {system} file")
        assert run.status in (0, 1), text[:80]
        assert "mistake in edgecors" not in run.err, text[:80]
        assert "\x1b" not in run.out + run.err, text[:80]
        assert run.err.startswith("file: "), text[:80]
        if run.status == 0:
            Rules.parse(run.out)


def test_files_that_are_too_large(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_, "_MAX_TEXT", 10)
    write("cors.js", OPTIONS)
    run = shell.run("import express cors.js")
    assert (run.status, run.out) == (2, "")
    assert "cors.js has more than 10 bytes" in run.err


def test_a_long_report_is_cut_for_people_only(shell: Shell) -> None:
    write("cors.js", "cors({origin: [" + ", ".join(f"'a{number}.example'" for number in range(300)) + "]})")
    run = shell.run("import express cors.js")
    assert "  and 102 more: --json has all of them" in run.err
    assert len(json.loads(shell.run("import express cors.js --json").out)["carried"]) == 302
